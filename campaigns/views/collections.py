"""The issuer's pages: the list, the matrix, issuing, one collection, its merged workbook."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns import duties, matrix, merging, services, words
from campaigns.acts import OF_COLLECTION
from campaigns.exports import MergedReturns
from campaigns.forms import FilterForm, IssueForm
from campaigns.merging import ROWS, Merged
from campaigns.models import Collection, Return
from campaigns.services.closing import frozen
from governance.access import staff_only
from governance.request import Request
from governance.scoping import DutyMissing, require

SIZE = 50


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """What is collected, how the units stand, what is owed, on which forms."""
    issuing = duties.ISSUE.held_by(request.actor)
    named = [
        ("collections", _("Collections"), issuing),
        ("collection-matrix", _("Units and items"), issuing),
        ("returns", _("Returns"), True),
        ("collection-templates", _("Forms to fill in"), issuing),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, shown in named
        if shown or name == current
    ]


@require_safe
@staff_only
def collections(request: Request) -> HttpResponse:
    """What the actor's department collects; units are led to what they owe."""
    if not duties.ISSUE.held_by(request.actor) and not request.GET:
        return redirect("returns")
    form = FilterForm(request.GET)
    rows = Collection.objects.visible_to(request.actor).select_related("lead", "template__template")
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.filter(title__icontains=form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    rows = rows.annotate(
        asked=Count("returns"),
        accepted=Count("returns", filter=Q(returns__status=Return.Status.ACCEPTED)),
        waiting=Count("returns", filter=Q(returns__status=Return.Status.SUBMITTED)),
    )
    page = Paginator(rows.order_by("-period_from", "-pk"), SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "tabs": tabs(request, "collections"),
        "may_issue": duties.ISSUE.held_by(request.actor),
    }
    return render(request, "campaigns/collections.html", context)


@require_safe
@staff_only
def show_matrix(request: Request) -> HttpResponse:
    """Units by collections: the newest that run, or those chosen by period."""
    rows = Collection.objects.visible_to(request.actor)
    rows = rows.exclude(status=Collection.Status.CANCELLED).order_by("-period_from", "-pk")
    running = list(rows.filter(status=Collection.Status.ISSUED)[: matrix.MOST_ITEMS])
    every = request.GET.get("all") == "1" or not running
    items = list(rows[: matrix.MOST_ITEMS]) if every else running
    context = {
        "matrix": matrix.matrix(items, request.actor),
        "every": every,
        "tabs": tabs(request, "collection-matrix"),
    }
    return render(request, "campaigns/matrix.html", context)


@staff_only
def new(request: Request) -> HttpResponse:
    """Issue a collection."""
    require(request.actor, duties.ISSUE)
    posted = request.POST if request.method == "POST" else None
    initial = {"template": request.GET.get("template")}
    form = IssueForm(posted, actor=request.actor, initial=initial)
    if form.is_bound and form.is_valid():
        made = services.issue(form.plan(), by=request.actor)
        number = made.returns.count()
        done = ngettext("Issued to %(n)s unit.", "Issued to %(n)s units.", number)
        messages.success(request, done % {"n": number})
        return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "campaigns/issue.html", {"form": form}, status=status)


# --- one collection ------------------------------------------------------------------------------


def _collection(request: Request, pk: int) -> Collection:
    rows = Collection.objects.visible_to(request.actor).select_related(
        "lead", "division", "template__template", "created_by__user", "closed_by__user"
    )
    return get_object_or_404(rows, pk=pk)


def _mine(request: Request, pk: int) -> Collection:
    """The collection, when the actor's department issued it; 404 unseen, 403 seen."""
    collection = _collection(request, pk)
    if not duties.issues(collection, request.actor):
        raise DutyMissing(duties.ISSUE)
    return collection


@require_safe
@staff_only
def collection(request: Request, pk: int) -> HttpResponse:
    """Every unit with its state, the sums so far, what can be done."""
    row = _collection(request, pk)
    merged = Merged(row)
    report = frozen(row)
    marks = [(owed, matrix.mark(owed)) for owed in merged.returns]
    context = {
        "collection": row,
        "marks": marks,
        "counts": _counts(marks),
        "due_on": _due_on(row, merged.returns),
        "summed": merged.summed,
        "total": _cells(merged, merged.total),
        "parts": [(part.name, _cells(merged, part.sums)) for part in merged.by_unit],
        "districts": [(part.name, _cells(merged, part.sums)) for part in merged.by_district],
        "report": report,
        "corrections": _corrections(report.values, merged) if report else [],
        "acts": _offered(request, row),
        "may_act": duties.issues(row, request.actor),
        "history": words.history(row),
    }
    return render(request, "campaigns/collection.html", context)


def _corrections(values: dict[str, Any], merged: Merged) -> list[dict[str, Any]]:
    names = {column.key: str(column) for column in merged.columns} | {ROWS: _("Number of rows")}
    return [
        {"unit": one.unit, "name": names.get(one.column, one.column), "then": one.then}
        | {"now": one.now}
        for one in merging.corrections(values, merged)
    ]


def _due_on(row: Collection, owed: list[Return]) -> Any:
    """The day all units were given, as their clocks say it."""
    clocks = [clock for one in owed for clock in one.clocks.all() if clock.code == row.due_rule]
    return clocks[0].due_on if clocks else None


def _cells(merged: Merged, sums: dict[str, Any]) -> list[Any]:
    return [sums[ROWS], *(sums[column.key] for column in merged.summed)]


def _counts(marks: list[tuple[Return, matrix.Mark]]) -> dict[str, int]:
    statuses = [owed.status for owed, _mark in marks]
    return {
        "asked": len(marks),
        "accepted": statuses.count(Return.Status.ACCEPTED),
        "waiting": statuses.count(Return.Status.SUBMITTED),
        "late": sum(mark.late for _owed, mark in marks),
    }


def _offered(request: Request, row: Collection) -> list[dict[str, Any]]:
    if not duties.issues(row, request.actor):
        return []
    return [
        {"label": act.label, "url": reverse("collection-act", args=[row.pk, act.code])}
        for act in OF_COLLECTION.values()
        if act.offered(row)
    ]


@staff_only
def act(request: Request, pk: int, act: str) -> HttpResponse:
    """The page before an act on a collection, and the act."""
    wanted = OF_COLLECTION.get(act)
    if wanted is None:
        raise Http404
    row = _mine(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = wanted.form(posted, initial={"version": row.version})
    if form.is_bound and form.is_valid():
        wanted.run(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Done: %(act)s.") % {"act": wanted.label})
        return redirect(row)
    context = {
        "heading": f"{wanted.label} · {row}",
        "facts": _facts(row),
        "form": form,
        "submit": wanted.label,
        "text": wanted.text,
        "danger": wanted.danger,
        "back_url": row.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _facts(row: Collection) -> list[dict[str, Any]]:
    merged = Merged(row)
    missing = "、".join(owed.lead.name for owed in merged.missing)
    return [
        {"label": _("Collection"), "value": str(row)},
        {"label": _("Accepted returns"), "value": _accepted_of(merged)},
        {"label": _("Units that are missing"), "value": missing or _("none")},
    ]


def _accepted_of(merged: Merged) -> str:
    return f"{len(merged.accepted)} / {len(merged.returns)}"


@require_POST
@staff_only
def press_late(request: Request, pk: int) -> HttpResponse:
    """Press for every late return of the collection at once."""
    row = _mine(request, pk)
    number = services.press_late(row, by=request.actor)
    if number:
        done = ngettext("Pressed %(n)s unit.", "Pressed %(n)s units.", number)
        messages.success(request, done % {"n": number})
    else:
        messages.info(request, _("Nobody to press: no unit is late, or all were pressed today."))
    return redirect(row)


@require_safe
@staff_only
def merged(request: Request, pk: int) -> FileResponse:
    """All accepted returns as one sheet."""
    row = _collection(request, pk)
    return MergedReturns(request.actor, row).response(request.GET.get("kind", "xlsx"))
