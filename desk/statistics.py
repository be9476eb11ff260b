"""Institutions counted on a day: kind × certificates × township × licensor × operation, and more.

One statement groups the rows of the ledger; every table on the page is a sum over its groups, so
that all of them agree, and every figure is an address of the ledger with the rows behind it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Count, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk import ledger
from governance.exports import NUMBER, TEXT, Column, Export
from governance.labels import label
from governance.models import Department, Division, Membership
from institutions import conditions as asking
from institutions.conditions import NONE, Conditions
from institutions.models import Category, CertStatus, Disposal, Kind, OperatingStatus

Key = tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """A way to part the institutions; `column` is stored or derived, None counts as `none`."""

    key: str
    label: Any
    column: str
    order: Sequence[str] = ()  # values in their usual order

    def narrowed(self, conditions: Conditions, value: str) -> Conditions:
        """The conditions for the rows that have this value."""
        if self.key == "duplicate":
            return replace(conditions, flags={**conditions.flags, "duplicate": value == "yes"})
        return conditions.but(**{self.key: value})


DIMENSIONS = {
    dimension.key: dimension
    for dimension in [
        Dimension("category", gettext_lazy("Category"), "main_category", Category.values),
        Dimension("cert", gettext_lazy("Certificates"), "cert_status", CertStatus.values),
        Dimension(
            "duplicate", gettext_lazy("Duplicate registration"), "is_duplicate", ("no", "yes")
        ),
        Dimension("licensor", gettext_lazy("Licensor"), "licensor_id"),
        Dimension("disposal", gettext_lazy("Outcome"), "disposal", Disposal.Outcome.values),
        Dimension("status", gettext_lazy("Operation"), "operating_status", OperatingStatus.values),
        Dimension("kind", pgettext_lazy("institution", "Kind"), "kind", Kind.values),
        Dimension("township", gettext_lazy("Township"), "township_id"),
    ]
}
MAIN = ("kind", "category", "cert", "township", "licensor", "status", "duplicate", "disposal")
ROWS = ("kind", "cert", "township", "licensor", "status")  # row for row


IS_DUPLICATE = Case(
    When(institution__duplicate_of=None, then=Value("no")),
    default=Value("yes"),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Figure:
    """A number and the address of the rows that make it up."""

    number: int
    url: str


@dataclass(frozen=True)
class Line:
    """One value of a dimension with its figure."""

    value: str
    word: str
    figure: Figure


@dataclass(frozen=True)
class OneWay:
    """One dimension; its lines add up to the total."""

    dimension: Dimension
    lines: list[Line]
    total: Figure

    @property
    def sum_in_words(self) -> str:
        """`14 + 5 + 94 = 113`."""
        numbers = " + ".join(str(line.figure.number) for line in self.lines) or "0"
        return f"{numbers} = {self.total.number}"


@dataclass(frozen=True)
class Crossed:
    """Two dimensions; rows and columns add up to the total."""

    down: Dimension
    across: Dimension
    heads: list[Line]
    rows: list[tuple[Line, list[Figure]]]
    total: Figure


class Statistics:
    """The institutions in an actor's scope that meet the conditions, parted by dimensions."""

    def __init__(
        self, actor: Membership, conditions: Conditions, dimensions: Sequence[str] = MAIN
    ) -> None:
        self.actor, self.conditions = actor, conditions
        self.dimensions = [DIMENSIONS[key] for key in dict.fromkeys(dimensions)]
        self._sums: dict[Key, Counter[Key]] = {}

    @cached_property
    def groups(self) -> dict[Key, int]:
        """{one value per dimension: number of institutions}, each institution in one group."""
        names = [dimension.column for dimension in self.dimensions]
        facts = ledger.facts(self.actor, self.conditions.on)
        derived = facts.of(names) | {"is_duplicate": IS_DUPLICATE}
        rows = (
            ledger.chosen(self.actor, self.conditions)
            .annotate(**derived)
            .order_by()
            .values(*names)
            .annotate(n=Count("pk"))
        )
        return {tuple(_text(row[name]) for name in names): row["n"] for row in rows}

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        """{(dimension, value): word} for all values that occur."""
        found: dict[tuple[str, str], str] = {}
        for at, dimension in enumerate(self.dimensions):
            values = {key[at] for key in self.groups}
            found |= {(dimension.key, value): _word(dimension, value) for value in values}
        return found | self._names()

    def _names(self) -> dict[tuple[str, str], str]:
        """Names of departments and townships, which are rows and not words."""
        found: dict[tuple[str, str], str] = {}
        keys = [dimension.key for dimension in self.dimensions]
        if "licensor" in keys:
            ids = self._values("licensor") - {NONE}
            rows = Department.objects.filter(pk__in=ids).values_list("pk", "name")
            found |= {("licensor", str(pk)): name for pk, name in rows}
        if "township" in keys:
            rows = Division.objects.filter(pk__in=self._values("township"))
            found |= {("township", place.pk): place.name for place in rows}
        return found

    def _values(self, key: str) -> set[str]:
        at = [dimension.key for dimension in self.dimensions].index(key)
        return {group[at] for group in self.groups}

    @property
    def total(self) -> Figure:
        return self._figure(sum(self.groups.values()), {})

    def one_way(self, key: str) -> OneWay:
        dimension = DIMENSIONS[key]
        lines = [
            Line(value, self.words[key, value], self._sum({key: value}))
            for value in self._ordered(dimension)
        ]
        return OneWay(dimension, lines, self.total)

    def crossed(self, down: str, across: str) -> Crossed:
        rows = [
            (
                line,
                [
                    self._sum({down: line.value, across: value})
                    for value in self._ordered(DIMENSIONS[across])
                ],
            )
            for line in self.one_way(down).lines
        ]
        heads = self.one_way(across).lines
        return Crossed(DIMENSIONS[down], DIMENSIONS[across], heads, rows, self.total)

    def row_for_row(self, keys: Sequence[str] = ROWS) -> list[tuple[list[str], Figure]]:
        """Every group of these dimensions with its words, in their order."""
        order = [self._ordered(DIMENSIONS[key]) for key in keys]
        places = [{value: at for at, value in enumerate(values)} for values in order]
        found = self._parted(tuple(keys))
        groups = sorted(
            found,
            key=lambda group: [place[value] for place, value in zip(places, group, strict=True)],
        )
        return [
            (
                [self.words[pair] for pair in zip(keys, group, strict=True)],
                self._figure(found[group], dict(zip(keys, group, strict=True))),
            )
            for group in groups
        ]

    def _parted(self, keys: Key) -> Counter[Key]:
        """The groups summed to fewer dimensions; each sum is made once."""
        if keys not in self._sums:
            names = [dimension.key for dimension in self.dimensions]
            places = [names.index(key) for key in keys]
            found: Counter[Key] = Counter()
            for group, number in self.groups.items():
                found[tuple(group[place] for place in places)] += number
            self._sums[keys] = found
        return self._sums[keys]

    def _ordered(self, dimension: Dimension) -> list[str]:
        """The values that occur: as the dimension orders them, `none` last."""
        values = self._values(dimension.key)
        known = [value for value in dimension.order if value in values]
        others = sorted(
            values - set(known) - {NONE}, key=lambda value: self.words[dimension.key, value]
        )
        return [*known, *others, *([NONE] if NONE in values else [])]

    def _sum(self, wanted: dict[str, str]) -> Figure:
        return self._figure(self._parted(tuple(wanted))[tuple(wanted.values())], wanted)

    def _figure(self, number: int, wanted: dict[str, str]) -> Figure:
        conditions = self.conditions
        for key, value in wanted.items():
            conditions = DIMENSIONS[key].narrowed(conditions, value)
        query = conditions.query() or "tab=all"
        return Figure(number, f"{reverse('institutions')}?{query}")


def _text(value: Any) -> str:
    return NONE if value is None or value == "" else str(value)


def _word(dimension: Dimension, value: str) -> str:
    if dimension.key == "duplicate":
        return _("Duplicate") if value == "yes" else _("Not a duplicate")
    if value == NONE:
        return _("none")
    domain = asking.MANY[dimension.key][1]
    return label(domain, value) if domain else value


class StatisticsExport(Export):
    """Row for row: one line per group, the total below."""

    title = gettext_lazy("Institutions counted")

    def __init__(self, statistics: Statistics, *, filters: str) -> None:
        super().__init__(statistics.actor, filters=filters)
        self.statistics = statistics
        self.columns = [  # type: ignore[misc]
            *(_column(at, DIMENSIONS[key]) for at, key in enumerate(ROWS)),
            Column(_("Institutions"), lambda row: row[-1], NUMBER, 12),
        ]

    def records(self) -> Iterable[list[Any]]:  # type: ignore[override]
        """The groups in their order, and the total as the last line."""
        for words, figure in self.statistics.row_for_row():
            yield [*words, figure.number]
        blanks = [""] * (len(ROWS) - 1)
        yield [_("Total"), *blanks, self.statistics.total.number]


def _column(at: int, dimension: Dimension) -> Column:
    value: Callable[[list[Any]], Any] = lambda row: row[at]  # noqa: E731
    return Column(dimension.label, value, TEXT, 20)
