"""Processes that never outlive the supervisor, whatever ends it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def bound_to_parent(death_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `death_signal` to the child when this process dies.

    Start children from the main thread only: the kernel watches the thread that forked.
    """
    parent = os.getpid()

    def bind() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # the parent died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def started_at(pid: int) -> str:
    """The kernel's start time of a process, which tells it from a later one with the same number.

    Empty when there is no such process, or it is a zombie.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]


@dataclass
class Child:
    """A long-running process in a session of its own, with its output in a log.

    `end_signal` asks it to end in good order; `death_signal` is what the kernel sends when the
    supervisor is gone.
    """

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path
    end_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    patience: float = 10.0  # seconds between asking and killing
    hurry_signal: int = 0  # asked with before killing, when patience is at its end
    user: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    since: float = field(default=0.0, init=False)

    def start(self) -> None:
        identity: dict[str, Any] = {}
        if self.user is not None:
            identity = {"user": self.user, "group": self.user, "extra_groups": []}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(self.argv),
                cwd=self.cwd,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bound_to_parent(self.death_signal),
                **identity,
            )
        self.since = time.monotonic()

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def seconds_up(self) -> float:
        return time.monotonic() - self.since

    def ask_to_end(self) -> None:
        if self.running:
            os.kill(self.pid, self.end_signal)

    def end(self) -> None:
        """Wait for the end that was asked for, then make it so, for its whole session."""
        if self.process is None:
            return
        for number in (self.hurry_signal, signal.SIGKILL):
            try:
                self.process.wait(self.patience)
                break
            except subprocess.TimeoutExpired:
                self.process.send_signal(number)
        self.process.wait()
        self.sweep()

    def sweep(self) -> None:
        """Kill what the process left behind in its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "pid": self.pid, "started": started_at(self.pid)}
