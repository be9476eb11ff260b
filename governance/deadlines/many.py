"""The same act on many clocks at once, for imports: the same rows, in few statements.

No audit event is written for each: that of the import names file and row, and the events of a
clock are kept for good as well.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from governance import bulk, daylight, workflow
from governance.deadlines import keeping, steps
from governance.deadlines.rules import rule_for
from governance.models.clocks import (
    Clock,
    ClockEvent,
    ClockQuerySet,
    ClockStep,
    DeadlineRule,
)
from governance.models.people import Membership

Kind, Status = ClockEvent.Kind, Clock.Status


class Started(NamedTuple):
    """What a clock repeats of a subject that was entered in bulk, and the day of its event."""

    subject: int
    event_on: dt.date
    lead: int
    division: str
    institution: int | None
    title: str
    url: str
    party_url: str


@transaction.atomic
def start_many(
    code: str, model: type[models.Model], rows: Sequence[Started], *, by: Membership
) -> int:
    """Start the clock of rule `code` for new rows of one county; returns how many.

    The subjects must be new: whether a clock runs already is left to the constraint.
    """
    if not rows:
        return 0
    rule = rule_for(code, rows[0].division, daylight.today())
    kind = ContentType.objects.get_for_model(model)
    clocks = bulk.insert([_clock(row, rule, code, kind, by) for row in rows])
    bulk.insert(
        [
            ClockEvent(
                clock=clock, kind=Kind.STARTED, on=clock.event_on, by=by, due_after=clock.due_on
            )
            for clock in clocks
        ]
    )
    if rule.reminds_from is not None:
        bulk.insert([step for clock in clocks for step in steps.fresh(clock, rule)])
    return len(clocks)


def _clock(row: Started, rule: DeadlineRule, code: str, kind: ContentType, by: Membership) -> Clock:
    clock = Clock(
        rule=rule,
        code=code,
        content_type=kind,
        object_id=row.subject,
        created_by=by,
        event_on=row.event_on,
        started_on=min(row.event_on, daylight.today()),
        lead_id=row.lead,
        division_id=row.division,
        institution_id=row.institution if rule.for_party else None,
        title=row.title[:200],
        url=row.url,
        party_url=row.party_url if rule.for_party else "",
    )
    keeping.figure(clock, [])
    return clock


@transaction.atomic
def cancel_many(clocks: ClockQuerySet, *, by: Membership, reason: str) -> int:
    """The ground of all these clocks has gone; returns how many were open."""
    found = list(clocks.open().select_for_update(of=["self"]).select_related("rule"))
    today = daylight.today()
    rows = Clock.objects.filter(pk__in=[clock.pk for clock in found])
    workflow.move_many(rows, Status.CANCELLED, ended_on=today, paused_for="")
    bulk.insert(
        [
            ClockEvent(
                clock=clock, kind=Kind.CANCELLED, on=today, by=by, reason=reason[:300],
                due_before=clock.due_on,
            )
            for clock in found
        ]
    )  # fmt: skip
    ClockStep.objects.filter(clock__in=rows, swept_at=None).delete()
    return len(found)
