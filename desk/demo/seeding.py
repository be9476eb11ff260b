"""The order in which the demo county comes about."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection, transaction

from desk.demo import county, duplicates, leads
from desk.demo.collections import Collecting
from desk.demo.days import play
from desk.demo.filings import Filings
from desk.demo.lists import Lists
from desk.demo.record import Whole
from desk.demo.registry import DEMO_NAME, Registrar
from desk.demo.steps import Stage
from desk.demo.tidings import tidings
from desk.demo.work import Work
from governance import daylight, people, settings_store
from governance.models import Installation
from publiclists.tasks import check_lists, rebuild_files

SITE = {"site.owner": "明川县教育局", "site.phone": "0990-5550123"}


def seed(
    installation: Installation, number: int, password: str, *, say: Callable[[str], object]
) -> None:
    """Build the whole county in the running transaction; the same seed and day give the same."""
    with _all_or_nothing():
        _seed(installation, number, password, say)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """Seeding fails or succeeds as a whole: its ten thousand inner acts need no savepoint each.

    Nor does anything of it become garbage before its end.
    """
    features = connection.features
    usual, features.uses_savepoints = features.uses_savepoints, False
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        features.uses_savepoints = usual


def _seed(
    installation: Installation, number: int, password: str, say: Callable[[str], object]
) -> None:
    today = daylight.today()
    random = Random(number)
    say("demo county: departments and accounts")
    made = county.build(password)
    say("demo county: institutions and certificates")
    register = Registrar(made, random, today).build()
    Whole(made, register, number, today).fill()
    assert register.demo is not None
    county.bind_institution(made, register.demo.pk, DEMO_NAME)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what follows asks for these rows thousands of times
    say("demo county: inspections, rectification and lists")
    stage = Stage(made, register, today, random)
    work = Work(stage)
    play(
        [
            *work.scenes(),
            *Lists(stage, work).scenes(),
            *tidings(stage),
            *Collecting(stage).scenes(),
            *Filings(stage).scenes(),
        ],
        today,
    )
    duplicates.enter_twice(register, by=made["edu_clerk"])
    leads.file_and_check(made, register, today)
    check_lists()  # what the hourly job would note: windows that are over, bases that fell away
    for key, value in SITE.items():
        settings_store.put(key, value, division=None, by=people.system_actor())
    installation.seed = number
    installation.seeded_on = today
    installation.save(update_fields=["seed", "seeded_on"])
    transaction.on_commit(rebuild_files)  # the public pages stand from the first request
