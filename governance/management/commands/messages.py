"""`manage.py messages [APP …]`: collect source strings; `--compile`, `--check`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import translations


class Command(BaseCommand):
    help = "Collect source strings into the catalogues, compile them, or check them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="default: every app")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--compile", action="store_true", help="write the .mo files")
        what.add_argument("--check", action="store_true", help="fail when a catalogue is not whole")

    def handle(self, *args: Any, **options: Any) -> None:
        apps = options["apps"] or settings.CATALOGUES
        unknown = set(apps) - set(settings.CATALOGUES)
        if unknown:
            raise CommandError(f"no catalogue for {', '.join(sorted(unknown))}")
        if options["check"]:
            return self._check(apps)
        if options["compile"]:
            return self._compile(apps)
        self._update(apps)

    def _update(self, apps: list[str]) -> None:
        known = translations.known_words(settings.CATALOGUES)
        for app in apps:
            changed = translations.update(app, known)
            empty = sum(": empty:" in line for line in translations.faults(app))
            self.stdout.write(f"{app}: {'written' if changed else 'unchanged'}, {empty} empty")

    def _compile(self, apps: list[str]) -> None:
        for app in apps:
            translations.compile_catalogue(app)

    def _check(self, apps: list[str]) -> None:
        lines = [line for app in apps for line in translations.faults(app)]
        lines += translations.contradictions(settings.CATALOGUES)
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(f"{len(lines)} faults in the catalogues")
