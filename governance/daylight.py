"""The only source of time: one now and one today for web, worker and beat.

Demo and test installations may move the day (`set_day`); every process then reads the same offset
from the database. A production installation never moves.
"""

import datetime as dt
from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

ZONE = ZoneInfo("Asia/Shanghai")
# Seconds a process may go on with the offset it read last; tests move the day in one process and
# count queries, so there it is kept until the day is set anew.
_KEPT_FOR = 3600.0 if settings.MINGSHU_MODE == "test" else 1.0


class _Offset:
    """The offset this process read last, and when."""

    value = dt.timedelta(0)
    kind = ""
    read_at: float | None = None
    moves = True
    installed = False


class DayIsFixed(Exception):
    """The installation is not a demo or test one, so its day cannot be set."""


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _machine_now() + _offset()


def today() -> dt.date:
    """The present legal day in Asia/Shanghai."""
    return now().astimezone(ZONE).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The legal day on which `moment` (aware) falls."""
    return moment.astimezone(ZONE).date()


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a legal day, aware."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZONE)


def machine_today() -> dt.date:
    """The day by the machine's own clock, whatever day is set."""
    return _machine_now().astimezone(ZONE).date()


def installation_kind() -> str:
    """`demo`, `test` or `production`; empty before the installation is set up."""
    _offset()
    return _Offset.kind


def set_day(day: dt.date) -> None:
    """Make `day` today for every process; `DayIsFixed` outside demo and test installations."""
    days = (day - machine_today()).days
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE governance_installation SET day_offset = %s WHERE kind IN ('demo', 'test')",
            [days],
        )
        moved = cursor.rowcount
    forget()
    if not moved:
        raise DayIsFixed("only a demo or test installation can set its day")


def forget() -> None:
    """Read the offset anew at the next question."""
    _Offset.read_at = None
    _Offset.moves = True


def _machine_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _offset() -> dt.timedelta:
    fresh = _Offset.read_at is not None and monotonic() - _Offset.read_at < _KEPT_FOR
    if fresh or not _Offset.moves:
        return _Offset.value
    with connection.cursor() as cursor:
        if not _Offset.installed:  # before the first migration there is no marker to read
            cursor.execute("SELECT to_regclass('governance_installation')")
            _Offset.installed = cursor.fetchone()[0] is not None
        if not _Offset.installed:
            return dt.timedelta(0)
        cursor.execute("SELECT kind, day_offset FROM governance_installation")
        kind, days = cursor.fetchone() or ("", 0)
    _Offset.kind, _Offset.moves = kind, kind != "production"
    _Offset.value = dt.timedelta(days=days) if _Offset.moves else dt.timedelta(0)
    _Offset.read_at = monotonic()
    return _Offset.value
