"""What the middleware adds to a request, for the type checker and for readers."""

from collections.abc import Sequence

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from governance.models.people import Membership, User


class Request(HttpRequest):
    """A request after `RequestIdMiddleware`, `ActorMiddleware` and htmx's own."""

    id: str  # trace number
    actor: Membership
    memberships: Sequence[Membership]
    user: User  # type: ignore[assignment]  # anonymous where actor.kind is PUBLIC
    htmx: HtmxDetails
