"""The uploaded file of an import: sealed in pieces, for its uploader only, gone after a month."""

import base64
import datetime as dt
import tempfile
from typing import IO, Any

from governance import daylight
from governance.models import ImportBatch, ImportPiece

DAYS = 30
PIECE = 768 * 1024  # bytes; a third more as text


def keep(batch: ImportBatch, file: Any) -> None:
    """Seal the file with its batch; leaves it at its beginning."""
    file.seek(0)
    pieces = iter(lambda: file.read(PIECE), b"")
    for serial, piece in enumerate(pieces):
        content = base64.b64encode(piece).decode()
        ImportPiece.objects.create(batch=batch, serial=serial, content=content)
    file.seek(0)


def opened(batch: ImportBatch) -> IO[bytes] | None:
    """The file as it came, or None when its month is over."""
    pieces = ImportPiece.objects.filter(batch=batch).order_by("serial")
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    for piece in pieces.iterator(chunk_size=4):
        out.write(base64.b64decode(piece.content))
    if not out.tell():
        out.close()
        return None
    out.seek(0)
    return out


def drop(batch: ImportBatch) -> None:
    ImportPiece.objects.filter(batch=batch).delete()


def drop_old() -> int:
    """Delete what is older than a month; returns how many pieces."""
    before = daylight.now() - dt.timedelta(days=DAYS)
    return ImportPiece.objects.filter(created_at__lt=before).delete()[0]
