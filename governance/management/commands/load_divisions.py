"""Load administrative divisions from a table of codes."""

from pathlib import Path

from django.core.management.base import BaseCommand

from governance import reference


class Command(BaseCommand):
    help = (
        "Load divisions from a CSV (代码, 名称, 上级代码); without FILE the table that comes along."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=reference.DATA / "divisions.csv")

    def handle(self, *args, file: Path, **options) -> None:
        self.stdout.write(f"{reference.load_divisions(file)} divisions loaded")
