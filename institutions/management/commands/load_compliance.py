"""Load or refresh the general versions of the compliance rules."""

from django.core.management.base import BaseCommand

from institutions.leads import versions


class Command(BaseCommand):
    help = "Load the compliance rules R01-R50; what a county set for itself stays."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{versions.load()} compliance rules loaded")
