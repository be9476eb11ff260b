"""The ledger as a workbook: at once, or by a worker where it is long."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from desk import ledger, ledger_orders
from governance.access import staff_only
from governance.errors import BadRequest
from governance.exports import CONTENT_TYPES, download
from governance.models import ExportOrder
from institutions.exports import LedgerExport

AT_ONCE = 5_000  # rows
EXPORTABLE = 200_000


@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """What is shown as a workbook: these conditions, order and columns, or the rows picked.

    Picks are posted: those of many pages are too long for an address.
    """
    screen, picks = ledger.screen(request), picks_of(request)
    expected = rows_of(screen, picks)
    kind = request.GET.get("format", "xlsx")
    kind = kind if kind in CONTENT_TYPES else "xlsx"
    if expected > EXPORTABLE:
        raise BadRequest(_("Too many rows for one workbook; set more conditions."))
    if expected <= AT_ONCE:
        return ledger_orders.export_of(screen, picks).response(kind)
    if request.method == "POST":
        placed = ledger_orders.place(screen, picks, kind, expected)
        return redirect("institution-order", placed.pk)
    context = {"expected": expected, "query": request.GET.urlencode(), "screen": screen}
    return render(request, "desk/ledger_order_new.html", context)


def rows_of(screen: ledger.Screen, picks: ledger_orders.Picks) -> int:
    """How many rows the workbook will have, at most."""
    if picks.get("all_but"):
        return screen.total - len(picks["all_but"])
    return len(picks["picked"]) if picks.get("picked") else screen.total


def picks_of(request: HttpRequest) -> ledger_orders.Picks:
    """What was picked on the page and on others; with exceptions, everything but those."""
    if "all_but" in request.POST:
        return {"all_but": sorted(keys(request, "all_but"))}
    found = keys(request, "pick", "picked")
    return {"picked": sorted(found)} if found else {}


def keys(request: HttpRequest, *names: str) -> set[str]:
    """Keys as boxes send them, one a field, and as the script sends those of other pages."""
    sent = (request.GET, request.POST)
    given = [text for data in sent for name in names for text in data.getlist(name)]
    return {key for text in given for key in text.split(",") if key.isdigit()}


def order_of(request: HttpRequest, pk: int) -> ExportOrder:
    """Only who ordered it, in the membership they ordered it in."""
    return get_object_or_404(ExportOrder.objects.filter(owner=request.actor), pk=pk)


@staff_only
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is, then the way to the file; may be left and come back to."""
    found = order_of(request, pk)
    context = {"order": found, "done": ledger_orders.done(found)}
    name = "_ledger_order" if request.htmx else "ledger_order"
    return render(request, f"desk/{name}.html", context)


@staff_only
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    content = ledger_orders.fetch(found, by=request.actor)
    return download(content, LedgerExport.title, found.kind)
