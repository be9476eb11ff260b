"""`Authorization: Bearer <key>` → the membership of a partner system."""

from typing import Any, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from governance.api import keys
from governance.models import Membership
from governance.models.api import ApiKey


class KeyAuthentication(BaseAuthentication):
    """Sets `request.actor`; the key itself is `request.auth`."""

    def authenticate(self, request: Request) -> tuple[Membership, ApiKey] | None:
        parts = get_authorization_header(request).decode("latin-1").split()
        if len(parts) != 2 or parts[0].lower() != "bearer":
            return None
        key = keys.valid_key(parts[1], request.META.get("REMOTE_ADDR", ""))
        if (
            key is None
            or not Membership.objects.active().filter(pk=key.system.membership_id).exists()
        ):
            raise AuthenticationFailed("The key is unknown, expired, revoked or used elsewhere.")
        cast(Any, request._request).actor = key.system.membership
        return key.system.membership, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="mingshu"'


class KeyScheme(OpenApiAuthenticationExtension):
    """How the schema names the key."""

    target_class = "governance.api.authentication.KeyAuthentication"
    name = "partnerKey"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class HasScope(BasePermission):
    """The key carries the scope that the view names."""

    message = "The key lacks the scope of this address."

    def has_permission(self, request: Request, view) -> bool:
        if request.auth is None:
            return False
        self.message = f"The key lacks the scope “{view.scope}”."
        return view.scope in cast(ApiKey, request.auth).scopes


class PerKeyThrottle(SimpleRateThrottle):
    """So many requests a minute for one key."""

    scope = "partner"
    rate = "1200/min"

    def get_cache_key(self, request: Request, view) -> str | None:
        return f"throttle:key:{request.auth.pk}" if request.auth else None
