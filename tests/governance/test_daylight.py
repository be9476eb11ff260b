"""One day for everyone."""

import datetime as dt

import pytest

from governance import daylight
from governance.models import Installation

pytestmark = pytest.mark.django_db


def test_the_set_day_is_today_for_every_reader():
    daylight.set_day(dt.date(2026, 2, 14))
    daylight.forget()
    assert daylight.today() == dt.date(2026, 2, 14)


def test_a_production_installation_keeps_its_day():
    Installation.objects.update(kind="production", day_offset=0)
    with pytest.raises(daylight.DayIsFixed):
        daylight.set_day(dt.date(2026, 2, 14))
    assert daylight.today() == daylight.machine_today()


def test_a_legal_day_begins_at_midnight_in_shanghai():
    assert daylight.day_of(dt.datetime(2026, 2, 13, 16, tzinfo=dt.UTC)) == dt.date(2026, 2, 14)
    start = daylight.start_of(dt.date(2026, 2, 14))
    assert start.astimezone(dt.UTC) == dt.datetime(2026, 2, 13, 16, tzinfo=dt.UTC)
