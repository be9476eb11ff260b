"""Pages of returns: the list, filling one in, and what the issuer does with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns import duties, grid, imports, matrix, queues, services, words
from campaigns.acts import OF_RETURN
from campaigns.exports import ReturnSheet
from campaigns.forms import ReturnFilterForm, UploadForm, VersionForm
from campaigns.models import Collection, Return, ReturnRow
from campaigns.services import filling
from campaigns.views.collections import tabs
from governance.access import staff_only
from governance.request import Request
from governance.scoping import DutyMissing
from governance.uploads import upload_limit
from governance.workbooks import MAX_BYTES, BadWorkbook
from governance.workflow import StaleVersion

SIZE = 50


@require_safe
@staff_only
def returns(request: Request) -> HttpResponse:
    """What is owed, by this department or to it."""
    form = ReturnFilterForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    rows = queues.waiting(data.get("queue", ""), request.actor)
    if data.get("q"):
        rows = rows.filter(collection__title__icontains=data["q"])
    if data.get("status"):
        rows = rows.filter(status=data["status"])
    rows = rows.with_clocks().order_by("-collection__period_from", "lead__code", "-pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "marks": [(owed, matrix.mark(owed)) for owed in page],
        "tabs": tabs(request, "returns"),
        "filtered": any(data.values()),
    }
    return render(request, "campaigns/returns.html", context)


# --- one return ----------------------------------------------------------------------------------


def _return(request: Request, pk: int) -> Return:
    rows = Return.objects.visible_to(request.actor).with_names().with_clocks()
    people = rows.select_related("filled_by__user", "submitted_by__user", "decided_by__user")
    return get_object_or_404(people, pk=pk)


def _own(request: Request, pk: int) -> Return:
    """The return, when the actor's department owes it; 404 unseen, 403 seen."""
    owed = _return(request, pk)
    filling.need_filler(owed, request.actor)
    return owed


@staff_only
def show(request: Request, pk: int) -> HttpResponse:
    """The return: to fill in by its unit, to read by the others; POST keeps a page of rows."""
    if request.method == "POST":
        return _keep(request, _own(request, pk))
    return _page(request, _return(request, pk))


def _page(
    request: Request, owed: Return, sheet: grid.Grid | None = None, **more: Any
) -> HttpResponse:
    fills = duties.fills(owed.lead_id, request.actor)
    cancelled = owed.collection.status == Collection.Status.CANCELLED
    sheet = sheet or grid.shown(owed, request.GET.get("page"))
    context = {
        "owed": owed,
        "collection": owed.collection,
        "version": owed.collection.template,
        "mark": matrix.mark(owed),
        "grid": sheet,
        "page": sheet.page,
        "row_count": sheet.page.paginator.count,
        "editable": fills and owed.with_unit and not cancelled,
        "fills": fills,
        "acts": _offered(request, owed),
        "may_press": duties.issues(owed.collection, request.actor) and owed.with_unit,
        "upload": UploadForm(initial={"version": owed.version}),
        "history": words.history(owed),
    }
    status = more.pop("status", 200)
    return render(request, "campaigns/return.html", context | more, status=status)


def _offered(request: Request, owed: Return) -> list[Any]:
    if not duties.issues(owed.collection, request.actor):
        return []
    return [act for act in OF_RETURN.values() if act.offered(owed)]


def _version(request: Request) -> int | None:
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else None


def _keep(request: Request, owed: Return) -> HttpResponse:
    """Save the rows of the page; then, if asked, hand the return in."""
    if _version(request) is None:
        return _page(request, owed, status=422)
    sheet = grid.sent(owed, request.POST.get("page"), request.POST)
    if sheet.errors:
        return _page(request, owed, sheet, wrong=sheet.errors, status=422)
    try:
        services.save(owed, sheet.edit(), by=request.actor, version=_version(request))
    except StaleVersion:
        return _stale(request, owed, sheet)
    if request.POST.get("act") == "submit":
        return _hand_in(request, owed)
    messages.success(request, _("Saved."))
    number = request.POST.get("goto") or sheet.page.number
    return redirect(f"{owed.get_absolute_url()}?page={number}#rows")


def _hand_in(request: Request, owed: Return) -> HttpResponse:
    try:
        services.submit(owed, by=request.actor)
    except filling.Incomplete as refusal:
        fresh = _return(request, owed.pk)
        return _page(request, fresh, gaps=refusal.gaps, status=422)
    messages.success(request, _("Handed in. You can take it back until it is checked."))
    return redirect(owed)


def _stale(request: Request, owed: Return, sheet: grid.Grid) -> HttpResponse:
    """What somebody else saved meanwhile, beside what was sent, cell by cell."""
    kept = {
        str(row.pk): row.cells
        for row in ReturnRow.objects.visible_to(request.actor).filter(of=owed)
    }
    fields = [
        {
            "label": _("Row %(row)s, %(column)s") % {"row": line.number, "column": box.column},
            "theirs": kept.get(line.key, {}).get(box.column.key, ""),
            "mine": box.value,
        }
        for line in sheet.lines
        for box in line.boxes
        if box.value != kept.get(line.key, {}).get(box.column.key, "")
    ]
    detail = _("Somebody changed this record after you opened it.")
    context = {"fields": fields, "detail": detail, "code": StaleVersion.code}
    return render(request, "409.html", context, status=409)


@require_POST
@staff_only
def begin(request: Request, pk: int) -> HttpResponse:
    """Fill it from the register, anew if it was begun."""
    owed = _own(request, pk)
    services.begin(owed, by=request.actor, version=_version(request))
    number = owed.rows.count()
    done = ngettext(
        "%(n)s row was filled in from the register.",
        "%(n)s rows were filled in from the register.",
        number,
    )
    messages.success(request, done % {"n": number})
    return redirect(f"{owed.get_absolute_url()}#rows")


@require_POST
@staff_only
def zero(request: Request, pk: int) -> HttpResponse:
    """Nothing to report: one press, handed in."""
    owed = _own(request, pk)
    services.zero(owed, by=request.actor, version=_version(request))
    messages.success(request, _("Zero report handed in. You can take it back until it is checked."))
    return redirect(owed)


@require_POST
@staff_only
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what nobody has checked."""
    owed = _own(request, pk)
    services.withdraw(owed, by=request.actor, version=_version(request))
    messages.success(request, _("Taken back. Hand it in again when it is right."))
    return redirect(owed)


@require_POST
@staff_only
@upload_limit(MAX_BYTES)
def upload(request: Request, pk: int) -> HttpResponse:
    """Take the rows of a filled workbook; all of them, or none and the cells that are wrong."""
    owed = _own(request, pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, owed, upload=form, form=form, status=422)
    file = form.cleaned_data["file"]
    columns = list(owed.collection.template.columns.all())
    try:
        read = imports.reading(file, columns)
    except BadWorkbook as refusal:
        form.add_error("file", str(refusal))
        return _page(request, owed, upload=form, form=form, status=refusal.status)
    if read.faults:
        return _page(request, owed, upload=form, faults=read.faults, status=422)
    services.replace(
        owed, read.rows, by=request.actor, version=form.cleaned_data["version"], name=file.name
    )
    done = ngettext("%(n)s row was read.", "%(n)s rows were read.", len(read.rows))
    messages.success(request, done % {"n": len(read.rows)})
    if read.unknown:
        left = _("Left out, because the form has no such column: %(names)s.")
        messages.warning(request, left % {"names": "、".join(read.unknown)})
    return redirect(f"{owed.get_absolute_url()}#rows")


@require_safe
@staff_only
def sheet(request: Request, pk: int) -> FileResponse:
    """The return as a workbook, to fill in or to keep."""
    owed = _return(request, pk)
    return ReturnSheet(request.actor, owed).response(request.GET.get("kind", "xlsx"))


# --- what the issuer does ------------------------------------------------------------------------


def _received(request: Request, pk: int) -> Return:
    """The return, when the actor's department collects it; 404 unseen, 403 seen."""
    owed = _return(request, pk)
    if not duties.issues(owed.collection, request.actor):
        raise DutyMissing(duties.ISSUE)
    return owed


@require_POST
@staff_only
def press(request: Request, pk: int) -> HttpResponse:
    """Press for one return."""
    owed = _received(request, pk)
    services.press(owed, by=request.actor)
    messages.success(request, _("Pressed: %(unit)s.") % {"unit": owed.lead})
    return redirect(owed if request.POST.get("next") == "return" else owed.collection)


@staff_only
def act(request: Request, pk: int, act: str) -> HttpResponse:
    """The page before an act on a return, and the act."""
    wanted = OF_RETURN.get(act)
    if wanted is None:
        raise Http404
    owed = _received(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = wanted.form(posted, initial={"version": owed.version})
    if form.is_bound and form.is_valid():
        wanted.run(owed, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Done: %(act)s.") % {"act": wanted.label})
        return redirect(owed.collection)
    context = {
        "heading": f"{wanted.label} · {owed}",
        "facts": [
            {"label": _("Unit"), "value": owed.lead.name},
            {"label": _("Handed in by"), "value": owed.submitted_by},
            {
                "label": _("Number of rows"),
                "value": _("zero report") if owed.is_zero else owed.rows.count(),
            },
        ],
        "form": form,
        "submit": wanted.label,
        "text": wanted.text,
        "back_url": owed.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _size_of(owed: Return) -> str:
    return _("zero report") if owed.is_zero else str(owed.rows.count())
