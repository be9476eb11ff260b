"""The rows a return begins with: from the register in the scope of whoever fills it in.

What the register does not know is carried over from the unit's last accepted return of the same
template, row by row, so that nobody types the same remark every month.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from campaigns import sources
from campaigns.cells import clean
from campaigns.figures import counted
from campaigns.models import Return, ReturnRow, RowsFrom, TemplateColumn
from governance import daylight
from governance.models import Membership
from governance.scoping import jurisdiction
from governance.workbooks.cells import CellError
from inspections.models import RectificationTask
from institutions.derived import Facts
from institutions.ledger import base
from institutions.models import SitePeriod

STATUSES = {RowsFrom.FULL: "FULL", RowsFrom.REG_ONLY: "REG_ONLY", RowsFrom.NEITHER: "NONE"}
MOST_ROWS = 5_000
Draft = tuple[int | None, dict[str, str]]  # where it comes from, its cells


def rows_for(owed: Return, *, by: Membership) -> list[Draft]:
    """The rows to begin with; facts as of the period's last day, or of today while it runs."""
    version = owed.collection.template
    columns = list(version.columns.all())
    with translation.override(settings.LANGUAGE_CODE):
        match version.rows_from:
            case RowsFrom.NOTHING:
                return []
            case RowsFrom.PREVIOUS:
                return [(row.origin, row.cells) for row in _before(owed)]
            case RowsFrom.FIGURES:
                return [(None, _figures(owed, columns, by))]
            case RowsFrom.TASKS:
                found = _tasks(owed, columns, by)
            case _:
                found = _institutions(owed, columns, version.rows_from, by)
    return _carried_over(owed, columns, found)


def _as_of(owed: Return) -> dt.date:
    return min(owed.collection.period_to, daylight.today())


def _institutions(
    owed: Return, columns: Sequence[TemplateColumn], rows_from: str, by: Membership
) -> list[Draft]:
    on = _as_of(owed)
    facts = Facts(on)
    wanted = {column.key: sources.INSTITUTION.get(column.source) for column in columns}
    fields = {field for source in wanted.values() if source for field in source.fields}
    fields |= {"institution_id", "cert_status"}
    rows = base(by, on).filter(
        jurisdiction(owed.lead, "institution__"), institution__duplicate_of=None
    )
    of_site = fields & {"area", "floors"}
    plain = fields - of_site
    dressed = rows.annotate(**facts.of(plain)).order_by("township_id", "name_key", "pk")
    if rows_from in STATUSES:
        dressed = dressed.filter(cert_status=STATUSES[RowsFrom(rows_from)])
    found = list(dressed.values(*plain)[:MOST_ROWS])
    sites = _first_sites([row["institution_id"] for row in found], on) if of_site else {}
    return [
        (
            row["institution_id"],
            _cells(columns, wanted, row | sites.get(row["institution_id"], NO_SITE)),
        )
        for row in found
    ]


NO_SITE: dict[str, Any] = {"area": None, "floors": ""}


def _first_sites(keys: Sequence[int], on: dt.date) -> dict[int, dict[str, Any]]:
    rows = SitePeriod.objects.on(on).filter(site__institution__in=keys).order_by("-site__serial")
    return {
        row["site__institution"]: row for row in rows.values("site__institution", "area", "floors")
    }


def _cells(columns: Sequence[TemplateColumn], wanted: dict[str, Any], row: Any) -> dict[str, str]:
    told = {
        column.key: _kept(column, wanted[column.key].value(row))
        for column in columns
        if wanted.get(column.key)
    }
    return {key: words for key, words in told.items() if words}


def _kept(column: TemplateColumn, value: Any) -> str:
    """A fact that does not fit the column as the county set it up is left to the unit."""
    try:
        return clean(column, "" if value is None else str(value))
    except CellError:
        return ""


def _tasks(owed: Return, columns: Sequence[TemplateColumn], by: Membership) -> list[Draft]:
    """What was served up to the day and was not closed out before the period."""
    period = owed.collection
    rows = (
        RectificationTask.objects.visible_to(by)
        .filter(jurisdiction(owed.lead), served_on__lte=period.period_to)
        .exclude(status=RectificationTask.Status.SUPERSEDED)
        .exclude(closed_on__lt=period.period_from)
        .select_related("finding__item", "finding__inspection", "institution")
        .prefetch_related("institution__periods", "clocks", "proofs", "rechecks__created_by__user")
        .order_by("served_on", "pk")
    )
    wanted = {column.key: sources.TASK.get(column.source) for column in columns}
    return [(task.pk, _cells(columns, wanted, task)) for task in rows[:MOST_ROWS]]


def _figures(owed: Return, columns: Sequence[TemplateColumn], by: Membership) -> dict[str, str]:
    period = owed.collection
    numbers = counted(owed.lead, period.period_from, _as_of(owed), by=by)
    return {
        column.key: str(numbers.get(column.source, 0))
        for column in columns
        if column.source in sources.FIGURE
    }


def _before(owed: Return) -> list[ReturnRow]:
    """The rows of the unit's last accepted return on the same template."""
    earlier = (
        Return.objects.filter(
            lead=owed.lead,
            status=Return.Status.ACCEPTED,
            collection__template__template=owed.collection.template.template_id,
            collection__period_from__lt=owed.collection.period_from,
        )
        .order_by("-collection__period_from", "-pk")
        .first()
    )
    return list(earlier.rows.all()) if earlier else []


def _carried_over(
    owed: Return, columns: Sequence[TemplateColumn], found: list[Draft]
) -> list[Draft]:
    known = {row.origin: row.cells for row in _before(owed) if row.origin}
    own = [column.key for column in columns if not column.source]
    return [
        (origin, {key: known[origin][key] for key in own if key in known[origin]} | cells)
        if origin in known
        else (origin, cells)
        for origin, cells in found
    ]
