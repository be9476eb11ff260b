"""The order to rectify: issued for one department, approved where it suspends, served."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, daylight, deadlines, notifications, workflow
from governance.audit import Verb
from governance.models import Membership, Share
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from inspections import duties, notice_facts
from inspections.models import Finding, Inspection, RectificationTask
from inspections.models.rectification import MAX_RULE
from inspections.services import hands, settling, sharing
from inspections.services.findings import leaders_of
from inspections.services.planning import number_it

Mode, Status = RectificationTask.Mode, RectificationTask.Status
Service = RectificationTask.Service
SERVED_TEXT = gettext_noop("You were served a rectification notice (%(number)s), due on %(due)s.")
APPROVE_TEXT = gettext_noop("A notice that suspends %(name)s waits for your approval (%(number)s).")


@transaction.atomic
def issue(
    findings: Iterable[Finding],
    *,
    by: Membership,
    mode: str = Mode.RECTIFY_BY_DATE,
    term: int | None = None,
    requirements: Mapping[int, str] | None = None,
) -> list[RectificationTask]:
    """One task for each finding, one numbered notice for those of the same term.

    The findings are of one inspection and one department, in whose name the notice goes out.
    `term` chooses within the rule's range, in its unit; `requirements` are texts by finding pk.
    A notice that suspends is numbered when the leader approves it.
    """
    require(by, duties.ISSUE)
    rows = list(findings)
    _refuse_mixed(rows)
    _refuse_not_competent(rows, by)
    texts = requirements or {}
    tasks = [_draft(finding, mode, term, texts.get(finding.pk, ""), by) for finding in rows]
    if mode == Mode.RECTIFY_SUSPENDED:
        _ask_leader(tasks)
    else:
        _write_papers(tasks, by=by)
    settling.settle(rows[0].inspection, by=by)
    return tasks


def _refuse_mixed(findings: list[Finding]) -> None:
    if not findings:
        raise Refused(_("Choose at least one finding."))
    if len({(finding.inspection_id, finding.lead_id) for finding in findings}) > 1:
        raise Refused(_("One notice is of one inspection and one department."))
    for finding in findings:
        if finding.status != Finding.Status.OPEN:
            raise Refused(_("%(finding)s is not open any more.") % {"finding": finding})
        if finding.dismissal_proposed_by_id:
            raise Refused(_("A dismissal of %(finding)s is undecided.") % {"finding": finding})


def _refuse_not_competent(findings: list[Finding], by: Membership) -> None:
    """The competent department issues; on the spot whoever inspects does so in its name."""
    finding = findings[0]
    if by.department_id == finding.lead_id:
        return
    if not finding.inspection.officers.filter(membership__user=by.user).exists():
        raise DutyMissing(duties.ISSUE)


def _draft(
    finding: Finding, mode: str, term: int | None, requirement: str, by: Membership
) -> RectificationTask:
    rule = deadlines.rule_for(finding.clock_rule, finding.division_id, daylight.today())
    if term is not None:
        deadlines.due_on(rule, daylight.today(), term)  # refuses what the rule does not allow
    task = RectificationTask(
        number=str(finding.uuid),
        finding=finding,
        institution=finding.institution,
        mode=mode,
        clock_rule=finding.clock_rule,
        term=term,
        requirement=(requirement.strip() or notice_facts.requirement(finding))[:500],
        needs_approval=mode == Mode.RECTIFY_SUSPENDED,
        division=finding.division,
        lead=finding.lead,
        created_by=by,
    )
    _save_new(task)
    number_it(task, "Z")
    _share(task, by)
    audit.record(
        Verb.TASK_ISSUED, task, by=by, finding=str(finding), mode=mode, department=task.lead.name
    )
    return task


def _save_new(task: RectificationTask) -> None:
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError as error:
        if "one_task_per_finding" not in str(error) and "number" not in str(error):
            raise
        raise Refused(
            _("A notice was already issued for %(finding)s.") % {"finding": task.finding}
        ) from error


def _share(task: RectificationTask, by: Membership) -> None:
    """Who assists in the finding assists in its task; the township always does."""
    given = Share.objects.filter(
        content_type__model="finding", object_id=task.finding_id
    ).select_related("department")
    for part in (Share.Part.ASSIST, Share.Part.READ):
        departments = [row.department for row in given if row.part == part]
        sharing.share(task, departments, part, basis=_("as for the finding"), by=by)


def _write_papers(tasks: Iterable[RectificationTask], *, by: Membership) -> None:
    """One notice for all tasks with the same term."""
    groups: dict[tuple, list[RectificationTask]] = {}
    for task in tasks:
        groups.setdefault((task.clock_rule, task.term), []).append(task)
    for group in groups.values():
        paper = notice_facts.issue_notice(group, by=by)
        for task in group:
            RectificationTask.objects.filter(pk=task.pk).update(paper=paper)
            task.paper = paper


def _ask_leader(tasks: list[RectificationTask]) -> None:
    task = tasks[0]
    notifications.notify_all(
        leaders_of(task.lead),
        key=f"approve:{task.pk}",
        text=APPROVE_TEXT,
        params={"name": str(task.institution), "number": task.number},
        subject=task,
    )


@transaction.atomic
def approve(task: RectificationTask, *, by: Membership, version: int | None = None) -> None:
    """The leader of the issuing department approves a notice that suspends; it gets its number."""
    hands.require_of(task.lead, duties.APPROVE, by)
    if not task.needs_approval or task.approved_by_id or task.status != Status.ISSUED:
        raise Refused(_("This notice does not wait for an approval."))
    hands.refuse_same(
        by,
        [task.created_by],
        _("Who drew up the notice cannot approve it.") + " " + hands.somebody_else(task.lead),
    )
    workflow.change(
        task, verb=Verb.TASK_APPROVED, by=by, version=version or task.version,
        approved_by=by, approved_at=daylight.now(),
    )  # fmt: skip
    _write_papers([task], by=by)


# --- service ---------------------------------------------------------------------------------


@transaction.atomic
def serve(
    tasks: Iterable[RectificationTask],
    *,
    by: Membership,
    on: dt.date,
    way: str,
    note: str = "",
    version: int | None = None,
) -> None:
    """Serve the notice of these tasks; from `on` the terms run, the day itself not counted.

    `way` is a value of `RectificationTask.Service`; `note` names receiver, witness or waybill and
    is required where nobody of the institution signed.
    """
    require(by, duties.SERVE)
    rows = list(tasks)
    for task in rows:
        _refuse_service(task, by, on, way, note)
        _serve(task, by, on, way, note, version)
    _tell_party(rows)


def _refuse_service(
    task: RectificationTask, by: Membership, on: dt.date, way: str, note: str
) -> None:
    inspected = task.finding.inspection.officers.filter(membership__user=by.user).exists()
    if by.department_id != task.lead_id and not inspected:
        raise DutyMissing(duties.SERVE)
    if not task.finding.found_on <= on <= daylight.today():
        raise Refused(_("The day of service lies between the inspection and today."))
    if task.needs_approval and not task.approved_by_id:
        raise Refused(_("A notice that suspends is served after the leader approved it."))
    if way in (Service.LEFT, Service.POST, Service.ANNOUNCED) and not note.strip():
        raise Refused(_("Name the witness, the waybill or the place of the announcement."))


def _serve(
    task: RectificationTask,
    by: Membership,
    on: dt.date,
    way: str,
    note: str,
    version: int | None,
) -> None:
    columns = {
        "served_on": on,
        "served_by": by,
        "service_way": way,
        "service_note": note.strip()[:200],
        "disclosed_to": task.institution_id,
    }
    workflow.move(
        task, Status.SERVED, verb=Verb.TASK_SERVED, by=by, version=version, also=columns,
        on=on, way=way,
    )  # fmt: skip
    Finding.objects.filter(pk=task.finding_id).update(disclosed_to=task.institution_id)
    deadlines.start(task.clock_rule, task, event_on=on, by=by, amount=task.term)
    deadlines.start(MAX_RULE, task, event_on=on, by=by)


def same_notice(task: RectificationTask) -> list[RectificationTask]:
    """The tasks on the same paper, served together; without a paper the task alone."""
    rows = RectificationTask.objects.filter(pk=task.pk)
    if task.paper_id:
        rows = RectificationTask.objects.filter(paper=task.paper_id, status=task.status)
    return list(rows.select_related("finding__item", "finding__inspection", "paper", "institution"))


def party_members(task: RectificationTask) -> list[Membership]:
    """The people who act for the institution."""
    members = Membership.objects.active().of_institution(task.institution_id)
    return list(members.select_related("user"))


def _tell_party(tasks: list[RectificationTask]) -> None:
    for task in tasks:
        clock = deadlines.find(task, task.clock_rule)
        notifications.notify_all(
            party_members(task),
            key=f"served:{task.pk}",
            text=SERVED_TEXT,
            params={
                "number": task.paper.number_text if task.paper else task.number,
                "due": clock.due_on.isoformat() if clock else "",
            },
            subject=task,
        )


def serve_on_spot(
    inspection: Inspection, findings: Iterable[Finding], *, refused: bool, by: Membership
) -> list[RectificationTask]:
    """Issue and serve at the signature; what cannot be issued now waits for its department."""
    way, note = Service.ON_SPOT, inspection.signer_name
    if refused:
        way, note = Service.LEFT, inspection.witness_name
    served: list[RectificationTask] = []
    for group in by_department(findings):
        try:
            with transaction.atomic():
                tasks = issue(group, by=by)
                serve(tasks, by=by, on=daylight.today(), way=way, note=note)
        except Refused:
            continue
        served += tasks
    return served


def by_department(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Open findings grouped by the department that leads them."""
    groups: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.status == Finding.Status.OPEN:
            groups.setdefault(finding.lead_id, []).append(finding)
    return list(groups.values())
