"""What waits for an actor here; the list pages filter by the same codes (`?queue=…`)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import ActorKind, Membership
from governance.queues import Queue, name_of
from inspections import duties
from inspections.models import Finding, Inspection, RectificationTask

Rows = Callable[[Membership], QuerySet]


def queues(actor: Membership) -> list[Queue]:
    """Every queue whose act this actor may do, in the order of the chain."""
    if actor.kind != ActorKind.STAFF:
        return []
    offered = [
        (duties.INSPECT, _my_inspections),
        (duties.PLAN, _to_assign),
        (duties.ISSUE, _to_issue),
        (duties.DISMISS, _to_dismiss),
        (duties.APPROVE, _to_approve),
        (duties.SERVE, _to_serve),
        (duties.EXTEND, _to_extend),
        (duties.RECHECK, _to_recheck),
        (duties.CLOSE_OUT, _to_close),
        (duties.PRESS, _to_press),
        (duties.PROVE, _in_my_township),
    ]
    return [make(actor) for duty, make in offered if duty.held_by(actor)]


# --- the rows ---------------------------------------------------------------------------------


def inspections_of(code: str, actor: Membership) -> QuerySet:
    """The rows of a queue of inspections; all in scope for an unknown code."""
    rows = Inspection.objects.visible_to(actor)
    match code:
        case "mine":
            return rows.assigned_to(actor).to_do()
        case "assign":
            return rows.filter(lead=actor.department).to_assign()
        case "notices":
            return rows.awaiting_notices()
        case "late":
            return rows.late()
        case _:
            return rows


def findings_of(code: str, actor: Membership) -> QuerySet:
    """The rows of a queue of findings; all in scope for an unknown code."""
    rows = Finding.objects.visible_to(actor)
    match code:
        case "issue":
            return rows.filter(lead=actor.department, dismissal_proposed_by=None).awaiting_notice()
        case "dismiss":
            waiting = rows.filter(lead=actor.department).awaiting_dismissal()
            return waiting.exclude(dismissal_proposed_by__user=actor.user)
        case _:
            return rows


def tasks_of(code: str, actor: Membership) -> QuerySet:
    """The rows of a queue of tasks; all in scope for an unknown code."""
    rows = RectificationTask.objects.visible_to(actor)
    own = rows.filter(lead=actor.department)
    match code:
        case "approve":
            return own.awaiting_approval()
        case "serve":
            return own.awaiting_service()
        case "extend":
            return own.with_open_extension()
        case "recheck":
            return own.awaiting_recheck().exclude(proofs__created_by__user=actor.user)
        case "close":
            return _closable(own.awaiting_closeout(), actor)
        case "overdue":
            return rows.overdue()
        case "today":
            return rows.due_on()
        case "rectifying":
            return rows.rectifying()
        case _:
            return rows


def _closable(rows: QuerySet, actor: Membership) -> QuerySet:
    """Without the tasks this person had a hand in, and critical ones only for the leader."""
    if not duties.CLOSE_OUT_CRITICAL.held_by(actor):
        rows = rows.exclude(finding__severity="critical")
    return rows.without_hand_of(actor)


# --- the queues -------------------------------------------------------------------------------


def _inspections(code: str, label: str, act: str, actor: Membership) -> Queue:
    rows = inspections_of(code, actor).select_related("institution")
    url = f"{reverse('inspections')}?queue={code}"
    return Queue(f"inspection.{code}", label, act, _named(rows), url, _plan_title, _party)


def _findings(code: str, label: str, act: str, actor: Membership) -> Queue:
    rows = findings_of(code, actor).select_related("institution", "item", "inspection")
    url = f"{reverse('findings')}?queue={code}"
    return Queue(f"finding.{code}", label, act, _named(rows), url, _finding_title, _party)


def _tasks(code: str, label: str, act: str, actor: Membership) -> Queue:
    rows = tasks_of(code, actor).select_related("institution", "finding__item").by_urgency()
    url = f"{reverse('rectification')}?queue={code}"
    return Queue(f"task.{code}", label, act, _named(rows), url, _task_title, _party)


def _named(rows: QuerySet) -> QuerySet:
    return rows.prefetch_related("institution__periods")


def _party(row: Any) -> str:
    return name_of(row.institution)


def _plan_title(row: Inspection) -> str:
    return f"{row.number} {row.purpose}".strip()


def _finding_title(row: Finding) -> str:
    return row.title


def _task_title(row: RectificationTask) -> str:
    return f"{row.number} {row.finding.title}"


def _my_inspections(actor: Membership) -> Queue:
    return _inspections("mine", _("Inspections to carry out"), _("Inspect"), actor)


def _to_assign(actor: Membership) -> Queue:
    return _inspections("assign", _("Inspections without officers"), _("Assign"), actor)


def _to_issue(actor: Membership) -> Queue:
    return _findings("issue", _("Findings without a notice"), _("Issue the notice"), actor)


def _to_dismiss(actor: Membership) -> Queue:
    return _findings("dismiss", _("Proposals to dismiss"), _("Decide"), actor)


def _to_approve(actor: Membership) -> Queue:
    return _tasks("approve", _("Suspensions to approve"), _("Approve"), actor)


def _to_serve(actor: Membership) -> Queue:
    return _tasks("serve", _("Notices to serve"), _("Serve"), actor)


def _to_extend(actor: Membership) -> Queue:
    return _tasks("extend", _("Requests for more time"), _("Decide"), actor)


def _to_recheck(actor: Membership) -> Queue:
    return _tasks("recheck", _("Rectification to re-check"), _("Re-check"), actor)


def _to_close(actor: Membership) -> Queue:
    return _tasks("close", _("Tasks to close out"), _("Close out"), actor)


def _to_press(actor: Membership) -> Queue:
    return _tasks("overdue", _("Overdue rectification"), _("Press"), actor)


def _in_my_township(actor: Membership) -> Queue:
    return _tasks("overdue", _("Overdue rectification in my township"), _("See to it"), actor)
