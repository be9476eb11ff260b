"""Certificates and outcomes of an institution."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance import daylight
from governance.access import staff_only
from institutions import queues, services
from institutions.duties import DISPOSE, KEEP, to_change
from institutions.forms import DisposalForm, LicenceForm, LicenceStatusForm, ReasonForm
from institutions.models import Institution, Licence
from institutions.views import editing


@staff_only
def ending(request: HttpRequest) -> HttpResponse:
    """Certificates that end within thirty days or have ended without another one."""
    context = {
        "page": Paginator(queues.ending(request.actor), 50).get_page(request.GET.get("page")),
        "today": daylight.today(),
        "heading": _("Certificates near or past their end"),
    }
    return render(request, "institutions/licences_ending.html", context)


@staff_only
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a certificate."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> LicenceForm:
        return LicenceForm(*args, actor=request.actor, institution=institution, **kwargs)

    def act(form: Any) -> None:
        services.record_licence(institution, by=request.actor, **form.cleaned_data)

    page = editing.Page(
        _("Record a certificate"), _("Record"), institution, _section(institution, "licences")
    )
    fresh = _versions(institution)
    return editing.answer(request, page, form_class, act, fresh=fresh)


@staff_only
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what is recorded about a certificate."""
    licence = to_change(Licence, request.actor, KEEP, "institution", pk=pk)
    institution = licence.institution

    def form_class(*args: Any, **kwargs: Any) -> LicenceForm:
        form = LicenceForm(*args, actor=request.actor, institution=institution, **kwargs)
        form.fields["kind"].disabled = True  # another kind is another certificate
        return form

    def act(form: Any) -> None:
        fields = {name: form.cleaned_data[name] for name in LicenceForm.FIELDS}
        services.correct_licence(
            licence, by=request.actor, version=form.cleaned_data["version"], **fields
        )

    def fresh() -> dict[str, Any]:
        licence.refresh_from_db()
        return LicenceForm.fresh(licence)

    page = editing.Page(
        _("Correct a certificate"), _("Save"), institution, _section(institution, "licences")
    )
    return editing.answer(request, page, form_class, act, fresh=fresh)


@staff_only
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend enrolment, restore, revoke, withdraw, cancel or let lapse."""
    licence = to_change(Licence, request.actor, KEEP, "institution", pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> LicenceStatusForm:
        return LicenceStatusForm(*args, licence=licence, **kwargs)

    def act(form: Any) -> None:
        services.change_licence_status(licence, by=request.actor, **form.cleaned_data)

    page = editing.Page(
        _("Change the state of a certificate"),
        _("Change the state"),
        licence.institution,
        _section(licence.institution, "licences"),
        danger=True,
    )
    return editing.answer(request, page, form_class, act, fresh=_versions(licence))


@staff_only
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a certificate that was entered by mistake."""
    licence = to_change(Licence, request.actor, KEEP, "institution", pk=pk)

    def act(form: Any) -> None:
        services.void_licence(licence, by=request.actor, **form.cleaned_data)

    page = editing.Page(
        _("Take out a certificate entered by mistake"),
        _("Take out"),
        licence.institution,
        _section(licence.institution, "licences"),
        danger=True,
    )
    return editing.answer(request, page, ReasonForm, act, fresh=_versions(licence))


@staff_only
def dispose(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a campaign made of the institution."""
    institution = to_change(Institution, request.actor, DISPOSE, pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> DisposalForm:
        return DisposalForm(*args, actor=request.actor, **kwargs)

    def act(form: Any) -> None:
        services.dispose(institution, by=request.actor, **form.cleaned_data)

    page = editing.Page(
        _("Record an outcome"), _("Record"), institution, _section(institution, "lists")
    )
    return editing.answer(request, page, form_class, act, fresh=_versions(institution))


def _section(institution: Institution, name: str) -> str:
    return f"{institution.get_absolute_url()}?tab={name}"


def _versions(row: Institution | Licence) -> Any:
    def fresh() -> dict[str, Any]:
        row.refresh_from_db(fields=["version"])
        return {"version": row.version}

    return fresh
