"""Bring every private value under the newest key."""

from django.apps import apps
from django.core.management.base import BaseCommand

from governance import private_fields


class Command(BaseCommand):
    help = "Re-encrypt private fields under the first key of the ring; may run again without harm."

    def handle(self, *args, **options) -> None:
        done = sum(private_fields.rotate(model) for model in apps.get_models())
        key_id = private_fields.current_key_id()
        self.stdout.write(f"{done} values re-encrypted under key {key_id}")
