"""What the issuing department does with what came in: accept it, or hand it back with a reason."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns import duties
from campaigns.models import Collection, Return
from campaigns.models.returns import AGAIN
from governance import daylight, deadlines, notifications, reminders, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused

Status = Return.Status
BACK_TEXT = gettext_noop("“%(title)s” was handed back: %(reason)s. Hand it in again by %(due)s.")


@transaction.atomic
def accept(owed: Return, *, by: Membership, version: int | None = None) -> None:
    """Take the figures over; nobody of the unit changes them afterwards."""
    duties.need_issuer(owed.collection, by)
    workflow.move(
        owed, Status.ACCEPTED, verb=Verb.RETURN_ACCEPTED, by=by, version=version,
        also={"decided_at": daylight.now(), "decided_by": by}, round=owed.round,
    )  # fmt: skip


@transaction.atomic
def give_back(
    owed: Return,
    *,
    reason: str,
    by: Membership,
    days: int | None = None,
    version: int | None = None,
) -> None:
    """Hand it back; the unit has `days` working days (3 by default) to hand it in again.

    An accepted return is handed back for a correction, also after the collection was closed: its
    frozen figures stay, and the difference is shown as a correction.
    """
    duties.need_issuer(owed.collection, by)
    if not reason.strip():
        raise Refused(_("Say what is to be put right."))
    if owed.collection.status == Collection.Status.CANCELLED:
        raise Refused(_("This collection was cancelled; nothing is owed."))
    workflow.move(
        owed, Status.RETURNED, verb=Verb.RETURN_GIVEN_BACK, by=by, version=version,
        also={
            "decided_at": daylight.now(), "decided_by": by, "return_reason": reason.strip()[:500],
            "is_zero": False,
        },
        reason=reason.strip()[:500], round=owed.round,
    )  # fmt: skip
    clock = deadlines.start(AGAIN, owed, event_on=daylight.today(), by=by, amount=days)
    notifications.notify_all(
        reminders.addressees(clock),
        key=f"return-back:{owed.pk}:{owed.round}",
        text=BACK_TEXT,
        params={
            "title": str(owed.collection),
            "reason": reason.strip()[:200],
            "due": clock.due_on.isoformat(),
        },
        subject=owed,
        clock=clock,
        mail=notifications.Mail.NOW,
    )
