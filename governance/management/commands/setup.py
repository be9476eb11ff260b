"""Bring a database to a working state: the one command that `run.py` and containers call."""

from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from governance.models import Installation


class Command(BaseCommand):
    help = "Migrate, load reference data, compile translations; with --demo also the demo county."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args, demo: bool, verbosity: int, **options) -> None:
        with ThreadPoolExecutor(1) as beside:
            static = beside.submit(self._collect_static)
            kind = self._fill(demo)
            static.result()
        self.stdout.write(f"{kind} installation is ready")

    def _collect_static(self) -> None:
        """Packing files for the web waits for nothing of the database, nor the other way round."""
        if settings.MINGSHU_MODE != "test":
            call_command("collectstatic", interactive=False, verbosity=0)

    def _fill(self, demo: bool) -> str:
        call_command("migrate", interactive=False, verbosity=0)
        kind = self._mark("demo" if demo else "production")
        call_command("messages", compile=True)
        call_command("load_reference")
        if demo:
            call_command("seed_demo")
        return kind

    def _mark(self, kind: str) -> str:
        found, _created = Installation.objects.get_or_create(only=True, defaults={"kind": kind})
        if kind == "demo" and found.kind != "demo":
            raise CommandError("this database is not a demo one and is not seeded")
        return found.kind
