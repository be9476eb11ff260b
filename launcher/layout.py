"""Where things are: the checkout, its state folder, and the home of one set of servers."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder in which one PostgreSQL and one Valkey live, with their logs and bookkeeping.

    `var/` is the home of the demo county; each test run has a throw-away home below it.
    """

    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "run" / "lock"

    @property
    def attached(self) -> Path:
        """Held shared by commands that borrow the servers of another process."""
        return self.folder / "run" / "attached.lock"

    @property
    def state(self) -> Path:
        return self.folder / "run" / "state.json"

    @property
    def sockets(self) -> Path:
        return self.folder / "sockets"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def prepare(self) -> None:
        """Make the folders, closed to everybody else."""
        for folder in (self.folder, *(self.folder / name for name in ("run", "log", "keys"))):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)


@dataclass(frozen=True)
class Layout:
    """The checkout, its virtual environment and its state folder."""

    root: Path
    var: Path
    venv: Path

    @classmethod
    def here(cls) -> "Layout":
        root = Path(__file__).resolve().parent.parent
        var = Path(os.environ.get("MINGSHU_VAR") or root / "var")
        return cls(root, var.absolute(), root / ".venv")

    @property
    def home(self) -> Home:
        return Home(self.var)

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def manage(self) -> Path:
        return self.root / "manage.py"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def site_packages(self) -> Path:
        """The folder of installed packages; the version in its name is the environment's own."""
        found = sorted((self.venv / "lib").glob("python3*/site-packages"))
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return found[-1] if found else self.venv / "lib" / version / "site-packages"
