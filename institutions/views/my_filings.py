"""The pages on which an institution files: what is on record, drafts, what came back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import attachments, counting
from governance.access import institution_only
from governance.models import Attachment
from governance.uploads import upload_limit
from governance.workflow import Refused
from institutions.filings import acts, lists, values
from institutions.filings.decision_forms import FILE_BYTES, MOST_FILES, BesideForm
from institutions.filings.kinds import KINDS, FilingKind
from institutions.models import Filed, Filing, Institution

Action, Status = Filing.Action, Filing.Status
DECIDED_SHOWN = 50


def own(request: HttpRequest) -> Institution:
    """The institution that signed in."""
    return get_object_or_404(Institution.objects.visible_to(request.actor), merged_into=None)


def kind_named(code: str) -> FilingKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _rows(request: HttpRequest) -> Any:
    return lists.with_facts(Filing.objects.visible_to(request.actor))


@require_safe
@institution_only
def index(request: HttpRequest) -> HttpResponse:
    """What came back first, then drafts, what is with the department, what was decided."""
    institution = own(request)
    open_rows = list(_rows(request).open().order_by("-pk"))
    by_state = {
        str(state): [row for row in open_rows if row.status == state] for state in Filing.OPEN
    }
    numbers = counting.together(
        {code: lists.records(kind, request.actor) for code, kind in KINDS.items()}
    )
    decided = _rows(request).exclude(status__in=Filing.OPEN).order_by("-decided_at", "-pk")
    context = {
        "institution": institution,
        "returned": by_state["returned"],
        "drafts": by_state["drafted"],
        "submitted": by_state["submitted"],
        "decided": decided[:DECIDED_SHOWN],
        "kinds": [{"kind": kind, "count": numbers[code]} for code, kind in KINDS.items()],
    }
    return render(request, "institutions/my_filings.html", context)


@require_safe
@institution_only
def records(request: HttpRequest, kind: str) -> HttpResponse:
    """What is on record of a kind, with what may be filed about each row."""
    found, institution = kind_named(kind), own(request)
    page = lists.page_of(request, lists.records(found, request.actor))
    words = values.Words(found, institution)
    open_rows = {
        row.record: row
        for row in Filing.objects.visible_to(request.actor).open().filter(kind=kind)
        if row.record
    }
    context = {
        "kind": found,
        "page": page,
        "columns": [found.field_label(name) for name in found.columns],
        "rows": [
            {"row": row, "cells": lists.cells(found, row, words), "open": open_rows.get(row.pk)}
            for row in page
        ],
    }
    return render(request, "institutions/my_records.html", context)


# --- writing -----------------------------------------------------------------------------------


@institution_only
@upload_limit(FILE_BYTES, MOST_FILES)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new row of a kind."""
    return _write(request, kind_named(kind), Action.ADD)


@institution_only
@upload_limit(FILE_BYTES, MOST_FILES)
def change(request: HttpRequest, kind: str, record: int) -> HttpResponse:
    """What is on record, to be filed otherwise."""
    found = kind_named(kind)
    return _write(request, found, Action.CHANGE, row=_on_record(request, found, record))


@institution_only
@upload_limit(FILE_BYTES, MOST_FILES)
def end(request: HttpRequest, kind: str, record: int) -> HttpResponse:
    """The end of what is on record."""
    found = kind_named(kind)
    return _write(request, found, Action.END, row=_on_record(request, found, record))


def _on_record(request: HttpRequest, kind: FilingKind, pk: int) -> Filed:
    rows: Any = kind.model.objects.visible_to(request.actor)
    return get_object_or_404(rows.filter(ended_on=None).select_related("institution"), pk=pk)


@institution_only
@upload_limit(FILE_BYTES, MOST_FILES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, or what was returned, written anew."""
    filing = get_object_or_404(_rows(request), pk=pk)
    if not filing.editable:
        raise Refused(_("A filing that is with the department cannot be changed."))
    row = acts.on_record(filing)
    return _write(request, KINDS[filing.kind], filing.action, row=row, filing=filing)


def _write(
    request: HttpRequest,
    kind: FilingKind,
    action: str,
    *,
    row: Filed | None = None,
    filing: Filing | None = None,
) -> HttpResponse:
    """The form of a filing: saved as a draft, or handed in at once."""
    institution = own(request)
    now = values.present(kind, row) if row else {}
    if filing:
        now |= filing.proposed
    form = _form(request, kind, action, institution, row, now)
    beside = _beside(request, filing)
    if request.method == "POST" and form.is_valid() and beside.is_valid():
        try:
            saved = _save(request, kind, action, form, beside, row, filing)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("my_filing", pk=saved.pk)
    status = 422 if form.errors or beside.errors else 200
    context = {
        "kind": kind, "action": action, "filing": filing, "form": form, "beside": beside,
        "back": reverse("my_filing", args=[filing.pk]) if filing else reverse("my_filings"),
    }  # fmt: skip
    return render(request, "institutions/my_filing_form.html", context, status=status)


def _form(
    request: HttpRequest,
    kind: FilingKind,
    action: str,
    institution: Institution,
    row: Filed | None,
    now: dict[str, Any],
) -> Any:
    kept = {name: now.pop(name) for name in kind.form.PRIVATE if now.get(name)}
    form_class = kind.form_for(action)
    data = request.POST if request.method == "POST" else None
    return form_class(data, institution=institution, record=row, kept=kept, initial=now)


def _beside(request: HttpRequest, filing: Filing | None) -> BesideForm:
    if request.method == "POST":
        return BesideForm(request.POST, request.FILES)
    initial = {"note": filing.note, "version": filing.version} if filing else {}
    return BesideForm(initial=initial)


@transaction.atomic
def _save(
    request: HttpRequest,
    kind: FilingKind,
    action: str,
    form: Any,
    beside: BesideForm,
    row: Filed | None,
    filing: Filing | None,
) -> Filing:
    actor, said = request.actor, beside.cleaned_data
    proposed = values.cleaned(form)
    if filing is None:
        filing = acts.draft(
            own(request), kind, action, proposed, by=actor, record=row, note=said["note"]
        )
    else:
        acts.revise(filing, proposed, by=actor, note=said["note"], version=said["version"])
    for file in said["files"]:
        attachments.attach(filing, file, by=actor, kind=Attachment.Kind.SCAN)
    if request.POST.get("then") == "submit":
        acts.submit([filing], by=actor)
        messages.success(request, _("Filed; the department decides within the term."))
    else:
        messages.success(request, _("Saved as a draft; it is not handed in yet."))
    return filing


# --- one filing --------------------------------------------------------------------------------


@require_safe
@institution_only
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """What was filed, what came of it, and the next act."""
    row = get_object_or_404(_rows(request), pk=pk)
    return render(request, "institutions/my_filing.html", _facts(row))


@require_safe
@institution_only
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof that something was handed in, to print."""
    row = get_object_or_404(_rows(request).handed_in(), pk=pk)
    return render(request, "institutions/my_filing_receipt.html", _facts(row))


def _facts(row: Filing) -> dict[str, Any]:
    kind = KINDS[row.kind]
    return {
        "row": row,
        "kind": kind,
        "lines": values.lines(row, kind, all_fields=True),
        "files": row.attachments.filter(voided_at=None).select_related("created_by__user"),
    }


@require_POST
@institution_only
def submit(request: HttpRequest) -> HttpResponse:
    """Hand in the drafts that were ticked, or the one on whose page the button stands."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()]
    rows = Filing.objects.visible_to(request.actor).select_related("institution", "lead")
    chosen = list(rows.filter(pk__in=picked, status__in=("drafted", "returned")).order_by("pk"))
    if not chosen:
        messages.warning(request, _("Nothing was ticked."))
        return redirect("my_filings")
    acts.submit(chosen, by=request.actor)
    words = ngettext("%(n)s filing was handed in.", "%(n)s filings were handed in.", len(chosen))
    messages.success(request, words % {"n": len(chosen)})
    return redirect("my_filing", pk=chosen[0].pk) if len(chosen) == 1 else redirect("my_filings")


@require_POST
@institution_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back before it is decided."""
    row = get_object_or_404(Filing.objects.visible_to(request.actor), pk=pk)
    acts.withdraw(row, by=request.actor)
    messages.success(request, _("Withdrawn; nothing was put on record."))
    return redirect("my_filings")
