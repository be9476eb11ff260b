"""What each word after `run.py` does."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher import freshness, packages, servers, stop
from launcher.accounts import banner, demo_password
from launcher.children import bound_to_parent
from launcher.layout import Home, Layout
from launcher.progress import Failed, run_step, say
from launcher.register import Busy, Register, borrowed, read_state, taken, wait_for_borrowers
from launcher.servers import Servers
from launcher.supervisor import Supervisor, check_port, roles, rotate_logs

GRACE = 20.0  # seconds a command in the foreground gets to end after Ctrl-C


def environment(layout: Layout, home: Home, mode: str, addresses: Mapping[str, str]) -> dict:
    """The variables that every Python process of the product gets."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
    env.update(addresses)
    env.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        MINGSHU_VAR=str(home.folder),
        MINGSHU_MODE=mode,
        PYTHONUNBUFFERED="1",
        PYTHONUTF8="1",
    )
    return env


def port() -> int:
    """The port asked for by `PORT`."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Failed(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def mode() -> str:
    """Ours are demo servers; a database of somebody else's is production unless told otherwise."""
    given = "production" if os.environ.get("DATABASE_URL") else "demo"
    return os.environ.get("MINGSHU_MODE") or given


def level() -> str:
    return "base" if servers.external(os.environ) else "embedded"


# serve


def serve(layout: Layout, args: Sequence[str]) -> int:
    """Set up, serve until asked to end."""
    if args:
        raise Failed(f"Unknown command: {args[0]}. Try: python3 run.py help")
    wanted = port()
    with taken(layout.home, f"http://127.0.0.1:{wanted}") as register:
        rotate_logs(layout.home)
        packages.ensure(layout, level())
        check_port(wanted)
        with servers.running(layout, register, os.environ) as running:
            _serve(layout, register, running, wanted)
    return 0


def _serve(layout: Layout, register: Register, running: Servers, wanted: int) -> None:
    home, address = layout.home, f"http://127.0.0.1:{wanted}"
    env = demo_environment(layout, home, running)
    env.setdefault("MINGSHU_BASE_URL", address)
    env["MINGSHU_BIND"] = f"127.0.0.1:{wanted}"
    if os.environ.get("DATABASE_URL") or not freshness.same_code(layout, home, env):
        set_up(layout, home, running, env)
    register.note(**running.addresses)
    supervisor = Supervisor(register, running.children, roles(layout, home, env))
    try:
        say("→ Starting the web server, the worker and the scheduler …")
        supervisor.start(wanted)
        print(banner(address, env.get("MINGSHU_DEMO_PASSWORD")), flush=True)
        supervisor.watch()
    finally:
        say("Stopping …")
        supervisor.end()


def demo_environment(layout: Layout, home: Home, running: Servers) -> dict:
    env = environment(layout, home, mode(), running.addresses)
    if mode() == "demo" and not os.environ.get("DATABASE_URL"):
        env["MINGSHU_DEMO_PASSWORD"] = demo_password(home, os.environ)
    return env


def set_up(layout: Layout, home: Home, running: Servers, env: Mapping[str, str]) -> None:
    """Migrate and load what the code needs; seeds only the database that this folder made."""
    scope = [] if os.environ.get("DATABASE_URL") else ["--demo"]
    title = "Setting up the database" if running.fresh else "Bringing the database up to date"
    argv = [layout.python, layout.manage, "setup", *scope]
    run_step(title, argv, log=home.log("setup"), cwd=layout.root, env=env, echo=True)
    if scope:
        freshness.note(layout, home, env)


# manage


def manage(layout: Layout, args: Sequence[str]) -> int:
    """A management command on the servers that run, else on servers started for it."""
    told = False
    while True:
        try:
            with taken(layout.home, "manage") as register:
                return _manage_alone(layout, register, args)
        except Busy:
            code = _manage_beside(layout, args)
        if code is not None:
            return code
        if not told:
            say("Another run.py is starting in this folder; waiting for its database …")
            told = True
        stop.pause(0.5)


def _manage_beside(layout: Layout, args: Sequence[str]) -> int | None:
    """Run with the servers of another process; None when it has none (yet, or any more)."""
    with borrowed(layout.home):
        state = read_state(layout.home)
        if "DATABASE_URL" not in state:
            return None
        addresses = {name: state[name] for name in ("DATABASE_URL", "REDIS_URL")}
        env = demo_environment(layout, layout.home, Servers(*addresses.values()))
        return foreground([layout.python, layout.manage, *args], env)


def _manage_alone(layout: Layout, register: Register, args: Sequence[str]) -> int:
    packages.ensure(layout, level())
    with servers.running(layout, register, os.environ) as running:
        env = demo_environment(layout, layout.home, running)
        ours = not os.environ.get("DATABASE_URL")
        if ours and not freshness.same_tables(layout, layout.home):
            set_up(layout, layout.home, running, env)
        register.note(**running.addresses)
        try:
            return foreground([layout.python, layout.manage, *args], env)
        finally:
            register.forget(*running.addresses)
            wait_for_borrowers(layout.home)


# test, bench, check


def test(layout: Layout, args: Sequence[str]) -> int:
    """The tests, on servers of their own that are thrown away."""
    packages.ensure(layout, "dev", test_front=True)
    with throw_away(layout, "test", durable=False) as (home, running):
        env = environment(layout, home, "test", running.addresses)
        env.pop("MINGSHU_DEMO_PASSWORD", None)
        _django_step(layout, home, env, "Compiling translations", "messages", "--compile")
        argv = [layout.python, "-m", "pytest", *_parallel(args), *args]
        return foreground(argv, env, layout.root)


def _parallel(args: Sequence[str]) -> list[str]:
    alone = any(arg.startswith(("-n", "--numprocesses", "--pdb", "--dist")) for arg in args)
    return [] if alone else ["-n", "2", "--dist", "worksteal"]


def bench(layout: Layout, args: Sequence[str]) -> int:
    """One benchmark by name, or all, on servers of their own that keep what they promise."""
    folder = layout.root / "benchmarks"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    name, *rest = args or [""]
    if name and name not in known:
        raise Failed(f"There is no benchmark {name!r}. There are: {', '.join(known)}")
    packages.ensure(layout, "dev", test_front=True)
    with throw_away(layout, "bench", durable=True) as (home, running):
        env = environment(layout, home, "demo", running.addresses)
        env["PYTHONPATH"] = str(layout.root)
        _django_step(layout, home, env, "Compiling translations", "messages", "--compile")
        _django_step(layout, home, env, "Migrating", "migrate", "--verbosity=0")
        _django_step(layout, home, env, "Loading reference data", "load_reference")
        _django_step(layout, home, env, "Collecting static files", "collectstatic", "--noinput")
        codes = [
            _bench_one(layout, folder, each, rest, env) for each in ([name] if name else known)
        ]
    return max(codes, default=0)


def _bench_one(
    layout: Layout, folder: Path, name: str, args: Sequence[str], env: Mapping[str, str]
) -> int:
    print(f"\n== {name} ==", flush=True)
    return foreground([layout.python, folder / f"{name}.py", *args], env, layout.root)


def _django_step(
    layout: Layout, home: Home, env: Mapping[str, str], title: str, *args: str
) -> None:
    argv = [layout.python, layout.manage, *args]
    run_step(title, argv, log=home.log("setup"), cwd=layout.root, env=env)


CHECKS = {  # what follows `python` for each
    "style": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "floors": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
    "migrations": ("-m", "django", "makemigrations", "--check", "--dry-run", "--skip-checks"),
    "translations": ("-m", "django", "messages", "--check"),
}


def check(layout: Layout, args: Sequence[str]) -> int:
    """Style, types, floors, migrations and translations; no server is needed."""
    wanted = list(args) or list(CHECKS)
    if unknown := [name for name in wanted if name not in CHECKS]:
        raise Failed(f"There is no check {unknown[0]!r}. There are: {', '.join(CHECKS)}")
    packages.ensure(layout, "dev", test_front=True)
    nowhere = {"DATABASE_URL": "postgres:///none?host=/nonexistent", "REDIS_URL": "redis://none"}
    with tempfile.TemporaryDirectory(prefix="mingshu-") as folder:
        env = environment(layout, Home(Path(folder)), "test", nowhere)
        failed = [name for name in wanted if _check_one(layout, name, env)]
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _check_one(layout: Layout, name: str, env: Mapping[str, str]) -> int:
    print(f"== {name} ==", flush=True)
    return foreground([layout.python, *CHECKS[name]], env, layout.root)


@contextmanager
def throw_away(layout: Layout, kind: str, *, durable: bool) -> Iterator[tuple[Home, Servers]]:
    """A home with servers that is gone after the block; also removes those of killed runs."""
    layout.home.prepare()
    _remove_abandoned(layout, kind)
    home = Home(Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=layout.var)))
    try:
        with taken(home, kind) as register:
            say("→ Starting a database and a broker for this run …")
            with servers.running(layout, register, os.environ, durable=durable) as running:
                yield home, running
    finally:
        shutil.rmtree(home.folder, ignore_errors=True)


def _remove_abandoned(layout: Layout, kind: str) -> None:
    for folder in layout.var.glob(f"{kind}-*"):
        try:
            with taken(Home(folder), "cleaning"):
                pass
        except Busy:
            continue
        shutil.rmtree(folder, ignore_errors=True)


def foreground(argv: Sequence[object], env: Mapping[str, str], cwd: Path | None = None) -> int:
    """Run a command on this terminal to its end; gives its exit code.

    A Ctrl-C of the terminal reaches the command by itself; other ways to end are passed on.
    """
    process = subprocess.Popen(
        [str(part) for part in argv], cwd=cwd, env=dict(env), preexec_fn=bound_to_parent()
    )
    try:
        while process.poll() is None:
            stop.pause(stop.SLICE)
    except stop.Interrupted:
        _wind_down(process)
        raise
    code = process.returncode
    return 128 - code if code < 0 else code


def _wind_down(process: subprocess.Popen[bytes]) -> None:
    number = stop.last_signal()
    if number != signal.SIGINT or not sys.stdin.isatty():
        process.send_signal(number)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
