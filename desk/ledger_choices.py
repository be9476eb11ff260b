"""How a reader wants the ledger: which columns, and conditions kept under a name."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk import ledger
from desk.ledger_views import PAGE, view_url
from governance import preferences, saved_views
from governance.access import staff_only
from governance.errors import BadRequest
from governance.models import SavedView

Visibility = SavedView.Visibility


@staff_only
def columns(request: HttpRequest) -> HttpResponse:
    """Choose the columns and their order; kept for this person."""
    if request.method == "POST" and not request.POST.get("move"):
        return _columns_chosen(request)
    if request.method == "POST":
        chosen, order = set(request.POST.getlist("col")), _moved(request)
    else:
        shown = [column.key for column in ledger.screen(request).columns]
        chosen, order = set(shown), list(dict.fromkeys([*shown, *ledger.COLUMNS]))
    context = {
        "columns": [(ledger.COLUMNS[key], key in chosen) for key in order],
        "query": request.POST.get("query") or request.GET.urlencode(),
    }
    return render(request, "desk/ledger_columns.html", context)


def _moved(request: HttpRequest) -> list[str]:
    """The order on the page after one column was moved by one place; nothing is kept yet."""
    sent = [key for key in request.POST.getlist("order") if key in ledger.COLUMNS]
    order = list(dict.fromkeys([*sent, *ledger.COLUMNS]))
    way, _sep, key = request.POST["move"].partition(" ")
    if key in order:
        at = order.index(key)
        order.insert(max(at + (1 if way == "down" else -1), 0), order.pop(at))
    return order


def _columns_chosen(request: HttpRequest) -> HttpResponse:
    keys = [key for key in request.POST.getlist("col") if key in ledger.COLUMNS]
    words = "" if request.POST.get("reset") else ".".join(keys)
    preferences.keep(request.actor, ledger.COLUMNS_KEPT, words)
    return HttpResponseRedirect(_back(request.POST.get("query", "")))


def _back(query: str) -> str:
    """The list as it was, without columns in its address: the person's choice decides."""
    pairs = [pair for pair in query.split("&") if pair and not pair.startswith("cols=")]
    return f"{reverse('institutions')}?{'&'.join(pairs) or 'tab=all'}"


@staff_only
def views(request: HttpRequest) -> HttpResponse:
    """The saved views of this reader, and saving the present conditions as one."""
    if request.method == "POST":
        return _saved(request)
    offered = SavedView.objects.offered_to(request.actor, PAGE).select_related("owner__user")
    context = {
        "views": [(view, view_url(view), view.owner_id == request.actor.pk) for view in offered],
        "query": request.GET.urlencode(),
        "visibilities": _visibilities(request),
    }
    template = "_ledger_views_menu.html" if request.htmx else "ledger_saved_views.html"
    return render(request, f"desk/{template}", context)


def _visibilities(request: HttpRequest) -> list[tuple[str, str]]:
    """Those this reader may give: only a leader publishes a view for everybody."""
    may_publish = saved_views.PUBLISH.held_by(request.actor)
    return [
        (value, label)
        for value, label in Visibility.choices
        if value != Visibility.PUBLIC or may_publish
    ]


def _saved(request: HttpRequest) -> HttpResponse:
    """Keep conditions, order and columns as they are on the screen now."""
    view = saved_views.save(
        PAGE,
        request.POST.get("name", ""),
        _with_columns(request, request.POST.get("query", "")),
        by=request.actor,
        visibility=_visibility(request) or Visibility.MINE,
    )
    return HttpResponseRedirect(view_url(view))


def _with_columns(request: HttpRequest, query: str) -> str:
    """The address as it is shown to this person: their columns are part of what they keep."""
    kept = preferences.of(request.actor, ledger.COLUMNS_KEPT)
    return f"{query}&cols={kept}" if kept and "cols=" not in query else query


def _visibility(request: HttpRequest) -> str | None:
    wanted = request.POST.get("visibility", "")
    if wanted and wanted not in Visibility.values:
        raise BadRequest(_("There is no such choice."))
    return wanted or None


@require_POST
@staff_only
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """Change, make the first one, or delete a view of one's own."""
    row = get_object_or_404(SavedView.objects.offered_to(request.actor, PAGE), pk=pk)
    act = request.POST.get("act")
    if act == "remove":
        saved_views.remove(row, by=request.actor)
        return HttpResponseRedirect(reverse("institution-views"))
    if act == "default":
        saved_views.make_default(row, by=request.actor)
        return HttpResponseRedirect(reverse("institution-views"))
    query = request.POST.get("query")
    saved_views.change(
        row,
        by=request.actor,
        version=_version(request),
        name=request.POST.get("name"),
        query=_with_columns(request, query) if query is not None else None,
        visibility=_visibility(request),
    )
    return HttpResponseRedirect(view_url(row))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdigit():
        raise BadRequest(_("The form lacks its version; open it again."))
    return int(text)
