"""The periodic jobs of the registry. Each may run twice, or be killed, without harm."""

from celery import shared_task

from institutions.duplicates import search


@shared_task
def look_at_changed() -> None:
    """Compare what was entered, imported or changed since the last run with the register."""
    search.look_at_changed()


@shared_task
def look_for_duplicates() -> None:
    """Compare the whole register with itself."""
    search.look_at_all()
