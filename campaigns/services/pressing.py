"""Pressing (催报): the unit is told at once, by whoever collects, and never twice on one day."""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns import duties
from campaigns.models import Collection, Return
from governance import audit, daylight, notifications, reminders
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused

TEXT = gettext_noop("%(who)s presses for “%(title)s”, due on %(due)s.")


class PressedToday(Refused):
    """Once a day is enough."""

    code = "pressed_today"


@transaction.atomic
def press(owed: Return, *, by: Membership) -> None:
    """Press for one return that is with its unit. Raises `PressedToday` the second time."""
    duties.need_issuer(owed.collection, by)
    if not owed.with_unit or owed.clock is None or not owed.clock.is_open:
        raise Refused(_("Nothing is owed here now."))
    if not _press(owed, by):
        raise PressedToday(_("This unit was pressed today already."))


@transaction.atomic
def press_late(collection: Collection, *, by: Membership) -> int:
    """Press for every return that is late and was not pressed today; returns how many."""
    duties.need_issuer(collection, by)
    late = collection.returns.late().with_names().with_clocks()
    return sum(_press(owed, by) for owed in late)


def _press(owed: Return, by: Membership) -> bool:
    """Whether this was the first time today; the WHERE clause decides between two hands."""
    today = daylight.today()
    free = Return.objects.filter(Q(pressed_on=None) | Q(pressed_on__lt=today), pk=owed.pk)
    if not free.update(pressed_on=today, presses=F("presses") + 1):
        return False
    clock = owed.clock
    assert clock is not None
    audit.record(Verb.RETURN_PRESSED, owed, by=by, due_on=clock.due_on)
    notifications.notify_all(
        reminders.addressees(clock),
        key=f"return-press:{owed.pk}:{today}",
        kind="press",
        text=TEXT,
        params={
            "who": str(by.department or by.person),
            "title": str(owed.collection),
            "due": clock.due_on.isoformat(),
        },
        subject=owed,
        clock=clock,
        mail=notifications.Mail.NOW,
    )
    return True
