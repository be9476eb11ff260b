"""The request's id, its actor, and the one place where a refusal becomes an answer."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from governance import errors, people
from governance.models.people import Membership
from governance.origin import origin
from governance.request import Request
from governance.scoping import DutyMissing
from governance.workflow import Refused

Handler = Callable[[Request], HttpResponse]


class RequestIdMiddleware:
    """A trace number for logs, audit and error pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.id = uuid.uuid4().hex
        request.META["REMOTE_ADDR"] = _client_address(request)
        token = origin.set(
            {"request_id": request.id, "address": request.META.get("REMOTE_ADDR") or None}
        )
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-Id"] = request.id
        return response


def _client_address(request: Request) -> str:
    """The address the outermost trusted proxy saw; headers beyond it are anybody's invention."""
    hops = settings.MINGSHU_PROXIES
    forwarded = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops]
    return request.META.get("REMOTE_ADDR", "")


class ActorMiddleware:
    """`request.actor`: the one active membership, read anew at each request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.memberships = cast(Any, SimpleLazyObject(lambda: _memberships(request)))
        request.actor = cast(Any, SimpleLazyObject(lambda: _actor(request)))
        return self.get_response(request)


def _memberships(request: Request) -> list[Membership]:
    if not request.user.is_authenticated:
        return []
    if request.user.acting is not None:  # read together with the account
        return request.user.acting
    return people.acting_as(request.user.pk)


def _actor(request: Request) -> Membership:
    mine = list(request.memberships)
    chosen = request.session.get("membership") if mine else None
    for membership in mine:
        if membership.pk == chosen:
            return membership
    return mine[0] if mine else people.public_actor()


class RefusalMiddleware:
    """Domain exceptions become 403, 409, 413 and 415, for pages and API alike."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DutyMissing):
            return errors.duty_missing(request, exception)
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        if isinstance(exception, errors.BadRequest):
            return errors.bad_input(request, exception)
        if isinstance(exception, SuspiciousOperation):
            return None
        return None
