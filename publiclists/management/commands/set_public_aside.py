"""Move public files that a database before this one left behind out of the way."""

from django.core.management.base import BaseCommand, CommandError

from governance.models import Installation
from publiclists import publicfiles


class Command(BaseCommand):
    help = (
        "Move stale files out of the public folder: those that lie there although this database "
        "published nothing. A production installation needs --yes."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--yes", action="store_true", help="also in production")

    def handle(self, *args, yes: bool, **options) -> None:
        others = [Installation.Kind.DEMO, Installation.Kind.TEST]
        production = not Installation.objects.filter(kind__in=others).exists()
        if publicfiles.stale() and production and not yes:
            raise CommandError(
                f"{publicfiles.root()} holds files that this database did not publish. Say --yes "
                "to move them aside."
            )
        aside = publicfiles.set_aside()
        self.stdout.write(f"set aside in {aside}" if aside else "nothing is stale")
