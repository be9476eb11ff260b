"""A filled workbook on its way into a return: found by its heads, checked cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.cells import clean
from campaigns.models import TemplateColumn
from governance.imports import Fault
from governance.workbooks import BadWorkbook, Sheet, Value, read, tables, text
from governance.workbooks.cells import CellError
from governance.workbooks.heads import Vocabulary
from governance.workbooks.tables import Line, Table

ORDINAL_WORDS = ("序号", "编号", "No.")


@dataclass(frozen=True)
class Reading:
    """What a workbook says: rows by column key, or the cells that cannot be taken."""

    rows: list[dict[str, str]]
    faults: list[tuple[int, Fault]]  # by the number of the row in the workbook
    unknown: list[str]  # heads that belong to no column, and were left out


def reading(file: Any, columns: Sequence[TemplateColumn]) -> Reading:
    """Read the first sheet that carries the heads of the template. Raises `BadWorkbook`."""
    table = _table(read(file).sheets, columns)
    known = {column.key: column for column in columns}
    rows, faults = [], []
    for line in table.lines:
        cells, wrong = _line(line, table, known)
        faults += [(line.number, fault) for fault in wrong]
        if any(cells.values()) or wrong:
            rows.append({key: words for key, words in cells.items() if words})
    heads = [column.label for column in table.columns if column.title and not column.field]
    return Reading(rows, faults, heads)


def _table(sheets: Sequence[Sheet], columns: Sequence[TemplateColumn]) -> Table:
    words = _vocabulary(columns)
    subject = next((column.key for column in columns if column.required), columns[0].key)
    for sheet in sorted(sheets, key=lambda one: one.hidden):
        try:
            return tables.find(sheet, words, subject=subject, ordinal="#", place="#")
        except BadWorkbook:
            continue
    raise BadWorkbook("no_table")


def _vocabulary(columns: Sequence[TemplateColumn]) -> Vocabulary:
    known: dict[str, Sequence[str]] = {"#": ORDINAL_WORDS}
    own = {name for column in columns for name in (column.name_zh, column.name_en)}
    known["#"] = [word for word in ORDINAL_WORDS if word not in own]
    for column in columns:
        known[column.key] = [name for name in (column.name_zh, column.name_en) if name]
    return Vocabulary(known)


def _line(
    line: Line, table: Table, known: dict[str, TemplateColumn]
) -> tuple[dict[str, str], list[Fault]]:
    cells: dict[str, str] = {}
    faults = []
    for place in table.head.columns:
        column = known.get(place.field or "")
        value: Value = line.cells.get(place.index)
        if column is None or value is None:
            continue
        try:
            cells[column.key] = clean(column, value)
        except CellError as error:
            faults.append(Fault(str(column), text(value)[:80], error.code, error.sentence))
    return cells, faults
