"""The end of a task: closed out by separate hands, superseded, or handed to another department."""

from django.db import transaction
from django.utils.translation import gettext as _

from governance import daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Department, Membership
from governance.workflow import Refused
from inspections import duties
from inspections.models import RectificationTask
from inspections.models.rectification import MAX_RULE
from inspections.services import findings, hands, settling, sharing

Status = RectificationTask.Status


@transaction.atomic
def close_out(
    task: RectificationTask, *, by: Membership, note: str = "", version: int | None = None
) -> None:
    """Close out (销号): after proof and a passed re-check, by a third hand of the issuing
    department, its leader for critical findings. Raises `SeparateHands`."""
    critical = task.finding.is_critical
    hands.require_of(task.lead, duties.CLOSE_OUT_CRITICAL if critical else duties.CLOSE_OUT, by)
    provers, recheckers = hands.provers(task), hands.recheckers(task)
    if task.status == Status.RECHECKED and not (provers and recheckers):
        raise Refused(_("Close-out needs proof and a passed re-check."))
    hands.refuse_same(
        by,
        [*provers, *recheckers],
        _("Proof, re-check and close-out are by different people.")
        + " "
        + hands.somebody_else(task.lead),
    )
    workflow.move(
        task, Status.CLOSED, verb=Verb.TASK_CLOSED, by=by, version=version,
        also={
            "closed_on": daylight.today(), "closed_by": by, "close_note": note.strip()[:300],
        },
        note=note.strip(),
    )  # fmt: skip
    if deadlines.find(task, MAX_RULE):
        deadlines.meet(task, MAX_RULE, on=daylight.today(), by=by)
    settling.follow(task.finding, by=by)


@transaction.atomic
def supersede(
    task: RectificationTask, *, by: Membership, why: str, reason: str, version: int | None = None
) -> None:
    """End a task without close-out: a case was filed or the institution was shut down."""
    hands.require_of(task.lead, duties.SUPERSEDE, by)
    _refuse_no_reason(reason)
    if why == RectificationTask.Superseded.TRANSFERRED:
        raise Refused(_("Hand it over to the other department."))
    if version is not None:
        workflow.touch(task, version=version)
    settling.end(task, why, reason.strip(), by=by)
    settling.follow(task.finding, by=by)


@transaction.atomic
def transfer(
    task: RectificationTask,
    *,
    to: Department,
    by: Membership,
    reason: str,
    version: int | None = None,
) -> None:
    """Hand the finding to the department that is competent, which issues a notice of its own."""
    hands.require_of(task.lead, duties.SUPERSEDE, by)
    _refuse_no_reason(reason)
    finding = task.finding
    if to.pk == finding.lead_id or not to.covers(finding.division_id):
        raise Refused(_("Choose another department that answers for the place."))
    if version is not None:
        workflow.touch(task, version=version)
    settling.end(task, RectificationTask.Superseded.TRANSFERRED, reason.strip(), by=by)
    old = finding.lead
    workflow.change(finding, verb=Verb.FINDING_TRANSFERRED, by=by, lead=to)
    sharing.share(finding, [old], sharing.READ, basis=_("handed it over"), by=by)
    sharing.share(finding.inspection, [to], sharing.READ, basis=_("competent for a finding"), by=by)
    findings.tell_departments(finding.inspection, [finding])


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."))
