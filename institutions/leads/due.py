"""Which institutions are to be checked: services say so when they change an input.

The row is the queue: it is written in the transaction of the change and taken away by the check.
The task only wakes the check up; what the broker lost the sweep finds.
"""

from collections.abc import Iterable

from celery import current_app
from django.db import connection, transaction

from governance import daylight

TASK = "institutions.tasks.check_changed"


def mark(institutions: Iterable[int]) -> None:
    """Facts of these institutions (keys) changed; each waits in the queue once."""
    keys = sorted(set(institutions))
    if keys:
        _insert("SELECT key, %s FROM unnest(%s::bigint[]) AS key", [daylight.now(), keys])


def mark_county(county: str) -> None:
    """A rule, a price or the school year of a county changed."""
    _insert(
        "SELECT id, %s FROM institutions_institution"
        " WHERE division_id LIKE %s AND voided_at IS NULL AND merged_into_id IS NULL",
        [daylight.now(), f"{county}%"],
    )


def _insert(select: str, params: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO institutions_leadcheck (institution_id, since) {select}"
            # A row that waits is locked until this change is committed: no check may take it away
            # with the facts of before.
            " ON CONFLICT (institution_id) DO UPDATE SET since = institutions_leadcheck.since",
            params,
        )
    if not any(entry[1] is wake for entry in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask a worker to look; without a broker the sweep does it later."""
    current_app.send_task(TASK, ignore_result=True, retry=False)
