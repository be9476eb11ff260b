"""The reminders a clock has still to give, worked out whenever its due date changes."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from governance import daylight, workdays
from governance.models.clocks import Clock, ClockStep, DeadlineRule, Unit
from governance.workdays import Calendar

DUE = "due"


class Planned(NamedTuple):
    name: str
    fire_on: dt.date
    send_to: str


def planned(rule: DeadlineRule, due: dt.date, calendar: Calendar) -> Iterator[Planned]:
    """Every step of a due date: ahead of it, on its day and after it, as the rule counts."""
    for count in rule.remind_before:
        if count:
            yield Planned(f"before:{count}", _shift(rule, due, -count, calendar), ClockStep.OWNER)
    if rule.remind_before:
        yield Planned(DUE, due, ClockStep.OWNER)
    for count, send_to in zip(rule.escalate_after, rule.escalate_to, strict=True):
        yield Planned(f"after:{count}", _shift(rule, due, count, calendar), send_to)


def _shift(rule: DeadlineRule, due: dt.date, count: int, calendar: Calendar) -> dt.date:
    if rule.unit == Unit.WORKDAY:
        return calendar.add(due, count)
    return due + dt.timedelta(days=count)


def rewrite(clock: Clock, rule: DeadlineRule) -> None:
    """Replace what a clock has still to say by the steps of its present due date.

    Steps ahead of the due day that already lie behind are left out: a clock that starts with five
    days left does not remind of the ten.
    """
    clear(clock)
    if rule.reminds_from is None or not clock.is_open:
        return
    ClockStep.objects.bulk_create(fresh(clock, rule), ignore_conflicts=True)


def fresh(clock: Clock, rule: DeadlineRule) -> list[ClockStep]:
    """The unsaved steps of a clock from today on."""
    today = daylight.today()
    return [
        ClockStep(
            clock=clock,
            name=step.name,
            due_on=clock.due_on,
            fire_on=step.fire_on,
            send_to=step.send_to,
        )
        for step in planned(rule, clock.due_on, workdays.current())
        if not _too_late(step, clock, today)
    ]


def _too_late(step: Planned, clock: Clock, today: dt.date) -> bool:
    ahead = step.name.startswith("before")
    return ahead and (step.fire_on < today or step.fire_on <= clock.started_on)


def clear(clock: Clock) -> None:
    """Forget what was still to be said."""
    ClockStep.objects.filter(clock=clock, swept_at=None).delete()
