"""When checks run: soon after facts change, and every night for what depends on the day."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max, Min, Q

from governance import daylight
from institutions.leads import checking, due
from institutions.leads.checking import Counts
from institutions.models import ComplianceRule, GuidedPriceRow, Institution, LeadCheck

STRETCH = 5_000  # keys of one nightly task, well below the task limit
TAKEN = 200  # institutions taken from the queue at a time
NIGHT_LOCK = 0x4D53_0012
ONE_DAY = dt.timedelta(days=1)


def check_changed() -> Counts:
    """Empty the queue; two workers at once take different institutions."""
    counts = Counts()
    while True:
        done = _take_some()
        if not done.institutions:
            return counts
        counts += done


@transaction.atomic
def _take_some() -> Counts:
    """The rows leave the queue with the check that read the facts: a killed one leaves them."""
    taken = list(
        LeadCheck.objects.select_for_update(skip_locked=True)
        .order_by("since", "pk")
        .values_list("pk", flat=True)[:TAKEN]
    )
    if not taken:
        return Counts()
    LeadCheck.objects.filter(pk__in=taken).delete()
    return checking.check(taken)


@transaction.atomic
def begin_the_day() -> set[str]:
    """Counties of which a rule or a guided price begins today or ended yesterday: all rules are
    checked there, as when it is set for the same day. Returns their codes."""
    today = daylight.today()
    turns = Q(valid_from=today) | Q(valid_to=today - ONE_DAY)
    rules = ComplianceRule.objects.filter(turns).exclude(county="")
    prices = GuidedPriceRow.objects.filter(turns)
    counties = set(rules.values_list("county", flat=True))
    counties |= set(prices.values_list("county_id", flat=True))
    for county in sorted(counties):
        due.mark_county(county)
    return counties


def stretches() -> list[tuple[int, int]]:
    """First and last keys that together hold the whole register."""
    ends = Institution.objects.registered().aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    starts = range(ends["first"], ends["last"] + 1, STRETCH)
    return [(first, first + STRETCH - 1) for first in starts]


def check_stretch(first: int, last: int) -> Counts:
    """The rules of the day for the institutions with these keys; nothing when another worker is
    at the same stretch."""
    if not _mine(first):
        return Counts()
    try:
        rows = Institution.objects.registered().filter(pk__range=(first, last))
        return checking.check(rows.values_list("pk", flat=True), codes=checking.OF_THE_DAY)
    finally:
        _leave(first)


def _mine(stretch: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [NIGHT_LOCK, stretch])
        return bool(cursor.fetchone()[0])


def _leave(stretch: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [NIGHT_LOCK, stretch])
