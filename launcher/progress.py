"""What the person at the keyboard sees, on stderr: stdout belongs to the command."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import stop
from launcher.children import bound_to_parent

TICK = 10.0  # seconds between two signs of life where there is no terminal


class Failed(Exception):
    """A step did not work; the message says what to do."""

    def __init__(self, message: str, log: Path | None = None):
        super().__init__(message)
        self.log = log


def say(text: str = "") -> None:
    print(text, file=sys.stderr, flush=True)


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log, each indented; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        text = file.read().decode("utf-8", "replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def run_step(
    title: str,
    argv: Sequence[object],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    echo: bool = False,
) -> None:
    """Run a command to its end with its output in `log`; raise `Failed` when it does not return 0.

    `echo` shows the command's own lines as they come.
    """
    sign = _Sign(title)
    with log.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            [str(part) for part in argv],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=bound_to_parent(),
        )
    try:
        with log.open("rb") as reader:
            reader.seek(start)
            while process.poll() is None:
                stop.pause(stop.SLICE)
                sign.of_life(reader.read() if echo else b"")
            sign.of_life(reader.read() if echo else b"")
    finally:
        _end(process)
    if process.returncode:
        sign.failed()
        raise Failed(f"{title}: failed. See {log}", None if echo else log)
    sign.done()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


class _Sign:
    """The line that tells that a step is at work."""

    def __init__(self, title: str):
        self.title, self.began = title, time.monotonic()
        self.told = self.began
        self.live = sys.stderr.isatty()
        self.rest = b""
        print(f"→ {title} …", end="" if self.live else "\n", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def of_life(self, output: bytes) -> None:
        *lines, self.rest = (self.rest + output).split(b"\n")
        for line in lines:
            if text := line.decode("utf-8", "replace").strip():
                print(f"{self._fresh()}   {text}", file=sys.stderr, flush=True)
                self.told = time.monotonic()
        if self.live and self.seconds > 1:
            print(f"\r\033[K→ {self.title} … {self.seconds:.0f} s", end="", file=sys.stderr)
            sys.stderr.flush()
        elif time.monotonic() - self.told > TICK:
            self.told = time.monotonic()
            say(f"   still working, {self.seconds:.0f} s")

    def done(self) -> None:
        if self.live:
            say(f"{self._fresh()}✓ {self.title} ({self.seconds:.1f} s)")
        else:
            say(f"   done in {self.seconds:.1f} s")

    def failed(self) -> None:
        say(f"{self._fresh()}✗ {self.title}")

    def _fresh(self) -> str:
        return "\r\033[K" if self.live else ""
