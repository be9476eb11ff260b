"""Error answers: a page for people, a problem document (RFC 9457) for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion


class BadRequest(Exception):
    """Input that is refused at the door; the message is a sentence for the user."""

    status = 400
    code = "bad_request"


class TooLarge(BadRequest):
    status = 413
    code = "too_large"


class WrongType(BadRequest):
    status = 415
    code = "wrong_type"


class TooMany(BadRequest):
    status = 429
    code = "too_many_requests"


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: the API, the phone protocol, or JSON preferred over HTML."""
    phone = request.path.startswith("/field/inspections/") and "/new/" not in request.path
    return (
        phone
        or request.path.startswith("/api/")
        or request.headers.get("Accept", "").startswith("application/json")
    )


def problem(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """A problem document with a stable `code`."""
    body = {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "id", ""),
        **more,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def answer(
    request: HttpRequest, status: int, code: str, detail: str, template: str, **context: Any
) -> HttpResponse:
    """The same refusal as a page or as a problem document."""
    if wants_json(request):
        return problem(request, status, code, detail)
    context |= {"detail": detail, "code": code, "request_id": getattr(request, "id", "")}
    return render(request, template, context, status=status)


def duty_missing(request: HttpRequest, exception: DutyMissing) -> HttpResponse:
    detail = _("This needs the duty “%(duty)s”.") % {"duty": exception.duty.label}
    return answer(request, 403, "duty_missing", detail, "403.html", duty=exception.duty)


def refused(request: HttpRequest, exception: Refused) -> HttpResponse:
    context = {}
    if isinstance(exception, StaleVersion):
        context = {"row": exception.row, "posted": request.POST.items()}
    return answer(request, 409, exception.code, str(exception), "409.html", **context)


def bad_input(request: HttpRequest, exception: BadRequest) -> HttpResponse:
    return answer(
        request, exception.status, exception.code, str(exception), f"{exception.status}.html"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, "bad_request", _("The request could not be read."), "400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, "forbidden", _("You may not open this page."), "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = _("There is nothing at this address, or it is not for you to see.")
    return answer(request, 404, "not_found", detail, "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    detail = _("Something went wrong on our side. What you entered has been kept.")
    return answer(request, 500, "server_error", detail, "500.html")
