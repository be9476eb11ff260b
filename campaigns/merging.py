"""All accepted returns of a collection as one table, with sums by unit, by 学区 and over all.

Each sum is the sum of the sums below it: over all units it is what the 学区 add up to, and those
are what their units add up to. Units outside every 学区 are a group of their own, never left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from campaigns.cells import amount, plain
from campaigns.models import Collection, Return, ReturnRow, TemplateColumn
from governance.models import Department
from governance.scoping import COUNTY_DIGITS

Sums = dict[str, Decimal]  # by the key of the column
ROWS = "rows"  # beside the columns: how many rows


@dataclass
class Part:
    """One unit, or one 学区 with its units."""

    name: str
    sums: Sums
    returns: list[Return] = field(default_factory=list)


class Merged:
    """What a collection came to; rows are read once."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.columns: list[TemplateColumn] = list(collection.template.columns.all())
        self.summed = [column for column in self.columns if column.summed]

    @cached_property
    def returns(self) -> list[Return]:
        rows = Return.objects.filter(collection=self.collection).with_clocks()
        people = rows.select_related("lead", "division", "submitted_by__user")
        return list(people.order_by("lead__code"))

    @property
    def accepted(self) -> list[Return]:
        return [owed for owed in self.returns if owed.status == Return.Status.ACCEPTED]

    @property
    def missing(self) -> list[Return]:
        """The units whose figures are not in it."""
        return [owed for owed in self.returns if owed.status != Return.Status.ACCEPTED]

    @cached_property
    def rows(self) -> dict[int, list[ReturnRow]]:
        """The rows of the accepted returns, by return."""
        found: dict[int, list[ReturnRow]] = {owed.pk: [] for owed in self.accepted}
        for row in ReturnRow.objects.filter(of__in=found).order_by("of", "position"):
            found[row.of_id].append(row)
        return found

    def lines(self) -> Iterator[tuple[Return, ReturnRow]]:
        """Every row with its return, unit by unit."""
        for owed in self.accepted:
            for row in self.rows[owed.pk]:
                yield owed, row

    @cached_property
    def by_unit(self) -> list[Part]:
        return [
            Part(owed.lead.name, self._sums(self.rows[owed.pk]), [owed]) for owed in self.accepted
        ]

    @cached_property
    def by_district(self) -> list[Part]:
        """The same by 学区; empty when the county has none."""
        districts = list(districts_of(self.collection))
        if not districts:
            return []
        groups: dict[int | None, list[Part]] = {}
        for part in self.by_unit:
            groups.setdefault(_district(part.returns[0], districts), []).append(part)
        names: dict[int | None, str] = {unit.pk: unit.name for unit in districts}
        order = [unit.pk for unit in districts if unit.pk in groups]
        return [
            Part(
                names.get(key, ""),
                total(part.sums for part in groups[key]),
                [owed for part in groups[key] for owed in part.returns],
            )
            for key in [*order, *([None] if None in groups else [])]
        ]

    @property
    def total(self) -> Sums:
        return self._zeros() | total(part.sums for part in self.by_unit)

    def _sums(self, rows: Iterable[ReturnRow]) -> Sums:
        return sums_of(self.summed, rows)

    def _zeros(self) -> Sums:
        return sums_of(self.summed, [])

    def values(self) -> dict[str, Any]:
        """What is frozen: the sums as text, by unit and over all, and who is missing."""
        return {
            "total": _words(self.total),
            "units": {part.name: _words(part.sums) for part in self.by_unit},
            "districts": {part.name or "-": _words(part.sums) for part in self.by_district},
            "zero": [owed.lead.name for owed in self.accepted if owed.is_zero],
            "missing": [owed.lead.name for owed in self.missing],
        }


def sums_of(summed: Iterable[TemplateColumn], rows: Iterable[ReturnRow]) -> Sums:
    """How many rows there are, and the sum of each column that is summed."""
    found = {ROWS: Decimal()} | {column.key: Decimal() for column in summed}
    for row in rows:
        found[ROWS] += 1
        for column in summed:
            found[column.key] += amount(column, row.cells)
    return found


def total(parts: Iterable[Mapping[str, Decimal]]) -> Sums:
    """The sum of sums."""
    found: Sums = {}
    for sums in parts:
        for key, number in sums.items():
            found[key] = found.get(key, Decimal()) + number
    return found


def _words(sums: Sums) -> dict[str, str]:
    return {key: plain(number) for key, number in sums.items()}


def districts_of(collection: Collection) -> Iterable[Department]:
    """The 学区 of the county: departments that answer for several townships."""
    county = collection.division_id[:COUNTY_DIGITS]
    rows = Department.objects.filter(
        jurisdictions__len__gt=1, division__code__startswith=county, is_active=True
    )
    return rows.exclude(kind="TOWN").order_by("code")


def _district(owed: Return, districts: Iterable[Department]) -> int | None:
    """The 学区 of a unit: itself, or the one that covers its place."""
    for unit in districts:
        if owed.lead_id == unit.pk or unit.covers(owed.division_id):
            return unit.pk
    return None


@dataclass(frozen=True)
class Correction:
    """A figure that is another one today than when it was frozen."""

    unit: str  # "" over all
    column: str  # the key, or `ROWS`
    then: str
    now: str


def corrections(frozen: Mapping[str, Any], merged: Merged) -> list[Correction]:
    """What changed since the figures were frozen, unit by unit, the sum over all last."""
    now = merged.values()
    found = []
    for unit in {**frozen["units"], **now["units"]}:
        before, after = frozen["units"].get(unit, {}), now["units"].get(unit, {})
        found += _differing(unit, before, after)
    return [*found, *_differing("", frozen["total"], now["total"])]


def _differing(unit: str, then: Mapping[str, str], now: Mapping[str, str]) -> list[Correction]:
    return [
        Correction(unit, key, then.get(key, ""), now.get(key, ""))
        for key in {**then, **now}
        if then.get(key, "") != now.get(key, "")
    ]
