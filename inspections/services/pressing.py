"""Pressing (督办): a leader pushes, and everybody who can move the matter hears it at once."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, notifications, reminders
from governance.audit import Verb
from governance.models import Clock, Membership
from governance.scoping import require
from governance.workflow import Refused
from inspections import duties
from inspections.models import RectificationTask
from inspections.services import sharing
from inspections.services.findings import clerks_of
from inspections.services.notices import party_members

PRESSED_TEXT = gettext_noop("%(leader)s presses: “%(title)s”, due on %(due)s. %(text)s")


@transaction.atomic
def press(task: RectificationTask, *, by: Membership, text: str) -> None:
    """Press on the clock that runs; the department, the township and the institution are told."""
    require(by, duties.PRESS)
    clock = _open_clock(task)
    event = reminders.press(clock, by=by, text=text.strip())
    audit.record(Verb.TASK_PRESSED, task, by=by, text=text.strip())
    township = sharing.township(task.division)
    beside = clerks_of(township) if township and township.pk != task.lead_id else []
    notifications.notify_all(
        [*beside, *party_members(task)],
        key=f"press:{event.pk}",
        kind="press",
        text=PRESSED_TEXT,
        params={
            "leader": by.person,
            "title": clock.title,
            "due": clock.due_on.isoformat(),
            "text": text.strip(),
        },
        subject=task,
        clock=clock,
        mail=notifications.Mail.NOW,
    )


def _open_clock(task: RectificationTask) -> Clock:
    clock = task.clock
    if clock is None or not clock.is_open:
        raise Refused(_("No term runs for this task."))
    return clock
