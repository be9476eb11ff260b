"""The dossier of an institution: its tabs, its print, and the record of what was done to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import acts_told, dossier_since, dossier_tabs, timeline
from desk.dossier import Dossier
from desk.dossier_facts import Facts
from governance import daylight
from governance.access import staff_only
from governance.models import Membership
from inspections.duties import PLAN
from institutions.duties import BIND, DISPOSE, GUIDE, KEEP, REVIEW, WALL, WEED
from publiclists.duties import PROPOSE

EVENTS_SHOWN = 200
DUTIES = {
    "keep": KEEP,
    "dispose": DISPOSE,
    "weed": WEED,
    "bind": BIND,
    "review": REVIEW,
    "wall": WALL,
    "guide": GUIDE,
}


@staff_only
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """One tab of the dossier; the overview has the timeline beside it."""
    shown = Dossier(request.actor, pk)
    if shown.is_out:
        return redirect(reverse("institution", args=[shown.institution.merged_into_id]))
    tab = dossier_tabs.tab(request.GET.get("tab", ""))
    section = request.GET.get("show", "")
    if tab is None or (section and section not in timeline.SECTIONS):
        raise Http404
    may = may_do(request.actor, shown)
    context = {
        **_head(shown, may),
        "tab": tab,
        "tabs": _tabs(request, shown, tab),
        "around": shown.around(request.GET.get("list", ""), request.GET.get("at", "")),
        "part": tab.part(shown),
    }
    if tab.code == "overview":
        since = dossier_since.look(shown)
        context |= {"since": since, "facts": _facts(shown, may, since)}
        context |= dossier_tabs.timeline_of(shown, section)
    return render(request, "desk/dossier.html", context)


@staff_only
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole dossier on paper: a cover, then every section."""
    shown = Dossier(request.actor, pk)
    if shown.is_out:
        raise Http404
    tabs = [tab for tab in dossier_tabs.TABS if tab.printed and tab.code != "overview"]
    nobody = dict.fromkeys(may_do(request.actor, shown), False)  # paper has no buttons
    context = {
        **_head(shown, nobody),
        "facts": _facts(shown, nobody, None),
        "parts": [(tab, tab.part(shown)) for tab in tabs],
        "timeline": timeline.entries(shown),
        "printed_at": daylight.now(),
        "printed_by": request.actor,
    }
    return render(request, "desk/dossier_print.html", context)


def _head(shown: Dossier, may: dict[str, bool]) -> dict[str, Any]:
    return {"dossier": shown, "institution": shown.institution, "may": may}


def _facts(shown: Dossier, may: dict[str, bool], since: dossier_since.Since | None) -> list[Any]:
    changed = since.fields if since else ()
    return Facts(shown, changed=changed, may_keep=may["keep"]).all()


def _tabs(request: HttpRequest, shown: Dossier, now: dossier_tabs.Tab) -> list[dict[str, Any]]:
    """The tabs with their numbers; each keeps the place in the list one came from."""
    numbers = dossier_tabs.counts(shown)
    get = request.GET.copy()
    get.pop("show", None)
    found = []
    for tab in dossier_tabs.TABS:
        get["tab"] = tab.code
        found.append(
            {
                "code": tab.code, "label": tab.label, "url": f"?{get.urlencode()}",
                "current": tab.code == now.code, "count": numbers.get(tab.code),
            }
        )  # fmt: skip
    return found


def may_do(actor: Membership, shown: Dossier) -> dict[str, bool]:
    """The acts whose buttons are shown: the duty, and a row that is the actor's to change."""
    may = {
        name: shown.institution.may_change and duty.held_by(actor) for name, duty in DUTIES.items()
    }
    return may | {"plan": PLAN.held_by(actor), "propose": PROPOSE.held_by(actor)}


@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what to the record, newest first."""
    shown = Dossier(request.actor, pk)
    events = dossier_tabs.acts_of(shown.family).order_by("-id")[:EVENTS_SHOWN]
    context = {
        "institution": shown.institution,
        "part": {
            "events": acts_told.lines(events),
            "shown": EVENTS_SHOWN,
        },
        "heading": _("Record of acts"),
    }
    return render(request, "desk/dossier_history.html", context)
