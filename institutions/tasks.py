"""The periodic jobs of the registry. Each may run twice, or be killed, without harm."""

from celery import shared_task

from institutions.duplicates import search
from institutions.imports import jobs
from institutions.leads import running


@shared_task
def look_at_changed() -> None:
    """Compare what was entered, imported or changed since the last run with the register."""
    search.look_at_changed()


@shared_task
def look_for_duplicates() -> None:
    """Compare the whole register with itself."""
    search.look_at_all()


@shared_task
def check_changed() -> None:
    """Check the institutions whose facts changed; wakes itself up while there are more."""
    running.check_changed()


@shared_task
def check_all() -> None:
    """Every night: the rules that depend on the day, by stretches of keys; all rules where a
    version or a price begins or has ended."""
    running.begin_the_day()
    for first, last in running.stretches():
        check_stretch.delay(first, last)


@shared_task
def check_stretch(first: int, last: int) -> None:
    """The institutions with keys from `first` to `last`."""
    running.check_stretch(first, last)


@shared_task(time_limit=3_600, soft_time_limit=3_500)
def run_import(pk: int) -> None:
    """Read or enter one large ledger."""
    jobs.run(pk)


@shared_task
def wake_imports() -> None:
    """Large ledgers that wait, or whose worker died."""
    jobs.wake_all()
