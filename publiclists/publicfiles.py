"""Pre-rendered public files: made when the list changes, served from disk, never stale.

A list's files lie in a folder named by its generation, a number that rises in the transaction of
every act that changes what the public may see. A file that is missing is made when it is asked
for; old folders are removed after the commit, so a withdrawn name stays in none of them.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from governance import daylight
from publiclists.models import ListChain

log = logging.getLogger("mingshu.public")


def root() -> Path:
    return Path(settings.MINGSHU_PUBLIC_DIR)


def folder_of(chain: ListChain) -> Path:
    """Where the files of every generation of a list lie."""
    return root() / "lists" / chain.division_id / chain.slug


def get(chain: ListChain, name: str, make: Callable[[], bytes]) -> bytes:
    """The file `name` of the present generation, made by `make` when it is not there yet."""
    return at(folder_of(chain) / str(chain.generation) / name, make)


def at(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes at `path`, made and kept when missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        data = make()
        write(path, data)
        return data


def write(path: Path, data: bytes) -> None:
    """A file that appears whole or not at all."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def clear_old(chain_pk: int) -> None:
    """Remove the files of every earlier generation of a list."""
    chain = ListChain.objects.get(pk=chain_pk)
    for folder in folder_of(chain).glob("*"):
        if folder.is_dir() and folder.name != str(chain.generation):
            shutil.rmtree(folder, ignore_errors=True)


def stale() -> bool:
    """Whether files lie here that this database cannot have made: it published nothing yet."""
    here = root()
    return here.is_dir() and any(here.iterdir()) and not ListChain.objects.exists()


def set_aside() -> Path | None:
    """Move the files of another database out of the way, beside the folder they lay in, and start
    with an empty one; returns where they are now, None where nothing is stale.

    Generations begin anew with a fresh database: without this it would serve the files of the one
    before under its own addresses.
    """
    if not stale():
        return None
    here = root()
    aside = here.with_name(f"{here.name}-before-{daylight.now():%Y%m%d-%H%M%S}")
    aside.mkdir(parents=True, exist_ok=True)
    for path in here.iterdir():  # the folder itself may be a mount
        shutil.move(path, aside / path.name)
    log.warning("public files of another database were set aside in %s", aside)
    return aside
