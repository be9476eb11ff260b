"""Results of the annual review of one institution."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance.access import staff_only
from institutions import services
from institutions.duties import REVIEW, to_change
from institutions.forms import AnnualResultForm, CorrectResultForm, ReasonForm
from institutions.models import AnnualResult, Institution
from institutions.views import editing


@staff_only
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the result of a round; `?year=` chooses it beforehand."""
    institution = to_change(Institution, request.actor, REVIEW, pk=pk)
    year = request.GET.get("year", "")

    def act(form: Any) -> None:
        services.record_annual_result(
            institution, by=request.actor, version=form.cleaned_data["version"], **form.facts()
        )

    def fresh() -> dict[str, Any]:
        institution.refresh_from_db(fields=["version"])
        return {"version": institution.version} | ({"year": year} if year else {})

    page = editing.Page(
        _("Record a result of the annual review"),
        _("Record"),
        institution,
        _back(institution),
    )
    return editing.answer(request, page, AnnualResultForm, act, fresh=fresh)


@staff_only
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a recorded result right."""
    row = _row(request, pk)

    def act(form: Any) -> None:
        services.correct_annual_result(
            row, by=request.actor, version=form.cleaned_data["version"], **form.facts()
        )

    def fresh() -> dict[str, Any]:
        row.refresh_from_db()
        return CorrectResultForm.fresh(row)

    heading = _("Correct the result of %(year)s") % {"year": row.year}
    page = editing.Page(heading, _("Save"), row.institution, _back(row.institution))
    return editing.answer(request, page, CorrectResultForm, act, fresh=fresh)


@staff_only
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a result that was entered by mistake."""
    row = _row(request, pk)

    def act(form: Any) -> None:
        services.void_annual_result(row, by=request.actor, **form.cleaned_data)

    def fresh() -> dict[str, Any]:
        row.refresh_from_db(fields=["version"])
        return {"version": row.version}

    heading = _("Take out the result of %(year)s") % {"year": row.year}
    page = editing.Page(
        heading, _("Take out"), row.institution, _back(row.institution), danger=True
    )
    return editing.answer(request, page, ReasonForm, act, fresh=fresh)


def _row(request: HttpRequest, pk: int) -> AnnualResult:
    return to_change(AnnualResult, request.actor, REVIEW, "institution", pk=pk)


def _back(institution: Institution) -> str:
    return f"{institution.get_absolute_url()}?tab=results"
