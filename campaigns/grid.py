"""The rows of a return as a page of boxes: what is shown, and what came back.

A page holds so many rows that its boxes stay below what one form may send. Rows are named by their
key, so that two people on two pages do not write over one another's rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator

from campaigns.cells import clean
from campaigns.models import Return, ReturnRow, TemplateColumn
from campaigns.services.filling import Edit
from governance.workbooks.cells import CellError

MOST_BOXES = 500  # of one form
MOST_ROWS = 25
BLANK = 2  # empty rows at the end of the last page; one where others stand before them
INPUT_TYPES = {"number": "decimal", "date": "numeric"}


@dataclass
class Box:
    """One cell on the page."""

    name: str
    column: TemplateColumn
    value: str = ""
    error: str = ""

    @property
    def mode(self) -> str:
        return INPUT_TYPES.get(self.column.kind, "text")


@dataclass
class Line:
    """One row on the page; `key` is "12" of a known row and "n1" of a blank one."""

    key: str
    number: int
    boxes: list[Box] = field(default_factory=list)
    dropped: bool = False

    @property
    def is_new(self) -> bool:
        return self.key.startswith("n")


@dataclass
class Grid:
    """A page of a return."""

    columns: Sequence[TemplateColumn]
    page: Page
    lines: list[Line]

    @property
    def errors(self) -> list[tuple[Line, Box]]:
        return [(line, box) for line in self.lines for box in line.boxes if box.error]

    def edit(self) -> Edit:
        """What to save; ask only when there are no errors."""
        known = [line for line in self.lines if not line.is_new]
        told = [_cells(line) for line in self.lines if line.is_new]
        return Edit(
            rows={int(line.key): _cells(line) for line in known},
            added=[cells for cells in told if cells],
            dropped=frozenset(int(line.key) for line in known if line.dropped),
        )


def _cells(line: Line) -> dict[str, str]:
    return {box.column.key: box.value for box in line.boxes if box.value}


def rows_per_page(columns: Sequence[TemplateColumn]) -> int:
    return max(4, min(MOST_ROWS, MOST_BOXES // max(len(columns), 1)))


def shown(owed: Return, number: Any) -> Grid:
    """The page of the return with this number, as it is kept."""
    return _grid(owed, number, lambda name, column, kept: Box(name, column, kept))


def sent(owed: Return, number: Any, posted: Mapping[str, str]) -> Grid:
    """The same page with what was typed, each box cleaned or with its error."""

    def box(name: str, column: TemplateColumn, kept: str) -> Box:
        typed = posted.get(name)
        return Box(name, column, kept) if typed is None else _cleaned(name, column, typed)

    grid = _grid(owed, number, box)
    for line in grid.lines:
        line.dropped = f"drop-{line.key}" in posted
    return grid


def _cleaned(name: str, column: TemplateColumn, typed: str) -> Box:
    try:
        return Box(name, column, clean(column, typed))
    except CellError as error:
        return Box(name, column, typed, str(error))


def _grid(owed: Return, number: Any, box: Any) -> Grid:
    version = owed.collection.template
    columns = list(version.columns.all())
    rows = ReturnRow.objects.filter(of=owed).order_by("position")
    page = Paginator(rows, rows_per_page(columns)).get_page(number)
    first = page.start_index() if page.paginator.count else 1
    lines = [_line(str(row.pk), at, columns, row.cells, box) for at, row in enumerate(page, first)]
    if not page.has_next() and not (version.one_row and lines):
        after = first + len(lines)
        blank = 1 if version.one_row or lines else BLANK
        lines += [_line(f"n{at}", after + at, columns, {}, box) for at in range(blank)]
    return Grid(columns, page, lines)


def _line(
    key: str, number: int, columns: Sequence[TemplateColumn], cells: Mapping[str, str], box: Any
) -> Line:
    boxes = [box(f"c-{key}-{column.key}", column, cells.get(column.key, "")) for column in columns]
    return Line(key, number, boxes)
