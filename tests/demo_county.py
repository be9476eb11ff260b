"""The demo county in a transaction that is rolled back: seeded once for the tests of a file."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from desk.demo import seeding
from governance import daylight
from governance.models import Installation

SEED = 990121
PASSWORD = "a-long-enough-password"


@contextmanager
def demo_county(day: dt.date | None = None) -> Iterator[None]:
    """Seed the county as on `day` (today when none is given)."""
    with transaction.atomic():
        installation = Installation.objects.get()
        installation.kind = Installation.Kind.DEMO
        installation.save(update_fields=["kind"])
        daylight.forget()
        if day:
            daylight.set_day(day)
        seeding.seed(installation, SEED, PASSWORD, say=lambda _line: None)
        yield
        transaction.set_rollback(True)
    daylight.forget()
