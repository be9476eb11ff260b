"""Storage whose names are hashes: writing the same bytes twice is one file, and no name changes."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

ORPHAN_AGE = 24 * 60 * 60  # seconds: longer than any request


def originals() -> Storage:
    """Bytes as received and issued papers; every read is an audited act."""
    return storages["originals"]


def public() -> Storage:
    """Copies without metadata; still read only after a scope check."""
    return storages["public"]


def name_of(sha256: str) -> str:
    """Two levels of folders, no extension: nothing a web server would run or guess."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(storage: Storage, sha256: str, content: File) -> None:
    """Store the content under its hash unless it is there; on disk when this returns."""
    name = name_of(sha256)
    if isinstance(storage, HashedStorage) and storage.refresh(name):
        return
    storage.save(name, content)


def remove_orphans(storage: Storage, known: set[str]) -> list[str]:
    """Remove files that no row names and nobody touched for a day; returns their hashes.

    For local folders; an object store has life-cycle rules for this.
    """
    if not isinstance(storage, HashedStorage):
        return []
    orphans = [path for path in storage.untouched(ORPHAN_AGE) if path.name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return [path.name for path in orphans]


class HashedStorage(FileSystemStorage):
    """A local folder, private to the process; a file appears whole and synced, or not at all."""

    def __init__(self, location: Any = None, **options: Any) -> None:
        options = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700} | options
        super().__init__(location=location, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def refresh(self, name: str) -> bool:
        """Whether the file is there; then it counts as new, so that no sweep takes it away."""
        try:
            os.utime(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def untouched(self, seconds: int) -> list[Path]:
        """Every file that was last written or refreshed longer ago than `seconds`."""
        before = time.time() - seconds
        files = (path for path in Path(self.location).rglob("*") if path.is_file())
        return [path for path in files if path.stat().st_mtime < before]

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
