"""Staff pages of findings: the list, and one with its photos, tasks and dismissal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.access import staff_only
from inspections import acts, history, related, services
from inspections.exports import FindingExport
from inspections.filters import FindingFilter
from inspections.forms.planning import ReasonForm
from inspections.models import Finding, Inspection, RectificationTask
from inspections.views.lists import by_item, page_of, pictures
from inspections.views.lists import photos_of as photos_of_visit


@require_safe
@staff_only
def findings(request: HttpRequest) -> HttpResponse:
    form = FindingFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    rows = rows.select_related("institution", "division", "lead", "item", "inspection")
    page = page_of(request, rows.prefetch_related("institution__periods"))
    context = {"form": form, "page": page, "sentence": form.sentence()}
    return render(request, "inspections/findings.html", context)


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    form = FindingFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    made = FindingExport(request.actor, filters=form.sentence(), chosen=rows)
    return made.response(request.GET.get("as", "xlsx"))


def _row(request: HttpRequest, pk: int) -> Any:
    rows = Finding.objects.visible_to(request.actor).select_related(
        "institution", "division", "lead", "item", "inspection", "answer",
        "dismissal_proposed_by__user", "dismissed_by__user",
    )  # fmt: skip
    rows = rows.saying_whether_editable(request.actor).prefetch_related("institution__periods")
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(
    request: HttpRequest, row: Any, *, status: int = 200, form: ReasonForm | None = None
) -> HttpResponse:
    tasks = RectificationTask.objects.visible_to(request.actor).filter(finding=row)
    context: dict[str, Any] = {
        "row": row,
        "sees_inspection": Inspection.objects.visible_to(request.actor)
        .filter(pk=row.inspection_id)
        .exists(),
        "photos": pictures(photos_of(row)),
        "tasks": tasks.select_related("lead", "paper")
        .prefetch_related(related.clocks())
        .order_by("pk"),
        "acts": acts.of_finding(row, request.actor, editable=row.is_editable),
        "history": history.entries(row),
        "form": form or ReasonForm(initial={"version": row.version}),
    }
    return render(request, "inspections/finding.html", context, status=status)


def photos_of(row: Finding) -> list[Any]:
    """The photos taken for the item, or for what was seen outside the checklist."""
    found = by_item(photos_of_visit(row.inspection))
    return found.get(row.item_id or row.uuid, [])


@require_POST
@staff_only
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that the finding does not stand."""
    row = get_object_or_404(Finding.objects.editable_by(request.actor), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, _row(request, pk), status=422, form=form)
    data = form.cleaned_data
    services.propose_dismissal(
        row, by=request.actor, reason=data["reason"], version=data["version"]
    )
    messages.success(request, _("The proposal waits for a second person."))
    return redirect(row)


@require_POST
@staff_only
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person decides on the dismissal."""
    row = _row(request, pk)
    if request.POST.get("decision") == "dismiss":
        services.confirm_dismissal(row, by=request.actor)
        messages.success(request, _("The finding is dismissed."))
    else:
        services.reject_dismissal(row, by=request.actor)
        messages.success(request, _("The finding stands."))
    return redirect(row)
