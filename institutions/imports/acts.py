"""The acts of an import: look, answer, apply, drop, undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import (
    audit,
    bulk,
    competence,
    daylight,
    import_files,
    import_memory,
    import_remarks,
    workbooks,
    workflow,
)
from governance import import_books as books
from governance.audit import Verb
from governance.imports import Answers, Result
from governance.models import Department, Division, ImportBatch, ImportRow, Membership
from governance.scoping import require
from governance.workbooks.tables import Line, Table
from governance.workflow import Refused
from institutions import duties
from institutions.imports import register
from institutions.imports import undo as undoing
from institutions.imports.apply import Application
from institutions.imports.fields import Ledger
from institutions.imports.plan import Planner, Step
from institutions.services import next_numbers

Status = ImportBatch.Status
FEW = 2_000  # rows that are planned while the user waits
ALL, SKIP = "all", "skip"  # what becomes of the good rows while others are wrong


class RegisterMoved(Refused):
    """The register changed between preview and confirmation, so the preview is no longer true."""

    code = "register_moved"


class RowsLeftOut(Refused):
    """All or nothing was asked for, and some rows cannot go in."""

    code = "rows_left_out"


class NoDepartment(Refused):
    """Nobody keeps the register of the place yet."""

    code = "no_department"


def look(
    file: Any,
    context: Division,
    answers: Answers,
    *,
    by: Membership,
    sheet: str | int | None = None,
) -> tuple[Table, list[Step]]:
    """What the workbook would do to the register; writes nothing. Raises `BadWorkbook`."""
    table, answers = understood(file, answers, by=by, sheet=sheet)
    return table, planned(table.columns, table.lines, context, answers, by=by)


@bulk.no_sweeps()
def understood(
    file: Any, answers: Answers, *, by: Membership, sheet: str | int | None = None
) -> tuple[Table, Answers]:
    """The table of a workbook, its columns as guessed, as remembered for such heads, or as said."""
    book = workbooks.read(file)
    table = Ledger.table(book, sheet, answers)
    remembered = import_memory.recall(Ledger.kind, table.columns, by=by)
    if not remembered:
        return table, answers
    answers = replace(answers, columns=remembered | dict(answers.columns))
    return Ledger.table(book, sheet, answers), answers


@bulk.no_sweeps()
def planned(
    columns: Sequence[Any], lines: Sequence[Line], context: Division, answers: Answers,
    *, by: Membership,
) -> list[Step]:  # fmt: skip
    rows = Ledger.stage(columns, lines, answers)
    known = register.of_county(context.county_code, by)
    return Planner(known, context, columns, answers, by=by).steps(rows)


@transaction.atomic
def preview(
    file: Any,
    context: Division,
    *,
    by: Membership,
    name: str = "",
    sheet: str | int | None = None,
    answers: Answers | None = None,
) -> ImportBatch:
    """Read a workbook and keep what it would do, for the user to look at."""
    require(by, duties.REGISTER)
    said = answers or Answers()
    table, answers = understood(file, said, by=by, sheet=sheet)
    steps = planned(table.columns, table.lines, context, answers, by=by)
    batch = opened(file, context, by=by, name=name)
    fill(batch, table, answers, remembered=answers != said)
    import_files.keep(batch, file)
    kept(batch, steps)
    audit.record(Verb.IMPORT_PREVIEWED, batch, by=by, counts=batch.counts)
    return batch


def opened(file: Any, context: Division, *, by: Membership, name: str, **more: Any) -> ImportBatch:
    """A batch without its rows."""
    return ImportBatch.objects.create(
        kind=Ledger.kind,
        division=context,
        lead=by.department or keeper(context),
        created_by=by,
        file_name=name[-200:],
        sha256=books.digest(file),
        **more,
    )


def fill(batch: ImportBatch, table: Table, answers: Answers, *, remembered: bool = False) -> None:
    """What the batch keeps of the table that was found."""
    found = {
        "sheet": table.sheet[:100],
        "title": table.title[:300],
        "columns": books.described(table.columns, Ledger),
        "passed": [[row.number, row.reason, row.text[:200]] for row in table.passed],
        "answers": answers.as_json(),
        "remarks": import_remarks.of(table, remembered=remembered),
    }
    ImportBatch.objects.filter(pk=batch.pk).update(**found)
    for name, value in found.items():
        setattr(batch, name, value)


def keeper(context: Division) -> Department:
    """The education department of the place, which keeps its register."""
    found = competence.department("EDU", context)
    if found is None:
        raise NoDepartment(
            _("%(place)s has no education department yet.") % {"place": context.name}
        )
    return found


def kept(batch: ImportBatch, steps: Sequence[Step]) -> None:
    books.keep(batch, steps)
    batch.counts = books.counted(steps)
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)


def again(batch: ImportBatch, *, by: Membership, only: int | None = None) -> list[Step]:
    """The plan of a batch (or of one row) against the register as it is now."""
    answers = Answers.of(batch.answers)
    columns, lines = books.columns_of(batch), books.lines_of(batch, only)
    return planned(columns, lines, batch.division, answers, by=by)


@transaction.atomic
def answer(
    batch: ImportBatch, answers: Mapping[str, Any], *, by: Membership, version: int | None = None
) -> ImportBatch:
    """Take the user's answers (year, columns, cells, likely duplicates) and plan anew."""
    say(batch, answers, by=by, version=version)
    kept(batch, again(batch, by=by))
    return batch


def say(
    batch: ImportBatch, answers: Mapping[str, Any], *, by: Membership, version: int | None = None
) -> None:
    """Keep the answers without planning."""
    require(by, duties.REGISTER)
    if batch.status != Status.PREVIEWED:
        raise Refused(_("This import is no longer in preview."))
    Answers.of(answers)
    workflow.change(batch, verb=Verb.IMPORT_ANSWERED, by=by, version=version, answers=dict(answers))


@transaction.atomic
def mend(batch: ImportBatch, number: int, cells: Mapping[str, str], *, by: Membership) -> None:
    """Take what cells of one row should read; with many rows only that row is planned anew, and
    what it means to the others is looked at when the import is confirmed."""
    known = batch.answers.get("cells", {})
    row = {**known.get(str(number), {}), **cells}
    answers = batch.answers | {"cells": {**known, str(number): row}}
    if batch.counts.get("rows", 0) <= FEW:
        answer(batch, answers, by=by)
        return
    say(batch, answers, by=by)
    [step] = again(batch, by=by, only=number)
    batch.counts = books.replaced(batch, step)
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)


@transaction.atomic
def apply(
    batch: ImportBatch, *, by: Membership, version: int | None = None, mode: str = SKIP
) -> ImportBatch:
    """Do what the preview shows in one transaction. Rows with errors and undecided likely
    duplicates stay out, or, with mode ALL, keep every other row out too (`RowsLeftOut`).
    Raises `RegisterMoved` when the register is no longer what it was then.
    """
    require(by, duties.REGISTER)
    next_numbers(batch.division.county_code, 0)  # one import at a time in a county
    steps = again(batch, by=by)
    check_mode(steps, mode)
    shown = dict(ImportRow.objects.filter(batch=batch).values_list("number", "result"))
    if shown != {step.row.number: step.result for step in steps}:
        raise RegisterMoved(
            _("The register changed since the preview. Look at the rows again, then confirm.")
        )
    carry_out(batch, steps, by=by, version=version, mode=mode)
    return batch


def left_out(batch: ImportBatch) -> int:
    """Rows that stay out as the preview stands."""
    return sum(batch.counts.get(code, 0) for code in (Result.DUPLICATE, Result.ERROR))


def check_mode(steps: Sequence[Step], mode: str) -> None:
    left = sum(step.result in (Result.ERROR, Result.DUPLICATE) for step in steps)
    if mode == ALL and left:
        words = ngettext(
            "Nothing was entered: %(n)s row has an error or a likely duplicate.",
            "Nothing was entered: %(n)s rows have errors or likely duplicates.",
            left,
        )
        raise RowsLeftOut(words % {"n": left})


@bulk.no_sweeps()
def carry_out(
    batch: ImportBatch,
    steps: Sequence[Step],
    *,
    by: Membership,
    version: int | None = None,
    mode: str = SKIP,
) -> None:
    workflow.move(
        batch, Status.APPLIED, verb=Verb.IMPORT_APPLIED, by=by, version=version,
        also={"applied_at": daylight.now()}, counts=books.counted(steps), mode=mode,
    )  # fmt: skip
    Application(batch, Answers.of(batch.answers).day(), by=by).run(steps)
    kept(batch, steps)


@transaction.atomic
def bring_in(
    file: Any,
    context: Division,
    answers: Answers,
    *,
    by: Membership,
    name: str,
    sheet: str | int | None = None,
    mode: str = SKIP,
) -> tuple[Table, list[Step], ImportBatch]:
    """Read and apply in one go, for the command line."""
    require(by, duties.REGISTER)
    next_numbers(context.county_code, 0)
    table, answers = understood(file, answers, by=by, sheet=sheet)
    steps = planned(table.columns, table.lines, context, answers, by=by)
    check_mode(steps, mode)
    batch = opened(file, context, by=by, name=name)
    fill(batch, table, answers)
    carry_out(batch, steps, by=by, mode=mode)
    return table, steps, batch


@transaction.atomic
def undo(batch: ImportBatch, *, by: Membership, version: int | None = None) -> int:
    """Take an applied import back; refused once somebody worked with one of its rows."""
    require(by, duties.WEED)
    next_numbers(batch.division.county_code, 0)
    workflow.move(
        batch, Status.UNDONE, verb=Verb.IMPORT_UNDONE, by=by, version=version,
        also={"undone_at": daylight.now()},
    )  # fmt: skip
    return undoing.undo(batch, by=by)
