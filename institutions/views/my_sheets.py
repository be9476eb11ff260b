"""Many rows filed at once: a workbook or pasted rows, looked at before anything is kept."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from governance import workbooks
from governance.access import institution_only
from governance.exports import CONTENT_TYPES
from governance.uploads import upload_limit
from governance.workbooks import MAX_BYTES, BadWorkbook, Workbook
from governance.workflow import Refused
from institutions.filings import sheets
from institutions.filings.decision_forms import SheetForm
from institutions.filings.kinds import FilingKind
from institutions.views.my_filings import kind_named, own


@require_safe
@institution_only
def template(request: HttpRequest, kind: str) -> FileResponse:
    """An empty workbook with the heads of the kind."""
    found = kind_named(kind)
    return _file(sheets.template(found), found.label)


@institution_only
@upload_limit(MAX_BYTES)
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """Check the rows, show what is wrong in which cell, make drafts of the others."""
    found = kind_named(kind)
    if request.method != "POST":
        return _page(request, found, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        book = _book(form)
        rows = sheets.read(found, own(request), book)
    except BadWorkbook as error:
        form.add_error("file" if form.cleaned_data["file"] else "rows", str(error))
        return _page(request, found, form, status=error.status)
    if request.POST.get("then") == "mend":
        return _file(sheets.mended(found, rows, book), f"{found.label}_{_('errors')}")
    return _draft(request, found, form, rows, book)


def _book(form: SheetForm) -> Workbook:
    if form.cleaned_data["file"]:
        return workbooks.read(form.cleaned_data["file"])
    return sheets.pasted(form.cleaned_data["rows"])


def _draft(
    request: HttpRequest,
    kind: FilingKind,
    form: SheetForm,
    rows: list[sheets.SheetRow],
    book: Workbook,
) -> HttpResponse:
    """What is wrong stays on the page as text, to be put right there."""
    leave_out = form.cleaned_data["leave_out"]
    try:
        made = sheets.draft_all(
            kind, own(request), rows, by=request.actor, leave_out_wrong=leave_out
        )
    except Refused as refusal:
        shown = SheetForm({"rows": sheets.as_text(kind, book), "leave_out": leave_out})
        shown.add_error(None, str(refusal))
        return _page(request, kind, shown, rows=rows, status=422)
    words = ngettext(
        "%(n)s draft was made; look at it and hand it in.",
        "%(n)s drafts were made; look at them and hand them in.",
        len(made),
    )
    messages.success(request, words % {"n": len(made)})
    return redirect("my_filings")


def _page(
    request: HttpRequest,
    kind: FilingKind,
    form: SheetForm,
    *,
    rows: list[sheets.SheetRow] | None = None,
    status: int = 200,
) -> HttpResponse:
    counts: dict[str, int] = {}
    for row in rows or []:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    context = {
        "kind": kind,
        "form": form,
        "rows": rows,
        "wrong": [row for row in rows or [] if row.faults],
        "counts": counts,
        "heads": [words[0] for words in sheets.columns()[kind.code].values()],
    }
    return render(request, "institutions/my_sheet.html", context, status=status)


def _file(file: Any, name: str) -> FileResponse:
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPES["xlsx"]
    )
