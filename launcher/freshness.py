"""Whether the embedded database is already set up for the code as it stands.

The note lies beside the data folder, so that removing the one removes the other.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from launcher.layout import Home, Layout

# Folders that a set-up does not look at, and files that it makes itself.
IGNORED = ("var", "node_modules", "templates", "tests", "launcher", "benchmarks", "docs")
MADE = (".pyc", ".mo")


def note(layout: Layout, home: Home, env: Mapping[str, str]) -> None:
    """Remember what the database was set up for."""
    told = {"tables": _tables(layout), "code": _code(layout, env)}
    _file(home).write_text(json.dumps(told))


def same_tables(layout: Layout, home: Home) -> bool:
    """Whether every migration that exists was there at the last set-up."""
    return _noted(home).get("tables") == _tables(layout)


def same_code(layout: Layout, home: Home, env: Mapping[str, str]) -> bool:
    """Whether nothing at all changed since the last set-up, the demo password included."""
    return _noted(home).get("code") == _code(layout, env)


def _file(home: Home) -> Path:
    return home.postgres / "set-up.json"


def _noted(home: Home) -> dict[str, str]:
    try:
        return dict(json.loads(_file(home).read_text()))
    except (OSError, ValueError):
        return {}


def _tables(layout: Layout) -> str:
    return _hash(
        str(path.relative_to(layout.root)) for path in layout.root.glob("*/migrations/*.py")
    )


def _code(layout: Layout, env: Mapping[str, str]) -> str:
    """Names, sizes and times of the files stand for the code; reading them would take longer."""
    lines = [f"{layout.root} {env.get('MINGSHU_DEMO_PASSWORD', '')} {env.get('MINGSHU_MODE', '')}"]
    lines += [_describe(layout.root / "package-lock.json")]
    for top in layout.root.iterdir():
        if top.is_dir() and not top.name.startswith(".") and top.name not in IGNORED:
            lines += [_describe(path) for path in top.rglob("*") if path.suffix not in MADE]
    return _hash(lines)


def _describe(path: Path) -> str:
    if not path.is_file():
        return ""  # a folder's time changes with the caches in it
    facts = path.stat()
    return f"{path} {facts.st_size} {facts.st_mtime_ns}"


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(set(lines))).encode()).hexdigest()
