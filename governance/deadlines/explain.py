"""How a due date was worked out, in sentences for the page behind “怎么算的”."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import workdays
from governance.deadlines import keeping
from governance.deadlines.reckoning import COUNTED, Reckoning, chosen, reckon
from governance.models.clocks import Clock, ClockEvent, DeadlineRule, Unit
from governance.sources import basis_words
from governance.workdays import ONE_DAY, SATURDAY, Calendar

MOST_SKIPPED = 12  # single stretches of rest days named; long terms say how many there are


def explain(clock: Clock) -> list[str]:
    """The sum behind the due date, line by line, in the active language."""
    pauses = keeping.pauses_of(clock)
    sum_ = reckon(clock.rule, clock.event_on, clock.amount, extension=clock.extended, pauses=pauses)
    calendar = workdays.current()
    lines = [
        _rule_line(clock.rule),
        _event_line(clock),
        *_amount_lines(clock.rule, clock.amount),
        *_extension_lines(clock),
        *_pause_lines(clock, pauses),
        *_skipped_lines(clock, sum_, calendar),
        *_roll_lines(sum_, calendar),
        _("Last day: %(day)s.") % {"day": _day(sum_.due_on)},
    ]
    if sum_.provisional:
        lines.append(_provisional_line(clock, sum_, calendar))
    return lines


def _rule_line(rule: DeadlineRule) -> str:
    basis = basis_words(rule.basis)
    if not basis:
        return _("Rule: %(name)s.") % {"name": rule.name}
    return _("Rule: %(name)s (basis: %(basis)s).") % {"name": rule.name, "basis": basis}


def _event_line(clock: Clock) -> str:
    facts = {"event": clock.rule.event, "day": _day(clock.event_on)}
    if clock.rule.unit not in COUNTED or clock.rule.amount == 0:
        return _("Event: %(event)s, %(day)s.") % facts
    if clock.rule.direction == DeadlineRule.Direction.BEFORE:
        return _("Event: %(event)s, %(day)s; counted back from the day before.") % facts
    facts["first"] = _day(clock.event_on + ONE_DAY)
    return _("Event: %(event)s, %(day)s; counting starts on %(first)s.") % facts


def _amount_lines(rule: DeadlineRule, amount: int | None) -> Iterator[str]:
    if rule.unit == Unit.DATE_OF_YEAR:
        yield _("Due each year on %(day)s.") % {"day": rule.month_day}
    elif rule.unit == Unit.DAY_OF_MONTH:
        yield _("Due each month on day %(day)s.") % {"day": rule.amount}
    elif rule.unit in COUNTED and rule.amount:
        yield _counted_line(rule, chosen(rule, amount))


def _counted_line(rule: DeadlineRule, counted: int) -> str:
    term = _term(counted, rule.unit)
    if counted == rule.amount:
        return _("Term: %(term)s.") % {"term": term}
    return _("Term: %(term)s (limit %(limit)s).") % {
        "term": term,
        "limit": _term(rule.amount, rule.unit),
    }


def _extension_lines(clock: Clock) -> Iterator[str]:
    for event in clock.events.all():
        if event.kind == ClockEvent.Kind.EXTENDED:
            yield (
                _("Extended by %(term)s on %(day)s: %(reason)s.")
                % {
                    "term": _term(event.amount or 0, clock.rule.unit),
                    "day": _day(event.on),
                    "reason": event.reason or "—",
                }
            )


def _pause_lines(clock: Clock, pauses: list[keeping.Pause]) -> Iterator[str]:
    for since, until in pauses:
        if clock.rule.unit == Unit.WORKDAY:
            span = _term(workdays.count_between(since, until), Unit.WORKDAY)
        else:
            span = _term((until - since).days, Unit.DAY)
        yield (
            _("Stopped from %(since)s to %(until)s; %(span)s do not count.")
            % {"since": _day(since), "until": _day(until), "span": span}
        )


def _skipped_lines(clock: Clock, sum_: Reckoning, calendar: Calendar) -> Iterator[str]:
    if clock.rule.unit != Unit.WORKDAY:
        return
    first, last = sorted((clock.event_on, sum_.raw))
    stretches = list(_holidays(first, last, calendar))
    if stretches:
        named = _("; ").join(stretches[:MOST_SKIPPED])
        yield _("Holidays left out: %(stretches)s.") % {"stretches": named}
    worked = [day for day in _days(first, last) if day in calendar.worked]
    if worked:
        named = _(", ").join(map(_day, worked))
        yield _("Make-up workdays that count: %(days)s.") % {"days": named}
    weekends = sum(1 for day in _days(first, last) if _is_plain_weekend(day, calendar))
    if weekends:
        yield (
            ngettext(
                "%(count)s weekend day left out.", "%(count)s weekend days left out.", weekends
            )
            % {"count": weekends}
        )


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days after `first` up to and with `last`."""
    for ordinal in range(first.toordinal() + 1, last.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)


def _is_plain_weekend(day: dt.date, calendar: Calendar) -> bool:
    return day.weekday() >= SATURDAY and not calendar.is_workday(day) and not calendar.holiday(day)


def _holidays(first: dt.date, last: dt.date, calendar: Calendar) -> Iterator[str]:
    """Stretches of rest days that have a holiday's name: “春节 2026-02-15 – 2026-02-23”."""
    start: dt.date | None = None
    name = ""
    for day in [*_days(first, last), last + ONE_DAY]:
        found = "" if day > last or calendar.is_workday(day) else calendar.holiday(day)
        if found != name:
            if start is not None:
                yield _stretch(name, start, day - ONE_DAY)
            start, name = (day, found) if found else (None, "")


def _stretch(name: str, first: dt.date, last: dt.date) -> str:
    if first == last:
        return f"{name} {_day(first)}"
    return f"{name} {_day(first)} – {_day(last)}"


def _roll_lines(sum_: Reckoning, calendar: Calendar) -> Iterator[str]:
    if sum_.raw == sum_.due_on:
        return
    facts = {"raw": _day(sum_.raw), "due": _day(sum_.due_on)}
    if sum_.due_on > sum_.raw:
        yield _("%(raw)s is a rest day; the term ends on the next working day, %(due)s.") % facts
    else:
        yield _("%(raw)s is a rest day; the term ends on the working day before, %(due)s.") % facts


def _provisional_line(clock: Clock, sum_: Reckoning, calendar: Calendar) -> str:
    years = {day.year for day in (clock.event_on, sum_.raw, sum_.due_on)} - calendar.noticed
    named = ", ".join(map(str, sorted(years)))
    return _(
        "Provisional: the holiday notice of %(years)s has not been imported; "
        "the date is worked out anew when it comes."
    ) % {"years": named}


def _term(count: int, unit: str) -> str:
    """A count with its unit, in the right number."""
    match unit:
        case Unit.WORKDAY:
            words = ngettext("%(count)s working day", "%(count)s working days", count)
        case Unit.DAY:
            words = ngettext("%(count)s calendar day", "%(count)s calendar days", count)
        case Unit.MONTH:
            words = ngettext("%(count)s month", "%(count)s months", count)
        case _:
            words = ngettext("%(count)s year", "%(count)s years", count)
    return words % {"count": count}


def _day(day: dt.date) -> str:
    return day.isoformat()
