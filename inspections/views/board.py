"""The board and table of rectification: the same rows, the same address."""

from typing import Any

from django.db.models import Case, DateField, F, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import counting
from governance.access import staff_only
from governance.labels import label
from inspections import duties, related
from inspections.exports import TaskExport
from inspections.filters import TaskFilter, in_state
from inspections.forms.rectification import PressForm
from inspections.models import RectificationTask
from inspections.views.lists import page_of
from institutions.models import InstitutionPeriod

Status = RectificationTask.Status
CARDS = 30  # cards of a column; the rest is in the table
COLUMNS = (Status.ISSUED, Status.SERVED, Status.SUBMITTED, Status.RECHECKED, Status.CLOSED)
STATE_TABS = ("overdue", "today", "soon", "pressed")
GROUPS = ("township", "problem", "department")


@require_safe
@staff_only
def rectification(request: HttpRequest) -> HttpResponse:
    """Board or table of the same rows; every condition is in the address."""
    form = TaskFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    table = _wants_table(request, form)
    numbers = _numbers(form, request, rows)
    context = {
        "form": form,
        "sentence": form.sentence(),
        "tabs": _tabs(form, numbers),
        "table": table,
        "switch": _switches(request),
        "group": _group(request),
        "groups": _group_links(request),
        "may_press": duties.PRESS.held_by(request.actor),
        "press_form": PressForm(),
        "overdue": numbers["overdue"],
    }
    context |= _table(request, rows, numbers) if table else _board(request, rows, numbers)
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


def _numbers(form: TaskFilter, request: HttpRequest, rows: Any) -> dict[str, int]:
    """What tabs, columns and pages count, in one statement."""
    mine = form.narrowed(RectificationTask.objects.visible_to(request.actor))
    counted = {state: in_state(mine, state) for state in STATE_TABS}
    counted |= {f"column.{status}": rows.filter(status=status) for status in COLUMNS}
    return counting.together(counted | {"rows": rows})


def _tabs(form: TaskFilter, numbers: dict[str, int]) -> list[dict[str, Any]]:
    chosen = form.asked().get("state", "")
    offered = [("", _("All")), ("overdue", _("Overdue")), ("today", _("Due today"))]
    offered += [("soon", _("Due within 7 days")), ("pressed", _("Pressed"))]
    return [
        {
            "label": words,
            "url": "?" + urlencode({"state": code}) if code else reverse("rectification"),
            "current": code == chosen,
            "count": numbers[code] if code else None,
        }
        for code, words in offered
    ]


def with_facts(rows: Any) -> Any:
    """What a card or line shows."""
    rows = rows.annotate(
        party_name=InstitutionPeriod.objects.name_of(), asks_for_time=related.asks_for_time()
    )
    return rows.select_related("institution", "division", "lead", "finding__item").prefetch_related(
        related.clocks()
    )


def dressed(row: RectificationTask, group: str) -> RectificationTask:
    """The row with the name of its institution, under the heading of its group."""
    row.institution.name_today = row.party_name  # type: ignore[attr-defined]
    row.group_name = group_name(row, group)  # type: ignore[attr-defined]
    return row


def _table(request: HttpRequest, rows: Any, numbers: dict[str, int]) -> dict[str, Any]:
    group = _group(request)
    if group:
        key = {"township": "division", "problem": "finding__problem_code", "department": "lead"}
        rows = rows.order_by(key[group], "due", "pk")
    page = page_of(request, with_facts(rows), total=numbers["rows"])
    page.object_list = [dressed(row, group) for row in page.object_list]
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


def _board(request: HttpRequest, rows: Any, numbers: dict[str, int]) -> dict[str, Any]:
    cards = _cards(rows, _group(request))
    return {"columns": [_column(request, status, cards[status], numbers) for status in COLUMNS]}


def _cards(rows: Any, group: str) -> dict[str, list[Any]]:
    """The first cards of every column in one statement, by urgency, closed ones newest first."""
    ended_last = Case(When(status=Status.CLOSED, then=F("closed_on")), output_field=DateField())
    order = [ended_last.desc(nulls_last=True), F("due").asc(nulls_last=True), F("pk")]
    place = Window(RowNumber(), partition_by=F("status"), order_by=order)
    shown = rows.filter(status__in=COLUMNS).order_by().annotate(place=place)
    first = shown.filter(place__lte=CARDS).values("pk")
    found: dict[str, list[Any]] = {status: [] for status in COLUMNS}
    for card in with_facts(rows.filter(pk__in=first).order_by(*order)):
        found[card.status].append(dressed(card, group))
    return found


def _column(
    request: HttpRequest, status: str, cards: list[Any], numbers: dict[str, int]
) -> dict[str, Any]:
    count = numbers[f"column.{status}"]
    return {
        "status": status,
        "cards": sorted(cards, key=lambda card: card.group_name),  # stable: no group, no change
        "count": count,
        "label": label("RectificationTask.status", status),
        "url": _column_url(request, status),
        "more": count - len(cards),
    }


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
