"""Parents follow their children: a finding its tasks, an inspection its findings."""

from django.db import transaction

from governance import daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Clock, Membership
from inspections.models import ExtensionRequest, Finding, Inspection, RectificationTask


@transaction.atomic
def settle(inspection: Inspection, *, by: Membership) -> None:
    """Signed → pending closure once every open finding has its notice; closed with the last."""
    inspection.refresh_from_db(from_queryset=Inspection.objects.select_for_update())
    Status = Inspection.Status
    open_findings = Finding.objects.filter(inspection=inspection).open()
    if inspection.status not in (Status.SIGNED, Status.PENDING_CLOSURE):
        return
    if not open_findings.exists():
        workflow.move(inspection, Status.CLOSED, verb=Verb.INSPECTION_CLOSED, by=by)
    elif inspection.status == Status.SIGNED and not open_findings.awaiting_notice().exists():
        workflow.move(inspection, Status.PENDING_CLOSURE, verb=Verb.INSPECTION_PENDING, by=by)


def follow(finding: Finding, *, by: Membership) -> None:
    """Close a finding whose tasks have all ended, then settle its inspection."""
    finding.refresh_from_db(from_queryset=Finding.objects.select_for_update())
    if finding.status == Finding.Status.OPEN and not finding.tasks.active().exists():
        workflow.move(
            finding, Finding.Status.CLOSED, verb=Verb.FINDING_CLOSED, by=by,
            also={"closed_on": daylight.today()},
        )  # fmt: skip
    settle(finding.inspection, by=by)


def end(task: RectificationTask, kind: str, reason: str, *, by: Membership) -> None:
    """Supersede a task: its clocks are cancelled, an undecided request falls."""
    workflow.move(
        task, RectificationTask.Status.SUPERSEDED, verb=Verb.TASK_SUPERSEDED, by=by,
        also={"superseded_for": kind, "supersede_reason": reason[:300]}, why=kind, reason=reason,
    )  # fmt: skip
    for clock in Clock.objects.of(task).open():
        deadlines.cancel(clock, by=by, reason=reason[:200])
    drop_requests(task, by=by)


def drop_requests(task: RectificationTask, *, by: Membership) -> None:
    """A request for more time that was overtaken by events needs no decision."""
    Status = ExtensionRequest.Status
    for request in task.extensions.filter(status=Status.PENDING):
        workflow.move(
            request, Status.WITHDRAWN, verb=Verb.EXTENSION_WITHDRAWN, by=by,
            also={"decided_at": daylight.now()},
        )  # fmt: skip
