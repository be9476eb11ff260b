"""Load or refresh the templates of collections that come with the product."""

from typing import Any

from django.core.management.base import BaseCommand

from campaigns import annexes


class Command(BaseCommand):
    help = "Load the annexes and the monthly report as templates of collections."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{annexes.load()} templates loaded")
