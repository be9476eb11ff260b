"""Who uses a home, and what a killed run left there."""

import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from launcher import stop
from launcher.children import Child, started_at
from launcher.layout import Home
from launcher.progress import Failed, say

PATIENCE = 20.0  # seconds that the processes of a killed run get to end by themselves
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Busy(Exception):
    """Another process holds the home; `state` is what it wrote about itself."""

    def __init__(self, state: dict[str, Any]):
        super().__init__(state.get("command", ""))
        self.state = state


def _boot() -> str:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def read_state(home: Home) -> dict[str, Any]:
    """What the holder wrote last; empty when there is nothing or it is damaged."""
    try:
        state = json.loads(home.state.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


@dataclass
class Register:
    """The lock on a home and the notes about what runs in it."""

    home: Home
    handle: IO[str]
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def take(cls, home: Home, command: str) -> "Register":
        """Take the home for `command`; raises `Busy` at once when another process has it."""
        try:
            home.prepare()
            handle = home.lock.open("a")
        except PermissionError as error:
            raise Failed(
                f"{home.folder} belongs to another user. Run as that user, or choose another "
                "state folder: MINGSHU_VAR=/path/to/folder"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise Busy(read_state(home)) from None
        register = cls(home, handle)
        register.clean_leftovers()
        register.note(pid=os.getpid(), command=command, boot=_boot())
        return register

    def note(self, **facts: Any) -> None:
        """Add facts and write them where other commands and the next run find them."""
        self.facts.update(facts)
        draft = self.home.state.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.facts, ensure_ascii=False, indent=1))
        draft.replace(self.home.state)

    def forget(self, *names: str) -> None:
        """Take facts back."""
        self.facts = {name: fact for name, fact in self.facts.items() if name not in names}
        self.note()

    def note_children(self, children: Sequence[Child]) -> None:
        self.note(children=[child.describe() for child in children if child.running])

    def temporary_folder(self, below: Path | None = None, mode: int = 0o700) -> Path:
        """A short path outside the home, noted so that it goes even after kill -9."""
        folder = Path(tempfile.mkdtemp(prefix="mingshu-", dir=below))
        folder.chmod(mode)
        self.note(temporary=[*self.facts.get("temporary", []), str(folder)])
        return folder

    def clean_leftovers(self) -> None:
        """End what a killed run left: its processes first, then its temporary folders."""
        state = read_state(self.home)
        if state.get("boot") == _boot():
            _end_all(state.get("children", []))
        _remove_folders(state.get("temporary", []))
        self.home.state.unlink(missing_ok=True)

    def release(self) -> None:
        _remove_folders(self.facts.get("temporary", []))
        self.home.state.unlink(missing_ok=True)
        self.handle.close()


def _remove_folders(folders: Sequence[str]) -> None:
    for name in folders:
        folder = Path(name)
        if folder.name.startswith("mingshu-") and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def _end_all(children: Sequence[dict[str, Any]]) -> None:
    def alive() -> list[int]:
        return [c["pid"] for c in children if c["pid"] and started_at(c["pid"]) == c["started"]]

    if alive():
        say("An earlier run was killed; waiting for its processes to end …")
    until = time.monotonic() + PATIENCE
    while alive() and time.monotonic() < until:
        stop.pause(stop.SLICE)
    for pid in alive():
        os.killpg(pid, signal.SIGKILL)


@contextmanager
def taken(home: Home, command: str) -> Iterator[Register]:
    """The home for the time of the block."""
    register = Register.take(home, command)
    try:
        yield register
    finally:
        register.release()


@contextmanager
def borrowed(home: Home) -> Iterator[None]:
    """Use the servers of another process; its owner waits for us before it stops them."""
    with home.attached.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def wait_for_borrowers(home: Home) -> None:
    """Return when no other command uses our servers any more."""
    with home.attached.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run.py command still uses the database; waiting for it to end …")
            fcntl.flock(handle, fcntl.LOCK_EX)
