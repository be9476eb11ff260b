"""What the user says about a workbook in preview: columns, years, cells, likely duplicates."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from governance import import_memory
from governance.access import duty_only
from governance.models import ImportBatch, ImportRow
from institutions import duties
from institutions.import_forms import (
    ColumnsForm,
    CureForm,
    YearsForm,
    decisions,
    fixes,
)
from institutions.import_views import answer_forms, batch_of, counts, preview_page, version
from institutions.imports import acts, jobs, remarks, shown

Status = ImportBatch.Status


@require_POST
@duty_only(duties.REGISTER)
def years(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = YearsForm(request.POST, columns=remarks.yearless(batch))
    if not form.is_valid():
        return preview_page(request, batch, 422, years_form=form)
    return answered(request, batch, years=form.years())


@require_http_methods(["GET", "POST"])
@duty_only(duties.REGISTER)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column means, for correction; remembered for the next workbook of this shape."""
    batch = batch_of(request, pk)
    if batch.status != Status.PREVIEWED:
        return redirect("ledger-import-preview", batch.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, batch=batch)
    if request.method == "POST" and form.is_valid():
        import_memory.remember(batch, form.columns(), by=request.actor)
        return answered(request, batch, columns=form.columns())
    context = {
        "batch": batch,
        "form": form,
        "name_is_missing": remarks.name_is_missing(batch),
        "withheld": [column["title"] for column in batch.columns if column["withheld"]],
    }
    status = 422 if form.errors else 200
    return render(request, "institutions/import_columns.html", context, status=status)


@require_POST
@duty_only(duties.REGISTER)
def cure(request: HttpRequest, pk: int) -> HttpResponse:
    """One press that puts right what a workbook often has wrong."""
    batch = batch_of(request, pk)
    form = CureForm(request.POST)
    if not form.is_valid():
        return preview_page(request, batch, 422)
    return answered(request, batch, **form.answers())


# --- rows and cells ---------------------------------------------------------------------------


@require_POST
@duty_only(duties.REGISTER)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Decisions about likely duplicates, and cells mended on the page."""
    batch = batch_of(request, pk)
    doubtful = batch.rows.filter(
        number__in=[key.removeprefix("row_") for key in request.POST if is_row(key)]
    )
    said = decisions(request.POST, list(doubtful.values_list("number", flat=True)))
    wrong = batch.rows.filter(result=ImportRow.Result.ERROR).values_list("number", "errors")
    mended = fixes(request.POST, open_cells(batch, wrong))
    before = batch.answers
    merged = {
        number: before.get("cells", {}).get(number, {}) | mended.get(number, {})
        for number in {*before.get("cells", {}), *mended}
    }
    return answered(request, batch, rows=before.get("rows", {}) | said, cells=merged)


def open_cells(
    batch: ImportBatch, wrong: Iterable[tuple[int, list[dict[str, str]]]]
) -> list[tuple[int, str]]:
    """The cells of these rows that are wrong and may be seen."""
    public = {column["title"] or column["letter"] for column in shown.public_columns(batch)}
    return [
        (number, fault["column"])
        for number, faults in wrong
        for fault in faults
        if fault["column"] in public
    ]


@require_POST
@duty_only(duties.REGISTER)
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """The cells of one row, mended: the row is planned anew and only it is sent back."""
    batch = batch_of(request, pk)
    given = request.POST.get("row", "")
    row = get_object_or_404(batch.rows, number=given if given.isdecimal() else 0)
    mended = fixes(request.POST, open_cells(batch, [(row.number, row.errors)]))
    if mended:
        acts.mend(batch, row.number, mended[str(row.number)], by=request.actor)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('ledger-import-preview', args=[batch.pk])}?tab=error")
    row = batch.rows.get(number=row.number)
    [found] = shown.rows(batch, [row], request.actor)
    context = {"row": found, "result": shown.TABS.get(row.result, ""), "fixed": not row.errors}
    context |= answer_forms(batch) | counts(batch, "error")
    return render(request, "institutions/_import_mended.html", context)


def is_row(name: str) -> bool:
    return name.startswith("row_") and name.removeprefix("row_").isdecimal()


def answered(request: HttpRequest, batch: ImportBatch, **said: Any) -> HttpResponse:
    jobs.answer(batch, batch.answers | said, by=request.actor, version=version(request))
    tab = request.POST.get("tab", "")
    if not batch.counts.get(tab):
        tab = shown.first_tab(batch)
    return redirect(f"{reverse('ledger-import-preview', args=[batch.pk])}?tab={tab}")
