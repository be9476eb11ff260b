"""Load or refresh the reference data that the product needs to work."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from governance import calendars, deadlines, papers, reference


class Command(BaseCommand):
    help = "Load departments' kinds, problem codes, competence, deadline rules, calendars, papers."

    def handle(self, *args, **options) -> None:
        reference.load_core()
        calendars.load_calendar()
        deadlines.load_deadline_rules()
        papers.load_templates()
        call_command("load_checklists", verbosity=0)  # of the floor above, by its name
        self.stdout.write("reference data loaded")
