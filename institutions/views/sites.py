"""Sites of an institution."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance import daylight
from governance.access import staff_only
from institutions import record, services
from institutions.duties import KEEP, to_change
from institutions.forms import NewSiteForm, ReasonForm, SiteChangeForm, day_field
from institutions.models import Institution, Site, SitePeriod
from institutions.views import editing


class CloseSiteForm(ReasonForm):
    """The first day on which a site is no longer used."""

    on = day_field("")
    field_order = ("version", "on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("First day without use")


@staff_only
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a place where the institution teaches."""
    institution = to_change(Institution, request.actor, KEEP, "division", pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> NewSiteForm:
        return NewSiteForm(*args, institution=institution, **kwargs)

    def act(form: Any) -> None:
        services.add_site(institution, by=request.actor, **form.cleaned_data)

    def fresh() -> dict[str, Any]:
        institution.refresh_from_db(fields=["version"])
        return {"version": institution.version, "township": institution.division_id}

    page = editing.Page(
        _("Add a site"), _("Add"), institution, editing.back_to(request, institution, "sites")
    )
    return editing.answer(request, page, form_class, act, fresh=fresh)


@staff_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a move, or correct what is recorded about a site."""
    site = _site(request, pk)
    section = record.section(record.SITE, request.GET.get("section", ""))

    def form_class(*args: Any, **kwargs: Any) -> SiteChangeForm:
        return SiteChangeForm(*args, institution=site.institution, section=section, **kwargs)

    def act(form: Any) -> None:
        services.record_site_period(
            site,
            by=request.actor,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            **form.span(_period(site)),
            **form.facts(),
        )

    def fresh() -> dict[str, Any]:
        site.refresh_from_db(fields=["version"])
        return SiteChangeForm.fresh(_period(site), site.version)

    heading = section.label if section else _("Change or correct a site")
    page = _page(site, heading, _("Record"))
    page.back = editing.back_to(request, site.institution, "sites")
    return editing.answer(request, page, form_class, act, fresh=fresh)


@staff_only
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the use of a site."""
    site = _site(request, pk)

    def act(form: Any) -> None:
        services.close_site(site, by=request.actor, **form.cleaned_data)

    page = _page(site, _("End the use of a site"), _("End the use"))
    return editing.answer(request, page, CloseSiteForm, act, fresh=_version(site))


@staff_only
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a site that was entered by mistake."""
    site = _site(request, pk)

    def act(form: Any) -> None:
        services.void_site(site, by=request.actor, **form.cleaned_data)

    page = _page(site, _("Take out a site entered by mistake"), _("Take out"))
    page.danger = True
    return editing.answer(request, page, ReasonForm, act, fresh=_version(site))


def _site(request: HttpRequest, pk: int) -> Site:
    return to_change(Site, request.actor, KEEP, "institution__division", pk=pk)


def _period(site: Site) -> SitePeriod:
    rows = site.periods.all()
    return rows.filter(during__contains=daylight.today()).first() or rows.latest("during")


def _page(site: Site, heading: str, submit: str) -> editing.Page:
    return editing.Page(
        heading, submit, site.institution, f"{site.institution.get_absolute_url()}?tab=sites"
    )


def _version(site: Site) -> Any:
    def fresh() -> dict[str, Any]:
        site.refresh_from_db(fields=["version"])
        return {"version": site.version}

    return fresh
