"""A look at one institution beside the list: what one must know before opening the dossier."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import ledger
from desk.dossier import Dossier, licence_rows
from desk.dossier_views import may_do
from governance import daylight
from governance.access import staff_only
from governance.models import Clock
from governance.privacy import mask_phone
from inspections.models import RectificationTask
from institutions import conditions as asking
from institutions.models import Licence

FINDINGS_SHOWN = 5
FROM = ("list", "at")  # the list one came from and the place in it, as the dossier takes them
Fact = dict[str, Any]


@staff_only
def peek(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawer beside the list; a page of its own without script."""
    shown = Dossier(request.actor, pk)
    if shown.is_out:
        return redirect(reverse("institution-peek", args=[shown.institution.merged_into_id]))
    came_from = {name: request.GET[name] for name in FROM if request.GET.get(name)}
    dossier_url = reverse("institution", args=[pk])
    context = {
        "dossier": shown,
        "institution": shown.institution,
        "facts": _facts(shown),
        "licences": _licences(shown),
        "findings": _findings(shown),
        "more": max(len(shown.open_findings) - FINDINGS_SHOWN, 0),
        "acts": _acts(request, shown),
        "dossier_url": f"{dossier_url}?{urlencode(came_from)}" if came_from else dossier_url,
        "list_url": f"{reverse('institutions')}?{request.GET.get('list') or 'tab=all'}",
        "past": ledger.past_day(asking.of_query(request.GET.get("list", ""))),
    }
    return render(request, "desk/_peek.html" if request.htmx else "desk/peek.html", context)


def _facts(shown: Dossier) -> list[Fact]:
    row, now = shown.institution, shown.period
    address = next((site.address for site in shown.sites_in_use if site.address), "")
    facts = {
        _("Township"): now.township.name,
        _("Address"): address,
        _("Principal"): row.principal,
        _("Phone"): mask_phone(row.contact_phone or ""),
        _("Licensor"): now.licensor.name if now.licensor else "",
        _("Learners"): now.learners,
    }
    return [{"label": label, "value": value} for label, value in facts.items()]


def _licences(shown: Dossier) -> list[dict[str, Any]]:
    """Certificates that were not set right by another entry, each with its light."""
    lines = list(licence_rows(shown))
    clocks = _first_due(Licence, [line["row"].pk for line in lines])
    return [line | {"clock": clocks.get(line["row"].pk)} for line in lines]


def _findings(shown: Dossier) -> list[tuple[Any, Clock | None]]:
    rows = shown.open_findings[:FINDINGS_SHOWN]
    clocks = _first_due(RectificationTask, [row.task for row in rows if row.task])
    return [(row, clocks.get(row.task)) for row in rows]


def _first_due(model: Any, keys: list[int]) -> dict[int, Clock]:
    """The open clock that is due first, of each of these rows in scope."""
    if not keys:
        return {}
    kind = ContentType.objects.get_for_model(model)
    clocks = Clock.objects.open().filter(content_type=kind, object_id__in=keys)
    return {clock.object_id: clock for clock in clocks.order_by("-due_on")}


def _acts(request: HttpRequest, shown: Dossier) -> list[dict[str, str]]:
    """What this reader may do next, the most pressing first."""
    pk, may = shown.institution.pk, may_do(request.actor, shown)
    dossier = reverse("institution", args=[pk])
    offered = [
        (bool(shown.open_findings), _("See to the open problems"), f"{dossier}?tab=findings"),
        (may["plan"], _("Plan an inspection"), f"{reverse('inspection_plan')}?institution={pk}"),
        (
            may["guide"] and shown.can_be_guided,
            _("Guide to a licence"),
            reverse("guidance-begin", args=[pk]),
        ),
        (
            may["keep"] and _has_expired(shown),
            _("Record a certificate"),
            reverse("licence-new", args=[pk]),
        ),
        (
            may["keep"] and bool(shown.completeness.lacking),
            _("Fill the record"),
            reverse("institution-record", args=[pk]),
        ),
    ]
    return [{"label": label, "url": url} for wanted, label, url in offered if wanted]


def _has_expired(shown: Dossier) -> bool:
    today = daylight.today()
    return any(row.valid_to is not None and row.valid_to < today for row in shown.licences)
