"""Workbooks people send: the safe door (`read`), the parts they are made of, and their refusals."""

from governance.workbooks.door import MAX_BYTES, read
from governance.workbooks.refusals import BadWorkbook
from governance.workbooks.sheets import Merge, Row, Sheet, Value, Workbook, Yearless, letter, text

__all__ = [
    "MAX_BYTES",
    "BadWorkbook",
    "Merge",
    "Row",
    "Sheet",
    "Value",
    "Workbook",
    "Yearless",
    "letter",
    "read",
    "text",
]
