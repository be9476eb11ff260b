"""Errors of the API as RFC 9457 problem documents with a stable `code`."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions, status
from rest_framework.views import set_rollback

from governance.errors import problem

CODES = {
    status.HTTP_401_UNAUTHORIZED: "not_authenticated",
    status.HTTP_403_FORBIDDEN: "scope_missing",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "method_not_allowed",
    status.HTTP_406_NOT_ACCEPTABLE: "not_acceptable",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "wrong_type",
    status.HTTP_429_TOO_MANY_REQUESTS: "too_many_requests",
}


def answer(exception: Exception, context: dict) -> JsonResponse | None:
    """DRF's exceptions as problem documents; everything else is the middleware's."""
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    if isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, exceptions.APIException):
        return None
    set_rollback()
    code = CODES.get(exception.status_code) or str(exception.default_code)
    more = {}
    if isinstance(exception, exceptions.ValidationError):
        code, more = "invalid", {"errors": exception.detail}
    response = problem(
        context["request"]._request, exception.status_code, code, _detail(exception), **more
    )
    for header in ("auth_header", "wait"):
        value = getattr(exception, header, None)
        if value:
            response["WWW-Authenticate" if header == "auth_header" else "Retry-After"] = (
                value if header == "auth_header" else str(int(value) + 1)
            )
    return response


def _detail(exception: exceptions.APIException) -> str:
    if isinstance(exception, exceptions.ValidationError):
        return "Some parameters are not valid; see errors."
    return str(exception.detail)
