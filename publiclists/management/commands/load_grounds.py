"""Load or refresh the grounds of the lists."""

from typing import Any

from django.core.management.base import BaseCommand

from publiclists import grounds


class Command(BaseCommand):
    help = "Load the grounds for white, black and watch lists."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{grounds.load()} grounds loaded")
