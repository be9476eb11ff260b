"""A tiny product in a folder of its own, run by the real launcher with the real servers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest

from launcher.children import started_at
from launcher.layout import Home, Layout
from launcher.register import read_state

ROOT = Path(__file__).resolve().parent.parent.parent
WSGI = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"alive"]
"""
CELERY = """
import os
from celery import Celery
app = Celery("tiny", broker=os.environ["REDIS_URL"])
app.conf.beat_schedule_filename = os.environ["MINGSHU_VAR"] + "/beat/schedule"
"""
MANAGE = """
import os, sys
print(*sys.argv[1:], os.environ["DATABASE_URL"])
"""
DRIVER = """
import sys
from pathlib import Path
from launcher import cli, packages
from launcher.layout import Layout
packages.ensure = lambda *args, **options: None
root, *args = sys.argv[1:]
sys.exit(cli.run(args, Layout(Path(root), Path(root) / "var", Path(sys.prefix))))
"""


@dataclass
class Product:
    """The tiny product: start it, look at it, kill it."""

    root: Path
    port: int
    path: str = os.environ["PATH"]
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return Home(self.root / "var")

    @property
    def layout(self) -> Layout:
        return Layout(self.root, self.root / "var", Path(sys.prefix))

    @property
    def env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MINGSHU", "DATABASE"))}
        kept.pop("REDIS_URL", None)
        return {**kept, "PORT": str(self.port), "PATH": self.path, "PYTHONPATH": str(ROOT)}

    def run(self, *args: str) -> subprocess.Popen:
        """`run.py ARGS` as a process."""
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(self.root), *args],
            env=self.env,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def serve(self) -> subprocess.Popen:
        """Start serving and return when the banner is printed."""
        process = self.run()
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            if "Stop with Ctrl-C" in line:
                return process
        raise AssertionError(process.stderr.read())

    @property
    def children(self) -> dict[str, int]:
        return {child["name"]: child["pid"] for child in self.state["children"]}

    @property
    def state(self) -> dict:
        return read_state(self.home)

    def sql(self, statement: str) -> list:
        query = self.state["DATABASE_URL"].partition("?")[2]
        where = dict(part.split("=") for part in query.split("&"))
        connection = psycopg2.connect(dbname="mingshu", user=where["user"], host=where["host"])
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def processes(self) -> list[int]:
        """Every process that names this product's folder or works in it."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            pid = int(entry.name)
            try:
                told = (entry / "cmdline").read_bytes() + os.fsencode(os.readlink(entry / "cwd"))
            except OSError:
                continue
            if os.fsencode(self.root) in told and pid != os.getpid() and started_at(pid):
                found.append(pid)
        return found

    def wait_until_gone(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while self.processes() and time.monotonic() < until:
            time.sleep(0.1)
        assert self.processes() == []


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path, _free_port())
    for name, text in {
        "config/__init__.py": "",
        "config/wsgi.py": WSGI,
        "config/celery.py": CELERY,
        "manage.py": MANAGE,
        "deploy/gunicorn.py": (ROOT / "deploy" / "gunicorn.py").read_text(),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    yield product
    for process in product.started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
    product.wait_until_gone()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
