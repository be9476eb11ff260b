"""How large a request may be, decided by its Content-Length before a byte of it is read.

Django's CSRF check reads a form before its view runs, so the limit of a view is an attribute of it
and the middleware stands in front of that check.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance import errors, sniffing

FORM_OVERHEAD = sniffing.MB  # fields, boundaries and names around the files
DEFAULT = 20 * sniffing.MB  # a workbook

View = Callable[..., HttpResponse]


def upload_limit(size: int, count: int = 1) -> Callable[[View], View]:
    """A view that takes up to `count` files of `size` bytes each in one request."""

    def decorate(view: View) -> View:
        view.upload_limit = size * count  # type: ignore[attr-defined]
        return view

    return decorate


class UploadLimitMiddleware:
    """413 for a request that says it is larger than its view takes."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        limit = getattr(view, "upload_limit", DEFAULT)
        if _announced(request) <= limit + FORM_OVERHEAD:
            return None
        sentence = _("What you sent is larger than the %(limit)d MB that are accepted here.")
        refusal = errors.TooLarge(sentence % {"limit": limit // sniffing.MB})
        return errors.bad_input(request, refusal)


def _announced(request: HttpRequest) -> int:
    """Bytes; without the header the server reads no body at all."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class Body:
    """The raw body of a request as a file that `attachments.attach` takes."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        self.request, self.name = request, name

    def chunks(self) -> Iterator[bytes]:
        while chunk := self.request.read(256 * 1024):
            yield chunk
