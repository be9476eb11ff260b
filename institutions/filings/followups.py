"""The terms that follow from what is on record: queries of records, posting of staff, insurance."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Max

from governance import daylight, deadlines
from governance.models import Membership
from institutions.filings.kinds import FilingKind
from institutions.models import Institution, InsurancePolicy, StaffMember

CRIME_QUERY = "staff.crimeQuery"  # a year after the query that lies farthest back, MPL §62
PUBLICIZE = "staff.publicize"
INSURANCE = "insurance.expiry"


def after(kind: FilingKind, institution: Institution, *, by: Membership) -> None:
    """Bring the clocks of the institution into line with what is on record now."""
    for keep in KEEPERS.get(kind.code, ()):
        keep(institution, by)


def _staff(institution: Institution) -> list[StaffMember]:
    rows = StaffMember.objects.filter(institution=institution).in_force()
    return list(rows.only("crime_query_on", "posted"))


def keep_crime_query(institution: Institution, by: Membership) -> None:
    """The clock starts from the oldest query of those who work there."""
    queried = [row.crime_query_on for row in _staff(institution) if row.crime_query_on]
    _restart(institution, CRIME_QUERY, min(queried, default=None), by)


def keep_publicity(institution: Institution, by: Membership) -> None:
    """It runs from a change of staff until everybody is shown to the public."""
    running = deadlines.find(institution, PUBLICIZE)
    hidden = any(not row.posted for row in _staff(institution))
    if hidden and running is None:
        deadlines.start(PUBLICIZE, institution, event_on=daylight.today(), by=by)
    elif not hidden and running is not None:
        deadlines.meet(institution, PUBLICIZE, on=daylight.today(), by=by)


def keep_insurance(institution: Institution, by: Membership) -> None:
    """The day on which the first kind of policy runs out without a successor."""
    rows = InsurancePolicy.objects.filter(institution=institution, voided_at=None, ended_on=None)
    last = rows.order_by().values_list("kind").annotate(last=Max("valid_to"))
    _restart(institution, INSURANCE, min((day for _kind, day in last if day), default=None), by)


def _restart(institution: Institution, code: str, event: dt.date | None, by: Membership) -> None:
    running = deadlines.find(institution, code)
    if running and running.event_on == event:
        return
    if running:
        deadlines.meet(institution, code, on=daylight.today(), by=by)
    if event:
        deadlines.start(code, institution, event_on=event, by=by)


KEEPERS: dict[str, tuple[Callable[[Institution, Membership], None], ...]] = {
    "staff": (keep_crime_query, keep_publicity),
    "insurance": (keep_insurance,),
}
