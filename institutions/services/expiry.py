"""The clocks of a certificate: its last day, and the day by which renewal is applied for.

Every certificate with a last day has `licence.expiry`; the right to run a school has
`licence.renewApply` besides (ALL §50). They start when the certificate is recorded, move when its
dates are corrected, are met by the certificate that follows it, and go when it ends otherwise.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from governance import daylight, deadlines
from governance.models import Clock, Membership
from institutions.models import SCHOOLING, Licence

EXPIRY, RENEWAL = "licence.expiry", "licence.renewApply"


def rules_for(kind: str) -> tuple[str, ...]:
    return (EXPIRY, RENEWAL) if kind in SCHOOLING else (EXPIRY,)


def watch(licence: Licence, *, by: Membership) -> None:
    """Bring the clocks of a certificate to its dates: start, move or take them away."""
    for code in rules_for(licence.kind):
        clock = deadlines.find(licence, code)
        if not _runs(licence):
            if clock:
                deadlines.cancel(clock, by=by, reason=_reason(licence))
        elif clock:
            assert licence.valid_to is not None
            deadlines.redate(clock, licence.valid_to, by=by, reason=str(licence))
        elif licence.valid_to and licence.valid_to >= daylight.today():
            deadlines.start(code, licence, event_on=licence.valid_to, by=by)


def renewed(licence: Licence, *, by: Membership) -> None:
    """A certificate that runs longer takes the place of earlier ones of its kind and site."""
    on = min(licence.issued_on or licence.valid_from or daylight.today(), daylight.today())
    for earlier in _followed(licence):
        for code in rules_for(earlier.kind):
            clock = deadlines.find(earlier, code)
            if clock:
                deadlines.meet(earlier, code, on=max(on, clock.started_on), by=by)


def _followed(licence: Licence) -> Iterable[Licence]:
    longer = Q() if licence.valid_to is None else Q(valid_to__lt=licence.valid_to)
    return Licence.objects.filter(
        longer, institution=licence.institution_id, kind=licence.kind, site=licence.site_id,
        voided_at=None, valid_to__isnull=False,
    ).exclude(pk=licence.pk)  # fmt: skip


def _runs(licence: Licence) -> bool:
    return bool(
        licence.valid_to
        and licence.ended_on is None
        and licence.voided_at is None
        and licence.institution.voided_at is None
    )


def _reason(licence: Licence) -> str:
    return licence.void_reason or str(licence)


def of_institutions(keys: Iterable[int | None]) -> Any:
    """The clocks of all certificates of these institutions."""
    licences = Licence.objects.filter(institution__in=keys).values("pk")
    return Clock.objects.filter(
        content_type=ContentType.objects.get_for_model(Licence), object_id__in=licences
    )


def last_day(facts: dict[str, Any]) -> dt.date | None:
    """The last day of a certificate given as facts, where it is not past."""
    day = facts.get("valid_to")
    return day if day and day >= daylight.today() else None
