"""Findings: made from every NO, dismissed by two people, and the parent that follows them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, competence, daylight, notifications, workflow
from governance.audit import Verb
from governance.models import Department, Membership, Role
from governance.scoping import require
from governance.workflow import Refused
from inspections import duties
from inspections.models import Finding, Inspection, InspectionAnswer, RectificationTask
from inspections.services import hands, settling, sharing

Status = Finding.Status
FOUND_TEXT = gettext_noop("%(count)s findings at %(name)s are for your department (%(number)s).")


def severity_of(answer: InspectionAnswer) -> str:
    return answer.item.severity if answer.item else answer.severity


def make(inspection: Inspection, *, by: Membership) -> list[Finding]:
    """One finding for each NO, led by the competent department; fixed ones are closed at once."""
    noes = inspection.answers.filter(value=InspectionAnswer.Value.NO).select_related("item")
    licensed_by = _licensed_by(inspection)
    made = [_make(inspection, answer, licensed_by, by) for answer in noes]
    tell_departments(inspection, made)
    return made


def _make(
    inspection: Inspection, answer: InspectionAnswer, licensed_by: list[str], by: Membership
) -> Finding:
    problem = answer.item.problem_code if answer.item else answer.problem_code
    severity = severity_of(answer)
    competent = _competent(inspection, problem, licensed_by)
    finding = Finding.objects.create(
        uuid=answer.uuid,
        inspection=inspection,
        institution=inspection.institution,
        disclosed_to=inspection.disclosed_to,
        answer=answer,
        item=answer.item,
        problem_code=problem,
        severity=severity,
        clock_rule=answer.item.clock_rule if answer.item else f"finding.rectify.{severity}",
        description=answer.note,
        found_on=inspection.inspected_on or daylight.today(),
        fixed_on_spot=answer.fixed_on_spot,
        division=inspection.division,
        lead=competent.lead,
        created_by=by,
    )
    audit.record(
        Verb.FINDING_MADE, finding, by=by, problem=problem, severity=severity,
        department=competent.lead.name,
    )  # fmt: skip
    _share(inspection, finding, competent, by)
    if answer.fixed_on_spot:
        workflow.move(
            finding, Status.CLOSED, verb=Verb.FINDING_FIXED_ON_SPOT, by=by,
            also={"closed_on": finding.found_on}, how=answer.fix_note,
        )  # fmt: skip
    return finding


def _licensed_by(inspection: Inspection) -> list[str]:
    """The kinds of department that licensed or registered the institution (谁审批谁监管)."""
    period = (
        inspection.institution.periods.on(inspection.inspected_on)
        .select_related("licensor", "registrar")
        .first()
    )
    known = (period.licensor, period.registrar) if period else ()
    return [department.kind for department in known if department]


def _competent(inspection: Inspection, problem: str, licensed_by: list[str]) -> competence.Answer:
    """By the table of the day; where the county lacks the department, the lead of the field."""
    try:
        return competence.for_problem(
            problem, inspection.division, licensed_by=licensed_by, on=inspection.inspected_on
        )
    except competence.NobodyCompetent:
        lead = sharing.field_lead(inspection.division) or inspection.lead
        return competence.Answer(lead, [])


def _share(
    inspection: Inspection, finding: Finding, competent: competence.Answer, by: Membership
) -> None:
    place = inspection.division
    assisting = [*competent.assist, inspection.lead, sharing.township(place)]
    sharing.share(finding, assisting, sharing.ASSIST, basis=_("assists in the matter"), by=by)
    sharing.share(
        finding, [sharing.field_lead(place)], sharing.READ, basis=_("lead of the field"), by=by
    )
    sharing.share(
        inspection, [finding.lead], sharing.READ, basis=_("competent for a finding"), by=by
    )


def tell_departments(inspection: Inspection, made: Iterable[Finding]) -> None:
    waiting: dict[Department, int] = {}
    for finding in made:
        if finding.status == Status.OPEN:
            waiting[finding.lead] = waiting.get(finding.lead, 0) + 1
    for department, count in waiting.items():
        notifications.notify_all(
            clerks_of(department),
            key=f"findings:{inspection.pk}:{department.pk}",
            text=FOUND_TEXT,
            params={
                "count": count,
                "name": str(inspection.institution),
                "number": inspection.number,
            },
            subject=inspection,
        )


def clerks_of(department: Department) -> list[Membership]:
    """Who works for a department: its clerks and officers, where it has none its leaders."""
    members = Membership.objects.active().filter(department=department, kind="staff")
    members = members.select_related("user", "department")
    workers = [member for member in members if member.role in (Role.CLERK, Role.OFFICER)]
    return workers or leaders_of(department)


def leaders_of(department: Department) -> list[Membership]:
    rows = Membership.objects.active().filter(department=department, role=Role.LEADER)
    return list(rows.select_related("user", "department"))


# --- dismissal -------------------------------------------------------------------------------


@transaction.atomic
def propose_dismissal(
    finding: Finding, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Say that a finding does not stand; a second person of the competent department decides."""
    require(by, duties.DISMISS)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the finding does not stand."))
    if finding.status != Status.OPEN:
        raise Refused(_("Only an open finding can be dismissed."))
    if finding.dismissal_proposed_by_id:
        raise Refused(_("A dismissal was proposed already and waits for the second person."))
    workflow.change(
        finding, verb=Verb.FINDING_DISMISSAL_PROPOSED, by=by, version=version or finding.version,
        dismissal_reason=reason[:300], dismissal_proposed_by=by,
    )  # fmt: skip


@transaction.atomic
def confirm_dismissal(finding: Finding, *, by: Membership, version: int | None = None) -> None:
    """The second person agrees: the finding is dismissed and what was ordered for it ends."""
    _refuse_no_proposal(finding)
    hands.require_of(finding.lead, duties.DISMISS, by)
    hands.refuse_same(
        by,
        [finding.dismissal_proposed_by],
        _("Who proposed the dismissal cannot decide on it.")
        + " "
        + hands.somebody_else(finding.lead),
    )
    workflow.move(
        finding, Status.DISMISSED, verb=Verb.FINDING_DISMISSED, by=by, version=version,
        also={"dismissed_by": by, "closed_on": daylight.today()}, reason=finding.dismissal_reason,
    )  # fmt: skip
    for task in finding.tasks.active():
        settling.end(task, RectificationTask.Superseded.DISMISSED, finding.dismissal_reason, by=by)
    settling.settle(finding.inspection, by=by)


@transaction.atomic
def reject_dismissal(finding: Finding, *, by: Membership, version: int | None = None) -> None:
    """The second person disagrees: the finding stands."""
    _refuse_no_proposal(finding)
    hands.require_of(finding.lead, duties.DISMISS, by)
    workflow.change(
        finding, verb=Verb.FINDING_DISMISSAL_REJECTED, by=by, version=version or finding.version,
        dismissal_reason="", dismissal_proposed_by=None,
    )  # fmt: skip


def _refuse_no_proposal(finding: Finding) -> None:
    if not finding.dismissal_proposed_by_id:
        raise Refused(_("Nobody proposed to dismiss this finding."))
