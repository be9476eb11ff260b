"""Importing the State Council notice of a year; running clocks are then worked out anew.

Two shapes are read: CSV with the columns 日期, 名称, isOffDay (and 来源…), and JSON with
`{"year": 2027, "papers": [...], "days": [{"name", "date", "isOffDay"}]}`.
"""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, people, workdays
from governance.errors import BadRequest
from governance.models.calendar import CalendarDay, CalendarNotice
from governance.models.people import Membership
from governance.workdays import SATURDAY

DATA = Path(__file__).parent / "data"
COLUMNS = ("日期", "名称", "isOffDay")
MOST_DAYS = 120  # a notice names about forty


class BadNotice(BadRequest):
    """The file is not a notice; the message names the line and what is wrong with it."""

    code = "bad_notice"


@dataclass(frozen=True)
class Day:
    day: dt.date
    name: str
    is_off: bool


@dataclass(frozen=True)
class Notice:
    """A notice as read from a file."""

    year: int
    source: str
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Imported:
    """What an import changed."""

    year: int
    days: int
    changed: bool
    clocks: int  # running clocks whose due date or mark changed


@transaction.atomic
def import_notice(notice: Notice, *, by: Membership) -> Imported:
    """Put a notice in force (replacing an earlier one of its year) and recompute running clocks."""
    days = {day.day: day for day in notice.days}
    if _in_force(notice.year) == (notice.source, set(notice.days)):
        return Imported(notice.year, len(days), changed=False, clocks=0)
    row, _created = CalendarNotice.objects.update_or_create(
        year=notice.year,
        defaults={
            "source": notice.source,
            "imported_at": daylight.now(),
            "imported_by": by,
        },
    )
    CalendarDay.objects.filter(notice=row).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(notice=row, day=d.day, name=d.name, is_off=d.is_off) for d in days.values()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["notice", "name", "is_off"],
    )
    workdays.forget()
    transaction.on_commit(workdays.forget)
    clocks = deadlines.recompute_open(reason=_notice_reason(notice.year), by=by)
    facts = {"source": notice.source, "days": len(days), "clocks": clocks}
    audit.record(audit.Verb.CALENDAR_IMPORTED, row, by=by, **facts)
    return Imported(notice.year, len(days), changed=True, clocks=clocks)


def _in_force(year: int) -> tuple[str, set[Day]] | None:
    row = CalendarNotice.objects.filter(year=year).first()
    if row is None:
        return None
    return row.source, {Day(day.day, day.name, day.is_off) for day in row.days.all()}


def _notice_reason(year: int) -> str:
    return _("The notice of %(year)s was imported.") % {"year": year}


def load_calendar() -> int:
    """Import the notices of `governance/data/`; may run again. Returns how many years."""
    paths = sorted(DATA.glob("holidays_*.csv"))
    for path in paths:
        import_notice(read_notice(path.read_bytes(), path.name), by=people.system_actor())
    return len(paths)


def read_notice(content: bytes, name: str) -> Notice:
    """Parse and check a notice file; `BadNotice` with the line number otherwise."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadNotice(_("The file is not UTF-8 text.")) from error
    year, source, rows = _from_json(text) if name.endswith(".json") else _from_csv(text)
    days = tuple(_day(line, row) for line, row in rows)
    if not days or len(days) > MOST_DAYS:
        raise BadNotice(_("The file names %(count)s days.") % {"count": len(days)})
    _refuse_repeated(days)
    year = year or Counter(day.day.year for day in days).most_common(1)[0][0]
    _refuse_far(days, year)
    return Notice(year, source, days)


Rows = Iterator[tuple[int, dict[str, Any]]]


def _from_json(text: str) -> tuple[int, str, Rows]:
    try:
        body = json.loads(text)
        year, source = int(body["year"]), " ".join(body.get("papers", []))
        listed = [(place, dict(day)) for place, day in enumerate(body["days"], 1)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadNotice(_("The file is not a notice in JSON.")) from error
    return year, source[:300], iter(listed)


def _from_csv(text: str) -> tuple[int, str, Rows]:
    reader = csv.DictReader(io.StringIO(text))
    columns = reader.fieldnames or []
    missing = set(COLUMNS) - set(columns)
    if missing:
        raise BadNotice(
            _("Columns are missing: %(names)s.") % {"names": ", ".join(sorted(missing))}
        )
    listed = list(reader)
    source_column = next((column for column in columns if column.startswith("来源")), "")
    source = (listed[0].get(source_column) or "") if listed else ""
    return 0, source, ((line, _named(row)) for line, row in enumerate(listed, 2))


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(("date", "name", "isOffDay"), (row[name] for name in COLUMNS), strict=True))


def _day(line: int, row: dict[str, Any]) -> Day:
    off = {"true": True, "false": False}.get(str(row.get("isOffDay")).strip().lower())
    try:
        day = dt.date.fromisoformat(str(row.get("date")).strip())
    except ValueError:
        day = None
    if day is None or off is None:
        raise BadNotice(_("Line %(line)s is not a day of a notice.") % {"line": line})
    if not off and day.weekday() < SATURDAY:
        raise BadNotice(
            _("Line %(line)s: %(day)s is no weekend day and cannot be a make-up workday.")
            % {"line": line, "day": day}
        )
    return Day(day, str(row.get("name") or "").strip()[:40], off)


def _refuse_repeated(days: tuple[Day, ...]) -> None:
    repeated = [day for day, count in Counter(day.day for day in days).items() if count > 1]
    if repeated:
        raise BadNotice(_("%(day)s stands twice in the file.") % {"day": repeated[0]})


def _refuse_far(days: tuple[Day, ...], year: int) -> None:
    for day in days:
        if abs(day.day.year - year) > 1:
            raise BadNotice(
                _("%(day)s does not belong to the notice of %(year)s.")
                % {"day": day.day, "year": year}
            )
