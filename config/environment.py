"""Values from outside, parsed at the door; a bad one stops the start with its name."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str | None = None) -> str:
    """The text of a variable; `ImproperlyConfigured` when it is unset and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list without empty items."""
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's database settings from `postgres://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres://")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def redis_location(url: str) -> str:
    """REDIS_URL as redis-py spells it; Celery's spelling of a socket differs."""
    return url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


def secret(name: str, folder: Path, *, may_create: bool) -> str:
    """A secret from the environment, else from `folder`; made there once for demo and tests."""
    variable = f"MINGSHU_{name.upper()}"
    if variable in os.environ:
        return os.environ[variable]
    path = folder / name
    if path.exists():
        return path.read_text().strip()
    if not may_create:
        raise ImproperlyConfigured(
            f"{variable} is not set and {path.name} is not in the key folder"
        )
    return _created(path)


def _created(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same start was quicker
        return path.read_text().strip()
    value = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    return value
