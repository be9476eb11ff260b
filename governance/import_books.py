"""The books that are kept of an import: its rows, what they came to, what is left of them later."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from governance import bulk, daylight, import_files, workflow
from governance.audit import Verb
from governance.imports import IGNORED, Answers, Importer, Outcome, Result
from governance.models import ImportBatch, ImportRow, Membership
from governance.workbooks import Value
from governance.workbooks.door import value as decoded
from governance.workbooks.heads import Column
from governance.workbooks.tables import Line

DAYS_A_PREVIEW_WAITS = 30
LOST_FROM = 1e15  # a spreadsheet keeps 15 digits of a number


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rows of each result; they add up to all rows."""
    found = Counter(outcome.result for outcome in outcomes)
    return {str(result): found[result] for result in Result} | {"rows": found.total()}


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The answer of the command line. `rows` = new + changed + unchanged + duplicates + sites +
    rows with errors (+ skipped, hidden rows that were to be left out); a row with several bad cells
    appears once per cell in `errors`.
    """
    counts = counted(outcomes)
    return {
        "rows": counts["rows"],
        "new": counts[Result.NEW],
        "changed": counts[Result.CHANGED],
        "unchanged": counts[Result.UNCHANGED],
        "duplicates": counts[Result.DUPLICATE],
        "sites": counts[Result.SITE],
        "errors": [
            {
                "row": outcome.row.number, "column": fault.column, "value": fault.value,
                "message": fault.message,
            }
            for outcome in outcomes
            if outcome.result == Result.ERROR
            for fault in outcome.row.faults
        ],
    } | ({"skipped": counts[Result.SKIPPED]} if counts[Result.SKIPPED] else {})  # fmt: skip


def digest(file: Any) -> str:
    """SHA-256 of a file, so that the same one coming twice is noticed."""
    sha = hashlib.sha256()
    file.seek(0)
    for piece in iter(lambda: file.read(1 << 20), b""):
        sha.update(piece)
    file.seek(0)
    return sha.hexdigest()


def described(columns: Iterable[Column], importer: type[Importer]) -> list[dict[str, Any]]:
    """Columns as the batch keeps them."""
    return [
        {
            "index": column.index, "letter": column.letter, "title": column.title,
            "group": column.group,
            "field": column.field, "hidden": column.hidden,
            "withheld": importer.reader(column, Answers()).withheld,
        }
        for column in columns
    ]  # fmt: skip


KEPT = (
    "number", "section", "continues", "hidden", "cells", "private_cells", "result", "errors",
    "changes", "notes", "target_id", "target_row", "target_version", "undo",
)  # fmt: skip


def keep(batch: ImportBatch, outcomes: Sequence[Outcome]) -> None:
    """Write the rows of a batch anew."""
    ImportRow.objects.filter(batch=batch).delete()
    bulk.insert_values(ImportRow, KEPT, [kept(outcome) for outcome in outcomes], batch=batch)


def replaced(batch: ImportBatch, outcome: Outcome) -> dict[str, int]:
    """Write one row of a batch anew; returns the counts with it."""
    row = ImportRow.objects.filter(batch=batch, number=outcome.row.number)
    counts = dict(batch.counts)
    counts[row.values_list("result", flat=True).get()] -= 1
    counts[outcome.result] = counts.get(outcome.result, 0) + 1
    row.delete()
    bulk.insert_values(ImportRow, KEPT, [kept(outcome)], batch=batch)
    return counts


def kept(outcome: Outcome) -> tuple[Any, ...]:
    row, private = outcome.row, outcome.row.private_cells
    return (
        row.number,
        row.section[:300],
        row.continues,
        row.hidden,
        encoded(row.cells),
        json.dumps(encoded(private)) if private else "",
        outcome.result,
        [fault.as_json() for fault in row.faults],
        outcome.changes,
        row.notes,
        outcome.target_id,
        outcome.target_row,
        outcome.target_version,
        json.dumps(outcome.undo, default=str) if outcome.undo else "",
    )


def encoded(row: Mapping[int, Value]) -> dict[str, Any]:
    """Cells as JSON, with dates told from text."""
    return {str(index): encoded_cell(value) for index, value in row.items()}


def encoded_cell(value: Value) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, float) and abs(value) >= LOST_FROM:
        return repr(value)  # the database would make a whole number of it, as if no digit were lost
    if isinstance(value, str | int | float) or value is None:
        return value
    return {"y": value.stored.isoformat()}


def columns_of(batch: ImportBatch) -> list[Column]:
    """The columns of a batch, with the user's choice of fields applied."""
    said = batch.answers.get("columns", {})
    found = []
    for kept_column in batch.columns:
        column = Column(
            kept_column["index"], kept_column["title"], kept_column["group"],
            kept_column["field"], kept_column["hidden"],
        )  # fmt: skip
        choice = said.get(column.title) or said.get(column.letter)
        if choice:
            column.field = None if choice == IGNORED else choice
        found.append(column)
    return found


def lines_of(batch: ImportBatch, only: int | None = None) -> list[Line]:
    """The data rows of a batch, or one of them, as they were read."""
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    if only is not None:
        rows = rows.filter(number=only)
    found = []
    for row in rows.iterator(chunk_size=2_000):
        read = row.cells | (json.loads(row.private_cells) if row.private_cells else {})
        cells_ = {int(index): decoded(cell) for index, cell in read.items()}
        found.append(Line(row.number, cells_, row.section, row.continues, row.hidden))
    return found


def drop_old_previews(*, by: Membership) -> int:
    """Delete the rows of previews that nobody confirmed for a month; returns how many."""
    before = daylight.now() - dt.timedelta(days=DAYS_A_PREVIEW_WAITS)
    open_ = (ImportBatch.Status.PREVIEWED, ImportBatch.Status.FAILED)
    waiting = ImportBatch.objects.filter(status__in=open_, created_at__lt=before)
    for batch in waiting:
        drop(batch, by=by)
    return len(waiting)


@transaction.atomic
def drop(batch: ImportBatch, *, by: Membership, version: int | None = None) -> None:
    """Give a preview up; its rows are deleted."""
    workflow.move(
        batch, ImportBatch.Status.DROPPED, verb=Verb.IMPORT_DROPPED, by=by, version=version
    )
    ImportRow.objects.filter(batch=batch).delete()
    import_files.drop(batch)
