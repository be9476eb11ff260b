"""Empty annexes to fill in: heads, the words that may be chosen, a sheet of instructions."""

import io
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from governance import labels
from governance.exports import DATE
from institutions.annexes import CERTS, COLUMNS, NO, OF, TITLES, YES
from institutions.imports.fields import Ledger
from institutions.models import BuildingUse, Category, Mode, OperatingStatus, Stage, SubKind

ROWS = 2_000  # lines for which a choice is offered
DOMAINS: dict[str, tuple[str, Any]] = {
    "kind": ("Institution.category", Category), "mode": ("Institution.mode", Mode),
    "sub_kinds": ("Institution.sub_kind", SubKind), "stages": ("Institution.stage", Stage),
    "granted_kind": ("Institution.category", Category), "granted_mode": ("Institution.mode", Mode),
    "granted_stages": ("Institution.stage", Stage),
    "status": ("Institution.operating_status", OperatingStatus),
    "use": ("SitePeriod.building_use", BuildingUse),
}  # fmt: skip


def words_of(code: str) -> list[str]:
    """The words of a column, in Chinese as on the paper."""
    if code in DOMAINS:
        domain, values = DOMAINS[code]
        return [labels.table()[domain][str(value)].zh for value in values]
    if code == "profit":
        return [entry.zh for entry in labels.table()["Institution.profit_nature"].values()]
    return {"certs": list(CERTS.values()), "qualify": [YES, NO]}.get(code, [])


def template(number: int) -> IO[bytes]:
    """The workbook of one annex without rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    title = str(TITLES[number])
    strong = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(_("Ledger"))
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    for index, code in enumerate(OF[number]):
        head, _get, kind, width, _every = COLUMNS[code]
        sheet.set_column(index, index, width, day if kind == DATE else text)
        sheet.write(1, index, head, strong)
        if words := words_of(code):
            rule = {"validate": "list", "source": words, "error_type": "warning"}
            sheet.data_validation(2, index, ROWS + 1, index, rule)
    sheet.freeze_panes(2, 0)
    instructions(book, number, strong)
    book.close()
    out.seek(0)
    return out


def instructions(book: xlsxwriter.Workbook, number: int, strong: object) -> None:
    """What each column takes, in the language of who downloads it."""
    sheet = book.add_worksheet(_("Instructions"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 80)
    lines = (
        _("One row an institution; a further site stands in the next row without number and name."),
        _("Dates as 2026-01-05. Codes and licence numbers as text, or their last digits are lost."),
        _("An empty cell takes nothing away from the register."),
    )
    for at, line in enumerate(lines):
        sheet.write(at, 0, line)
    for column, head in enumerate((_("Column"), _("Field"), _("Words that may be chosen"))):
        sheet.write(len(lines) + 1, column, head, strong)
    vocabulary = Ledger.vocabulary()
    for at, code in enumerate(OF[number], len(lines) + 2):
        head = COLUMNS[code][0]
        known = Ledger.field(vocabulary.field(head) or "")
        sheet.write(at, 0, head)
        sheet.write(at, 1, str(known.label) if known else "")
        sheet.write(at, 2, "、".join(words_of(code)))
