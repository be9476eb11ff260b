"""Fill an empty demo installation with the fictional county."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from desk.demo import seeding
from governance.models import Installation
from publiclists import publicfiles


class Command(BaseCommand):
    help = "Seed the demo county once; a database that is not marked as demo is refused."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--seed", type=int, default=990121)

    @transaction.atomic
    def handle(self, *args, seed: int, **options) -> None:
        installation = Installation.objects.select_for_update().first()
        if installation is None or installation.kind != Installation.Kind.DEMO:
            raise CommandError("this database is not marked as a demo one and is not seeded")
        if installation.seeded_on:
            self.stdout.write(f"the demo county was seeded on {installation.seeded_on}")
            return
        if not settings.MINGSHU_DEMO_PASSWORD:
            raise CommandError("MINGSHU_DEMO_PASSWORD is not set")
        aside = publicfiles.set_aside()
        if aside:
            self.stdout.write(f"public files of an earlier database were set aside in {aside}")
        seeding.seed(installation, seed, settings.MINGSHU_DEMO_PASSWORD, say=self.stdout.write)
