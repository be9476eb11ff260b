"""Branches: which body an institution belongs to, and the filing of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance.access import staff_only
from institutions import services
from institutions.duties import KEEP, to_change
from institutions.forms import BranchFiledForm, BranchForm, ReasonForm
from institutions.models import Institution
from institutions.views import editing


@staff_only
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that it is a branch of another body; the page says what the law asks for."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> BranchForm:
        return BranchForm(*args, actor=request.actor, **kwargs)

    def act(form: Any) -> None:
        data = form.cleaned_data
        services.set_branch(
            institution, data["other"], by=request.actor, filed_on=data["filed_on"],
            version=data["version"],
        )  # fmt: skip

    page = _page(institution, _("Record as a branch"), _("Record"))
    page.template = "institutions/branch.html"
    return editing.answer(request, page, form_class, act, fresh=_version(institution))


@staff_only
def filed(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filing with the licensor of the main body."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)

    def act(form: Any) -> None:
        services.file_branch(institution, by=request.actor, **form.cleaned_data)

    page = _page(institution, _("Record the filing of the branch"), _("Record"))
    return editing.answer(request, page, BranchFiledForm, act, fresh=_version(institution))


@staff_only
def alone(request: HttpRequest, pk: int) -> HttpResponse:
    """It is no branch (any longer)."""
    institution = to_change(Institution, request.actor, KEEP, "branch_of", pk=pk)

    def act(form: Any) -> None:
        services.clear_branch(institution, by=request.actor, **form.cleaned_data)

    page = _page(institution, _("No longer a branch"), _("Record"))
    return editing.answer(request, page, ReasonForm, act, fresh=_version(institution))


def _page(institution: Institution, heading: str, submit: str) -> editing.Page:
    return editing.Page(heading, submit, institution, f"{institution.get_absolute_url()}?tab=sites")


def _version(institution: Institution) -> Any:
    def fresh() -> dict[str, Any]:
        institution.refresh_from_db(fields=["version"])
        return {"version": institution.version}

    return fresh
