"""More time: asked by the institution or its township, decided by the issuing leader."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, daylight, deadlines, notifications, workflow
from governance.audit import Verb
from governance.models import Clock, Membership
from governance.scoping import require
from governance.workflow import Refused
from inspections import duties
from inspections.models import ExtensionRequest, RectificationTask
from inspections.models.rectification import MAX_RULE
from inspections.services import hands
from inspections.services.findings import leaders_of
from inspections.services.notices import party_members

Status = ExtensionRequest.Status
ASKED_TEXT = gettext_noop("%(name)s asks for %(days)s more days (%(number)s).")
DECIDED_TEXT = gettext_noop("Your request for more time was decided (%(number)s).")


@transaction.atomic
def ask_extension(
    task: RectificationTask, *, by: Membership, days: int, reason: str
) -> ExtensionRequest:
    """Ask for `days` more (in the unit of the task's rule) before the term runs out."""
    require(by, duties.PROVE)
    clock = running_clock(task)
    if not deadlines.can_be_extended(clock.rule):
        raise Refused(_("The term “%(rule)s” cannot be extended.") % {"rule": clock.rule.name})
    if daylight.today() > clock.due_on:
        raise Refused(_("The term has run out; it can no longer be extended."))
    if days < 1 or not reason.strip():
        raise Refused(_("Say how many days are needed, and why."))
    request = _create(task, days, reason.strip(), by)
    audit.record(Verb.EXTENSION_ASKED, task, by=by, days=days, reason=request.reason)
    notifications.notify_all(
        leaders_of(task.lead),
        key=f"extension:{request.pk}",
        text=ASKED_TEXT,
        params={"name": str(task.institution), "days": days, "number": task.number},
        subject=task,
    )
    return request


def running_clock(task: RectificationTask) -> Clock:
    """The institution's clock; `Refused` when it does not run."""
    clock = deadlines.find(task, task.clock_rule)
    if clock is None or task.status != RectificationTask.Status.SERVED:
        raise Refused(_("More time can only be asked for while the term runs."))
    return clock


def _create(task: RectificationTask, days: int, reason: str, by: Membership) -> ExtensionRequest:
    try:
        with transaction.atomic():
            return ExtensionRequest.objects.create(
                task=task, days=days, reason=reason[:500], asked_on=daylight.today(), created_by=by
            )
    except IntegrityError as error:
        raise Refused(_("A request for more time is already waiting.")) from error


@transaction.atomic
def grant_extension(request: ExtensionRequest, *, by: Membership, note: str = "") -> None:
    """Grant the days asked for; the whole matter stays within its longest term."""
    task = request.task
    hands.require_of(task.lead, duties.EXTEND, by)
    _decide(request, Status.GRANTED, Verb.EXTENSION_GRANTED, note, by)
    clock = deadlines.extend(running_clock(task), by=by, reason=request.reason, amount=request.days)
    whole = deadlines.find(task, MAX_RULE)
    if whole and clock.due_on > whole.due_on:
        raise Refused(
            _("The whole term may last until %(day)s at the longest.") % {"day": whole.due_on}
        )
    _tell(request)


@transaction.atomic
def refuse_extension(request: ExtensionRequest, *, by: Membership, note: str) -> None:
    """Refuse, with a reason the institution reads."""
    hands.require_of(request.task.lead, duties.EXTEND, by)
    if not note.strip():
        raise Refused(_("Say why no more time is given."))
    _decide(request, Status.REFUSED, Verb.EXTENSION_REFUSED, note, by)
    _tell(request)


def _decide(request: ExtensionRequest, to: str, verb: str, note: str, by: Membership) -> None:
    workflow.move(
        request, to, verb=verb, by=by, about=request.task, days=request.days, note=note.strip(),
        also={
            "decided_by": by, "decided_at": daylight.now(), "decision_note": note.strip()[:300],
        },
    )  # fmt: skip


def _tell(request: ExtensionRequest) -> None:
    notifications.notify_all(
        {
            member.pk: member for member in [*party_members(request.task), request.created_by]
        }.values(),
        key=f"extension-decided:{request.pk}",
        text=DECIDED_TEXT,
        params={"number": request.task.number},
        subject=request.task,
    )
