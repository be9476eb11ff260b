"""The two lists of persons that staff are held against, loaded from workbooks.

Only keyed hashes of the ids are kept. What the lists say of somebody is asked by the hash.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, bulk, private_fields
from governance.audit import Verb
from governance.models import Division, Membership
from governance.scoping import COUNTY_DIGITS, DutyMissing, require
from governance.workbooks import BadWorkbook, Value, Workbook, cells, tables
from governance.workbooks.cells import CellError
from governance.workbooks.heads import Vocabulary
from governance.workflow import Refused
from institutions.duties import LOAD_STAFF_LISTS
from institutions.leads import due
from institutions.models import BarredPerson, InServiceTeacher, StaffMember
from institutions.models.staff import ID_PURPOSE

WORDS = Vocabulary(
    {
        "id_number": ("身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码", "id number"),
        "school": ("学校", "学校名称", "任教学校", "工作单位", "单位", "单位名称", "school"),
        "basis": ("依据", "事由", "原因", "列入原因", "basis"),
        "since": ("起始日期", "列入日期", "禁止起始日期", "since"),
        "until": ("截止日期", "解除日期", "禁止截止日期", "until"),
    }
)


@dataclass(frozen=True)
class Loaded:
    """What a load came to: rows taken, rows left out with their numbers, matches found."""

    taken: int
    wrong: list[int]
    matches: int


@transaction.atomic
def load_teachers(book: Workbook, *, as_of: dt.date, by: Membership) -> Loaded:
    """Replace the school staff list of the actor's county by the one in the workbook."""
    county = _county(by)
    found, wrong = _read(book, ("id_number", "school"))
    schools = {row["hash"]: str(row.get("school") or "")[:80] for row in found}
    if not schools:
        raise Refused(_("The workbook holds no identity number."))
    InServiceTeacher.objects.filter(county=county).delete()
    bulk.insert_values(
        InServiceTeacher, ("id_hash", "school"), list(schools.items()),
        county=county, as_of=as_of, recorded_by=by,
    )  # fmt: skip
    return _done("school", schools, wrong, county, by, as_of=as_of)


@transaction.atomic
def load_barred(book: Workbook, *, since: dt.date, basis: str, by: Membership) -> Loaded:
    """Add persons to the list of the actor's county; day and basis of the row come first."""
    county = _county(by)
    found, wrong = _read(book, ("id_number", "basis", "since", "until"))
    rows = {row["hash"]: _bar(row, since, basis) for row in found}
    if not rows:
        raise Refused(_("The workbook holds no identity number."))
    made = BarredPerson.objects.bulk_create(
        [
            BarredPerson(
                county=county, id_hash=hashed, department=by.department, recorded_by=by, **facts
            )
            for hashed, facts in rows.items()
        ],
        ignore_conflicts=True,
    )
    assert made
    return _done("barred", rows, wrong, county, by, as_of=since)


def _bar(row: dict[str, Any], since: dt.date, basis: str) -> dict[str, Any]:
    return {
        "basis": str(row.get("basis") or basis)[:200],
        "since": row.get("since") or since,
        "until": row.get("until"),
    }


def count(model: type[Any], by: Membership) -> dict[str, Any]:
    """How many are on a list of the actor's county and from when it is; never who."""
    rows = model.objects.filter(county=_county(by))
    day = "as_of" if model is InServiceTeacher else "since"
    newest = rows.order_by(f"-{day}").values_list(day, flat=True).first()
    return {"count": rows.count(), "newest": newest}


def _county(by: Membership) -> Division:
    require(by, LOAD_STAFF_LISTS)
    if by.department is None:
        raise DutyMissing(LOAD_STAFF_LISTS)
    return Division.objects.get(pk=by.department.division_id[:COUNTY_DIGITS])


def _read(book: Workbook, wanted: tuple[str, ...]) -> tuple[list[dict[str, Any]], list[int]]:
    """Rows by hash, and the numbers of rows whose id or date cannot be read."""
    found, wrong = [], []
    for number, line in _lines(book):
        try:
            found.append(_row(line, wanted))
        except CellError:
            wrong.append(number)
    return found, wrong


def _row(line: dict[str, Value], wanted: tuple[str, ...]) -> dict[str, Any]:
    identity = private_fields.normalised(cells.identifier(line.get("id_number")))
    if len(identity) < 6:
        raise CellError("required")
    row: dict[str, Any] = {"hash": private_fields.search_hash(identity, ID_PURPOSE)}
    for name in wanted[1:]:
        value = line.get(name)
        if cells.blank(value):
            continue
        row[name] = cells.day(value) if name in ("since", "until") else cells.tidy(value)
    return row


def _lines(book: Workbook) -> Iterator[tuple[int, dict[str, Value]]]:
    for sheet in sorted(book.sheets, key=lambda one: one.hidden):
        try:
            table = tables.find(sheet, WORDS, subject="id_number", say={"-": "-"})
        except BadWorkbook:
            continue
        names = {column.index: column.field for column in table.columns if column.field}
        if "id_number" not in names.values():
            continue
        for line in table.lines:
            yield (
                line.number,
                {str(names[index]): value for index, value in line.cells.items() if index in names},
            )
        return
    raise BadWorkbook("no_table")


def _done(
    which: str,
    hashes: dict[str, Any],
    wrong: list[int],
    county: Division,
    by: Membership,
    **facts: Any,
) -> Loaded:
    staff = StaffMember.objects.filter(
        institution__division__code__startswith=county.pk, id_number_hash__in=list(hashes)
    )
    matches = staff.in_force().count()
    audit.record(
        Verb.STAFF_LIST_LOADED, county, by=by, which=which, rows=len(hashes), wrong=len(wrong),
        matches=matches, **facts,
    )  # fmt: skip
    due.mark_county(county.pk)
    return Loaded(len(hashes), wrong, matches)
