"""One cell of a return: what was typed or read from a workbook, as the text that is kept.

Numbers, days, codes and words of a list are kept in one spelling, so that sums and comparisons do
not depend on who typed them. Nothing is guessed: what cannot be taken is refused by `CellError`.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from campaigns.models import ColumnKind, TemplateColumn
from governance.exports import DATE, NUMBER, TEXT
from governance.privacy import mask_phone
from governance.workbooks import Value, cells
from governance.workbooks.cells import CellError

Cells = Mapping[str, str]
LONGEST = 500
MOST = Decimal(10) ** 15
KINDS = {ColumnKind.NUMBER: NUMBER, ColumnKind.DATE: DATE}
PHONE, CREDIT_CODE = "phone", "credit_code"  # sources whose cells have a form of their own


def clean(column: TemplateColumn, value: Value) -> str:
    """The text to keep, "" for an empty cell; raises `CellError` with its sentence."""
    if cells.blank(value) and not (column.kind == ColumnKind.CHOICE and cells.tidy(value)):
        return ""
    found = _READERS[ColumnKind(column.kind)](column, value)
    if len(found) > LONGEST:
        raise CellError("too_long")
    return found


def _text(column: TemplateColumn, value: Value) -> str:
    words = cells.name(value)
    return mask_phone(words) if column.source == PHONE and _is_whole_phone(words) else words


def _is_whole_phone(words: str) -> bool:
    """The register keeps the number itself; a return shows as much of it as a page would."""
    return "*" not in words and sum(sign.isdigit() for sign in words) >= 7


def _number(column: TemplateColumn, value: Value) -> str:
    amount = Decimal(str(value)) if isinstance(value, float) else cells.count(value).amount
    if not amount.is_finite() or abs(amount) >= MOST:
        raise CellError("not_a_number")
    return plain(amount)


def plain(amount: Decimal) -> str:
    """12, 3.5: without exponent and idle zeros."""
    words = f"{amount:f}"
    return (words.rstrip("0").rstrip(".") or "0") if "." in words else words


def _day(column: TemplateColumn, value: Value) -> str:
    return cells.day(value).isoformat()


def _choice(column: TemplateColumn, value: Value) -> str:
    wanted = cells.key(value)
    found = next((word for word in column.choices if cells.key(word) == wanted), None)
    if found is None and cells.folded(value) in cells.NOTHING:
        return ""
    if found is None:
        raise CellError("unknown_word")
    return found


def _code(column: TemplateColumn, value: Value) -> str:
    if column.source == CREDIT_CODE and cells.folded(value) not in cells.IN_PROCESS:
        return cells.credit_code(value).code
    return cells.folded(value) if isinstance(value, str) else cells.identifier(value)


_READERS = {
    ColumnKind.TEXT: _text,
    ColumnKind.NUMBER: _number,
    ColumnKind.DATE: _day,
    ColumnKind.CHOICE: _choice,
    ColumnKind.CODE: _code,
}


def amount(column: TemplateColumn, row: Cells) -> Decimal:
    """The number in a cell; an empty one counts nothing."""
    return Decimal(row.get(column.key) or "0")


def typed(column: TemplateColumn, row: Cells) -> Any:
    """The cell for a workbook: Decimal, date or text; None when empty."""
    words = row.get(column.key, "")
    if not words:
        return None
    if column.kind == ColumnKind.NUMBER:
        return Decimal(words)
    return dt.date.fromisoformat(words) if column.kind == ColumnKind.DATE else words


def kind_of(column: TemplateColumn) -> str:
    """The kind of the workbook column."""
    return KINDS.get(ColumnKind(column.kind), TEXT)
