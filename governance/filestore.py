"""Storage whose names are hashes: writing the same bytes twice is one file, and no name changes."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


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
    if not storage.exists(name):
        storage.save(name, content)


class HashedStorage(FileSystemStorage):
    """A local folder, private to the process; a file appears whole and synced, or not at all."""

    def __init__(self, location: Any = None, **options: Any) -> None:
        options = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700} | options
        super().__init__(location=location, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

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
