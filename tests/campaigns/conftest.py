import datetime as dt

import pytest

from governance import daylight


@pytest.fixture
def set_day():
    """`set_day("2026-04-01")`: another day for everybody."""

    def move(day: str) -> dt.date:
        found = dt.date.fromisoformat(day)
        daylight.set_day(found)
        return found

    return move
