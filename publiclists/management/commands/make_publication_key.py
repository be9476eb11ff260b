"""Make the key that signs publications from now on."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from publiclists import keys


class Command(BaseCommand):
    help = "Make a new Ed25519 publication key in the key folder; older files keep their key."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = keys.make(settings.MINGSHU_KEYS_DIR)
        self.stdout.write(f"{path.name} signs from now on; back it up apart from the database")
