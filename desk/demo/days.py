"""Running scenes through the past in the order of their days.

A scene is a generator that yields the day on which it goes on. All scenes of the county are run
together, so that the audit trail and the gapless numbers follow the calendar.
"""

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator

from governance import daylight

Scene = Iterator[dt.date]


def play(scenes: Iterable[Scene], today: dt.date) -> None:
    """Run every scene to its end; steps that would lie in the future are not taken."""
    waiting: list[tuple[dt.date, int, Scene]] = []
    for serial, scene in enumerate(scenes):
        _advance(waiting, serial, scene)
    at = None
    while waiting:
        day, serial, scene = heapq.heappop(waiting)
        if day > today:
            continue
        if day != at:
            daylight.set_day(day)
            at = day
        _advance(waiting, serial, scene)
    daylight.set_day(today)


def _advance(waiting: list[tuple[dt.date, int, Scene]], serial: int, scene: Scene) -> None:
    day = next(scene, None)
    if day is not None:
        heapq.heappush(waiting, (day, serial, scene))
