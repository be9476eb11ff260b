"""Reminders while real Celery workers are killed with kill -9 at random: each exactly once.

Bounded to about twenty seconds; MINGSHU_EFFORT multiplies clocks, kills and time.
"""

import os

import pytest
from django.conf import settings

from benchmarks._storm import Workers, database_of_its_own, fill, storm
from governance import reminders
from governance.models import Notification

SEED = 20_261_122


@pytest.mark.django_db
def test_the_storm_expects_what_a_quiet_sweep_makes():
    work = fill(clocks=40)
    work.release(0.5)
    assert len(work.steps) == 20
    work.release()
    reminders.sweep()
    rows = Notification.objects.filter(channel="inapp").values_list("clock", "step", "recipient")
    assert sorted(rows) == sorted(work.expected)
    assert len(work.expected) == 40


def test_every_reminder_arrives_exactly_once(
    django_db_setup, django_db_blocker, tmp_path, record_property
):
    record_property("seed", SEED)
    effort = settings.MINGSHU_EFFORT
    with django_db_blocker.unblock(), database_of_its_own(f"mingshu_storm_{os.getpid()}"):
        work = fill(clocks=6_000 * effort)
        with Workers(tmp_path) as workers:
            workers.warm_up()
            result = storm(workers, work, kills=6 * effort, seconds=12.0 * effort, seed=SEED)
    assert result.kills == 6 * effort
    assert result.intact, result
