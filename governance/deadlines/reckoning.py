"""The sum behind a due date: a pure function of term, event, extensions, pauses and calendar.

Counting starts on the day after the event. A month or year ends on the same day number, or on the
month's last day. A pause from S to R takes the days after S up to and with R out of the count.
"""

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from governance import workdays
from governance.models.clocks import Unit
from governance.workdays import Calendar
from governance.workflow import Refused

COUNTED = (Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR)
NO_CLOCK = (Unit.COMPUTED, Unit.LOGGED)
Pause = tuple[dt.date, dt.date]


class Term(Protocol):
    """What the sum needs of a rule; `DeadlineRule` has it."""

    code: str
    unit: str
    direction: str
    rolls: str
    amount: int
    default_amount: int
    promised: int | None
    month_day: str


class TermRefused(Refused):
    """The rule cannot be reckoned so: no clock, or an amount outside its range."""

    code = "term_refused"


@dataclass(frozen=True)
class Reckoning:
    """A due date with its sum."""

    amount: int  # what was counted, without extension; in the unit of the rule
    raw: dt.date  # the end before it moved from a rest day
    due_on: dt.date
    provisional: bool  # a year whose notice is missing bears on the result


def due_on(
    rule: Term,
    event_on: dt.date,
    amount: int | None = None,
    *,
    extension: int = 0,
    pauses: Sequence[Pause] = (),
    calendar: Calendar | None = None,
) -> dt.date:
    """The last day of the term. `amount` and `extension` are in the unit of the rule.

    Raises `TermRefused` for rules without a clock and amounts outside the range, and
    `workdays.NoCalendar` for years that no calendar covers.
    """
    return reckon(
        rule, event_on, amount, extension=extension, pauses=pauses, calendar=calendar
    ).due_on


def reckon(
    rule: Term,
    event_on: dt.date,
    amount: int | None = None,
    *,
    extension: int = 0,
    pauses: Sequence[Pause] = (),
    calendar: Calendar | None = None,
) -> Reckoning:
    """`due_on` with the steps of the sum."""
    days = calendar or workdays.current()
    counted = chosen(rule, amount)
    raw = _paused(rule, _raw(rule, event_on, counted + extension, days), event_on, pauses, days)
    due = _rolled(rule, raw, days)
    return Reckoning(counted, raw, due, _is_provisional(rule, (event_on, raw, due), days))


def chosen(rule: Term, amount: int | None) -> int:
    """The amount to count: the given one if the range allows it, else the promised or usual one."""
    if rule.unit in NO_CLOCK:
        raise TermRefused(_("The rule %(code)s has no clock.") % {"code": rule.code})
    if amount is None:
        return rule.default_amount if rule.promised is None else rule.promised
    if rule.unit not in COUNTED or not _in_range(rule, amount):
        raise TermRefused(
            _("%(amount)s is outside the range of the rule %(code)s (limit %(limit)s).")
            % {"amount": amount, "code": rule.code, "limit": rule.amount}
        )
    return amount


def _in_range(rule: Term, amount: int) -> bool:
    if rule.direction == "before":  # so long ahead at least
        return amount >= rule.amount
    return min(1, rule.amount) <= amount <= rule.amount


def _raw(rule: Term, event_on: dt.date, amount: int, days: Calendar) -> dt.date:
    sign = -1 if rule.direction == "before" else 1
    match rule.unit:
        case Unit.WORKDAY:
            return days.add(event_on, sign * amount)
        case Unit.DAY:
            return event_on + dt.timedelta(days=sign * amount)
        case Unit.MONTH:
            return add_months(event_on, sign * amount)
        case Unit.YEAR:
            return add_months(event_on, sign * amount * 12)
        case Unit.DATE_OF_YEAR:
            return _date_of_year(event_on, rule.month_day)
        case Unit.DAY_OF_MONTH:
            return _day_of_month(event_on, amount)
        case _:
            return event_on  # a given date


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day number so many months on, or that month's last day."""
    index = day.year * 12 + day.month - 1 + count
    return _in_month(index, day.day)


def _in_month(index: int, number: int) -> dt.date:
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(number, months.monthrange(year, month)[1]))


def _date_of_year(event_on: dt.date, month_day: str) -> dt.date:
    month, number = map(int, month_day.split("-"))
    this_year = _in_month(event_on.year * 12 + month - 1, number)
    return this_year if this_year > event_on else add_months(this_year, 12)


def _day_of_month(event_on: dt.date, number: int) -> dt.date:
    index = event_on.year * 12 + event_on.month - 1
    this_month = _in_month(index, number)
    return this_month if this_month > event_on else _in_month(index + 1, number)


def _paused(
    rule: Term, raw: dt.date, event_on: dt.date, pauses: Sequence[Pause], days: Calendar
) -> dt.date:
    if rule.unit == Unit.WORKDAY:
        return days.add(raw, sum(days.count_between(since, until) for since, until in pauses))
    return raw + sum((until - since for since, until in pauses), dt.timedelta())


def _rolled(rule: Term, raw: dt.date, days: Calendar) -> dt.date:
    if rule.rolls == "next":
        return days.next_workday(raw)
    return days.previous_workday(raw) if rule.rolls == "previous" else raw


def _is_provisional(rule: Term, dates: Sequence[dt.date], days: Calendar) -> bool:
    _, raw, due = dates
    if rule.unit == Unit.WORKDAY:
        first, last = min(dates).year, max(dates).year
        return any(year not in days.noticed for year in range(first, last + 1))
    return rule.rolls != "none" and (days.is_provisional(raw) or days.is_provisional(due))
