"""What of inspections and rectification waits for an actor, with the next act of the procedure."""

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import Membership, Role
from governance.queues import Queue
from inspections.models import Finding, Inspection, RectificationTask

DESK_ROLES = {Role.CLERK, Role.OFFICER, Role.LEADER}


def queues(actor: Membership) -> list[Queue]:
    """The queues of this actor, in the order of the procedure; empty for roles without a part."""
    if actor.role not in DESK_ROLES or actor.department is None:
        return []
    found = [*_visits(actor), *_findings(actor), *_tasks(actor)]
    return found + (_leader(actor) if actor.role == Role.LEADER else [])


def _visits(actor: Membership) -> list[Queue]:
    mine = Inspection.objects.visible_to(actor).assigned_to(actor).to_do()
    planned = Inspection.objects.editable_by(actor).to_assign()
    return [
        _queue("visit", _("Inspections assigned to me"), _("Inspect"), mine, "inspections", "mine"),
        _queue("assign", _("Inspections to assign"), _("Assign"), planned, "inspections", "planned"),
    ]


def _findings(actor: Membership) -> list[Queue]:
    rows = Finding.objects.editable_by(actor).awaiting_notice().select_related("inspection", "item")
    return [
        _queue("notice", _("Findings without a notice"), _("Issue notice"), rows, "inspections")
    ]


def _tasks(actor: Membership) -> list[Queue]:
    rows = RectificationTask.objects.editable_by(actor).by_urgency()
    serve, recheck, close = rows.awaiting_service(), rows.awaiting_recheck(), rows.awaiting_closeout()
    overdue = RectificationTask.objects.visible_to(actor).by_urgency().overdue()
    return [
        _queue("overdue", _("Overdue rectification"), _("Follow up"), overdue, *_board("overdue")),
        _queue("serve", _("Notices to serve"), _("Serve"), serve, *_board("issued")),
        _queue("recheck", _("Rectification to re-check"), _("Re-check"), recheck, *_board("submitted")),
        _queue("close", _("Rectification to close out"), _("Close out"), close, *_board("rechecked")),
    ]


def _leader(actor: Membership) -> list[Queue]:
    rows = RectificationTask.objects.editable_by(actor).by_urgency()
    return [
        _queue(
            "approve",
            _("Notices that suspend, to approve"),
            _("Approve"),
            rows.awaiting_approval(),
            *_board("approval"),
        ),
        _queue(
            "extend",
            _("Extensions asked for"),
            _("Decide"),
            rows.with_open_extension(),
            *_board("extension"),
        ),
    ]


def _board(state: str) -> tuple[str, str]:
    return "rectification", state


def _queue(code: str, label: str, act: str, rows, page: str, state: str = "") -> Queue:
    query = f"?state={state}" if state else ""
    return Queue(
        code=code,
        label=label,
        act=act,
        rows=rows.select_related("institution").prefetch_related("institution__periods"),
        url=reverse(page) + query,
        party=lambda row: str(row.institution),
    )
