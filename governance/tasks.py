"""The kernel's periodic jobs. Each may run twice, or be killed, without harm."""

from celery import shared_task

from governance import audit, delivery, digests, import_books, import_files, people, reminders


@shared_task
def seal_audit() -> None:
    """Seal the committed audit events that wait."""
    audit.seal()


@shared_task
def sweep_reminders() -> None:
    """Turn due steps into messages."""
    reminders.sweep()


@shared_task
def deliver_messages() -> None:
    """Return what dead workers left, then send what waits."""
    delivery.return_stale()
    delivery.deliver()


@shared_task
def make_digests() -> None:
    """After eight in the morning: one e-mail a person."""
    if digests.make_digests():
        delivery.deliver()


@shared_task
def drop_old_previews() -> None:
    """Delete the rows of imports that nobody confirmed, and uploaded workbooks after a month."""
    import_books.drop_old_previews(by=people.system_actor())
    import_files.drop_old()
