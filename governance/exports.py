"""Exports: columns over a scoped queryset, as xlsx or CSV, exactly what the page shows.

Subclass, name the columns, return scoped rows:

    class OverdueTasks(Export):
        title = _("Overdue rectification")
        columns = (Column(_("Institution"), lambda task: task.institution_name),
                   Column(_("Due"), lambda task: task.due_on, DATE))

        def rows(self):
            return RectificationTask.objects.visible_to(self.actor).overdue()

    return OverdueTasks(request.actor, filters="城关镇").response("xlsx")
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, ClassVar

from django.db import models
from django.http import FileResponse
from django.utils.translation import gettext as _

from governance import audit, daylight
from governance.models import Membership
from governance.workbooks.writer import ARMED, DATE, MOMENT, MONEY, NUMBER, TEXT, SheetWriter

__all__ = ["DATE", "MOMENT", "MONEY", "NUMBER", "TEXT", "Column", "Export"]

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Column:
    """`value` takes one row of `rows()`; text keeps identifiers as they are; width in signs."""

    label: Any  # a lazy translation
    value: Callable[[Any], Any]
    kind: str = TEXT
    width: int = 16


class Export:
    """One list as a file. One statement per `chunk` rows and prefetch; memory does not grow."""

    title: ClassVar[Any] = ""
    columns: ClassVar[Sequence[Column]] = ()
    chunk: ClassVar[int] = 2_000

    def __init__(self, actor: Membership, *, filters: str = "") -> None:
        """`filters` is the sentence that says which rows these are, as shown above the list."""
        self.actor, self.filters = actor, filters

    def rows(self) -> models.QuerySet[Any]:
        """The rows to write, fetched through `visible_to(self.actor)`."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """Which rows, whose hand, when: printed above the table."""
        made = daylight.now().astimezone(daylight.ZONE)
        return [
            _("Filter: %(filters)s") % {"filters": self.filters or _("none, all rows")},
            _("Exported by %(person)s at %(time)s")
            % {"person": self.actor, "time": made.strftime("%Y-%m-%d %H:%M")},
        ]

    def below(self) -> list[str]:
        """Lines under the table, for lists that are cut from their head and passed on."""
        return []

    def records(self) -> Iterator[list[Any]]:
        getters = [column.value for column in self.columns]
        for row in self.rows().iterator(chunk_size=self.chunk):
            yield [get(row) for get in getters]

    def write(self, kind: str, out: IO[bytes]) -> int:
        """Write the file to `out`; returns the number of rows. `kind` is xlsx or csv."""
        return self.write_csv(out) if kind == "csv" else self.write_xlsx(out)

    def write_xlsx(self, out: IO[bytes]) -> int:
        heads = [(str(column.label), column.kind, column.width) for column in self.columns]
        title, count = str(self.title), 0
        with SheetWriter(out, title, heads, title=title, notes=self.notes()) as sheet:
            for record in self.records():
                sheet.row(record)
                count += 1
            for words in self.below():
                sheet.note(words)
        return count

    def write_csv(self, out: IO[bytes]) -> int:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
        lines, count = csv.writer(text), 0
        lines.writerows([[str(self.title)], *([note] for note in self.notes())])
        lines.writerow([str(column.label) for column in self.columns])
        for record in self.records():
            lines.writerow([plain(value) for value in record])
            count += 1
        lines.writerows([[words] for words in self.below()])
        text.flush()
        text.detach()
        return count

    def made(self, kind: str) -> tuple[IO[bytes], int]:
        """The file from its beginning and its number of rows; recorded with the filter."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 (who sends or keeps it closes it)
        count = self.write(kind, file)
        file.seek(0)
        audit.record(
            audit.Verb.EXPORTED, None, by=self.actor,
            title=str(self.title), filters=self.filters, rows=count, kind=kind,
        )  # fmt: skip
        return file, count

    def response(self, kind: str) -> FileResponse:
        """The file as an HTTP answer."""
        kind = kind if kind in CONTENT_TYPES else "xlsx"
        return download(self.made(kind)[0], self.title, kind)


def download(file: IO[bytes], title: Any, kind: str) -> FileResponse:
    name = f"{title}_{daylight.today():%Y%m%d}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def plain(value: Any) -> Any:
    """A CSV cell: dates by ISO, moments in Asia/Shanghai, what begins like a formula disarmed."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(ARMED) else value
    if isinstance(value, dt.datetime):
        local = value.astimezone(daylight.ZONE) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    return value if isinstance(value, int | float | Decimal) else plain(str(value or ""))


def sentence(parts: Iterable[str]) -> str:
    """The words of the active filters as one line."""
    return "; ".join(part for part in parts if part)
