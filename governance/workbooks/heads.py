"""Where the head of a table is and what its columns mean: one to three rows, merged or not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.workbooks.cells import folded, key, name
from governance.workbooks.refusals import BadWorkbook
from governance.workbooks.sheets import Merge, Row, Sheet, Value, letter

SEARCHED_ROWS = 40
LEAST_KNOWN_COLUMNS = 2
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")


class Vocabulary:
    """Which words at the head of a column mean which field: `{"name": ("机构名称", …), …}`."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._fields = {key(word): field for field, known in words.items() for word in known}

    def field(self, title: str, group: str = "") -> str | None:
        """The field of a column titled `title` below `group`; the longer the match the better."""
        short = _BRACKETS.sub("", folded(title))
        for words in (group + title, group + short, title, short):
            if found := self._fields.get(key(words)):
                return found
        return None


@dataclass
class Column:
    index: int
    title: str
    group: str = ""
    field: str | None = None
    hidden: bool = False

    @property
    def letter(self) -> str:
        return letter(self.index)

    @property
    def label(self) -> str:
        return self.title or self.letter


@dataclass
class Head:
    rows: list[int]
    columns: list[Column]

    @property
    def known(self) -> int:
        return len({column.field for column in self.columns if column.field})


class Grid:
    """Cells by row number, with the value of a merged range found from each of its cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = {row.number: row for row in sheet.rows}
        self.width = sheet.width
        self._merges: dict[int, list[Merge]] = {}
        for merge in sheet.merges:
            for number in range(merge.top, min(merge.bottom, merge.top + len(sheet.rows)) + 1):
                self._merges.setdefault(number, []).append(merge)

    def merges(self, number: int) -> list[Merge]:
        return self._merges.get(number, [])

    def merge(self, number: int, column: int) -> Merge | None:
        for merge in self._merges.get(number, ()):
            if merge.left <= column <= merge.right:
                return merge
        return None

    def begins_above(self, number: int) -> bool:
        """Whether a merged cell reaches into this row from above: such a row begins no head."""
        return any(merge.top < number for merge in self.merges(number))

    def own(self, number: int, column: int) -> Value:
        row = self.rows.get(number)
        return row.at(column) if row else None

    def filled(self, number: int, column: int) -> Value:
        merge = self.merge(number, column)
        return self.own(merge.top, merge.left) if merge else self.own(number, column)


def find(
    sheet: Sheet,
    vocabulary: Vocabulary,
    *,
    at: int | None = None,
    say: Mapping[str, str] | None = None,
) -> Head:
    """The head whose columns are best understood, or the one at row `at`; `say` gives the fields
    of columns by title or letter. Raises `BadWorkbook("no_table")`.
    """
    grid = Grid(sheet)
    starts = [
        row.number
        for row in sheet.rows[:SEARCHED_ROWS]
        if at == row.number or (at is None and not grid.begins_above(row.number))
    ]
    windows = [rows for start in starts for rows in blocks(grid, start, vocabulary)]
    heads = [read(grid, rows, vocabulary, sheet.hidden_columns, say or {}) for rows in windows]
    if not heads:
        raise BadWorkbook("no_table")
    best = max(heads, key=lambda head: (head.known, -len(head.rows), -head.rows[0]))
    if best.known < (1 if say else LEAST_KNOWN_COLUMNS) and at is None:
        raise BadWorkbook("no_table")
    return best


def blocks(grid: Grid, start: int, vocabulary: Vocabulary) -> list[list[int]]:
    """[n], and [n, n+1], [n, n+1, n+2] as far as the next row still belongs to the head."""
    found = [[start]]
    while len(found) < 3 and belongs(grid, found[-1], found[-1][-1] + 1, vocabulary):
        found.append([*found[-1], found[-1][-1] + 1])
    return found


def belongs(grid: Grid, above: list[int], number: int, vocabulary: Vocabulary) -> bool:
    """Whether row `number` carries heads of its own below the groups of the rows `above`."""
    row = grid.rows.get(number)
    if row is None:
        return False
    titles = {c: name(value) for c, value in enumerate(row.cells) if name(value)}
    known = {c for c, title in titles.items() if vocabulary.field(title)}
    if not known or 2 * len(known) < len(titles):
        return False
    return not any(vocabulary.field(name(grid.own(n, c))) for n in above for c in known)


def read(
    grid: Grid,
    rows: list[int],
    vocabulary: Vocabulary,
    hidden: frozenset[int],
    say: Mapping[str, str],
) -> Head:
    columns = [column_at(grid, rows, index) for index in range(grid.width)]
    said = {column.index: say_of(column, say) for column in columns}
    taken = {field for field in said.values() if field}
    for column in columns:
        column.hidden = column.index in hidden
        if said[column.index] is not None:
            column.field = said[column.index] or None
            continue
        field = vocabulary.field(column.title, column.group) if column.title else None
        if field and field not in taken:  # of two with one meaning the first counts
            column.field = field
            taken.add(field)
    return Head(rows, columns)


def column_at(grid: Grid, rows: list[int], index: int) -> Column:
    parts = [name(grid.filled(number, index)) for number in rows]
    stack = [part for n, part in enumerate(parts) if part and part not in parts[:n]]
    return Column(index, stack[-1], "".join(stack[:-1])) if stack else Column(index, "")


def say_of(column: Column, say: Mapping[str, str]) -> str | None:
    """The field the user stated; "" for none at all, None when nothing was said."""
    said = (say.get(column.title) if column.title else None) or say.get(column.letter)
    return "" if said == "-" else said


def titles_of(head: Head) -> list[tuple[int, str]]:
    """Where the known columns are and what stands above them, for `repeats`."""
    return [(column.index, key(column.title)) for column in head.columns if column.field]


def repeats(titles: list[tuple[int, str]], row: Row) -> bool:
    """Whether a row repeats the head, as printed ledgers do on every page."""
    if not any(key(row.at(index)) == title for index, title in titles[:2]):
        return False
    equal = sum(key(row.at(index)) == title for index, title in titles)
    return equal >= 2 and 2 * equal > len(titles)
