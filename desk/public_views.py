"""The public side of the registry: home, search, and one institution."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from desk import public_search
from governance import daylight


def home(request: HttpRequest) -> HttpResponse:
    """Doors first: look an institution up, read the lists, say what is wrong."""
    return _public(render(request, "desk/public_home.html", {}))


def institutions(request: HttpRequest) -> HttpResponse:
    """Search with a verdict in words; an empty question shows only the box."""
    term = request.GET.get("q", "").strip()[:60]
    page = None
    if term:
        found = Paginator(public_search.find(term), public_search.PAGE)
        page = found.get_page(request.GET.get("page"))
    context = {
        "term": term,
        "page": page,
        "results": public_search.results(list(page)) if page else [],
    }
    return _public(render(request, "desk/public_institutions.html", context))


def institution(request: HttpRequest, number: str) -> HttpResponse:
    """What the public may know of one institution, as of today."""
    period = public_search.by_number(number)
    if period is None:
        if stands_for := public_search.moved_to(number):
            return redirect("public-institution", number=stands_for)
        raise Http404
    [result] = public_search.results([period])
    context = {"result": result, "period": period, "on": daylight.today()}
    return _public(render(request, "desk/public_institution.html", context))


def _public(response: HttpResponse) -> HttpResponse:
    """Short-lived in browsers only: a name taken off a list must not live on in shared caches."""
    patch_cache_control(response, private=True, max_age=60)
    return response
