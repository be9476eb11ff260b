"""Import the State Council notice of a year; running clocks are worked out anew."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from governance import calendars, people


class Command(BaseCommand):
    help = "Import the holiday notice of a year from a CSV or JSON file."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        try:
            notice = calendars.read_notice(file.read_bytes(), file.name)
            done = calendars.import_notice(notice, by=people.system_actor())
        except (OSError, calendars.BadNotice) as error:
            raise CommandError(str(error)) from error
        state = "imported" if done.changed else "already in force"
        self.stdout.write(f"{done.year}: {done.days} days, {state}; clocks changed: {done.clocks}")
