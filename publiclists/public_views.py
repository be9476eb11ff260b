"""The public side of the lists: what was published, as pages and files, and how to verify it."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from governance import daylight, display
from governance.sniffing import MB
from governance.uploads import upload_limit
from publiclists import format1, public_pages, verification, words
from publiclists.forms import VerifyForm
from publiclists.models import SLUGS, Kind, ListChain, Publication

FILE_LIMIT = 5 * MB  # some ten thousand entries
CURRENT = "no-cache"  # kept by browsers, asked for every time: a withdrawn name never lives on


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The lists of a county, each with the day it shows."""
    county = _county(request)
    chains = [public_pages.chain_of(county, kind) for kind in Kind]
    shown = [
        {
            "chain": chain,
            "publication": public_pages.latest(chain),
            "count": public_pages.found(chain).count(),
        }
        for chain in chains
        if chain and public_pages.latest(chain)
    ]
    context = {"shown": shown, "county_query": public_pages.query(county)}
    return _page(render(request, "publiclists/public_lists.html", context))


@require_safe
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """One list; from its file unless something is searched or shown in the reader's own way."""
    chain = _chain(request, kind, may_lack=True)
    if chain is None or public_pages.latest(chain) is None:
        context = {"kind": SLUGS[kind], "slug": kind}
        return _page(render(request, "publiclists/public_list_empty.html", context))
    term = request.GET.get("q", "").strip()[:60]
    page = request.GET.get("page", "1")
    if term or display.chosen(request.COOKIES) or not page.isdecimal():
        context = public_pages.list_context(chain, term=term, page=page)
        return _page(render(request, "publiclists/public_list.html", context))
    return _file(request, public_pages.list_page(chain, int(page)), "text/html; charset=utf-8")


@require_safe
def entry(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """One entry as published; 410 without any name once it was withdrawn."""
    row = public_pages.entry_of(_kind(kind), number)
    if row is None:
        raise Http404
    county = public_pages.query(row.publication.division_id)
    context: dict[str, Any] = {"number": number, "slug": kind, "kind": _kind(kind)}
    context["county_query"] = county
    if row.withdrawn_on or row.entry.status != "live":
        context["withdrawn_on"] = row.withdrawn_on
        return _page(render(request, "publiclists/public_entry_gone.html", context, status=410))
    context |= {
        "text": row.text,
        "publication": row.publication,
        "grounds": words.grounds(row.text),
    }
    return _page(render(request, "publiclists/public_entry.html", context))


@require_safe
def publication_file(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A publication as a file that verifies."""
    chain = _chain(request, kind)
    published = Publication.objects.published().of_list(chain.division_id, chain.kind)
    publication = published.filter(number=number).first()
    if publication is None:
        raise Http404
    data = public_pages.json_file(chain, publication)
    return _download(request, data, "application/json", f"{kind}-{number}.json")


@require_safe
def list_csv(request: HttpRequest, kind: str) -> HttpResponse:
    chain = _chain(request, kind)
    data = public_pages.csv_file(chain)
    return _download(request, data, "text/csv; charset=utf-8", f"{kind}.csv")


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    chain = _chain(request, kind)
    return _file(request, public_pages.feed_file(chain), "application/rss+xml; charset=utf-8")


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every public key that ever signed."""
    return _file(request, public_pages.keys_file(), "application/json")


@upload_limit(FILE_LIMIT)
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file that a reader has, or one of ours; says in words what was checked."""
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else ()
    form = VerifyForm(*sent, chains=_published(request))
    context: dict[str, Any] = {"form": form}
    status = 200
    if posted:
        if form.is_valid():
            context |= _verified(form)
        else:
            status = 422
    return _page(render(request, "publiclists/public_verify.html", context, status=status))


def _published(request: HttpRequest) -> list[ListChain]:
    chains = [public_pages.chain_of(_county(request), kind) for kind in Kind]
    return [chain for chain in chains if chain and public_pages.latest(chain)]


def _verified(form: VerifyForm) -> dict[str, Any]:
    name, data, chain = form.chosen()
    known = format1.parse_keys(public_pages.keys_file())
    report = verification.verify_file(data, known, name)
    reports = [report]
    if chain:
        reports.append(_whole_chain(chain))
    return {
        "verified": True,
        "holds": all(one.ok for one in reports),
        "name": name,
        "header": report.header,
        "kind": (report.header or {}).get("kind"),
        "ours": _is_ours(report),
        "checks": words.explain(check for one in reports for check in one.checks),
        "checked_at": daylight.now(),
    }


def _whole_chain(chain: ListChain) -> format1.Report:
    published = Publication.objects.published().of_list(chain.division_id, chain.kind)
    return verification.verify_chain([publication.header for publication in published])


def _is_ours(report: format1.Report) -> bool:
    """Whether this very header was published here: a good file of another bureau is not ours."""
    if report.header is None or not report.ok:
        return False
    found = Publication.objects.published().filter(header_hash=format1.header_hash(report.header))
    return found.exists()


# --- answers -------------------------------------------------------------------------------------


def _county(request: HttpRequest) -> str:
    return request.GET.get("county", "")[:12] or public_pages.home_county()


def _kind(slug: str) -> Kind:
    if slug not in SLUGS:
        raise Http404
    return SLUGS[slug]


def _chain(request: HttpRequest, slug: str, *, may_lack: bool = False) -> ListChain | None:
    chain = public_pages.chain_of(_county(request), _kind(slug))
    if chain is None and not may_lack:
        raise Http404
    return chain


def _page(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    return response


def _file(request: HttpRequest, data: bytes, content_type: str) -> HttpResponse:
    """Bytes with a tag, so that an unchanged file costs the reader nothing."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    unchanged = request.headers.get("If-None-Match", "").removeprefix("W/") == tag
    response = HttpResponseNotModified() if unchanged else HttpResponse(data, content_type)
    response["ETag"] = tag
    response["Cache-Control"] = CURRENT
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _download(request: HttpRequest, data: bytes, content_type: str, name: str) -> HttpResponse:
    response = _file(request, data, content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
