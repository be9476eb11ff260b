"""What is on record, for the departments: the list of a kind, and entries made at the window."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.access import staff_only
from institutions.duties import DECIDE_FILING, to_change
from institutions.filings import followups, lists, records, values
from institutions.filings.forms import EndForm
from institutions.filings.kinds import KINDS, FilingKind
from institutions.forms import ReasonForm
from institutions.models import Filed, Institution
from institutions.views import editing


def kind_named(code: str) -> FilingKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


@require_safe
@staff_only
def index(request: HttpRequest, kind: str) -> HttpResponse:
    """Every row of a kind that holds today, in scope; the same rows as a workbook."""
    found = kind_named(kind)
    form = lists.RecordFilter(request.GET, actor=request.actor)
    rows = lists.records(found, request.actor, form)
    if request.GET.get("as") == "xlsx":
        export = lists.RecordExport(request.actor, found, chosen=rows, filters=form.sentence())
        return export.response("xlsx")
    page = lists.page_of(request, rows)
    context = {
        "kind": found,
        "form": form,
        "page": page,
        "sentence": form.sentence(),
        "columns": [found.field_label(name) for name in found.columns],
        "rows": _lines(found, list(page)),
        "tabs": [
            {
                "label": other.label,
                "url": reverse("records", args=[other.code]),
                "current": other is found,
            }
            for other in KINDS.values()
        ],
    }
    return render(request, "institutions/records.html", context)


def _lines(kind: FilingKind, rows: list[Any]) -> list[dict[str, Any]]:
    """The rows in words; what they point at came with them."""
    if not rows:
        return []
    words = values.Words(kind, rows[0].institution)
    return [
        {"row": row, "cells": lists.cells(kind, row, words), "url": kind.place(row.institution)}
        for row in rows
    ]


# --- at the window -----------------------------------------------------------------------------


@staff_only
def new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Put a row on record that the institution brought on paper."""
    found = kind_named(kind)
    institution = to_change(Institution, request.actor, DECIDE_FILING, pk=pk)

    def act(form: Any) -> None:
        data = _data(form, found)
        records.add(found, institution, data, by=request.actor)
        followups.after(found, institution, by=request.actor)

    heading = _("Put on record: %(kind)s") % {"kind": found.label}
    page = _page(heading, _("Put on record"), institution, found)
    return editing.answer(request, page, _form(found, institution, None), act)


@staff_only
def correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Put right what is on record."""
    found, row = _row(request, kind, pk)

    def act(form: Any) -> None:
        data = _data(form, found)
        before = values.present(found, row)
        differing = values.changed(before, {name: values.plain(v) for name, v in data.items()})
        kept = {name: value for name, value in data.items() if name in differing}
        version = form.cleaned_data["version"]
        records.change(row, kept, by=request.actor, version=version)
        followups.after(found, row.institution, by=request.actor)

    def fresh() -> dict[str, Any]:
        row.refresh_from_db()
        now = values.present(found, row)
        return {n: v for n, v in now.items() if n not in found.form.PRIVATE} | {
            "version": row.version
        }

    heading = _("Correct: %(kind)s") % {"kind": found.label}
    page = _page(heading, _("Save"), row.institution, found)
    return editing.answer(request, page, _form(found, row.institution, row), act, fresh=fresh)


@staff_only
def end(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The row no longer counts from a day on."""
    found, row = _row(request, kind, pk)

    def act(form: Any) -> None:
        data = form.cleaned_data
        records.end(row, on=data["ended_on"], by=request.actor, version=data["version"])
        followups.after(found, row.institution, by=request.actor)

    def made(*args: Any, **kwargs: Any) -> forms.Form:
        return _versioned(EndForm(*args, institution=row.institution, **kwargs))

    heading = _("End: %(kind)s") % {"kind": found.label}
    page = _page(heading, _("End it"), row.institution, found)
    return editing.answer(request, page, made, act, fresh=_version(row))


@staff_only
def void(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take out what was entered by mistake."""
    found, row = _row(request, kind, pk)

    def act(form: Any) -> None:
        records.void(row, by=request.actor, **form.cleaned_data)
        followups.after(found, row.institution, by=request.actor)

    heading = _("Take out: %(kind)s") % {"kind": found.label}
    page = _page(heading, _("Take out"), row.institution, found, danger=True)
    return editing.answer(request, page, ReasonForm, act, fresh=_version(row))


def _row(request: HttpRequest, kind: str, pk: int) -> tuple[FilingKind, Any]:
    found = kind_named(kind)
    row = to_change(found.model, request.actor, DECIDE_FILING, "institution", pk=pk)
    return found, row


def _page(
    heading: str, submit: str, institution: Institution, kind: FilingKind, *, danger: bool = False
) -> editing.Page:
    return editing.Page(heading, submit, institution, kind.place(institution), danger=danger)


def _form(kind: FilingKind, institution: Institution, row: Filed | None) -> Any:
    kept = {name: getattr(row, name) for name in kind.form.PRIVATE} if row else {}

    def made(*args: Any, **kwargs: Any) -> forms.Form:
        return _versioned(
            kind.form(*args, institution=institution, record=row, kept=kept, **kwargs)
        )

    return made


def _versioned(form: forms.Form) -> forms.Form:
    form.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
    return form


def _data(form: Any, kind: FilingKind) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in kind.fields}


def _version(row: Any) -> Any:
    def fresh() -> dict[str, Any]:
        row.refresh_from_db(fields=["version"])
        return {"version": row.version}

    return fresh
