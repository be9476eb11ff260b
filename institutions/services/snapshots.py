"""What stood in the register before an act that can be undone, as JSON, and putting it back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from institutions import names
from institutions.models import Institution, InstitutionPeriod, Site, SitePeriod
from institutions.services.periods import FACTS

ORIGIN = ("source", "recorded_by_id", "recorded_at")
DAYS = ("founded_on", "issued_on", "valid_from", "valid_to")


def periods(institution: Institution) -> list[dict[str, Any]]:
    """Every period of an institution, in the order of time."""
    rows = InstitutionPeriod.objects.filter(institution=institution)
    return [kept(period, FACTS) for period in rows.order_by("during")]


def kept(period: Any, facts: Iterable[str]) -> dict[str, Any]:
    """One period: its days, its facts and who recorded it."""
    span = {"start": period.during.lower, "end": period.during.upper}
    return span | {name: getattr(period, name) for name in (*facts, *ORIGIN)}


def restore_periods(
    institution: Institution, was: Sequence[dict[str, Any]], sources: dict[str, Any]
) -> None:
    """Put back what `periods` gave, and where its facts came from; the place of the row follows."""
    InstitutionPeriod.objects.filter(institution=institution).delete()
    InstitutionPeriod.objects.bulk_create(
        [
            InstitutionPeriod(
                institution=institution, **(revived(one) | names.columns(one["name"]))
            )
            for one in was
        ]
    )
    place = was[-1]["township_id"]
    Institution.objects.filter(pk=institution.pk).update(division_id=place, sources=sources)
    institution.division_id, institution.sources = place, sources


def restore_site(site: int, was: Sequence[dict[str, Any]], sources: dict[str, Any]) -> None:
    """Put back the periods of a site."""
    Site.objects.filter(pk=site).update(sources=sources)
    SitePeriod.objects.filter(site=site).delete()
    SitePeriod.objects.bulk_create([SitePeriod(site_id=site, **revived(one)) for one in was])


def revived(one: dict[str, Any]) -> dict[str, Any]:
    """Columns of a period from JSON."""
    found = {name: value for name, value in one.items() if name not in ("start", "end")}
    start, end = (dt.date.fromisoformat(d) if (d := one[e]) else None for e in ("start", "end"))
    found["recorded_at"] = dt.datetime.fromisoformat(one["recorded_at"])
    return found | {"during": DateRange(start, end)}


def days(was: dict[str, Any]) -> dict[str, Any]:
    """Columns from JSON, the days as days."""
    return {
        name: dt.date.fromisoformat(value) if value and name in DAYS else value
        for name, value in was.items()
    }
