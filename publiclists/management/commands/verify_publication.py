"""Check publication files without network and database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from publiclists import format1, verification

KEYS = "keys.json"


class Command(BaseCommand):
    help = "Verify a publication file, or a folder of them as chains: one line per check."
    requires_system_checks: list[str] = []  # must run where there is no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a publication file, or a folder of them")
        parser.add_argument("--keys", type=Path, help="keys.json; else the one beside the file")

    def handle(self, *args: Any, path: Path, keys: Path | None, **options: Any) -> None:
        files = list(self._files(path))
        if not files:
            raise CommandError(f"{path}: no publication file there", returncode=2)
        known = self._keys(path, keys)
        if path.is_dir():
            reports = verification.verify_files(files, known)
        else:
            reports = [verification.verify_file(files[0][1], known, files[0][0])]
        for report in reports:
            self._print(report)
        if not all(report.ok for report in reports):
            raise CommandError("not verified", returncode=1)
        self.stdout.write(f"verified: {len(files)} file(s)")

    def _files(self, path: Path) -> Iterator[tuple[str, bytes]]:
        found = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        for file in found:
            if path.is_dir() and file.name == KEYS:
                continue
            yield str(file.relative_to(path)) if path.is_dir() else file.name, self._read(file)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error

    def _keys(self, path: Path, given: Path | None) -> dict[str, bytes]:
        folder = path if path.is_dir() else path.parent
        places = [given] if given else [folder / KEYS, settings.MINGSHU_PUBLIC_DIR / KEYS]
        place = next((place for place in places if given or place.exists()), None)
        if place is None:
            raise CommandError("no keys.json: name one with --keys", returncode=2)
        try:
            keys = format1.parse_keys(self._read(place))
        except format1.Broken as broken:
            raise CommandError(f"{place}: {broken}", returncode=2) from broken
        self.stdout.write(f"keys: {place} ({', '.join(sorted(keys)) or 'none'})")
        return keys

    def _print(self, report: format1.Report) -> None:
        for check in report.checks:
            word = "ok  " if check.ok else "FAIL"
            self.stdout.write(f"{word} {report.name}: {check.code} {check.detail}".rstrip())
