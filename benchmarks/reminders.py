"""Reminders a second into the inbox, and what is lost or doubled after 12 × kill -9 of workers."""

import os
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benchmarks import _measure as measure  # noqa: E402 - after django.setup
from benchmarks._storm import (  # noqa: E402
    Result,
    Work,
    Workers,
    database_of_its_own,
    fill,
    storm,
)
from governance.models import Notification  # noqa: E402

CLOCKS = 50_000
KILLS = 12
SECONDS = 45.0
SEED = 20_261_122


def main() -> None:
    rate = _rate()
    result = _storm()
    lost = f"lost after {result.kills} × kill -9, of {result.expected:,}"
    rows = [
        ["reminders/s to the inbox", rate, measure.verdict(rate, 5_000, at_most=False)],
        [lost, result.lost, _none(result.lost)],
        ["doubled in the inbox", result.doubled, _none(result.doubled)],
        ["urgent e-mails that never left", result.unmailed, _none(result.unmailed)],
        ["urgent e-mails that left twice (allowed)", result.mailed_twice, ""],
    ]
    measure.table(rows, ["reminders", "figure", "aim"])


def _none(figure: int) -> str:
    return measure.verdict(figure, 0)


def _rate() -> float:
    """Undisturbed: from the beat to the last message in the inbox."""
    with _Scene(CLOCKS) as (workers, work):
        work.release()
        began = time.perf_counter()
        while (told := _told()) < len(work.expected):
            workers.push("sweep_reminders")
            time.sleep(0.2)
        return told / (time.perf_counter() - began)


def _told() -> int:
    return Notification.objects.filter(channel="inapp").count()


def _storm() -> Result:
    with _Scene(CLOCKS) as (workers, work):
        return storm(workers, work, kills=KILLS, seconds=SECONDS, seed=SEED)


class _Scene:
    """A filled database of its own with warm workers."""

    def __init__(self, clocks: int) -> None:
        self.clocks = clocks
        self.folder = tempfile.TemporaryDirectory(prefix="mingshu-storm-")
        self.database = database_of_its_own(f"mingshu_storm_{os.getpid()}")

    def __enter__(self) -> tuple[Workers, Work]:
        self.database.__enter__()
        work = fill(self.clocks)
        self.workers = Workers(Path(self.folder.name)).__enter__()
        self.workers.warm_up()
        return self.workers, work

    def __exit__(self, *exception: object) -> None:
        self.workers.__exit__(*exception)
        self.database.__exit__(None, None, None)
        self.folder.cleanup()


if __name__ == "__main__":
    main()
