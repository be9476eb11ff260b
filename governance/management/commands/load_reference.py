"""Load or refresh the reference data that the product needs to work."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from governance import calendars, deadlines, papers, reference

OF_THE_FLOORS_ABOVE = (  # called by name
    "load_compliance",
    "load_checklists",
    "load_grounds",
    "load_collection_templates",
)


class Command(BaseCommand):
    help = "Load departments' kinds, problem codes, competence, deadline rules, calendars, papers."

    def handle(self, *args, **options) -> None:
        reference.load_core()
        calendars.load_calendar()
        deadlines.load_deadline_rules()
        papers.load_templates()
        for command in OF_THE_FLOORS_ABOVE:
            call_command(command, verbosity=0)
        self.stdout.write("reference data loaded")
