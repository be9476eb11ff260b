"""What an actor may do next with a task or a finding, and why not where not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance import deadlines
from governance.models import ActorKind, Clock, Membership
from inspections import duties
from inspections.models import Finding, RectificationTask
from inspections.services import hands

Status = RectificationTask.Status


@dataclass(frozen=True)
class Act:
    """One act: `code` names its form and address; `why_not` says what stands in the way."""

    code: str
    label: str
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        return not self.why_not


def of_task(task: RectificationTask, actor: Membership) -> list[Act]:
    """The acts that lead on from here, the lawful next one first."""
    steps = {
        Status.ISSUED: _issued,
        Status.SERVED: _served,
        Status.SUBMITTED: _submitted,
        Status.RECHECKED: _rechecked,
    }
    step = steps.get(Status(task.status))
    return [*step(task, actor), *_always(task, actor)] if step else []


def _mine(task: RectificationTask, actor: Membership) -> bool:
    return actor.department_id == task.lead_id


def _issued(task: RectificationTask, actor: Membership) -> list[Act]:
    if task.needs_approval and not task.approved_by_id:
        if not (_mine(task, actor) and duties.APPROVE.held_by(actor)):
            return []
        same = actor.user_id == task.created_by.user_id
        why = _("Who drew up the notice cannot approve it.") if same else ""
        return [Act("approve", _("Approve the suspension"), why)]
    if _mine(task, actor) and duties.SERVE.held_by(actor):
        return [Act("serve", _("Serve the rectification notice"))]
    return []


def _served(task: RectificationTask, actor: Membership) -> list[Act]:
    found = []
    if duties.PROVE.held_by(actor):
        found = [Act("prove", _("Hand in proof")), Act("extend", _("Ask for more time"))]
        found[1] = Act("extend", found[1].label, _why_no_extension(task))
    if _waits(task) and _mine(task, actor) and duties.EXTEND.held_by(actor):
        found.insert(0, Act("decide", _("Decide on more time")))
    return found


def _waits(task: RectificationTask) -> bool:
    return any(request.status == "pending" for request in task.extensions.all())


def _why_no_extension(task: RectificationTask) -> str:
    clock = main_clock(task)
    if _waits(task):
        return _("A request is already waiting.")
    if clock is None or not deadlines.can_be_extended(clock.rule):
        return _("This term cannot be extended.")
    if deadlines.light(clock).kind == "red" and (deadlines.light(clock).days or 0) < 0:
        return _("The term has run out.")
    return ""


def main_clock(task: RectificationTask) -> Clock | None:
    """The institution's open clock, from the prefetched ones."""
    open_ones = [row for row in task.clocks.all() if row.is_open and row.code == task.clock_rule]
    return open_ones[0] if open_ones else None


def _submitted(task: RectificationTask, actor: Membership) -> list[Act]:
    if not duties.RECHECK.held_by(actor) or actor.kind != ActorKind.STAFF:
        return []
    if not _mine(task, actor) and not _assists(task, actor):
        return []
    proved = any(person.user_id == actor.user_id for person in hands.provers(task))
    why = _("You handed in the proof; somebody else re-checks.") if proved else ""
    return [Act("recheck", _("Re-check"), why)]


def _assists(task: RectificationTask, actor: Membership) -> bool:
    return RectificationTask.objects.editable_by(actor).filter(pk=task.pk).exists()


def _rechecked(task: RectificationTask, actor: Membership) -> list[Act]:
    if not _mine(task, actor) or not duties.OFFICE & {actor.role}:
        return []
    duty = duties.CLOSE_OUT_CRITICAL if task.finding.is_critical else duties.CLOSE_OUT
    if not duty.held_by(actor):
        leader = task.finding.is_critical
        why = _("A leader closes critical tasks out.") if leader else _("A clerk closes it out.")
        return [Act("close", _("Close out"), why)]
    people = [*hands.provers(task), *hands.recheckers(task)]
    same = any(person and person.user_id == actor.user_id for person in people)
    why = _("You proved or re-checked it; a third person closes out.") if same else ""
    return [Act("close", _("Close out"), why)]


def _always(task: RectificationTask, actor: Membership) -> list[Act]:
    found = []
    if duties.PRESS.held_by(actor) and task.clock and task.clock.is_open:
        found.append(Act("press", _("Press (supervise)")))
    if _mine(task, actor) and duties.SUPERSEDE.held_by(actor):
        found.append(Act("transfer", _("Hand over to another department")))
        found.append(Act("end", _("End without close-out")))
    return found


def of_finding(finding: Finding, actor: Membership, *, editable: bool) -> list[Act]:
    """Issue, propose to dismiss, decide on the proposal."""
    if finding.status != Finding.Status.OPEN or actor.kind != ActorKind.STAFF:
        return []
    mine = actor.department_id == finding.lead_id
    found = []
    if finding.dismissal_proposed_by_id:
        if mine and duties.DISMISS.held_by(actor):
            same = actor.user_id == finding.dismissal_proposed_by.user_id
            why = _("Who proposed it cannot decide on it.") if same else ""
            found.append(Act("decide", _("Decide on the dismissal"), why))
        return found
    if mine and duties.ISSUE.held_by(actor) and not any(not t.is_over for t in finding.tasks.all()):
        found.append(Act("issue", _("Issue the notice")))
    if editable and duties.DISMISS.held_by(actor):
        found.append(Act("dismiss", _("Propose to dismiss")))
    return found
