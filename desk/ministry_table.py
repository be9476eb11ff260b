"""The ministry's table of the special rectification (2018), from the register and its findings.

One line for each township of a county (each county of a city), the total first. A place has begun
when one of its institutions was inspected, and is done when every institution with problems has
put all of them right. A problem counts from the day it was found until the day it was closed, so
the table of a past day comes out as it would have then.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import ledger
from governance import daylight
from governance.exports import NUMBER, TEXT, Column, Export
from governance.models import Division, Membership
from inspections.models import Finding, Inspection
from institutions.conditions import Conditions
from institutions.derived import known_of

NO_RATE = "—"


@dataclass
class Line:
    """One place, or all of them."""

    name: str
    units: int = 1
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def begun(self) -> int:
        return int(self.counts["inspected"] > 0)

    @property
    def done(self) -> int:
        return int(self.begun and not self.counts["unfinished"])

    @property
    def rectified(self) -> int:
        return self.counts["problems"] - self.counts["unfinished"]


class MinistryTable(Export):
    """What the actor sees of the places of the own department, as of a day."""

    title = gettext_lazy("Special rectification of training institutions, summary")

    def __init__(self, actor: Membership, on: dt.date | None = None, *, filters: str = "") -> None:
        super().__init__(actor, filters=filters)
        self.on = on or daylight.today()
        heads = (
            _("No."), _("Place of the line"), _("Places in all"), _("Places that have begun"),
            _("Places that are done"), _("Share of places that are done"), _("Institutions swept"),
            _("Institutions found with problems"), _("Institutions put right"),
            _("Share put right"),
        )  # fmt: skip
        self.columns = [  # type: ignore[misc]
            Column(head, _at(at), TEXT if at in (1, 5, 9) else NUMBER, 20 if at == 1 else 14)
            for at, head in enumerate(heads)
        ]

    def records(self) -> Iterable[list[Any]]:  # type: ignore[override]
        lines = self.lines()
        begun, done = sum(line.begun for line in lines), sum(line.done for line in lines)
        total = Line(_("Total"), len(lines), sum((line.counts for line in lines), Counter()))
        yield ["", *_record(total, begun, done)]
        for serial, line in enumerate(lines, 1):
            yield [serial, *_record(line, line.begun, line.done)]

    def lines(self) -> list[Line]:
        """The places with their figures; rows recorded for no place below stand with the own."""
        units = {place.code: Line(place.name) for place in self.units()}
        for code, counts in self.counted().items():
            at = next((unit for unit in units if code.startswith(unit)), "")
            if not at:
                own = Division.objects.get(pk=code)
                units[at := code] = Line(own.name)
            units[at].counts.update(counts)
        return list(units.values())

    def units(self) -> Iterable[Division]:
        if self.actor.department is None:
            return []
        own = self.actor.department.division
        below = Division.objects.filter(parent=own, valid_to=None).order_by("code")
        return list(below) or [own]

    def counted(self) -> dict[str, dict[str, int]]:
        """{township: institutions, those inspected, with problems, with problems left}."""
        found = Finding.objects.visible_to(self.actor).filter(found_on__lte=self.on)
        found = found.exclude(status=Finding.Status.DISMISSED)
        left = found.filter(Q(closed_on=None) | Q(closed_on__gt=self.on))
        seen = Inspection.objects.visible_to(self.actor).done().filter(inspected_on__lte=self.on)
        groups = (
            ledger.chosen(self.actor, Conditions(on=self.on))
            .order_by()
            .values("township_id")
            .annotate(
                swept=Count("pk"),
                inspected=Count("pk", filter=known_of(seen)),
                problems=Count("pk", filter=known_of(found)),
                unfinished=Count("pk", filter=known_of(left)),
            )
        )
        return {group.pop("township_id"): group for group in groups}


def _at(at: int) -> Any:
    return lambda record: record[at]


def _record(line: Line, begun: int, done: int) -> list[Any]:
    counts = line.counts
    return [
        line.name, line.units, begun, done, rate(done, line.units), counts["swept"],
        counts["problems"], line.rectified, rate(line.rectified, counts["problems"]),
    ]  # fmt: skip


def rate(part: int, whole: int) -> str:
    """98.93%; nothing has no share."""
    return f"{part / whole:.2%}" if whole else NO_RATE
