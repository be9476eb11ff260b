"""What a workbook is to the rest of the product: sheets of numbered rows of plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from governance.workbooks.refusals import BadWorkbook


@dataclass(frozen=True)
class Yearless:
    """A date cell whose format hides the year: the program that saved it made the year up."""

    stored: date

    def __str__(self) -> str:
        return f"{self.stored.month}月{self.stored.day}日"


Value = str | int | float | bool | date | datetime | Yearless | None


class Row(NamedTuple):
    """One non-empty row; `number` is the one the user sees in the program, counted from 1."""

    number: int
    cells: list[Value]

    def at(self, column: int) -> Value:
        return self.cells[column] if column < len(self.cells) else None


class Merge(NamedTuple):
    """A merged range; rows counted from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    name: str
    hidden: bool = False
    rows: list[Row] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    uncalculated: int = 0  # formulas saved without their value: such cells read as empty

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass
class Workbook:
    sheets: list[Sheet]

    def sheet(self, which: str | int | None) -> Sheet:
        """By number from 1 or by name; `BadWorkbook("no_sheet")` when there is none."""
        for number, sheet in enumerate(self.sheets, 1):
            if str(which) in (str(number), sheet.name):
                return sheet
        raise BadWorkbook("no_sheet")


def letter(column: int) -> str:
    """0 → A, 26 → AA: the name of a column as the user sees it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text(value: Value) -> str:
    """The value as it stands in the cell, for messages and for keeping the original words."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
