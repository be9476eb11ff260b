"""The whole record as a list of sections, each on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance import daylight
from governance.access import staff_only
from institutions import record
from institutions.duties import KEEP, to_change
from institutions.models import Institution, SitePeriod


@staff_only
def sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sections are filled, which have gaps, and the way to each."""
    institution = to_change(Institution, request.actor, KEEP, pk=pk)
    today = daylight.today()
    periods = list(institution.periods.order_by("-during"))
    period = next((found for found in periods if today in found.during), periods[0])
    sites = (
        SitePeriod.objects.visible_to(request.actor).on(today).filter(site__institution=institution)
    )
    context = {
        "institution": institution,
        "done": record.completeness(
            institution, period, sites.select_related("site").order_by("site__serial")
        ),
        "heading": _("The record, section by section"),
        "name": period.display_name,
        "licences": institution.licences.filter(voided_at=None).count(),
        "results": institution.annual_results.standing().count(),
    }
    return render(request, "institutions/record.html", context)
