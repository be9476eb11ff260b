"""More time: whoever issued a collection sets a later day for the units that still owe it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns import duties
from campaigns.models import Collection, Return
from campaigns.models.collections import GIVEN, MONTHLY
from campaigns.services.issuing import due_day
from governance import audit, daylight, deadlines, notifications, reminders, workflow
from governance.audit import Verb
from governance.models import Clock, Membership
from governance.workflow import Refused

TEXT = gettext_noop("“%(title)s” may be handed in until %(due)s: %(reason)s.")


@transaction.atomic
def extend(
    collection: Collection,
    *,
    until: dt.date,
    reason: str,
    by: Membership,
    version: int | None = None,
) -> list[Return]:
    """Set the day of handing in to `until`; returns the returns whose clocks moved.

    What is with a unit gets the later day, also where the old one is over; what was handed in
    keeps its clock. A monthly collection has a day of its own from then on; the next month is due
    on the 20th as before. Raises `Refused` without a reason, for a day that is over or no later
    than the one before, and where nothing is owed any more.
    """
    duties.need_issuer(collection, by)
    waiting = _waiting(collection)
    _refuse(collection, waiting, until, reason)
    workflow.touch(collection, version=version)
    collection.due_rule, collection.due_day = _rule(collection), until
    collection.save(update_fields=["due_rule", "due_day"])
    audit.record(
        Verb.COLLECTION_EXTENDED, collection, by=by, was=max(c.due_on for _o, c in waiting),
        until=until, units=[owed.lead.name for owed, _clock in waiting], reason=reason.strip(),
    )  # fmt: skip
    for owed, clock in waiting:
        _tell(owed, _moved(owed, clock, collection, by, reason.strip()), reason.strip())
    return [owed for owed, _clock in waiting]


def _waiting(collection: Collection) -> list[tuple[Return, Clock]]:
    """What is with its unit, each with the running clock of the due day."""
    rows = Return.objects.filter(collection=collection).with_names().with_clocks().order_by("pk")
    return [
        (owed, clock)
        for owed in rows
        if owed.with_unit
        for clock in owed.clocks.all()
        if clock.is_open and clock.code == collection.due_rule
    ]


def _rule(collection: Collection) -> str:
    """The rule of the later day: the 20th of the month gives way to a given day."""
    return GIVEN[0] if collection.due_rule == MONTHLY else collection.due_rule


def _refuse(
    collection: Collection, waiting: list[tuple[Return, Clock]], until: dt.date, reason: str
) -> None:
    if not collection.is_open:
        raise Refused(_("This collection has ended."))
    if not reason.strip():
        raise Refused(_("Say why there is more time."))
    if not waiting:
        raise Refused(_("No unit owes anything by the due day any more."))
    day = due_day(_rule(collection), until, collection.lead)
    was = max(clock.due_on for _owed, clock in waiting)
    if day <= was or day < daylight.today():
        raise Refused(_("The new day must lie after %(day)s and not be over.") % {"day": was})


def _moved(
    owed: Return, clock: Clock, collection: Collection, by: Membership, reason: str
) -> Clock:
    """The clock of the return with its later day; one of the month gives way to one of a day."""
    assert collection.due_day is not None
    if clock.code == collection.due_rule:
        deadlines.redate(clock, collection.due_day, by=by, reason=reason)
        return clock
    deadlines.cancel(clock, by=by, reason=reason)
    return deadlines.start(collection.due_rule, owed, event_on=collection.due_day, by=by)


def _tell(owed: Return, clock: Clock, reason: str) -> None:
    notifications.notify_all(
        reminders.addressees(clock),
        key=f"return-extended:{owed.pk}:{clock.due_on}",
        text=TEXT,
        params={
            "title": str(owed.collection), "due": clock.due_on.isoformat(), "reason": reason[:200],
        },
        subject=owed,
        clock=clock,
    )  # fmt: skip
