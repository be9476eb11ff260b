"""The ledger with what the floors above the registry know: inspections, problems, lists."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import daylight, preferences
from governance.exports import DATE, NUMBER
from governance.models import Membership
from inspections.models import Finding, Inspection
from institutions import columns as registry
from institutions import conditions as asking
from institutions import ledger
from institutions.columns import LedgerColumn, Row, badge, word
from institutions.derived import Facts, known_of, of_all
from publiclists.models import ListEntry

SIZES = (50, 100, 200)
SUMMED_AT_ONCE = 2_000  # rows; up to that the sums give the number of rows too
LONG: set[tuple[str, ...]] = set()  # jurisdictions seen to hold more: there rows are only counted
COLUMNS_KEPT, SIZE_COOKIE = "ledger.columns", "ledger_size"  # a preference, a cookie
ORDERS = {"inspected": ("inspected_on", "pk"), "problems": ("open_findings", "name_key", "pk")}


def facts(actor: Membership, on: dt.date | None) -> Facts:
    """Derived columns of the registry and of the floors above it, each in the actor's scope."""

    def inspected_on() -> Any:
        rows = Inspection.objects.visible_to(actor).done().order_by("-inspected_on")
        return of_all(lambda mine: Subquery(rows.filter(**mine).values("inspected_on")[:1]))

    def open_findings() -> Any:
        rows = Finding.objects.visible_to(actor).open().order_by()

        def counted(mine: dict[str, Any]) -> Any:
            found = rows.filter(**mine).values("status").annotate(n=Count("pk")).values("n")
            return Subquery(found, output_field=IntegerField())

        return Coalesce(of_all(counted), 0)

    def lists() -> Any:
        rows = ListEntry.objects.visible_to(actor).live().order_by("kind")
        return of_all(lambda mine: ArraySubquery(rows.filter(**mine).values("kind")))

    more = {"inspected_on": inspected_on, "open_findings": open_findings, "lists": lists}
    return Facts(on, more)


def chosen(actor: Membership, conditions: asking.Conditions) -> Any:
    """The rows that meet all conditions, those of the floors above included."""
    rows = ledger.chosen(actor, conditions)
    if "problems" in conditions.above:
        rows = rows.filter(known_of(Finding.objects.visible_to(actor).open()))
    if "listed" in conditions.above:
        rows = rows.filter(known_of(ListEntry.objects.visible_to(actor).live()))
    return rows


def _lists(row: Row) -> str:
    if not row["lists"]:
        return "—"
    return format_html_join(" ", "{}", ((badge("ListEntry.kind", kind),) for kind in row["lists"]))


def _never() -> str:
    return format_html('<span class="missing">{}</span>', _("Never"))


def _problems(row: Row) -> str:
    number = row["open_findings"]
    return format_html('<strong class="late">{}</strong>', number) if number else "0"


ABOVE = [
    LedgerColumn(
        "inspected",
        gettext_lazy("Last inspection"),
        ("inspected_on",),
        lambda row: row["inspected_on"],
        lambda row: f"{row['inspected_on']:%Y-%m-%d}" if row["inspected_on"] else _never(),
        sort="inspected",
        kind=DATE,
    ),
    LedgerColumn(
        "problems",
        gettext_lazy("Open problems"),
        ("open_findings",),
        lambda row: row["open_findings"],
        _problems,
        sort="problems",
        css="num",
        kind=NUMBER,
        width=10,
    ),
    LedgerColumn(
        "lists",
        gettext_lazy("Lists"),
        ("lists",),
        lambda row: "、".join(word("ListEntry.kind", kind) for kind in row["lists"]),
        _lists,
    ),
]
COLUMNS = {column.key: column for column in [*registry.COLUMNS, *ABOVE]}
USUAL = (
    "township", "category", "cert", "status", "expires", "principal", "inspected", "problems",
    "lists",
)  # fmt: skip


def columns_of(text: str) -> list[LedgerColumn]:
    """The columns named in `text` (keys with dots between), or the usual ones."""
    keys = [key for key in dict.fromkeys(text.split(".")) if key in COLUMNS]
    return [COLUMNS[key] for key in keys or USUAL]


@dataclass
class Screen:
    """One look at the ledger: whose, which rows, in which order, which columns."""

    actor: Membership
    conditions: asking.Conditions
    sort: ledger.Order
    columns: Sequence[LedgerColumn]
    size: int

    @cached_property
    def facts(self) -> Facts:
        return facts(self.actor, self.conditions.on)

    @cached_property
    def rows(self) -> Any:
        return chosen(self.actor, self.conditions)

    @cached_property
    def total(self) -> int:
        if self.is_long:
            return ledger.count(self.actor, self.conditions, self.rows)
        if self.sums["institutions"] > SUMMED_AT_ONCE:
            self.remember_as_long()
        return self.sums["institutions"]

    @property
    def _jurisdiction(self) -> tuple[str, ...]:
        return tuple(self.actor.department.jurisdictions) if self.actor.department else ()

    @property
    def is_long(self) -> bool:
        """Rows come first here; numbers and sums follow."""
        return self._jurisdiction in LONG

    def remember_as_long(self) -> None:
        LONG.add(self._jurisdiction)

    @cached_property
    def sums(self) -> dict[str, Any]:
        return ledger.sums(self.rows, self.conditions.on)

    @property
    def sums_shown(self) -> dict[str, Any] | None:
        """The sums, unless the list is so long that they are worked out when asked for."""
        return self.sums if 0 < self.total <= SUMMED_AT_ONCE else None

    def ordered(self) -> Any:
        """All rows in order, not dressed."""
        return self.rows.alias(**self.facts.of(self.sort.columns)).order_by(*self.sort.by())

    def window(self, first: int, last: int) -> list[Row]:
        shown = registry.fields_of(self.columns)
        return ledger.window(self.rows, self.sort, first, last, self.total, self.facts, shown)

    @property
    def sentence(self) -> str:
        return asking.sentence(self.conditions)


def screen(request: HttpRequest) -> Screen:
    """What the address asks for, and what the reader chose before."""
    return screen_of(request.actor, request.GET, page_size(request))


def screen_of(actor: Membership, get: QueryDict, size: int) -> Screen:
    named = get.get("cols") or preferences.of(actor, COLUMNS_KEPT)
    return Screen(
        actor=actor,
        conditions=asking.parse(get),
        sort=ledger.order(get.get("sort", ""), ORDERS),
        columns=columns_of(named),
        size=size,
    )


def past_day(conditions: asking.Conditions) -> dt.date | None:
    """The day of a ledger that does not show things as they stand now."""
    return conditions.on if conditions.on and conditions.on != daylight.today() else None


def page_size(request: HttpRequest) -> int:
    """The size in the address, else the one chosen last, else 50."""
    for text in (request.GET.get("size", ""), request.COOKIES.get(SIZE_COOKIE, "")):
        if text.isdigit() and int(text) in SIZES:
            return int(text)
    return SIZES[0]
