"""The dossier of an institution and the record of what was done to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import acts_told, timeline
from desk.dossier import Dossier, licence_rows
from governance.access import staff_only
from governance.models import AuditEvent
from inspections.duties import PLAN
from institutions.duties import BIND, DISPOSE, KEEP, WEED
from institutions.leads.shown import sentence
from institutions.models import Lead
from publiclists.duties import PROPOSE

EVENTS_SHOWN = 200


@staff_only
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """All facts about one institution on one page."""
    shown = Dossier(request.actor, pk)
    if shown.is_out:
        return redirect(reverse("institution", args=[shown.institution.merged_into_id]))
    section = request.GET.get("show", "")
    if section and section not in timeline.SECTIONS:
        raise Http404
    context = {
        "dossier": shown,
        "institution": shown.institution,
        "facts": shown.facts(),
        "licences": list(licence_rows(shown)),
        "leads": _leads(request, shown),
        "timeline": timeline.entries(shown, section),
        "section": section,
        "sections": timeline.SECTIONS.items(),
        "parts": _parts(shown),
        "may": _may(request, shown),
        "around": shown.around(request.GET.get("list", ""), request.GET.get("at", "")),
    }
    return render(request, "desk/dossier.html", context)


def _parts(shown: Dossier) -> list[tuple[str, str, int | None]]:
    """(anchor, word, how many) of the parts of the page, in their order."""
    return [
        ("overview", _("Overview"), None),
        ("licences", _("Certificates"), len(shown.licences)),
        ("sites", _("Sites"), len(shown.sites)),
        ("inspections", _("Inspections"), len(shown.inspections)),
        ("findings", _("Problems"), len(shown.findings)),
        ("leads", _("Leads"), None),
        ("lists", _("Lists"), len(shown.entries)),
        ("disposals", _("Outcomes"), len(shown.disposals)),
        ("files", _("Files"), len(shown.attachments)),
        ("timeline", _("Timeline"), None),
    ]


def _leads(request: HttpRequest, shown: Dossier) -> list[tuple[Lead, str]]:
    """The leads that hold, with their sentences."""
    rows = Lead.objects.visible_to(request.actor).filter(institution__in=shown.family).holding()
    found = rows.select_related("rule").order_by("severity", "since", "pk")
    return [(row, sentence(row)) for row in found]


def _may(request: HttpRequest, shown: Dossier) -> dict[str, bool]:
    """The acts whose buttons are shown: the duty, and a row that is the actor's to change."""
    duties = {"keep": KEEP, "dispose": DISPOSE, "weed": WEED, "bind": BIND}
    may = {
        name: shown.institution.may_change and duty.held_by(request.actor)
        for name, duty in duties.items()
    }
    return may | {"plan": PLAN.held_by(request.actor), "propose": PROPOSE.held_by(request.actor)}


@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what to the record, newest first."""
    shown = Dossier(request.actor, pk)
    events = (
        AuditEvent.objects.filter(
            content_type__app_label="institutions",
            content_type__model="institution",
            object_id__in=shown.family,
        )
        .select_related("by__user", "by__department")
        .order_by("-id")[:EVENTS_SHOWN]
    )
    context = {
        "institution": shown.institution,
        "events": [(event, list(acts_told.changes(event))) for event in events],
        "shown": EVENTS_SHOWN,
    }
    return render(request, "desk/dossier_history.html", context)
