"""Facts with a time: what an institution or a site was from one day to another.

One act covers all cases. A change from a day on leaves `until` empty; a correction names the first
and last day for which the record was wrong; both keep what they do not name.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, private_fields, workflow
from governance.audit import Verb
from governance.models import Department, Division, Membership, Share
from governance.workflow import Refused
from institutions import names, spans
from institutions.leads import due
from institutions.models import (
    Institution,
    InstitutionPeriod,
    Licence,
    Site,
    SitePeriod,
    Source,
)
from institutions.services import origins

Period = TypeVar("Period", InstitutionPeriod, SitePeriod)
ASSIST_BASIS = "谁审批谁监管"  # the licensor supervises: a legal term, not a translated word

FACTS = (
    "name", "kind", "categories", "sub_kinds", "stages", "mode", "profit_nature",
    "operating_status", "township_id", "licensor_id", "registrar_id", "can_qualify", "learners",
)  # fmt: skip
SITE_FACTS = (
    "name", "address", "township_id", "latitude", "longitude", "area", "floors", "building_use",
    "lowest_floor", "highest_floor", "teaching_area", "rooms", "capacity", "tenure", "lease_from",
    "lease_until", "landlord", "meals", "boarding", "persons_per_room", "area_per_boarder",
    "own_building",
)  # fmt: skip


@transaction.atomic
def record_period(
    institution: Institution,
    *,
    by: Membership,
    start: dt.date,
    until: dt.date | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
    reason: str = "",
    **facts: Any,
) -> list[InstitutionPeriod]:
    """Record that `facts` hold from `start` (until the day before `until`, or further on).

    Facts are those of `InstitutionPeriod`: name, kind, categories, sub_kinds, stages, mode,
    profit_nature, operating_status, township, licensor, registrar, can_qualify, learners; township,
    licensor and registrar take rows. Returns the timeline. Raises `Refused` for a beginning in the
    future, an empty span and a township of another county, `StaleVersion` when `version` is not
    current.
    """
    _check_span(start, until)
    change = _facts(facts, FACTS)
    if "name" in change:
        change["name"] = names.tidy(change["name"])
    _check_county(institution, facts.get("township"))
    workflow.touch(institution, version=version)
    rows = list(InstitutionPeriod.objects.filter(institution=institution).order_by("during"))
    new = spans.overlay(_pieces(rows, FACTS), start, until, change)

    def make(piece: spans.Piece) -> InstitutionPeriod:
        return InstitutionPeriod(
            institution=institution,
            **{**piece.facts, **names.columns(piece.facts["name"])},
            **_origin(piece, source, by),
        )

    was = _held(rows, FACTS, start)
    timeline = _rewrite(rows, new, make)
    origins.note(institution, _differing(was, change), source)
    institution.read_periods()
    _follow_place(institution, timeline, by)
    share_with(institution, [facts.get("licensor"), facts.get("registrar")], by=by)
    _record(Verb.INSTITUTION_PERIOD_RECORDED, institution, by, was, change, start, until, reason)
    due.mark([institution.pk])
    return timeline


@transaction.atomic
def record_site_period(
    site: Site,
    *,
    by: Membership,
    start: dt.date,
    until: dt.date | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
    reason: str = "",
    **facts: Any,
) -> list[SitePeriod]:
    """The same for a site. Facts are those of `SitePeriod`: latitude and longitude in degrees
    (WGS-84), areas in square metres, floors as numbers (-1: the first below ground), capacity in
    learners at one time. Raises `Refused` besides for floors or a lease the wrong way round."""
    _check_span(start, until)
    change = _facts(facts, SITE_FACTS)
    _check_county(site.institution, facts.get("township"))
    workflow.touch(site, version=version)
    rows = list(SitePeriod.objects.filter(site=site).order_by("during"))
    new = spans.overlay(_pieces(rows, SITE_FACTS), start, until, change)
    for piece in new:
        check_site_facts(piece.facts)

    def make(piece: spans.Piece) -> SitePeriod:
        return SitePeriod(site=site, **piece.facts, **_origin(piece, source, by))

    was = _held(rows, SITE_FACTS, start)
    timeline = _rewrite(rows, new, make)
    origins.note(site, _differing(was, change), source)
    _record(
        Verb.SITE_PERIOD_RECORDED, site.institution, by, was, change, start, until, reason,
        site=site.serial,
    )  # fmt: skip
    due.mark([site.institution_id])
    return timeline


def share_with(
    institution: Institution, departments: Iterable[Department | None], *, by: Membership
) -> None:
    """Let the departments that licensed or registered an institution keep its record too."""
    for department in departments:
        if department and department.pk != institution.lead_id:
            assist(institution, department, basis=ASSIST_BASIS, by=by)


def assist(institution: Institution, department: Department, *, basis: str, by: Membership) -> None:
    """Give a department an assisting part in an institution, once."""
    _share, created = Share.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(institution),
        object_id=institution.pk,
        department=department,
        defaults={
            "part": Share.Part.ASSIST, "basis": basis, "created_by": by, "since": daylight.today(),
        },
    )  # fmt: skip
    if created:
        audit.record(Verb.SHARED, institution, by=by, department=department.name, basis=basis)


def _check_span(start: dt.date, until: dt.date | None) -> None:
    if start > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    if until is not None and until <= start:
        raise Refused(_("The last day lies before the first."))


def _check_county(institution: Institution, township: Division | None) -> None:
    if township and township.county_code != institution.division_id[:6]:
        raise Refused(
            _(
                "%(place)s lies in another county. A body with places in two counties is entered "
                "once in each."
            )
            % {"place": township.name}
        )


def check_site_facts(facts: Mapping[str, Any]) -> None:
    """Pass, or refuse facts of a site that contradict each other."""
    if _inverted(facts, "lowest_floor", "highest_floor"):
        raise Refused(_("The highest floor lies below the lowest."))
    if _inverted(facts, "lease_from", "lease_until"):
        raise Refused(_("The lease would end before it begins."))


def _inverted(facts: Mapping[str, Any], first: str, last: str) -> bool:
    low, high = facts.get(first), facts.get(last)
    return low is not None and high is not None and high < low


def _differing(was: spans.Facts, change: spans.Facts) -> list[str]:
    """The facts that were said anew; one confirmed with the same value keeps its older source."""
    return [name for name, value in change.items() if name not in was or was[name] != value]


def _facts(given: dict[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """The columns for rows and values as they were given; an unknown fact is a mistake of ours."""
    found = {}
    for name, value in given.items():
        column = f"{name}_id" if f"{name}_id" in known else name
        if column not in known:
            raise TypeError(f"{name} is no fact of a period")
        found[column] = getattr(value, "pk", value) if column != name else value
    return found


def _pieces(rows: Sequence[Period], known: Sequence[str]) -> list[spans.Piece]:
    return [
        spans.Piece(
            row.during.lower, row.during.upper, {name: getattr(row, name) for name in known}, row
        )
        for row in rows
    ]


def _held(rows: Sequence[Period], known: Sequence[str], start: dt.date) -> spans.Facts:
    return spans.at(_pieces(rows, known), start) or {}


def _origin(piece: spans.Piece, source: str, by: Membership) -> dict[str, Any]:
    """Who says so: of a part that was cut off, whoever said it first."""
    if piece.row is None:
        return {"source": source, "recorded_by": by, "recorded_at": daylight.now()}
    return {
        "source": piece.row.source,
        "recorded_by_id": piece.row.recorded_by_id,
        "recorded_at": piece.row.recorded_at,
    }


def _rewrite(
    rows: Sequence[Period],
    pieces: Sequence[spans.Piece],
    make: Callable[[spans.Piece], Period],
) -> list[Period]:
    """Bring the stored rows to the new timeline; what stays as it was is not touched."""
    kept: dict[int, Period] = {}
    result: list[Period] = []
    for piece in pieces:
        if piece.row is not None and piece.row.pk not in kept:
            kept[piece.row.pk] = piece.row
            result.append(piece.row)
        else:
            result.append(make(piece))
    model = type(result[0])
    model.objects.filter(pk__in=[row.pk for row in rows if row.pk not in kept]).delete()
    changed = [
        (row, span)
        for row, piece in zip(result, pieces, strict=True)
        if _bounds(row) != (span := (piece.start, piece.end))
    ]
    # Shrink before growing, and insert last: at no moment do two rows overlap.
    for row, (start, end) in sorted(changed, key=lambda pair: _grows(pair[0], *pair[1])):
        row.during = DateRange(start, end)
        if row.pk is not None:
            model.objects.filter(pk=row.pk).update(during=row.during)
    model.objects.bulk_create([row for row in result if row.pk is None])
    return result


def _bounds(row: Period) -> tuple[dt.date | None, dt.date | None]:
    return (row.during.lower, row.during.upper) if row.during else (None, None)


def _grows(row: Period, start: dt.date, end: dt.date | None) -> bool:
    if row.pk is None:
        return True
    first, last = _bounds(row)
    later = end is None or (last is not None and end > last)
    return (last is not None and later) or (first is not None and start < first)


def _follow_place(
    institution: Institution, timeline: Sequence[InstitutionPeriod], by: Membership
) -> None:
    """The row lies where its newest period says; scope follows it."""
    place = timeline[-1].township_id
    if institution.division_id != place:
        Institution.objects.filter(pk=institution.pk).update(division_id=place)
        institution.division_id = place
        institution.division = timeline[-1].township
        for licence in Licence.objects.filter(institution=institution, valid_to__isnull=False):
            licence.institution = institution
            deadlines.transfer(licence, by=by)


def _record(
    verb: str,
    institution: Institution,
    by: Membership,
    was: spans.Facts,
    change: spans.Facts,
    start: dt.date,
    until: dt.date | None,
    reason: str,
    **more: Any,
) -> None:
    changes = {
        name: [_told(name, was.get(name)), _told(name, value)]
        for name, value in change.items()
        if was.get(name) != value
    }
    model = SitePeriod if verb == Verb.SITE_PERIOD_RECORDED else InstitutionPeriod
    changes = private_fields.withheld(model, changes)
    audit.record(
        verb, institution, by=by, changes=changes, start=start, until=until, reason=reason, **more
    )


def _told(name: str, value: Any) -> Any:
    """The name of a row whose key stands in the column: keys tell a reader nothing."""
    model: dict[str, Any] = {
        "township_id": Division,
        "licensor_id": Department,
        "registrar_id": Department,
    }
    if name not in model or value is None:
        return value
    return str(model[name].objects.filter(pk=value).first() or value)
