"""The PostgreSQL and the Valkey of one home, from empty folder to connection address."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from launcher import binaries, stop
from launcher.binaries import Programs
from launcher.children import Child
from launcher.layout import Home, Layout
from launcher.progress import Failed, say
from launcher.register import Register

OWNER = DATABASE = "mingshu"
# The longest address of a unix socket on Linux is 107 bytes, and PostgreSQL adds its own name.
LONGEST_SOCKET = 107
SOCKET_NAMES = (".s.PGSQL.5432.lock", "valkey.sock")
START_SECONDS = 60.0
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
)
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass
class Servers:
    """Where to connect, and the processes behind it; none when they are somebody else's."""

    database_url: str
    redis_url: str
    children: list[Child] = field(default_factory=list)
    fresh: bool = False  # the database was made by this start

    @property
    def addresses(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def external(env: Mapping[str, str]) -> bool:
    """Whether both servers are given from outside."""
    return bool(env.get("DATABASE_URL") and env.get("REDIS_URL"))


@contextmanager
def running(
    layout: Layout, register: Register, env: Mapping[str, str], *, durable: bool = True
) -> Iterator[Servers]:
    """Servers for the time of the block; `DATABASE_URL` and `REDIS_URL` replace ours.

    Without `durable` a crash of the machine may lose rows: for tests only.
    """
    servers = Servers(env.get("DATABASE_URL", ""), env.get("REDIS_URL", ""))
    try:
        _start(servers, layout, register, durable)
        yield servers
    finally:
        end(servers.children)


def end(children: list[Child]) -> None:
    """End processes in reverse order of their start, each before the next is asked."""
    for child in reversed(children):
        child.ask_to_end()
        child.end()


def _start(servers: Servers, layout: Layout, register: Register, durable: bool) -> None:
    if servers.database_url and servers.redis_url:
        return
    home = register.home
    programs = (
        None if servers.database_url else binaries.postgres(layout, register.temporary_folder)
    )
    sockets = socket_folder(home, register, programs)
    if programs:
        _start_postgres(servers, home, programs, sockets, durable)
        servers.database_url = f"postgres:///{DATABASE}?host={sockets}&user={OWNER}"
        register.note_children(servers.children)
    if not servers.redis_url:
        _start_valkey(servers, home, binaries.valkey(layout), sockets, durable)
        servers.redis_url = f"redis+socket://{sockets}/valkey.sock?virtual_host=0"
        register.note_children(servers.children)


def socket_folder(home: Home, register: Register, programs: Programs | None = None) -> Path:
    """A closed folder for the sockets whose path fits, in the home where it does."""
    user = programs.user if programs else None
    longest = max(len(os.fsencode(home.sockets / name)) for name in SOCKET_NAMES)
    plain = quote(str(home.sockets)) == str(home.sockets)  # addresses are written without escapes
    if user is None and longest <= LONGEST_SOCKET and plain:
        home.sockets.mkdir(mode=0o700, exist_ok=True)
        home.sockets.chmod(0o700)
        return home.sockets
    folder = register.temporary_folder(programs.scratch if programs else None)
    if user is not None:
        os.chown(folder, user, user)
    return folder


# PostgreSQL


def _start_postgres(
    servers: Servers, home: Home, programs: Programs, sockets: Path, durable: bool
) -> None:
    data = home.postgres / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(home, programs, data)
        servers.fresh = True
    _check_version(data, programs)
    _give(data, programs.user)
    child = _postgres_child(home, programs, data, sockets, durable)
    child.start()
    servers.children.append(child)
    ask = _Asker(programs, sockets)
    _await(child, lambda: ask("SELECT 1") == "1")
    if not ask(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        ask(f"CREATE DATABASE {DATABASE}")


def _initialise(home: Home, programs: Programs, data: Path) -> None:
    draft = home.postgres / "data.new"  # renamed when complete: a killed initdb leaves no half
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    _give(draft, programs.user)
    command = [
        *programs.command("initdb"),
        f"--pgdata={programs.path_of(draft)}",
        f"--username={OWNER}",
        "--auth=trust",  # the socket folder is closed to everybody else, and there is no port
        *LOCALE,
        "--no-instructions",
    ]
    child = Child("initdb", command, home.log("postgres"), _plain_env(), draft, user=programs.user)
    child.start()
    try:
        while child.running:
            stop.pause(0.05)
    finally:
        child.ask_to_end()
        child.end()
    if child.process and child.process.returncode:
        raise Failed("The database could not be created.", child.log)
    draft.rename(data)


def _check_version(data: Path, programs: Programs) -> None:
    has = (data / "PG_VERSION").read_text().strip()
    if has != str(programs.version):
        raise Failed(
            f"{data} was made by PostgreSQL {has}, but the one here is {programs.version}. "
            "Dump and restore it with the old version, or move the folder away to begin anew."
        )


def _give(data: Path, user: int | None) -> None:
    """Give the data folder to the user who will run the server, if it has another owner."""
    owner = os.geteuid() if user is None else user
    if os.geteuid() != 0 or data.stat().st_uid == owner:
        return
    for folder, names, files in os.walk(data):
        for name in (*names, *files):
            os.lchown(os.path.join(folder, name), owner, owner)
    os.lchown(data, owner, owner)


def _postgres_child(
    home: Home, programs: Programs, data: Path, sockets: Path, durable: bool
) -> Child:
    options = ["listen_addresses=", f"unix_socket_directories={sockets}", "timezone=UTC"]
    options += [] if durable else NOT_DURABLE
    return Child(
        "postgres",
        [
            *programs.command("postgres"),
            "-D",
            programs.path_of(data),
            *(part for option in options for part in ("-c", option)),
        ],
        home.log("postgres"),
        _plain_env(),
        data,
        end_signal=signal.SIGINT,  # "fast": end the sessions, write everything, leave
        death_signal=signal.SIGINT,
        patience=60,
        user=programs.user,
    )


def _plain_env() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8"}


class _Asker:
    """Questions to the server through its own client."""

    def __init__(self, programs: Programs, sockets: Path):
        self.argv = [str(programs.folder / "psql"), "-XAtq", "-h", str(sockets), "-U", OWNER]

    def __call__(self, sql: str) -> str:
        """The one value that `sql` gives; empty when there is none or the server is not ready."""
        told = subprocess.run(
            [*self.argv, "-d", "postgres", "-c", sql],
            capture_output=True,
            text=True,
            env=_plain_env(),
        )
        return told.stdout.strip()


# Valkey


def _start_valkey(
    servers: Servers, home: Home, program: Path, sockets: Path, durable: bool
) -> None:
    home.valkey.mkdir(mode=0o700, exist_ok=True)
    address = sockets / "valkey.sock"
    argv = [str(program), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"]
    argv += ["--dir", str(home.valkey), "--save", "", "--daemonize", "no"]
    argv += ["--appendonly", "yes" if durable else "no"]
    child = Child("valkey", argv, home.log("valkey"), _plain_env(), home.valkey)
    child.start()
    servers.children.append(child)
    _await(child, lambda: _answers_ping(address))


def _answers_ping(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _await(child: Child, ready: Callable[[], bool]) -> None:
    while not ready():
        if not child.running or child.seconds_up > START_SECONDS:
            say(f"✗ {child.name} did not start")
            raise Failed(f"{child.name} did not start.\n{binaries.ADVICE}", child.log)
        stop.pause(0.05)
