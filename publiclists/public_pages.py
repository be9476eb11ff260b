"""The public pages of a list and their pre-rendered files.

Everything here reads what was published and not withdrawn since; nothing reads the procedure.
"""

import csv
import io
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import daylight, people
from governance.exports import plain
from governance.labels import label
from governance.models import Department, Installation
from publiclists import publicfiles, signing
from publiclists.models import (
    ListChain,
    Publication,
    PublicationEntry,
    PublicationEntryQuerySet,
)

PAGE = 100
FEED = 50
COLUMNS = {
    "number": gettext_lazy("Number"),
    "name": gettext_lazy("Institution"),
    "credit_code": gettext_lazy("Credit code"),
    "place": gettext_lazy("Township"),
    "address": gettext_lazy("Address"),
    "grounds": gettext_lazy("Grounds"),
    "basis": gettext_lazy("Basis"),
    "decision": gettext_lazy("Decision"),
    "decided_on": gettext_lazy("Decided on"),
    "listed_on": gettext_lazy("Listed on"),
    "ends_on": gettext_lazy("Ends on"),
    "authority": gettext_lazy("Authority"),
}


def home_county() -> str:
    """The county whose lists stand at the plain addresses; others carry `?county=`."""
    seats = Department.objects.filter(
        kind="EDU", is_active=True, division__code__regex=r"^[0-9]{6}$"
    )
    first = seats.order_by("pk").values_list("division_id", flat=True).first()
    return first or ""


def chain_of(county: str, kind: str) -> ListChain | None:
    """The chain of a list, or None while nothing of it was ever published."""
    return (
        ListChain.objects.select_related("division").filter(division_id=county, kind=kind).first()
    )


def latest(chain: ListChain) -> Publication | None:
    return Publication.objects.published().of_list(chain.division_id, chain.kind).first()


def query(county: str) -> str:
    """`?county=…` for a county that is not the home county, else nothing."""
    return "" if county == home_county() else "?" + urlencode({"county": county})


# --- what a page shows ---------------------------------------------------------------------------


def found(chain: ListChain, term: str = "") -> PublicationEntryQuerySet:
    """The current list; with `term` those whose name, code, place or number contains it."""
    rows = PublicationEntry.objects.current(chain.division_id, chain.kind)
    if not term:
        return rows
    hits = rows.none()
    for name in ("name", "credit_code", "place", "address"):
        hits = hits | rows.filter(**{f"text__{name}__icontains": term})
    return hits | rows.filter(number__icontains=term)


def list_context(chain: ListChain, *, term: str = "", page: Any = 1) -> dict[str, Any]:
    """What the list page shows: rows, page, the publication they come from, those before."""
    rows = Paginator(found(chain, term), PAGE).get_page(page)
    return {
        "chain": chain,
        "kind": chain.kind,
        "slug": chain.slug,
        "publication": latest(chain),
        "earlier": Publication.objects.published().of_list(chain.division_id, chain.kind)[1:13],
        "rows": [row.text | {"url": entry_url(chain, row.number)} for row in rows],
        "page": rows,
        "term": term,
        "county_query": query(chain.division_id),
        "county_code": chain.division_id,
    }


def entry_url(chain: ListChain, number: str) -> str:
    return reverse("public-entry", args=[chain.slug, number])


def entry_of(kind: str, number: str) -> PublicationEntry | None:
    """The newest published form of an entry, withdrawn or not."""
    rows = PublicationEntry.objects.filter(
        number=number, publication__kind=kind, publication__status="published"
    )
    newest = rows.select_related("publication__division", "entry").order_by("-publication__number")
    return newest.first()


# --- files ---------------------------------------------------------------------------------------


def list_page(chain: ListChain, number: int = 1) -> bytes:
    """A page of the list in the active language, without anything of its reader."""
    name = f"page-{number}.{translation.get_language()}{_today_where_it_shows()}.html"
    return publicfiles.get(chain, name, lambda: _render_list(chain, number))


def _today_where_it_shows() -> str:
    """Demo and test pages carry today's date in their strip; theirs are a day's files."""
    installation = Installation.objects.first()
    production = installation is None or installation.kind == Installation.Kind.PRODUCTION
    return "" if production else f".{daylight.today():%Y%m%d}"


def _render_list(chain: ListChain, number: int) -> bytes:
    context = list_context(chain, page=number)
    return _render(
        "publiclists/public_list.html", context, reverse("public-list", args=[chain.slug])
    )


def _render(template: str, context: dict[str, Any], path: str) -> bytes:
    """A page as an anonymous reader with default display settings gets it."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.actor, request.memberships = people.public_actor(), []  # type: ignore[attr-defined]
    return render_to_string(template, context, request).encode()


def json_file(chain: ListChain, publication: Publication) -> bytes:
    """The publication file as it may be shown today."""
    return publicfiles.get(
        chain,
        publication.file_name,
        lambda: signing.file_of(publication, daylight.today()),
    )


def csv_file(chain: ListChain) -> bytes:
    """The current list for spreadsheets: UTF-8 with a mark, formulas disarmed."""
    name = f"list.{translation.get_language()}.csv"
    return publicfiles.get(chain, name, lambda: _render_csv(chain))


def _render_csv(chain: ListChain) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([str(head) for head in COLUMNS.values()])
    for row in found(chain).iterator():
        lines.writerow([plain(_cell(row.text, name)) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _cell(text: dict[str, Any], name: str) -> str:
    if name == "grounds":
        return "；".join(ground["text"] for ground in text["grounds"])
    return text[name] or ""


def feed_file(chain: ListChain) -> bytes:
    """What came onto the list last, as RSS; what was withdrawn is in it no more."""
    return publicfiles.get(chain, f"feed.{translation.get_language()}.xml", lambda: _feed(chain))


def _feed(chain: ListChain) -> bytes:
    base = settings.MINGSHU_BASE_URL.rstrip("/")
    feed = Rss201rev2Feed(
        title=f"{chain.division} · {label('ListEntry.kind', chain.kind)}",
        link=base + reverse("public-list", args=[chain.slug]),
        description=_("What came onto the list last"),
        language=translation.get_language(),
    )
    rows = sorted(found(chain), key=lambda row: (row.text["listed_on"], row.number), reverse=True)
    for row in rows[:FEED]:
        feed.add_item(
            title=row.text["name"],
            link=base + entry_url(chain, row.number),
            description="；".join(ground["text"] for ground in row.text["grounds"]),
            unique_id=row.number,
        )
    return feed.writeString("utf-8").encode()


def keys_file() -> bytes:
    """`keys.json`; kept as a file for verifiers that have no database."""
    data = signing.keys_file()
    path = publicfiles.root() / "keys.json"
    if not path.exists() or path.read_bytes() != data:
        publicfiles.write(path, data)
    return data


def rebuild(county: str, kind: str) -> int:
    """Make every file of a list that is missing, in every language; returns how many there are."""
    chain = chain_of(county, kind)
    if chain is None or latest(chain) is None:
        return 0
    keys_file()
    published = Publication.objects.published().of_list(county, kind)
    made = [json_file(chain, publication) for publication in published]
    made += [make(chain) for make in _in_each_language(_pages(chain))]
    publicfiles.clear_old(chain.pk)
    return len(made)


def _pages(chain: ListChain) -> list[Callable[[ListChain], bytes]]:
    count = Paginator(found(chain), PAGE).num_pages
    pages = [
        lambda chain, number=number: list_page(chain, number) for number in range(1, count + 1)
    ]
    return [*pages, csv_file, feed_file]


def _in_each_language(
    makers: Iterable[Callable[[ListChain], bytes]],
) -> list[Callable[[ListChain], bytes]]:
    return [
        partial(_in_language, code, make) for code, _name in settings.LANGUAGES for make in makers
    ]


def _in_language(code: str, make: Callable[[ListChain], bytes], chain: ListChain) -> bytes:
    with translation.override(code):
        return make(chain)
