"""What a parent reads who scans the code on the wall or on a paper: `/v/<token>/`.

One page without script and without a further request. It belongs to the desk because its verdict
asks certificates and lists alike, with the same rule as the public search.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk import verify
from governance import papers
from governance.file_views import verified_paper

log = logging.getLogger("mingshu.verify")
UNKNOWN_TRIES, WINDOW = 20, 600  # unknown codes of one address within so many seconds


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The verdict on a place, the facts of a paper, or that nobody here issued the code."""
    paper = papers.by_token(token)
    if paper:
        return verified_paper(request, paper)
    found = verify.look(token)
    if found.code == "unknown":
        return _unknown(request, found)
    return _answer(request, found, 410 if found.code == "revoked" else 200)


def _unknown(request: HttpRequest, found: verify.Answer) -> HttpResponse:
    """Counted; whoever tries many of them is told to wait, because tokens are not to be guessed."""
    key = f"verify:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WINDOW)
    if cache.incr(key) > UNKNOWN_TRIES:
        return _answer(request, verify.TOO_MANY, 429)
    log.warning("verification of an unknown code")
    verify.count_unknown()
    return _answer(request, found, 404)


def _answer(request: HttpRequest, found: verify.Answer, status: int) -> HttpResponse:
    response = render(request, "desk/verify.html", {"found": found}, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    if status == 429:
        response["Retry-After"] = str(WINDOW)
    return response
