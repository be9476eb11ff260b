"""The staff desk: what waits, what was done, search, and the leader's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import done as records
from desk import leader as leader_page
from desk import search as searching
from desk import worklist
from governance import daylight
from governance.access import staff_only
from governance.models import AuditEvent, Role
from governance.scoping import BLIND_ROLES
from institutions.models import UnknownScan


@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, overdue first, each with its lawful next act."""
    if request.actor.role in BLIND_ROLES:
        scans = UnknownScan.objects.lately()
        return render(request, "desk/administrator.html", {"scans": scans})
    found = worklist.queues(request.actor)
    counted = worklist.counts(found)
    waiting = worklist.items(queue for queue, _number in counted)
    context = {
        "queues": counted,
        "total": sum(number for _queue, number in counted),
        "groups": worklist.grouped(waiting),
        "shown": len(waiting),
        "figures": leader_page.figures(request.actor) if _leads(request) else [],
    }
    context["tabs"] = _tabs("desk", context["total"])
    return render(request, "desk/desk.html", context)


@staff_only
def done(request: HttpRequest) -> HttpResponse:
    """My own acts of late, newest first."""
    events = AuditEvent.objects.filter(by=request.actor).select_related("content_type")
    entries = list(events.exclude(verb__startswith="account.").order_by("-id")[:100])
    urls = records.addresses(entries, request.actor)
    rows = [(entry, urls.get((entry.content_type_id, entry.object_id), "")) for entry in entries]
    return render(request, "desk/done.html", {"entries": rows, "tabs": _tabs("done")})


@staff_only
def search(request: HttpRequest) -> HttpResponse:
    """One box for name, pinyin initials, credit code and licence number."""
    term = request.GET.get("q", "").strip()
    found = searching.search(request.actor, term) if term else []
    template = "desk/_search_results.html" if request.htmx else "desk/search.html"
    return render(request, template, {"term": term, "results": found})


@staff_only
def leader(request: HttpRequest) -> HttpResponse:
    """One A4 page for a meeting: figures, townships ranked, red list."""
    context = {
        "figures": leader_page.figures(request.actor),
        "townships": leader_page.townships(request.actor),
        "red": leader_page.red_list(request.actor),
        "on": daylight.today(),
        "scope": request.actor.department,
    }
    return render(request, "desk/leader.html", context)


def _tabs(current: str, total: int | None = None) -> list[dict]:
    return [
        {
            "label": _("To do"),
            "url": reverse("desk"),
            "current": current == "desk",
            "count": total,
        },
        {"label": _("Done by me"), "url": reverse("done"), "current": current == "done"},
    ]


def _leads(request: HttpRequest) -> bool:
    return request.actor.role == Role.LEADER
