"""Load or refresh the reference data that the product needs to work."""

from django.core.management.base import BaseCommand

from governance import deadlines, reference, workdays


class Command(BaseCommand):
    help = "Load departments' kinds, problem codes, competence, deadline rules and calendars."

    def handle(self, *args, **options) -> None:
        reference.load_core()
        workdays.load_calendar()
        deadlines.load_deadline_rules()
        self.stdout.write("reference data loaded")
