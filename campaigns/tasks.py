"""Work in the background: the next month of the collections that repeat."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils import translation

from campaigns import services
from campaigns.models import Collection
from governance import daylight, people
from governance.models import Membership
from governance.workflow import Refused

log = logging.getLogger(__name__)
MONTHLY_LOCK = 0x4D53_0301


@shared_task
def issue_monthly() -> None:
    """Issue what has begun and was not issued yet; again without harm, and late if it must be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MONTHLY_LOCK])
        if not cursor.fetchone()[0]:
            return
    try:
        with translation.override(settings.LANGUAGE_CODE):
            _issue_monthly()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MONTHLY_LOCK])


def _issue_monthly() -> None:
    system, today = people.system_actor(), daylight.today()
    rows = Collection.objects.filter(repeats_until__gte=today, next=None)
    for last in rows.exclude(status=Collection.Status.CANCELLED).order_by("pk"):
        collection: Collection | None = last
        while collection is not None:  # months that were missed
            collection = _next(collection, system)


def _next(collection: Collection, system: Membership) -> Collection | None:
    try:
        return services.issue_next(collection, by=system)
    except Refused as refusal:  # no calendar, no unit left: said once a day, and the rest goes on
        log.warning("collection %s was not issued again: %s", collection.pk, refusal)
        return None
