"""The table inside a sheet: its lines, what stands around them, and not one row lost.

People put titles above the table, section titles into it, totals and signatures below it, and merge
the cells of an institution over the rows of its sites. Every non-empty row of the sheet comes back
either as a `Line` or as a `Passed` row with the reason why it is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from governance.workbooks import heads
from governance.workbooks.cells import folded, tidy
from governance.workbooks.heads import Column, Grid, Head, Vocabulary
from governance.workbooks.sheets import Row, Sheet, Value

TITLE: Final = "title"
HEAD: Final = "head"
SECTION: Final = "section"
FOOTER: Final = "footer"
TOTAL: Final = "total"
NUMBER: Final = "number"

_FOOTER = re.compile(
    r"(?:填表|制表|审核|填报|复核|校对|负责人|单位负责人|主要负责人|分管|经办|联系电话|联系人|盖章|单位|日期"
    r"|说明|备注|注)[^:]{0,8}:.*"
)
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总数)(?:[:(\d].*)?")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)).+")
_ORDINAL = re.compile(r"\(?\d{1,6}[.、)]?")


@dataclass
class Line:
    """One data row. `cells` by column index, merged ranges filled down.

    `section` is the title above it inside the table. `continues` is the number of the row that
    names the institution when this one only adds a site to it.
    """

    number: int
    cells: dict[int, Value]
    section: str = ""
    continues: int | None = None
    hidden: bool = False


@dataclass
class Passed:
    number: int
    reason: str
    text: str


@dataclass
class Table:
    sheet: str
    head: Head
    lines: list[Line] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    uncalculated: int = 0
    merged: int = 0  # ranges over several data rows, filled into each of them

    @property
    def columns(self) -> list[Column]:
        """Columns that have a title or at least one value."""
        used = {index for line in self.lines for index in line.cells}
        return [column for column in self.head.columns if column.title or column.index in used]

    @property
    def title(self) -> str:
        return next((row.text for row in self.passed if row.reason == TITLE), "")

    def column(self, field_name: str) -> Column | None:
        return next((c for c in self.head.columns if c.field == field_name), None)


def find(
    sheet: Sheet,
    vocabulary: Vocabulary,
    *,
    subject: str = "name",
    ordinal: str = "ordinal",
    place: str = "address",
    at: int | None = None,
    say: Mapping[str, str] | None = None,
) -> Table:
    """The table of `sheet`. `subject` is the field that names what a row is about, `ordinal` the
    running number, `place` the field of a further site. `at` is the head row and `say` the fields
    by title or letter of the column ("-" for none), where the user stated them.
    Raises `BadWorkbook("no_table")`.
    """
    head = heads.find(sheet, vocabulary, at=at, say=say)
    table = Table(sheet.name, head, uncalculated=sheet.uncalculated)
    body = Body(sheet, table, subject, ordinal, place)
    for row in sheet.rows:
        body.take(row)
    return table


class Body:
    """Reads rows from top to bottom; remembers the section and the last named line."""

    def __init__(self, sheet: Sheet, table: Table, subject: str, ordinal: str, place: str) -> None:
        self.sheet, self.table, self.grid = sheet, table, Grid(sheet)
        self.subject, self.ordinal = index(table, subject), index(table, ordinal)
        self.place = index(table, place)
        self.last_head = table.head.rows[-1]
        self.titles = heads.titles_of(table.head)
        table.merged = sum(m.top > self.last_head and m.bottom > m.top for m in sheet.merges)
        self.merged = bool(table.merged)
        self.section = ""
        self.named: int | None = None  # the last row that named and numbered an institution

    def take(self, row: Row) -> None:
        reason = self.reason(row)
        if reason is None:
            self.table.lines.append(self.line(row))
            return
        words = next((tidy(value) for value in row.cells if tidy(value)), "")
        self.table.passed.append(Passed(row.number, reason, words))
        if reason == SECTION:
            self.section, self.named = words, None

    def reason(self, row: Row) -> str | None:
        """Why the row is no data, or None."""
        if row.number in self.table.head.rows:
            return HEAD
        if row.number < self.last_head:
            return TITLE
        filled = [(c, words) for c, value in enumerate(row.cells) if (words := folded(value))]
        if not filled:
            return NUMBER
        return self.apart(row, filled) or (HEAD if heads.repeats(self.titles, row) else None)

    def apart(self, row: Row, filled: list[tuple[int, str]]) -> str | None:
        """Section titles, totals, signatures and empty numbered lines."""
        column, words = filled[0]
        unnamed = not any(c == self.subject for c, _ in filled) or column == self.subject
        if unnamed and _TOTAL.fullmatch(words):
            return TOTAL
        if unnamed and _FOOTER.fullmatch(words) and not self.subject_below(row, column):
            return FOOTER
        return self.alone(row.number, column, words) if len(filled) == 1 else None

    def subject_below(self, row: Row, column: int) -> bool:
        """An institution whose name merely begins like a signature still has its other cells."""
        return column == self.subject and sum(bool(folded(v)) for v in row.cells) > 2

    def alone(self, number: int, column: int, words: str) -> str | None:
        merge = self.grid.merge(number, column)
        wide = merge is not None and 2 * (merge.right - merge.left + 1) > self.grid.width
        if wide or _NUMBERED.fullmatch(words):
            return SECTION
        if column == self.ordinal and not self.continuing(number):
            return NUMBER if _ORDINAL.fullmatch(words) else SECTION
        return None

    def line(self, row: Row) -> Line:
        cells: dict[int, Value] = {
            c: value for c, value in enumerate(row.cells) if value is not None
        }
        for merge in self.grid.merges(row.number):
            if merge.top > self.last_head and merge.top < row.number:
                value = self.grid.own(merge.top, merge.left)
                if value is not None:
                    cells[merge.left] = value
        line = Line(row.number, cells, self.section, hidden=row.number in self.sheet.hidden_rows)
        line.continues = self.continuing(row.number)
        if line.continues is None:
            counted = self.subject in cells and self.ordinal in cells
            self.named = row.number if counted else None
        return line

    def continuing(self, number: int) -> int | None:
        """The row that names the institution of this row, when that is another one."""
        merge = self.grid.merge(number, self.subject) if self.subject is not None else None
        if merge and self.last_head < merge.top < number:
            return merge.top
        return self.named if self.unmerged_site(number) else None

    def unmerged_site(self, number: int) -> bool:
        """A CSV has lost its merges: neither number nor name, only the place of a further site."""
        if self.merged or self.subject is None or self.ordinal is None or self.place is None:
            return False
        name, ordinal, place = (
            folded(self.grid.own(number, c)) for c in (self.subject, self.ordinal, self.place)
        )
        return bool(place) and not name and not ordinal


def index(table: Table, field_name: str) -> int | None:
    column = table.column(field_name)
    return column.index if column else None
