"""Ctrl-C, SIGTERM and SIGHUP as one question that every wait asks."""

import signal
import time
from types import FrameType

SLICE = 0.1  # seconds between two looks


class Interrupted(Exception):
    """Somebody asked this process to end."""


_asked: list[int] = []


def install() -> None:
    """From here on the signals are only noted; nothing is torn down in the middle of a step."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _note)


def _note(number: int, frame: FrameType | None) -> None:
    _asked.append(number)


def times_asked() -> int:
    """How often it was asked; a second time means: now."""
    return len(_asked)


def last_signal() -> int:
    """The signal that asked last, 0 when none did."""
    return _asked[-1] if _asked else 0


def pause(seconds: float) -> None:
    """Sleep, but raise `Interrupted` as soon as the end was asked for."""
    until = time.monotonic() + seconds
    while not _asked and time.monotonic() < until:
        time.sleep(min(SLICE, max(0.0, until - time.monotonic())))
    if _asked:
        raise Interrupted
