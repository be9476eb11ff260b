"""Imports: parse → preview → apply → undo, the same for the page and the command line.

This part is the same for every kind of import: which columns mean what, the values of their cells,
the user's answers, the books that are kept of a batch. What the rows mean for the registers is the
business of the app that subclasses `Importer` (`institutions/imports/`).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from governance.errors import BadRequest
from governance.models import ImportRow
from governance.workbooks import BadWorkbook, Sheet, Value, Workbook, cells, tables, text
from governance.workbooks.cells import CellError
from governance.workbooks.heads import Column, Vocabulary
from governance.workbooks.tables import Line, Table

Result = ImportRow.Result
IGNORED = "-"  # as a field: leave this column out
DECISIONS = ("skip", "new", "same", "site")  # on a row that may mean what is there already
HIDDEN = ("read", "skip")  # what becomes of hidden rows
LOST = ("error", "empty")  # … and of numbers that lost their digits


class BadAnswers(BadRequest):
    """The answers (`--map`) cannot be understood; the message says which part."""

    status = 422
    code = "bad_answers"


@dataclass(frozen=True)
class Answers:
    """What only the user can know about a workbook.

    As JSON: `{"head": 3, "columns": {"校名": "name", "C": "-"}, "year": 2022,
    "years": {"查处日期": 2022}, "cells": {"5": {"查处日期": "2022-01-05"}},
    "rows": {"16": "new"}, "duplicates": "skip", "as_of": "2022-12-31",
    "hidden": "skip", "lost": "empty"}`.
    Columns are named by title or letter, rows by their number in the workbook.
    """

    head: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    years: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    duplicates: str = "skip"
    as_of: str = ""
    hidden: str = HIDDEN[0]
    lost: str = LOST[0]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Answers":
        """From JSON; raises `BadAnswers` naming what is wrong."""
        unknown = set(given) - set(cls.__dataclass_fields__)
        if unknown:
            raise BadAnswers(_("Unknown answer: %(names)s") % {"names": ", ".join(sorted(unknown))})
        answers = cls(**given)
        answers.check()
        return answers

    def check(self) -> None:
        parts: list[tuple[str, bool]] = [
            (name, isinstance(getattr(self, name), Mapping))
            for name in ("columns", "years", "cells", "rows")
        ]
        parts.append(("head", self.head is None or is_int(self.head, 1, 1_000_000)))
        parts.append(("duplicates", self.duplicates in DECISIONS))
        parts.append(("hidden", self.hidden in HIDDEN))
        parts.append(("lost", self.lost in LOST))
        parts.append(("as_of", not self.as_of or is_day(self.as_of)))
        parts.append(("year", self.year is None or is_int(self.year, 1900, 2199)))
        if all(fine for _name, fine in parts):
            parts.append(("years", all(is_int(year, 1900, 2199) for year in self.years.values())))
            parts.append(("rows", set(self.rows.values()) <= set(DECISIONS)))
            parts.append(("cells", all(isinstance(row, Mapping) for row in self.cells.values())))
        wrong = next((name for name, fine in parts if not fine), None)
        if wrong:
            raise BadAnswers(_("The answer “%(name)s” has no valid value.") % {"name": wrong})

    def year_of(self, column: Column) -> int | None:
        return self.years.get(column.title) or self.years.get(column.letter) or self.year

    def cell(self, number: int, column: Column) -> str | None:
        row = self.cells.get(str(number), {})
        return row.get(column.title, row.get(column.letter))

    def day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.as_of) if self.as_of else None

    def as_json(self) -> dict[str, Any]:
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}


def is_int(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_day(words: Any) -> bool:
    try:
        dt.date.fromisoformat(words)
    except (ValueError, TypeError):
        return False
    return True


@dataclass(frozen=True)
class Field:
    """A field that a column can fill: the words of its head, and how a cell becomes its value.

    `parse` takes (value, year) and raises `CellError`; `year` is the one the user stated.
    """

    code: str
    label: Any
    words: tuple[str, ...]
    parse: Callable[[Value, int | None], Any]
    private: bool = False
    dated: bool = False  # a year may have to be asked


@dataclass
class Fault:
    """One cell (or, without column, one row) that cannot be taken."""

    column: str
    value: str
    code: str
    sentence: str = ""

    @property
    def message(self) -> str:
        return str(CellError(self.code, self.sentence))

    def as_json(self) -> dict[str, str]:
        return {
            "column": self.column, "value": self.value, "code": self.code,
            "sentence": self.sentence,
        }  # fmt: skip


@dataclass
class Staged:
    """One data row with its values, on the way to a plan."""

    number: int
    section: str = ""
    continues: int | None = None
    hidden: bool = False
    cells: dict[int, Value] = field(default_factory=dict)
    private_cells: dict[int, Value] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Importer:
    """One kind of import: its fields, and the personal columns that are left out."""

    kind: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    personal: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")

    @classmethod
    def field(cls, code: str) -> Field | None:
        return next((known for known in cls.fields if known.code == code), None)

    @classmethod
    def vocabulary(cls) -> Vocabulary:
        return Vocabulary({known.code: known.words for known in cls.fields})

    @classmethod
    def table(cls, book: Workbook, sheet: str | int | None, answers: Answers) -> Table:
        """The table of the sheet that was named, else of the first that has one."""
        if sheet not in (None, ""):
            return cls.found(book.sheet(sheet), answers)
        for candidate in sorted(book.sheets, key=lambda one: one.hidden):
            try:
                return cls.found(candidate, answers)
            except BadWorkbook:
                continue
        raise BadWorkbook("no_table")

    @classmethod
    def found(cls, sheet: Sheet, answers: Answers) -> Table:
        return tables.find(sheet, cls.vocabulary(), at=answers.head, say=answers.columns)

    @classmethod
    def stage(
        cls, columns: Sequence[Column], lines: Iterable[Line], answers: Answers
    ) -> list[Staged]:
        """Every line with its values or faults; personal columns without a field are dropped."""
        readers = [cls.reader(column, answers) for column in columns]
        return [cls.staged(line, readers, answers) for line in lines]

    @classmethod
    def reader(cls, column: Column, answers: Answers) -> "Reader":
        known = cls.field(column.field) if column.field else None
        withheld = known is None and bool(cls.personal.search(cells.folded(column.title)))
        return Reader(column, known, withheld, answers.year_of(column), answers.lost == LOST[1])

    @classmethod
    def staged(cls, line: Line, readers: Sequence["Reader"], answers: Answers) -> Staged:
        row = Staged(line.number, line.section, line.continues, line.hidden)
        fixed = str(line.number) in answers.cells
        for reader in readers:
            index = reader.column.index
            value = line.cells.get(index)
            if reader.withheld or (value is None and not fixed):
                continue
            (row.private_cells if reader.private else row.cells)[index] = value
            if fixed and (said := answers.cell(line.number, reader.column)) is not None:
                value = said
            reader.take(row, value)
        return row


@dataclass
class Reader:
    """Reads one column."""

    column: Column
    field: Field | None
    withheld: bool
    year: int | None
    lost_is_empty: bool = False

    @property
    def private(self) -> bool:
        return bool(self.field and self.field.private)

    def take(self, row: Staged, value: Value) -> None:
        if self.field is None or cells.blank(value):
            return
        try:
            found = self.field.parse(value, self.year)
        except CellError as error:
            if self.lost_is_empty and error.code == "digits_lost":
                row.notes.append(f"lost:{self.column.label}")
            else:
                row.faults.append(self.fault(value, error))
            return
        if found is None:  # a word that is not known: the cell is kept, the row goes in
            row.notes.append(f"unknown:{self.column.label}")
        else:
            row.values[self.field.code] = found

    def fault(self, value: Value, error: CellError) -> Fault:
        shown = "" if self.private else text(value)
        return Fault(self.column.label, shown, error.code, error.sentence)


@dataclass
class Outcome:
    """What one row comes to."""

    row: Staged
    result: str = Result.ERROR
    target_id: int | None = None
    target_row: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    target_version: int | None = None
    undo: dict[str, Any] = field(default_factory=dict)
