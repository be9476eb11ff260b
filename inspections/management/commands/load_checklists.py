"""Load or refresh the national checklist."""

from django.core.management.base import BaseCommand

from inspections.checklists import load_checklists


class Command(BaseCommand):
    help = "Load governance/data/checklist_items.csv as the national checklist; may run again."

    def handle(self, *args, **options) -> None:
        items = load_checklists()
        if options["verbosity"]:
            self.stdout.write(f"checklist: {items} items")
