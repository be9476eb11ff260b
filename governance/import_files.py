"""The uploaded file of an import: sealed in pieces, for its uploader only, gone after a month."""

import base64
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from governance import daylight
from governance.models import ImportBatch, ImportPiece

DAYS = 30
PIECE = 768 * 1024  # bytes; a third more as text


def keep(batch: ImportBatch, file: Any) -> None:
    """Seal the file with its batch; leaves it at its beginning."""
    for serial, content in enumerate(pieces_of(file)):
        ImportPiece.objects.create(batch=batch, serial=serial, content=content)
    file.seek(0)


def pieces_of(file: Any) -> Iterator[str]:
    """The content from its beginning, in pieces of text."""
    file.seek(0)
    for piece in iter(lambda: file.read(PIECE), b""):
        yield base64.b64encode(piece).decode()


def joined(pieces: Iterable[Any]) -> IO[bytes] | None:
    """The content of rows with a `content` each, or None when there is none."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    for piece in pieces:
        out.write(base64.b64decode(piece.content))
    if not out.tell():
        out.close()
        return None
    out.seek(0)
    return out


def opened(batch: ImportBatch) -> IO[bytes] | None:
    """The file as it came, or None when its month is over."""
    pieces = ImportPiece.objects.filter(batch=batch).order_by("serial")
    return joined(pieces.iterator(chunk_size=4))


def drop(batch: ImportBatch) -> None:
    ImportPiece.objects.filter(batch=batch).delete()


def drop_old() -> int:
    """Delete what is older than a month; returns how many pieces."""
    before = daylight.now() - dt.timedelta(days=DAYS)
    return ImportPiece.objects.filter(created_at__lt=before).delete()[0]
