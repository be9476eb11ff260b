"""How far a worker is with an import, and the wish that it stops.

Kept in the cache, because the work is one transaction that nobody sees before its end. Code that
does the work says `tick(...)`; outside of a worker that does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Final

from django.core.cache import cache

from governance import daylight

READING: Final = "reading"
PLANNING: Final = "planning"
ENTERING: Final = "entering"
KEPT = 24 * 60 * 60  # seconds
EVERY = 0.5  # seconds between two signs of life
QUIET = 60  # seconds without one, after which the worker is taken for dead
ATTEMPTS = 3

_following: ContextVar["Follower | None"] = ContextVar("import_progress", default=None)


class Stopped(Exception):
    """The user wants the work to stop."""


@dataclass(frozen=True)
class Progress:
    step: str
    done: int
    of: int
    at: float  # seconds since 1970

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // max(self.of, 1))

    @property
    def alive(self) -> bool:
        return daylight.now().timestamp() - self.at < QUIET


class Follower:
    def __init__(self, pk: int) -> None:
        self.pk, self.told, self.step = pk, 0.0, ""

    def tick(self, step: str, done: int, of: int) -> None:
        now = daylight.now().timestamp()
        if step == self.step and now - self.told < EVERY:
            return
        self.told, self.step = now, step
        cache.set(_key(self.pk), asdict(Progress(step, done, of, now)), KEPT)
        if cache.get(_key(self.pk, "stop")):
            raise Stopped


def tick(step: str, done: int, of: int) -> None:
    """`done` of `of` are through with this step. Raises `Stopped`."""
    follower = _following.get()
    if follower is not None:
        follower.tick(step, done, of)


@contextmanager
def following(pk: int) -> Iterator[None]:
    """Ticks inside are those of the import `pk`."""
    token = _following.set(Follower(pk))
    try:
        yield
    finally:
        _following.reset(token)


def of(pk: int) -> Progress | None:
    kept = cache.get(_key(pk))
    return Progress(**kept) if kept else None


def stop(pk: int) -> None:
    """Ask the worker to stop; it does at its next tick."""
    cache.set(_key(pk, "stop"), True, KEPT)


def attempt(pk: int) -> int:
    """Count one more attempt; returns how many there were with it."""
    cache.add(_key(pk, "attempts"), 0, KEPT)
    return int(cache.incr(_key(pk, "attempts")))


def forget(pk: int) -> None:
    cache.delete_many([_key(pk, what) for what in ("progress", "stop", "attempts")])


def _key(pk: int, what: str = "progress") -> str:
    return f"import:{pk}:{what}"
