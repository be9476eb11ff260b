"""The file of an ordered export: sealed in pieces, for who asked for it only, gone after a day."""

from typing import IO

from governance import daylight
from governance.import_files import joined, pieces_of
from governance.models import ExportOrder, ExportPiece
from governance.models.orders import LASTS


def keep(order: ExportOrder, file: IO[bytes]) -> None:
    for serial, content in enumerate(pieces_of(file)):
        ExportPiece.objects.create(order=order, serial=serial, content=content)


def opened(order: ExportOrder) -> IO[bytes] | None:
    """The file, or None when its day is over."""
    pieces = ExportPiece.objects.filter(order=order).order_by("serial")
    return None if order.has_expired else joined(pieces.iterator(chunk_size=4))


def drop_old() -> int:
    """Delete the files whose day is over; returns how many pieces."""
    before = daylight.now() - LASTS
    return ExportPiece.objects.filter(order__made_at__lte=before).delete()[0]
