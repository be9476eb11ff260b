"""The results of a year in a table: which institutions, what came out, and sums that agree.

To a year belong the institutions with a result of it and those that taught during it; a second
registration stands for nothing. So the rows add up: pass + basic + fail + not taken + none.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy

from governance import labels
from governance.exports import DATE, Column, Export
from governance.models import Membership
from institutions import ledger
from institutions.models import AnnualResult, InstitutionPeriod, Kind, OperatingStatus

MISSING = "MISSING"
GONE = (OperatingStatus.CLOSED, OperatingStatus.DEREGISTERED)
Result, Reason, Round = AnnualResult.Result, AnnualResult.Reason, AnnualResult.Round
SHOWN = ("result", "reason", "reason_text", "decided_on", "document_number", "published_on")


@dataclass(frozen=True)
class Asked:
    """What is asked of the table; empty fields ask for nothing."""

    year: int
    q: str = ""
    township: str = ""
    result: str = ""
    reason: str = ""
    published: str = ""


def of_year(actor: Membership, year: int) -> QuerySet[Any]:
    """The institutions of a year as they are now, each with its results of the year."""
    results = AnnualResult.objects.standing().filter(
        institution=OuterRef("institution_id"), year=year
    )
    first = results.filter(round=Round.FIRST)
    second = results.filter(round=Round.AFTER_CORRECTION)
    during = DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    taught = InstitutionPeriod.objects.filter(
        institution=OuterRef("institution_id"), during__overlap=during, kind=Kind.TRAINING
    ).exclude(operating_status__in=GONE)
    return (
        ledger.base(actor, None)
        .filter(Exists(results) | Exists(taught), institution__duplicate_of=None)
        .annotate(
            first_pk=Subquery(first.values("pk")[:1]),
            second_result=Subquery(second.values("result")[:1]),
            **{name: Subquery(first.values(name)[:1]) for name in SHOWN},
        )
    )


def chosen(actor: Membership, asked: Asked) -> QuerySet[Any]:
    """The rows that were asked for, by township and name."""
    rows = of_year(actor, asked.year)
    if asked.q:
        words = Q(name__contains=asked.q) | Q(initials__startswith=asked.q.lower())
        rows = rows.filter(words | Q(institution__number=asked.q))
    if asked.township:
        rows = rows.filter(township_id=asked.township)
    if asked.result == MISSING:
        rows = rows.filter(result=None)
    elif asked.result:
        rows = rows.filter(result=asked.result)
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if asked.published:
        rows = rows.filter(published_on__isnull=asked.published != "yes")
        rows = rows.exclude(result=None)
    return rows.order_by("township_id", "name_key", "pk")


@dataclass
class Sums:
    """How many institutions came out how; the parts add up to the whole."""

    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    published: int = 0

    @property
    def taken(self) -> int:
        return self.results[Result.PASS] + self.results[Result.BASIC_PASS] + self.results[
            Result.FAIL
        ]  # fmt: skip

    @property
    def not_taken(self) -> int:
        return self.results[Result.NOT_TAKEN]

    @property
    def why(self) -> list[tuple[str, int]]:
        """Reasons of those that took no part; a template would ask a Counter for its `items`."""
        return sorted(self.reasons.items())

    @property
    def corrected(self) -> list[tuple[str, int]]:
        return sorted(self.second.items())

    @property
    def total(self) -> int:
        return self.taken + self.not_taken + self.missing


def sums(rows: QuerySet[Any]) -> Sums:
    """The sums of chosen rows, in one question."""
    found = Sums()
    grouped = rows.order_by().values("result", "reason", "second_result", out=F("published_on"))
    for row in grouped.annotate(number=Count("pk")):
        number = row["number"]
        if row["result"] is None:
            found.missing += number
            continue
        found.results[row["result"]] += number
        if row["result"] == Result.NOT_TAKEN:
            found.reasons[row["reason"]] += number
        if row["second_result"]:
            found.second[row["second_result"]] += number
        if row["out"]:
            found.published += number
    return found


class AnnualExport(Export):
    """The table of a year as it stands on the page."""

    title = gettext_lazy("Results of the annual review")
    columns = (
        Column(gettext_lazy("Number"), lambda row: row["institution__number"], width=16),
        Column(gettext_lazy("Name"), lambda row: row["name"], width=32),
        Column(gettext_lazy("Township"), lambda row: row["township__name"]),
        Column(
            gettext_lazy("Unified credit code"), lambda row: row["institution__credit_code"],
            width=22,
        ),
        Column(
            gettext_lazy("Result"), lambda row: labels.label("AnnualResult.result", row["result"])
        ),
        Column(
            gettext_lazy("After correction"),
            lambda row: labels.label("AnnualResult.result", row["second_result"]),
        ),
        Column(
            gettext_lazy("Why it took no part"),
            lambda row: labels.label("AnnualResult.reason", row["reason"]),
        ),
        Column(gettext_lazy("The reason in words"), lambda row: row["reason_text"], width=24),
        Column(gettext_lazy("Decided on"), lambda row: row["decided_on"], DATE),
        Column(
            gettext_lazy("Number of the document"), lambda row: row["document_number"], width=22
        ),
        Column(gettext_lazy("Made public on"), lambda row: row["published_on"], DATE),
    )  # fmt: skip

    def __init__(self, actor: Membership, *, filters: str, asked: Asked) -> None:
        super().__init__(actor, filters=filters)
        self.asked = asked

    def rows(self) -> Any:
        return chosen(self.actor, self.asked).values(
            "institution__number", "name", "township__name", "institution__credit_code", "result",
            "second_result", "reason", "reason_text", "decided_on", "document_number",
            "published_on",
        )  # fmt: skip
