"""Web, worker and beat beside the servers: started, watched, restarted, ended."""

import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from launcher import stop
from launcher.children import Child
from launcher.layout import Home, Layout
from launcher.progress import Failed, say
from launcher.register import Register

READY_SECONDS = 90.0
STEADY_SECONDS = 60.0  # a child that was up so long starts again without delay
LONGEST_DELAY = 30.0
MOST_FAILURES = 6
LARGEST_LOG = 10 * 1024 * 1024


def roles(layout: Layout, home: Home, env: Mapping[str, str]) -> list[Child]:
    """The three Python processes; beat exactly once, or every reminder would come twice."""

    def child(name: str, *argv: str, death_signal: int = signal.SIGTERM, hurry: int = 0) -> Child:
        command = [str(layout.python), "-m", *argv]
        return Child(
            name,
            command,
            home.log(name),
            env,
            layout.root,
            death_signal=death_signal,
            hurry_signal=hurry,
        )

    (home.folder / "beat").mkdir(mode=0o700, exist_ok=True)
    configuration = str(layout.root / "deploy" / "gunicorn.py")
    quiet = ("--without-gossip", "--without-mingle", "--loglevel=INFO")
    return [
        child("web", "gunicorn", "--config", configuration, "config.wsgi:application"),
        # SIGTERM lets running tasks end, which may take minutes; SIGQUIT gives them back.
        child(
            "worker",
            *("celery", "-A", "config", "worker", "--concurrency=2", *quiet),
            death_signal=signal.SIGQUIT,
            hurry=signal.SIGQUIT,
        ),
        child("beat", "celery", "-A", "config", "beat", "--pidfile=", "--loglevel=INFO"),
    ]


def check_port(port: int) -> None:
    """Raise `Failed` when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failed(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another: PORT={port + 1} python3 run.py"
            ) from error


def rotate_logs(home: Home) -> None:
    """Set large logs aside; one older generation is kept."""
    for log in (home.folder / "log").glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))


@dataclass
class Supervisor:
    """Keeps processes alive until somebody asks for the end."""

    register: Register
    servers: list[Child]
    roles: list[Child]
    failures: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """Start the roles and return when pages are served; the others do not delay the web."""
        web, *others = self.roles
        self._start(web)
        address = f"http://127.0.0.1:{port}/healthz"
        while not _answers(address):
            if not web.running or web.seconds_up > READY_SECONDS:
                raise Failed("The web server did not start.", web.log)
            stop.pause(0.1)
        self._start(*others)

    def _start(self, *children: Child) -> None:
        for child in children:
            child.start()
        self._note()

    def watch(self) -> None:
        """Restart what dies, with growing delays; returns only by `Interrupted` or `Failed`."""
        while True:
            stop.pause(0.2)
            for child in (*self.servers, *self.roles):
                if not child.running:
                    self._revive(child)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.name not in self.due:
            self.due[child.name] = now + self._delay(child)
        if now < self.due[child.name]:
            return
        del self.due[child.name]
        child.sweep()
        child.start()
        self._note()
        say(f"{child.name} runs again (process {child.pid})")

    def _delay(self, child: Child) -> float:
        """Seconds until the next start, after counting this failure."""
        steady = child.seconds_up > STEADY_SECONDS
        count = self.failures[child.name] = 1 if steady else self.failures.get(child.name, 0) + 1
        if count > MOST_FAILURES:
            raise Failed(f"{child.name} ended {count} times in a row.", child.log)
        delay = min(LONGEST_DELAY, 2.0 ** (count - 1) - 1)
        code = child.process.returncode if child.process else None
        say(f"{child.name} ended ({code}); starting it again in {delay:.0f} s, see {child.log}")
        return delay

    def _note(self) -> None:
        self.register.note_children([*self.servers, *self.roles])

    def end(self) -> None:
        """End the roles, all at once; the servers are ended by whoever started them."""
        for child in reversed(self.roles):
            child.ask_to_end()
        for child in reversed(self.roles):
            child.end()


def _answers(address: str) -> bool:
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
