"""The results of the annual review of a whole county: table, export, publication, import."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import daylight
from governance.access import duty_only, staff_only
from governance.models import Division, ImportBatch
from governance.uploads import upload_limit
from governance.workbooks import MAX_BYTES, BadWorkbook
from governance.workflow import Refused
from institutions import annual, duties, services
from institutions.forms.annual import ListForm, PublishForm, TableForm
from institutions.imports import annual as importing
from institutions.models import AnnualResult

PAGE = 100


@require_safe
@staff_only
def table(request: HttpRequest) -> HttpResponse:
    """All institutions of a year with their results, filtered, and the sums of what is shown."""
    form, asked = _asked(request)
    rows = annual.chosen(request.actor, asked)
    page = Paginator(rows.select_related("institution", "township"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "sums": annual.sums(rows),
        "words": annual.Result,
        "may": duties.REVIEW.held_by(request.actor),
        "publish": PublishForm(initial={"on": daylight.today()}),
        "heading": _("Annual review %(year)s") % {"year": asked.year},
        "query": request.GET.urlencode(),
    }
    return render(request, "institutions/annual.html", context)


def _asked(request: HttpRequest) -> tuple[TableForm, annual.Asked]:
    form = TableForm(request.GET, actor=request.actor)
    form.is_valid()
    data = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    if "township" in data:
        data["township"] = data["township"].pk
    data.setdefault("year", daylight.today().year - 1)
    return form, annual.Asked(**data)


@require_safe
@staff_only
def export(request: HttpRequest) -> FileResponse:
    """The table as it is filtered, as a workbook."""
    form, asked = _asked(request)
    made = annual.AnnualExport(request.actor, filters=form.sentence(asked), asked=asked)
    return made.response(request.GET.get("format", "xlsx"))


@require_POST
@duty_only(duties.REVIEW)
def publish(request: HttpRequest) -> HttpResponse:
    """Note that the results shown were made public on a day."""
    _form, asked = _asked(request)
    back = f"{reverse('annual-results')}?{request.GET.urlencode()}"
    day = PublishForm(request.POST)
    if not day.is_valid():
        messages.error(request, _("Give the day on which the results were made public."))
        return redirect(back)
    rows = annual.chosen(request.actor, asked).exclude(result=None)
    mine = AnnualResult.objects.editable_by(request.actor).filter(
        pk__in=list(rows.values_list("first_pk", flat=True))
    )
    done = services.publish_annual_results(
        list(mine.select_related("institution")), by=request.actor, on=day.cleaned_data["on"]
    )
    words = ngettext(
        "%(n)s result is marked as public.", "%(n)s results are marked as public.", len(done)
    )
    messages.success(request, words % {"n": len(done)})
    return redirect(back)


# --- a published list ---------------------------------------------------------------------------


@duty_only(duties.REVIEW)
@upload_limit(MAX_BYTES)
def upload(request: HttpRequest) -> HttpResponse:
    """A workbook with results: what it would record is shown first."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload_page(request, form, 200)
    if not form.is_valid():
        return _upload_page(request, form, 422)
    file = form.cleaned_data["file"]
    try:
        batch = importing.preview(
            file, _county(request), form.paper(), by=request.actor, name=file.name
        )
    except BadWorkbook as error:
        form.add_error("file", str(error))
        return _upload_page(request, form, error.status)
    return redirect("annual-list", pk=batch.pk)


def _upload_page(request: HttpRequest, form: forms.Form, status: int) -> HttpResponse:
    context = {"form": form, "heading": _("Bring in a list of results")}
    return render(request, "institutions/annual_upload.html", context, status=status)


def _county(request: HttpRequest) -> Division:
    seat = request.actor.department.division
    return Division.objects.get(pk=seat.county_code)


@require_safe
@duty_only(duties.REVIEW)
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a list: what each would record, and what is wrong with it."""
    return _list_page(request, _batch(request, pk), 200)


def _list_page(request: HttpRequest, batch: ImportBatch, status: int) -> HttpResponse:
    rows = list(batch.rows.order_by("number"))
    names = {column["index"]: column["field"] for column in batch.columns}
    for row in rows:
        told = {names.get(int(at)): cell for at, cell in row.cells.items()}
        row.name = told.get("name") or ""
        row.said = " ".join(str(told[one]) for one in ("review", "result") if told.get(one))
        row.records = row.changes.get("result", [None, ""])[1]
    context = {
        "batch": batch,
        "paper": importing.Paper.of(batch.answers),
        "rows": rows,
        "writes": batch.counts["new"] + batch.counts["changed"],
        "open": batch.status == ImportBatch.Status.PREVIEWED,
        "applied": batch.status == ImportBatch.Status.APPLIED,
        "heading": _("List of results: %(file)s") % {"file": batch.file_name},
    }
    return render(request, "institutions/annual_list.html", context, status=status)


@require_POST
@duty_only(duties.REVIEW)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the list says; `undo` takes it back."""
    batch = _batch(request, pk)
    act = importing.undo if request.POST.get("act") == "undo" else importing.apply
    version = request.POST.get("version", "")
    try:
        act(batch, by=request.actor, version=int(version) if version.isdecimal() else None)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _list_page(request, _batch(request, pk), 409)
    messages.success(request, _("Done."))
    return redirect("annual-list", pk=pk)


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    mine = ImportBatch.objects.editable_by(request.actor)
    kind = importing.AnnualResults.kind
    return get_object_or_404(mine.filter(kind=kind).select_related("division"), pk=pk)
