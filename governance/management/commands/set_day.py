"""Move the day of a demo or test installation."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from governance import daylight


class Command(BaseCommand):
    help = "Set the day (YYYY-MM-DD) of a demo or test installation; `real` goes back."

    def add_arguments(self, parser) -> None:
        parser.add_argument("day")

    def handle(self, *args, day: str, **options) -> None:
        try:
            wanted = daylight.machine_today() if day == "real" else dt.date.fromisoformat(day)
            daylight.set_day(wanted)
        except (ValueError, daylight.DayIsFixed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"today is {daylight.today():%Y-%m-%d}")
