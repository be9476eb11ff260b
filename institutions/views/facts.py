"""Changing what an institution is: facts of a period, identity and people, duplicates."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance import attachments, daylight, sniffing
from governance.access import staff_only
from governance.errors import BadRequest
from governance.models import Attachment
from governance.uploads import upload_limit
from institutions import record, services
from institutions.duties import KEEP, WEED, to_change
from institutions.forms import FactsForm, IdentityForm, OtherInstitutionForm, ReasonForm
from institutions.models import Institution, InstitutionPeriod
from institutions.views import editing


@staff_only
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a change of name, place, kind, operation …, or correct a period."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)
    period = _period(request, institution)
    section = record.section(record.FACTS, request.GET.get("section", ""))

    def form_class(*args: Any, **kwargs: Any) -> FactsForm:
        return FactsForm(
            *args, actor=request.actor, institution=institution, section=section, **kwargs
        )

    def act(form: Any) -> None:
        services.record_period(
            institution,
            by=request.actor,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            **form.span(period),
            **form.changes(period),
        )

    def fresh() -> dict[str, Any]:
        institution.refresh_from_db(fields=["version"])
        return FactsForm.fresh(_period(request, institution), institution.version)

    page = editing.Page(
        section.label if section else _("Change or correct facts"),
        _("Record"),
        institution,
        editing.back_to(request, institution),
        more={
            "section": section,
            "period": period,
            "periods": institution.periods.order_by("-during").select_related("township"),
        },
        template="institutions/facts.html",
    )
    return editing.answer(request, page, form_class, act, fresh=fresh)


def _period(request: HttpRequest, institution: Institution) -> InstitutionPeriod:
    """The period to correct: the one named in the address, else the present one."""
    rows = institution.periods.all()
    named = request.GET.get("period", "")
    if named.isdigit():
        return get_object_or_404(rows, pk=named)
    return rows.on(daylight.today()).first() or rows.latest("during")


@staff_only
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Credit code, people, phone, founding, remarks."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)
    section = record.section(record.IDENTITY, request.GET.get("section", ""))

    def form_class(*args: Any, **kwargs: Any) -> IdentityForm:
        return IdentityForm(*args, section=section, **kwargs)

    def act(form: Any) -> None:
        services.change_identity(
            institution, by=request.actor, version=form.cleaned_data["version"], **form.changes()
        )

    def fresh() -> dict[str, Any]:
        institution.refresh_from_db()
        return IdentityForm.fresh(institution)

    page = editing.Page(
        section.label if section else _("Code and people"),
        _("Save"),
        institution,
        editing.back_to(request, institution),
    )
    return editing.answer(request, page, form_class, act, fresh=fresh)


@require_POST
@upload_limit(sniffing.EVIDENCE_BYTES)
@staff_only
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo or a paper for the dossier."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)
    file = request.FILES.get("file")
    if file is None:
        raise BadRequest(_("Choose a file first."))
    picture = (file.content_type or "").startswith("image/")
    kind = Attachment.Kind.PHOTO if picture else Attachment.Kind.DOCUMENT
    attachments.attach(institution, file, by=request.actor, kind=kind)
    messages.success(request, _("The file stands in the dossier."))
    return redirect(f"{institution.get_absolute_url()}?tab=files")


@staff_only
def tidy(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with the record itself: second registration, two records of one, mistake."""
    institution = to_change(Institution, request.actor, WEED, pk=pk)
    context = {"institution": institution, "heading": _("Duplicates and mistakes")}
    return render(request, "institutions/tidy.html", context)


@staff_only
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Flag as a second registration of another one."""

    def act(institution: Institution, form: Any) -> None:
        data = form.cleaned_data
        services.mark_duplicate(
            institution, data["other"], by=request.actor, reason=data["reason"],
            version=data["version"],
        )  # fmt: skip

    heading = _("Flag as a second registration")
    return _other(request, pk, heading, _("Flag"), act)


@staff_only
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Join this record with another one of the same body."""

    def act(institution: Institution, form: Any) -> HttpResponse:
        data = form.cleaned_data
        services.merge(
            institution, data["other"], by=request.actor, reason=data["reason"],
            version=data["version"],
        )  # fmt: skip
        return redirect(data["other"])

    return _other(request, pk, _("Join with another record"), _("Join"), act, danger=True)


def _other(
    request: HttpRequest, pk: int, heading: str, submit: str, act: Any, *, danger: bool = False
) -> HttpResponse:
    institution = to_change(Institution, request.actor, WEED, pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> OtherInstitutionForm:
        return OtherInstitutionForm(*args, actor=request.actor, **kwargs)

    page = editing.Page(heading, submit, institution, institution.get_absolute_url(), danger=danger)
    return editing.answer(
        request, page, form_class, lambda form: act(institution, form), fresh=_version(institution)
    )


@staff_only
def clear_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the flag off."""

    def act(institution: Institution, form: Any) -> None:
        services.clear_duplicate(
            institution, by=request.actor, version=form.cleaned_data["version"]
        )

    return _reasoned(request, pk, _("Take the flag of a duplicate off"), _("Take off"), act)


@staff_only
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a record that was entered by mistake."""

    def act(institution: Institution, form: Any) -> HttpResponse:
        services.void(
            institution,
            by=request.actor,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return redirect("institutions")

    heading = _("Take a record out that was entered by mistake")
    return _reasoned(request, pk, heading, _("Take out"), act, danger=True)


def _reasoned(
    request: HttpRequest, pk: int, heading: str, submit: str, act: Any, *, danger: bool = False
) -> HttpResponse:
    institution = to_change(Institution, request.actor, WEED, pk=pk)
    page = editing.Page(heading, submit, institution, institution.get_absolute_url(), danger=danger)
    return editing.answer(
        request, page, ReasonForm, lambda form: act(institution, form), fresh=_version(institution)
    )


def _version(institution: Institution) -> Any:
    def fresh() -> dict[str, Any]:
        institution.refresh_from_db(fields=["version"])
        return {"version": institution.version}

    return fresh
