"""The page on which a reader sets text size, contrast, row height and shortcuts."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from governance import display
from governance.models import ActorKind
from governance.request import Request

BASES: dict[str, str] = {ActorKind.STAFF: "base.html", ActorKind.INSTITUTION: "my/base.html"}


def settings(request: Request) -> HttpResponse:
    """Open to everybody; works without script; goes back to where the reader came from."""
    if request.method == "POST":
        form = display.DisplayForm(request.POST)
        if form.is_valid():
            response = HttpResponseRedirect(_here(request, request.POST.get("next", "")) or "/")
            response.set_cookie(display.COOKIE, form.cookie(), max_age=display.YEAR, samesite="Lax")
            return response
    form = display.DisplayForm.current(request.COOKIES)
    context = {
        "form": form,
        "base": BASES.get(request.actor.kind, "public/base.html"),
        "next": _here(request, request.headers.get("Referer", "")),
    }
    return render(request, "governance/display.html", context)


def _here(request: Request, address: str) -> str:
    """The address, if it is one of this site."""
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else ""
