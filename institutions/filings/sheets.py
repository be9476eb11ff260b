"""Many rows at once: a workbook or what was copied out of one, read by the form of the kind."""

import csv
import tempfile
import uuid as uuids
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import private_fields
from governance.models import Membership
from governance.workbooks import BadWorkbook, Row, Sheet, Value, Workbook, cells, tables, text
from governance.workbooks.cells import CellError
from governance.workbooks.heads import Vocabulary
from governance.workbooks.writer import TEXT, SheetWriter
from governance.workflow import Refused
from institutions.filings import acts, values
from institutions.filings.cell_words import form_value
from institutions.filings.kinds import FilingKind
from institutions.models import Filed, Filing, Institution, StaffMember
from institutions.models.staff import ID_PURPOSE

MOST_ROWS = 500
HEADS = Path(__file__).parent.parent / "data" / "filing_columns.csv"


@dataclass
class SheetRow:
    """One row: its number in the workbook, its values, what is wrong with them."""

    number: int
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    record: Filed | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)  # (column, sentence)
    changes: bool = True

    @property
    def outcome(self) -> str:
        if self.faults:
            return "error"
        if self.record is None:
            return "new"
        return "changed" if self.changes else "unchanged"


@cache
def columns() -> dict[str, dict[str, tuple[str, ...]]]:
    """kind → field → the heads under which people have it, the usual one first."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    with HEADS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], {})[row["field"]] = tuple(row["words"].split(";"))
    return found


def template(kind: FilingKind) -> IO[bytes]:
    """An empty workbook with the heads of the kind."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    heads = [(words[0], TEXT, 16) for words in columns()[kind.code].values()]
    with SheetWriter(out, kind.label, heads):
        pass
    out.seek(0)
    return out


def pasted(lines_: str) -> Workbook:
    """What was copied out of a spreadsheet: lines of cells with tabs between them."""
    lines = csv.reader(lines_.splitlines(), delimiter="\t")
    rows = [Row(n, list(line)) for n, line in enumerate(lines, 1) if any(c.strip() for c in line)]
    return Workbook([Sheet("", rows=rows)])


def read(kind: FilingKind, institution: Institution, book: Workbook) -> list[SheetRow]:
    """Every data row with its values or faults. Raises `BadWorkbook`."""
    found = list(_cells(kind, book))
    if not found:
        raise BadWorkbook("no_table")
    if len(found) > MOST_ROWS:
        raise BadWorkbook("too_big")
    known = _known(kind, institution)
    rows = [_row(kind, institution, number, line, known) for number, line in found]
    _same_twice(kind, rows)
    return rows


def _cells(kind: FilingKind, book: Workbook) -> Iterator[tuple[int, dict[str, Value]]]:
    """(row number, cells by field); without a known head the columns of the template count."""
    heads = columns()[kind.code]
    vocabulary = Vocabulary(heads)
    for sheet in sorted(book.sheets, key=lambda one: one.hidden):
        try:
            table = tables.find(sheet, vocabulary, subject=next(iter(heads)))
        except BadWorkbook:
            continue
        by_index = {column.index: column.field for column in table.columns if column.field}
        for line in table.lines:
            cells_ = {by_index[i]: value for i, value in line.cells.items() if i in by_index}
            yield line.number, {name: value for name, value in cells_.items() if name}
        return
    for row in book.sheets[0].rows if book.sheets else []:
        yield row.number, dict(zip(heads, row.cells, strict=False))


def _known(kind: FilingKind, institution: Institution) -> dict[str, StaffMember]:
    """People on record by the hash of their id: a list sent again changes, it does not add."""
    if kind.model is not StaffMember:
        return {}
    rows = StaffMember.objects.filter(institution=institution, voided_at=None, ended_on=None)
    return {row.id_number_hash: row for row in rows if row.id_number_hash}


def _row(
    kind: FilingKind,
    institution: Institution,
    number: int,
    line: dict[str, Value],
    known: dict[str, StaffMember],
) -> SheetRow:
    row = SheetRow(number)
    form = kind.form(institution=institution)
    data: dict[str, Any] = {}
    for name, control in form.fields.items():
        try:
            data[name] = form_value(control, name, line.get(name), private=name in form.PRIVATE)
        except CellError as error:
            row.faults.append((kind.field_label(name), str(error)))
    hashed = private_fields.search_hash(str(data.get("id_number") or ""), ID_PURPOSE)
    row.record = known.get(hashed)
    before = values.present(kind, row.record) if row.record else {}
    given = {name: value for name, value in data.items() if not cells.blank(line.get(name))}
    checked = kind.form(before | given if before else data, institution=institution,
                        record=row.record)  # fmt: skip
    checked.is_valid()
    wrong = {column for column, _sentence in row.faults}
    row.faults += [
        (column, " ".join(found))
        for name, found in checked.errors.items()
        if (column := "" if name == "__all__" else kind.field_label(name)) not in wrong
    ]
    if not row.faults:
        row.values = values.cleaned(checked)
        row.changes = not before or bool(values.changed(before, row.values))
    row.title = kind.title({name: str(value or "") for name, value in data.items()})
    return row


def _same_twice(kind: FilingKind, rows: Iterable[SheetRow]) -> None:
    """The same person twice in one sheet is a slip."""
    seen: dict[str, int] = {}
    for row in rows:
        number = str(row.values.get("id_number") or "")
        if number and number in seen:
            sentence = _("The same person stands in row %(row)d.") % {"row": seen[number]}
            row.faults.append((kind.field_label("id_number"), sentence))
        elif number:
            seen[number] = row.number


@transaction.atomic
def draft_all(
    kind: FilingKind,
    institution: Institution,
    rows: Iterable[SheetRow],
    *,
    by: Membership,
    leave_out_wrong: bool = False,
) -> list[Filing]:
    """A draft for each new or changed row, all of one sheet.

    Raises `Refused` when a row is wrong, unless wrong rows are left out openly, and when there is
    nothing to file.
    """
    rows = list(rows)
    if any(row.faults for row in rows) and not leave_out_wrong:
        raise Refused(_("Some rows are wrong; nothing was filed."))
    sheet = uuids.uuid4()
    drafts = [
        acts.draft(
            institution, kind, "CHANGE" if row.record else "ADD", row.values,
            by=by, record=row.record, sheet=sheet,
        )
        for row in rows
        if row.outcome in ("new", "changed")
    ]  # fmt: skip
    if not drafts:
        raise Refused(_("There is nothing new to file."))
    return drafts


def mended(kind: FilingKind, rows: Iterable[SheetRow], book: Workbook) -> IO[bytes]:
    """The wrong rows in the columns of the template, with what is wrong beside them."""
    faults = {row.number: row.faults for row in rows if row.faults}
    heads = columns()[kind.code]
    out = tempfile.TemporaryFile()  # noqa: SIM115
    labels = [(words[0], TEXT, 16) for words in heads.values()] + [(_("What is wrong"), TEXT, 60)]
    with SheetWriter(out, kind.label, labels) as sheet:
        for number, line in _cells(kind, book):
            if number in faults:
                said = "; ".join(f"{column} {words}".strip() for column, words in faults[number])
                sheet.row([*(cells.tidy(line.get(name)) for name in heads), said])
    out.seek(0)
    return out


def as_text(kind: FilingKind, book: Workbook) -> str:
    """The rows as they are pasted, with the heads of the template: to be put right on the page."""
    heads = columns()[kind.code]
    lines = ["\t".join(words[0] for words in heads.values())]
    for _number, line in _cells(kind, book):
        lines.append("\t".join(_flat(line.get(name)) for name in heads))
    return "\n".join(lines)


def _flat(value: Value) -> str:
    return " ".join(text(value).replace("\n", "；").split())
