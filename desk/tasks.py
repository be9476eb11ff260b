"""The jobs of the desk. Each may run twice, or be killed, without harm."""

from celery import shared_task

from desk import ledger_orders
from governance import export_files


@shared_task(time_limit=1_800, soft_time_limit=1_700)
def make_export(pk: int) -> None:
    """Write one long ledger."""
    ledger_orders.run(pk)


@shared_task
def wake_exports() -> None:
    """Long ledgers that wait, or whose worker died."""
    ledger_orders.wake_all()


@shared_task
def drop_old_exports() -> None:
    """Files are gone a day after they were made."""
    export_files.drop_old()
