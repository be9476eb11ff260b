"""The board and table of rectification: the same rows, the same address."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.access import staff_only
from governance.labels import label
from inspections import duties
from inspections.exports import TaskExport
from inspections.filters import TaskFilter, by_status, in_state
from inspections.forms.rectification import PressForm
from inspections.models import RectificationTask
from inspections.views.lists import clocks, page_of

Status = RectificationTask.Status
CARDS = 30  # cards of a column; the rest is in the table
COLUMNS = (Status.ISSUED, Status.SERVED, Status.SUBMITTED, Status.RECHECKED, Status.CLOSED)
GROUPS = ("township", "problem", "department")


@require_safe
@staff_only
def rectification(request: HttpRequest) -> HttpResponse:
    """Board or table of the same rows; every condition is in the address."""
    form = TaskFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    table = _wants_table(request, form)
    context = {
        "form": form,
        "sentence": form.sentence(),
        "tabs": _tabs(form, request),
        "table": table,
        "switch": _switches(request),
        "group": _group(request),
        "groups": _group_links(request),
        "may_press": duties.PRESS.held_by(request.actor),
        "press_form": PressForm(),
        "overdue": form.narrowed(RectificationTask.objects.visible_to(request.actor))
        .overdue()
        .count(),
    }
    context |= _table(request, rows) if table else _board(request, rows)
    return render(request, "inspections/rectification.html", context)


def _wants_table(request: HttpRequest, form: TaskFilter) -> bool:
    asked = form.asked()
    return request.GET.get("view") == "table" or (
        request.GET.get("view") != "board" and bool(asked.get("queue") or asked.get("state"))
    )


def _switches(request: HttpRequest) -> list[dict[str, Any]]:
    kept = request.GET.copy()
    kept.pop("page", None)
    found = []
    for view, words in (("board", _("Board")), ("table", _("Table"))):
        kept["view"] = view
        found.append({"view": view, "label": words, "url": f"?{kept.urlencode()}"})
    return found


def _group(request: HttpRequest) -> str:
    asked = request.GET.get("group", "")
    return asked if asked in GROUPS else ""


def _group_links(request: HttpRequest) -> list[dict[str, Any]]:
    kept, words = request.GET.copy(), [("", _("none")), ("township", _("Township"))]
    words += [("problem", _("Type of problem")), ("department", _("Department"))]
    found = []
    for code, name in words:
        kept["group"] = code
        found.append(
            {"label": name, "url": f"?{kept.urlencode()}", "current": code == _group(request)}
        )
    return found


def _tabs(form: TaskFilter, request: HttpRequest) -> list[dict[str, Any]]:
    chosen = form.asked().get("state", "")
    rows = form.narrowed(RectificationTask.objects.visible_to(request.actor))
    offered = [("", _("All")), ("overdue", _("Overdue")), ("today", _("Due today"))]
    offered += [("soon", _("Due within 7 days")), ("pressed", _("Pressed"))]
    return [
        {
            "label": words,
            "url": "?" + urlencode({"state": code}) if code else reverse("rectification"),
            "current": code == chosen,
            "count": in_state(rows, code).count() if code else None,
        }
        for code, words in offered
    ]


def with_facts(rows: Any) -> Any:
    """What a card or line shows."""
    return rows.select_related(
        "institution", "division", "lead", "finding__item", "finding__inspection"
    ).prefetch_related("institution__periods", clocks(), "extensions")


def _table(request: HttpRequest, rows: Any) -> dict[str, Any]:
    group = _group(request)
    if group:
        key = {"township": "division", "problem": "finding__problem_code", "department": "lead"}
        rows = rows.order_by(key[group], "due", "pk")
    page = page_of(request, with_facts(rows))
    for row in page:
        row.group_name = group_name(row, group)
    return {"page": page}


def group_name(row: RectificationTask, group: str) -> str:
    """The heading under which a row stands."""
    match group:
        case "township":
            return row.division.name
        case "problem":
            return row.finding.problem
        case "department":
            return row.lead.name
    return ""


def _board(request: HttpRequest, rows: Any) -> dict[str, Any]:
    counts, group = by_status(rows), _group(request)
    cards: list[RectificationTask] = []
    columns = []
    for status in COLUMNS:
        newest = rows.filter(status=status)
        if status == Status.CLOSED:
            newest = newest.order_by("-closed_on", "-pk")
        found = list(
            newest.select_related("institution", "division", "lead", "finding__item")[:CARDS]
        )
        cards += found
        columns.append({"status": status, "cards": found, "count": counts.get(status, 0)})
    prefetch_related_objects(cards, "institution__periods", clocks(), "extensions")
    for column in columns:
        for card in column["cards"]:
            card.group_name = group_name(card, group)
        if group:
            column["cards"].sort(key=lambda card: card.group_name)
        column["label"] = label("RectificationTask.status", column["status"])
        column["url"] = _column_url(request, column["status"])
        column["more"] = column["count"] - len(column["cards"])
    return {"columns": columns}


def _column_url(request: HttpRequest, status: str) -> str:
    kept = request.GET.copy()
    kept["status"], kept["view"] = status, "table"
    return f"?{kept.urlencode()}"


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    form = TaskFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    made = TaskExport(request.actor, filters=form.sentence(), chosen=rows)
    return made.response(request.GET.get("as", "xlsx"))
