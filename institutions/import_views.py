"""Pages of the ledger import: upload, preview with questions, confirm, result, undo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from governance import audit, daylight, import_books, import_files, import_progress
from governance.access import duty_only
from governance.exports import CONTENT_TYPES
from governance.imports import Answers
from governance.models import ImportBatch, Membership
from governance.uploads import upload_limit
from governance.workbooks import MAX_BYTES, BadWorkbook
from institutions import duties
from institutions.annexes import TITLES
from institutions.import_forms import DECISION_LABELS, ModeForm, UploadForm, YearsForm
from institutions.imports import acts, files, jobs, remarks, shown
from institutions.imports.acts import RegisterMoved, RowsLeftOut
from institutions.imports.fields import Ledger

ROWS_PER_PAGE = 100
RECENT = 20
Status = ImportBatch.Status


def batches(actor: Membership) -> Any:
    return ImportBatch.objects.visible_to(actor).filter(kind=Ledger.kind)


def batch_of(request: HttpRequest, pk: int) -> ImportBatch:
    """The batch the actor may work on; others' batches do not exist for him."""
    mine = ImportBatch.objects.editable_by(request.actor).filter(kind=Ledger.kind)
    return get_object_or_404(mine.select_related("division", "created_by__user"), pk=pk)


# --- upload -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@duty_only(duties.REGISTER)
@upload_limit(MAX_BYTES)
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "GET":
        return upload_page(request, form)
    if not form.is_valid():
        return upload_page(request, form, 422)
    file = form.cleaned_data["file"]
    try:
        batch = jobs.receive(
            file,
            form.place,
            by=request.actor,
            name=file.name,
            sheet=form.cleaned_data["sheet"],
            answers=Answers.of(form.answers()),
        )
    except BadWorkbook as error:
        form.add_error("sheet" if error.code == "no_sheet" else "file", str(error))
        return upload_page(request, form, error.status)
    if batch.columns and remarks.name_is_missing(batch):
        return redirect("ledger-import-columns", batch.pk)
    return redirect("ledger-import-preview", batch.pk)


def upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    recent = batches(request.actor).exclude(status=Status.DROPPED)
    recent = recent.select_related("created_by__user", "division").order_by("-id")[:RECENT]
    context = {"form": form, "recent": recent, "annexes": TITLES.items()}
    return render(request, "institutions/import.html", context, status=status)


@require_GET
@duty_only(duties.REGISTER)
def template(request: HttpRequest) -> FileResponse:
    return workbook(files.template(), _("Ledger template"))


def workbook(file: Any, name: str) -> FileResponse:
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPES["xlsx"]
    )


# --- preview ----------------------------------------------------------------------------------


@require_GET
@duty_only(duties.REGISTER)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    if batch.status in ImportBatch.AT_WORK:
        return render(request, "institutions/import_working.html", working(batch))
    return preview_page(request, batch)


def working(batch: ImportBatch) -> dict[str, Any]:
    found = import_progress.of(batch.pk)
    return {
        "batch": batch,
        "progress": found,
        "step": jobs.step_words(found.step if found else ""),
        "entering": batch.status == Status.APPLYING,
    }


@require_GET
@duty_only(duties.REGISTER)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is; leads to the preview when it is done."""
    batch = batch_of(request, pk)
    if batch.status in ImportBatch.AT_WORK and request.htmx:  # type: ignore[attr-defined]
        return render(request, "institutions/_import_progress.html", working(batch))
    url = reverse("ledger-import-preview", args=[batch.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def preview_page(
    request: HttpRequest, batch: ImportBatch, status: int = 200, **forms: Any
) -> HttpResponse:
    tab = request.GET.get("tab") or shown.first_tab(batch)
    found = batch.rows.filter(result=tab).order_by("number")
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": shown.rows(batch, page.object_list, request.actor),
        "columns": shown.public_columns(batch),
        "passed": shown.passed(batch) if tab == shown.PASSED else [],
        "notices": remarks.notices(batch),
        "mine": batch.created_by_id == request.actor.pk and batch.pieces.exists(),
        "may_undo": batch.status == Status.APPLIED and duties.WEED.held_by(request.actor),
        "decisions": DECISION_LABELS,
        **counts(batch, tab),
        **(answer_forms(batch) | forms),
    }
    return render(request, "institutions/import_preview.html", context, status=status)


def counts(batch: ImportBatch, tab: str) -> dict[str, Any]:
    """What changes on the page with every mended cell: tabs, figures, what would be entered."""
    return {
        "batch": batch,
        "failure": jobs.failure_words(batch.failure) if batch.failure else "",
        "tab": tab,
        "tabs": shown.tabs(batch, tab, reverse("ledger-import-preview", args=[batch.pk])),
        "open": batch.status == Status.PREVIEWED,
        "writes": sum(batch.counts.get(code, 0) for code in ("new", "changed", "site")),
        "left_out": acts.left_out(batch),
        "mode_form": ModeForm(),
    }


def answer_forms(batch: ImportBatch) -> dict[str, Any]:
    if batch.status != Status.PREVIEWED:
        return {}
    columns = remarks.yearless(batch)
    years = batch.answers.get("years", {})
    initial = {f"year_{n}": years.get(column["label"]) for n, column in enumerate(columns)}
    return {
        "years_form": YearsForm(columns=columns, initial=initial) if columns else None,
        "years_open": any(column["example"] for column in columns),
        "name_is_missing": remarks.name_is_missing(batch),
        "cures": remarks.cures(batch),
        "earlier": remarks.earlier(batch),
    }


def version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else None


# --- acts -------------------------------------------------------------------------------------


@require_POST
@duty_only(duties.REGISTER)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = ModeForm(request.POST)
    if acts.left_out(batch) and not form.is_valid():
        return preview_page(request, batch, 422, mode_form=form)
    try:
        mode = form.data.get("mode") or acts.SKIP
        jobs.apply(batch, by=request.actor, version=version(request), mode=mode)
    except RowsLeftOut as refused:
        form.add_error("mode", str(refused))
        return preview_page(request, batch, 422, mode_form=form)
    except RegisterMoved as moved:
        acts.answer(batch, batch.answers, by=request.actor)
        messages.warning(request, str(moved))
        return redirect("ledger-import-preview", batch.pk)
    if batch.status in ImportBatch.AT_WORK:
        return redirect("ledger-import-preview", batch.pk)
    count = sum(batch.counts[code] for code in ("new", "changed", "site"))
    words = ngettext("%(n)s row was entered.", "%(n)s rows were entered.", count) % {"n": count}
    messages.success(request, words)
    return redirect("ledger-import-preview", batch.pk)


@require_POST
@duty_only(duties.WEED)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    acts.undo(batch, by=request.actor, version=version(request))
    messages.success(request, _("The import was undone."))
    return redirect("ledger-import-preview", batch.pk)


@require_POST
@duty_only(duties.REGISTER)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what a worker is at; nothing of it stays."""
    batch = batch_of(request, pk)
    jobs.stop(batch, by=request.actor)
    messages.success(request, _("The work stops. Nothing was entered."))
    return redirect("ledger-import-preview", batch.pk)


@require_POST
@duty_only(duties.REGISTER)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    import_books.drop(batch, by=request.actor, version=version(request))
    messages.success(request, _("The preview was discarded. Nothing was entered."))
    return redirect("ledger-import")


@require_GET
@duty_only(duties.REGISTER)
def errors(request: HttpRequest, pk: int) -> FileResponse:
    """The rows with errors as a workbook, to be mended and uploaded again."""
    batch = batch_of(request, pk)
    name = batch.file_name.rsplit(".", 1)[0] or "ledger"
    return workbook(files.errors(batch), f"{name}_{_('errors')}_{daylight.today():%Y%m%d}")


@require_GET
@duty_only(duties.REGISTER)
def original(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook as it came, for who uploaded it; recorded."""
    batch = batch_of(request, pk)
    file = import_files.opened(batch) if batch.created_by_id == request.actor.pk else None
    if file is None:
        raise Http404
    audit.record(audit.Verb.ORIGINAL_DOWNLOADED, batch, by=request.actor, name=batch.file_name)
    return FileResponse(file, as_attachment=True, filename=str(batch))
