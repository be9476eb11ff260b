"""Unit × item: how every unit stands in every collection, by shape, words and colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Collection, Return
from governance import daylight, deadlines
from governance.labels import label
from governance.models import Department, Membership

MOST_ITEMS = 12


@dataclass(frozen=True)
class Mark:
    """`kind` is a deadline light (green, amber, red, stop, done, late): shape and colour."""

    kind: str
    words: str
    late: bool = False


def mark(owed: Return) -> Mark:
    """How one return stands today; needs its clocks prefetched."""
    Status = Return.Status
    if owed.status == Status.ACCEPTED:
        words = _("Zero report") if owed.is_zero else label("Return.status", owed.status)
        return Mark("done", words)
    if owed.status == Status.SUBMITTED:
        return Mark("stop", label("Return.status", owed.status))
    return _with_unit(owed)


def _with_unit(owed: Return) -> Mark:
    word, clock = label("Return.status", owed.status), owed.clock
    if clock is None or not clock.is_open:
        return Mark("late", _("Missing"), late=True)
    light = deadlines.light(clock)
    if clock.due_on < daylight.today():
        over = (daylight.today() - clock.due_on).days
        late = ngettext("%(n)s day late", "%(n)s days late", over) % {"n": over}
        return Mark("red", f"{word} · {late}", late=True)
    kind = "amber" if owed.status == Return.Status.RETURNED else light.kind
    return Mark(kind, f"{word} · {light.words}")


@dataclass(frozen=True)
class Cell:
    owed: Return
    mark: Mark


@dataclass(frozen=True)
class Row:
    """A unit with its cells, one for each item; None where it was not asked."""

    unit: Department
    cells: list[Cell | None]


@dataclass(frozen=True)
class Matrix:
    items: list[Collection]
    rows: list[Row]
    tally: list[str]  # below each item: accepted of asked


def matrix(items: Sequence[Collection], actor: Membership) -> Matrix:
    """The matrix of these collections for the actor, three statements whatever their number."""
    found: dict[int, dict[int, Cell]] = {}
    units: dict[int, Department] = {}
    rows = Return.objects.visible_to(actor).filter(collection__in=items)
    for owed in rows.select_related("lead").with_clocks():
        units[owed.lead_id] = owed.lead
        found.setdefault(owed.lead_id, {})[owed.collection_id] = Cell(owed, mark(owed))
    ordered = sorted(units.values(), key=lambda unit: (unit.kind != "TOWN", unit.code))
    return Matrix(
        list(items),
        [Row(unit, [found[unit.pk].get(item.pk) for item in items]) for unit in ordered],
        [_tally(found.values(), item) for item in items],
    )


def _tally(rows: Any, item: Collection) -> str:
    cells = [row[item.pk] for row in rows if item.pk in row]
    done = sum(cell.owed.status == Return.Status.ACCEPTED for cell in cells)
    return f"{done}/{len(cells)}"
