"""The private keys that sign publications: one file each in the key folder, the newest signs.

A file is named `publication-0001-<key id>.pem`, PKCS 8, readable by its owner only. The public
halves are rows (`SigningKey`), so that old publications verify after a private key is gone.
"""

import os
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.core.exceptions import ImproperlyConfigured

from publiclists import format1

NAME = re.compile(r"publication-(\d{4})-([0-9a-f]{16})\.pem")


def signing_key(folder: Path, *, may_create: bool) -> Ed25519PrivateKey:
    """The newest key of `folder`; a first one is made where that is allowed (demo and tests)."""
    path = _newest(folder)
    if path is None:
        if not may_create:
            raise ImproperlyConfigured(
                "no publication key in the key folder: run `manage make_publication_key` once"
            )
        path = make(folder)
    return _load(path)


def make(folder: Path) -> Path:
    """Make the next key; from now on it signs. Returns its file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    last = _newest(folder)
    serial = int(NAME.fullmatch(last.name)[1]) + 1 if last else 1  # type: ignore[index]
    key = Ed25519PrivateKey.generate()
    name = format1.key_id(key.public_key().public_bytes_raw())
    path = folder / f"publication-{serial:04}-{name}.pem"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _newest(folder: Path) -> Path | None:
    return max((path for path in folder.glob("publication-*.pem") if _is_ours(path)), default=None)


def _is_ours(path: Path) -> bool:
    return NAME.fullmatch(path.name) is not None


def _load(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path.name} is not an Ed25519 key")
    if format1.key_id(key.public_key().public_bytes_raw()) not in path.name:
        raise ImproperlyConfigured(f"{path.name} does not hold the key of its name")
    return key
