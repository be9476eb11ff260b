"""The school year of a county: terms and holidays by stage, and the hours of a school day.

Rule R15 needs the holidays and R16 the hours: whoever changes them has the institutions of the
county checked anew. A row is set one at a time or from a file with the
columns 学年, 时段, 开始日期, 结束日期, 学段 (terms) or 学段, 上课时间, 下课时间 (hours).
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, labels
from governance.audit import Verb
from governance.errors import BadRequest
from governance.models import Division, Membership, Role, SchoolHours, SchoolTerm
from governance.scoping import Duty, require
from governance.workflow import Refused
from institutions.leads import due

Part = SchoolTerm.Part
TERM_COLUMNS = ("学年", "时段", "开始日期", "结束日期", "学段")
HOUR_COLUMNS = ("学段", "上课时间", "下课时间")
STAGES = ("PRE", "PRIMARY", "JUNIOR", "SENIOR")
MOST_ROWS, LONGEST = 200, 250  # rows of a file; days of a term or holiday
YEAR = re.compile(r"(\d{4})-(\d{4})")
KEEP = Duty(
    "school_year.keep",
    gettext_lazy("Keep the school year of the county"),
    frozenset({Role.SYSADMIN, Role.CLERK, Role.LEADER}),
    frozenset({"EDU"}),
)


class BadSchoolYear(BadRequest):
    """The file is not what was asked for; the message names the line and what is wrong."""

    code = "bad_school_year"


@dataclass(frozen=True)
class TermRow:
    """A term or holiday as it is entered; no stages means all."""

    school_year: str
    part: str
    starts_on: dt.date
    ends_on: dt.date
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class HourRow:
    """A part of the school day of a stage."""

    stage: str
    starts_at: dt.time
    ends_at: dt.time


@transaction.atomic
def set_term(county: Division, row: TermRow, *, by: Membership) -> SchoolTerm:
    """Enter or correct one term or holiday of a county; `Refused` when it contradicts others."""
    require(by, KEEP)
    _refuse_stranger(county, by)
    made = _put(county, row, by)
    due.mark_county(county.pk)
    return made


def _put(county: Division, row: TermRow, by: Membership) -> SchoolTerm:
    check_term(row)
    stages = sorted(row.stages)
    _refuse_overlap(county, row, stages)
    made, _created = SchoolTerm.objects.update_or_create(
        division=county, school_year=row.school_year, part=row.part, stages=stages,
        defaults={"starts_on": row.starts_on, "ends_on": row.ends_on, "recorded_by": by},
    )  # fmt: skip
    audit.record(
        Verb.SCHOOL_TERM_SET, made, by=by, county=county.pk, starts_on=row.starts_on,
        ends_on=row.ends_on, stages=stages,
    )  # fmt: skip
    return made


def check_term(row: TermRow) -> None:
    """Pass, or refuse a school year, span or stage that cannot be."""
    match = YEAR.fullmatch(row.school_year)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise Refused(_("A school year is written like 2026-2027."))
    days = (row.ends_on - row.starts_on).days
    if not 0 < days <= LONGEST:
        raise Refused(_("%(part)s lasts from a day to %(most)s days.") % {
            "part": labels.label("SchoolTerm.part", row.part), "most": LONGEST})  # fmt: skip
    if not {row.starts_on.year, row.ends_on.year} <= {int(match[1]), int(match[2])}:
        raise Refused(
            _("%(day)s does not lie in the school year %(year)s.")
            % {"day": row.starts_on, "year": row.school_year}
        )


def _refuse_overlap(county: Division, row: TermRow, stages: list[str]) -> None:
    others = SchoolTerm.objects.filter(
        division=county, starts_on__lte=row.ends_on, ends_on__gte=row.starts_on
    ).exclude(school_year=row.school_year, part=row.part, stages=stages)
    for other in others:
        if not stages or not other.stages or set(stages) & set(other.stages):
            raise Refused(_("It overlaps with %(other)s.") % {"other": other})


def _refuse_stranger(county: Division, by: Membership) -> None:
    if not (by.department and by.department.covers(county.pk)):
        raise Refused(_("This county is not yours."))


@transaction.atomic
def remove_term(row: SchoolTerm, *, by: Membership) -> None:
    """Take out a term or holiday; its days are then not known to be either."""
    require(by, KEEP)
    _refuse_stranger(row.division, by)
    audit.record(
        Verb.SCHOOL_TERM_REMOVED, row, by=by, county=row.division_id, starts_on=row.starts_on,
        ends_on=row.ends_on,
    )  # fmt: skip
    row.delete()
    due.mark_county(row.division_id)


@transaction.atomic
def import_terms(county: Division, rows: list[TermRow], *, by: Membership) -> int:
    """Put the school years of a file in the place of those of the same name; returns how many
    rows."""
    require(by, KEEP)
    _refuse_stranger(county, by)
    years = {row.school_year for row in rows}
    SchoolTerm.objects.filter(division=county, school_year__in=years).delete()
    for row in rows:
        _put(county, row, by)
    due.mark_county(county.pk)
    return len(rows)


@transaction.atomic
def set_hours(county: Division, rows: list[HourRow], *, by: Membership) -> int:
    """Replace the school hours of a county; `Refused` when parts of a stage overlap."""
    require(by, KEEP)
    _refuse_stranger(county, by)
    _refuse_crossed(rows)
    SchoolHours.objects.filter(division=county).delete()
    SchoolHours.objects.bulk_create(
        SchoolHours(
            division=county, stage=row.stage, starts_at=row.starts_at, ends_at=row.ends_at,
            recorded_by=by,
        )
        for row in rows
    )  # fmt: skip
    told = [f"{row.stage} {row.starts_at:%H:%M}-{row.ends_at:%H:%M}" for row in rows]
    audit.record(Verb.SCHOOL_HOURS_SET, county, by=by, hours=told)
    due.mark_county(county.pk)
    return len(rows)


def _refuse_crossed(rows: list[HourRow]) -> None:
    last: dict[str, dt.time] = {}
    for row in sorted(rows, key=lambda row: (row.stage, row.starts_at)):
        if row.ends_at <= row.starts_at or last.get(row.stage, dt.time.min) > row.starts_at:
            raise Refused(
                _("The hours of %(stage)s do not follow one another.")
                % {"stage": labels.label("Institution.stage", row.stage)}
            )
        last[row.stage] = row.ends_at


# --- reading files -------------------------------------------------------------------------------


def read_terms(content: bytes) -> list[TermRow]:
    """The rows of a file of terms; `BadSchoolYear` with the line number otherwise."""
    return [_term(line, cells) for line, cells in _rows(content, TERM_COLUMNS)]


def _term(line: int, cells: dict[str, str]) -> TermRow:
    try:
        return TermRow(
            school_year=cells["学年"],
            part=coded("SchoolTerm.part", cells["时段"]),
            starts_on=dt.date.fromisoformat(cells["开始日期"]),
            ends_on=dt.date.fromisoformat(cells["结束日期"]),
            stages=_stages(cells["学段"]),
        )
    except ValueError as error:
        raise _bad(line) from error


def read_hours(content: bytes) -> list[HourRow]:
    """The rows of a file of school hours."""
    return [_hour(line, cells) for line, cells in _rows(content, HOUR_COLUMNS)]


def _hour(line: int, cells: dict[str, str]) -> HourRow:
    try:
        [stage] = _stages(cells["学段"])
        starts_at = dt.time.fromisoformat(cells["上课时间"].zfill(5))
        return HourRow(stage, starts_at, dt.time.fromisoformat(cells["下课时间"].zfill(5)))
    except ValueError as error:
        raise _bad(line) from error


def _bad(line: int) -> BadSchoolYear:
    return BadSchoolYear(_("Line %(line)s cannot be read.") % {"line": line})


def _stages(cell: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[;、,，；]", cell) if part.strip()]
    return tuple(coded("Institution.stage", part.strip()) for part in parts)


def coded(domain: str, word: str) -> str:
    """The code of a word in either language, or the code itself; `ValueError` for others."""
    for code, entry in labels.table()[domain].items():
        if word in (code, entry.zh, entry.en):
            return code
    raise ValueError(word)


def _rows(content: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSchoolYear(_("The file is not UTF-8 text.")) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = set(columns) - set(reader.fieldnames or [])
    if missing:
        names = ", ".join(sorted(missing))
        raise BadSchoolYear(_("Columns are missing: %(names)s.") % {"names": names})
    rows: list[dict[str, Any]] = list(reader)
    if not rows or len(rows) > MOST_ROWS:
        raise BadSchoolYear(_("The file has %(count)s rows.") % {"count": len(rows)})
    for line, row in enumerate(rows, 2):
        yield line, {name: (row[name] or "").strip() for name in columns}
