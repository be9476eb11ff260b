"""Work in the background: building publications, keeping public files, the nightly check."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils import translation
from kombu.exceptions import OperationalError

from governance import daylight, people
from publiclists import public_pages, services
from publiclists.models import ListChain, ListEntry, Publication, Status

log = logging.getLogger(__name__)
NIGHTLY_LOCK = 0x4D53_0201


@shared_task
def build_publication(pk: int) -> None:
    """Build, sign and show one ordered publication; again without harm."""
    publication = services.build(Publication.objects.get(pk=pk))
    log.info("built publication %s %s", publication.kind, publication.number)
    public_pages.rebuild(publication.division_id, publication.kind)


def hurry(pk: int) -> None:
    """Ask a worker to build at once; without a broker the sweep does it within two minutes."""
    try:
        build_publication.delay(pk)
    except OperationalError:
        log.warning("no broker: publication %s waits for the sweep", pk)


@shared_task
def build_waiting() -> None:
    """Pick up what the broker lost: every publication that was ordered and not built."""
    waiting = Publication.objects.filter(status=Publication.Status.ORDERED)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        build_publication(pk)


@shared_task
def rebuild_files() -> None:
    """Make the files of every list anew where they are missing."""
    for chain in ListChain.objects.all():
        public_pages.rebuild(chain.division_id, chain.kind)


@shared_task
def check_lists() -> None:
    """Nightly: close windows that ran out, end what expired, look at the grounds of the rest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [NIGHTLY_LOCK])
        if not cursor.fetchone()[0]:
            return
    try:
        with translation.override(settings.LANGUAGE_CODE):
            _check_lists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [NIGHTLY_LOCK])


def _check_lists() -> None:
    system, today = people.system_actor(), daylight.today()
    noticed = ListEntry.objects.filter(status__in=[Status.NOTICED, Status.DECIDED])
    for entry in noticed.window_over(today):
        services.close_window(entry, by=system)
    for entry in ListEntry.objects.ending(today):
        services.expire(entry, by=system)
    for entry in ListEntry.objects.live().select_related("institution"):
        services.check_basis(entry, by=system)
