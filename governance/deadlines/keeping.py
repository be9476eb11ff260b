"""Reading, writing and recording a clock: what every act on it shares."""

import datetime as dt
import math
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from governance import audit, daylight, workdays
from governance.deadlines import steps
from governance.deadlines.reckoning import Pause, Reckoning, reckon
from governance.models.clocks import Clock, ClockEvent, DeadlineRule
from governance.models.people import Membership
from governance.workflow import Refused

Kind = ClockEvent.Kind


class DayRefused(Refused):
    """The day of the act lies outside the term, or in the future."""

    code = "day_refused"


def figure(clock: Clock, pauses: list[Pause]) -> Reckoning:
    """Work out due date, amber date and the provisional mark of a clock; nothing is saved."""
    rule = clock.rule
    done = reckon(rule, clock.event_on, clock.amount, extension=clock.extended, pauses=pauses)
    clock.due_on = done.due_on
    clock.provisional = done.provisional
    clock.amber_on = _amber_on(rule, clock.started_on, done.due_on)
    return done


def _amber_on(rule: DeadlineRule, started_on: dt.date, due: dt.date) -> dt.date:
    """The later of: so many working days left, or so much of the period left."""
    calendar = workdays.current()
    period = max(0, calendar.count_between(started_on, due))
    left = min(rule.amber_days, math.ceil(period * rule.amber_percent / 100))
    return calendar.add(calendar.previous_workday(due), -left)


def pauses_of(clock: Clock) -> list[Pause]:
    """The finished pauses of a clock as (stopped on, went on)."""
    found: list[Pause] = []
    stopped: dt.date | None = None
    for event in clock.events.all():
        if event.kind == Kind.SUSPENDED:
            stopped = event.on
        elif event.kind == Kind.RESUMED and stopped is not None:
            found.append((stopped, event.on))
    return found


def lock(clock: Clock) -> None:
    """Hold the row for this act and read it as it is now."""
    clock.refresh_from_db(from_queryset=Clock.objects.select_for_update())


def refuse_future(on: dt.date) -> None:
    if on > daylight.today():
        raise DayRefused(_("%(day)s lies in the future.") % {"day": on})


def write(clock: Clock, **fields: Any) -> None:
    """Store fields of a locked clock."""
    Clock.objects.filter(pk=clock.pk).update(version=models.F("version") + 1, **fields)
    for name, value in fields.items():
        setattr(clock, name, value)
    clock.version += 1


def write_figures(clock: Clock, **more: Any) -> None:
    write(
        clock,
        due_on=clock.due_on,
        amber_on=clock.amber_on,
        provisional=clock.provisional,
        extended=clock.extended,
        **more,
    )
    steps.rewrite(clock, clock.rule)


def note(
    clock: Clock,
    kind: str,
    on: dt.date,
    by: Membership,
    *,
    reason: str = "",
    paper: str = "",
    amount: int | None = None,
    due_before: dt.date | None = None,
    due_after: dt.date | None = None,
) -> ClockEvent:
    return ClockEvent.objects.create(
        clock=clock, kind=kind, on=on, by=by, reason=reason[:300], paper_number=paper,
        amount=amount, due_before=due_before, due_after=due_after,
    )  # fmt: skip


def trace(clock: Clock, verb: str, by: Membership, **facts: Any) -> None:
    audit.record(verb, clock.subject, by=by, rule=clock.code, **facts)
