"""Who may open a page at all; which rows it shows is scoping's question."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseBase

from governance.models.people import ActorKind
from governance.request import Request
from governance.scoping import Duty, DutyMissing, require

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Any account with an active membership; else the sign-in page, or 401 for htmx."""

    @wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponseBase:
        if request.actor.kind == ActorKind.PUBLIC:
            return _sign_in_first(request)
        return view(request, *args, **kwargs)

    return guarded


def staff_only(view: View) -> View:
    """Pages of the departments."""
    return _only_for(ActorKind.STAFF, view)


def institution_only(view: View) -> View:
    """Pages of the institutions under /my/."""
    return _only_for(ActorKind.INSTITUTION, view)


def duty_only(duty: Duty) -> Callable[[View], View]:
    """Pages that exist for one duty only."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponseBase:
            require(request.actor, duty)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _only_for(kind: ActorKind, view: View) -> View:
    @signed_in
    @wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponseBase:
        if request.actor.kind != kind:
            raise DutyMissing(Duty(code=f"kind.{kind}", label=kind.label))
        return view(request, *args, **kwargs)

    return guarded


def _sign_in_first(request: Request) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
