"""How long from `python3 run.py` to the first page: the first time, again, and after kill -9.

Runs the checkout's own files in a fresh folder; packages come from wherever pip, uv and npm find
them, so that the first start also measures the network or their caches.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import _measure as measure

ROOT = Path(__file__).resolve().parent.parent
READY = "Stop with Ctrl-C"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mingshu-start-"))
    try:
        _copy(folder)
        measure.table(list(_starts(folder)), ["start", "seconds", "aim"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _starts(folder: Path):
    first, process = _start(folder)
    yield "first, from nothing to the first page", first, measure.verdict(first, 60)
    yield "end by Ctrl-C", measure.seconds(lambda: _end(process, signal.SIGINT)), ""
    second, process = _start(folder)
    yield "second", second, measure.verdict(second, 15)
    _end(process, signal.SIGKILL)
    third, process = _start(folder)
    yield "after kill -9", third, measure.verdict(third, 15)
    _end(process, signal.SIGINT)


def _copy(folder: Path) -> None:
    left_out = shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "__pycache__", "*.mo")
    shutil.copytree(ROOT, folder, ignore=left_out, dirs_exist_ok=True)


def _start(folder: Path) -> tuple[float, subprocess.Popen]:
    began = time.perf_counter()
    process = subprocess.Popen(
        [getattr(sys, "_base_executable", sys.executable), "run.py"],
        cwd=folder,
        env=_clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        if READY in line:
            return time.perf_counter() - began, process
    raise SystemExit(f"run.py ended with {process.wait()} before it was ready")


def _clean_environment() -> dict[str, str]:
    ours = ("MINGSHU", "DATABASE_URL", "REDIS_URL", "DJANGO", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return {**kept, "PORT": str(probe.getsockname()[1])}


def _end(process: subprocess.Popen, number: int) -> None:
    process.send_signal(number)
    process.communicate()


if __name__ == "__main__":
    main()
