"""`manage.py import_ledger FILE`: what a ledger would do to the register, and doing it."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance import import_books, people
from governance.errors import BadRequest
from governance.imports import Answers
from governance.models import Division, ImportBatch
from governance.workbooks.tables import Table
from governance.workflow import Refused
from institutions.imports import acts
from institutions.imports.plan import Step

COUNTY_DIGITS = 6


class Command(BaseCommand):
    help = (
        "Look at a ledger of institutions (xlsx, xls, csv). Without --apply nothing is written. "
        "rows = new + changed + unchanged + duplicates + sites + rows with errors."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", help="number from 1, or name; default: the first table")
        parser.add_argument(
            "--map",
            default="{}",
            help='answers as JSON or a JSON file: {"year": 2022, "columns": {"校名": "name"}, …}',
        )
        parser.add_argument("--division", help="code of the county or township of the ledger")
        parser.add_argument("--apply", action="store_true", help="write to the register")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="with --apply: only if every row is fine"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            answers = Answers.of(said(options["map"]))
            context = division(options["division"])
            table, steps, batch = self.run(file, context, answers, options)
        except (BadRequest, Refused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(import_books.report(steps), ensure_ascii=False))
        else:
            self.tell(table, steps, batch)

    def run(
        self, file: Path, context: Division, answers: Answers, options: dict[str, Any]
    ) -> tuple[Table, list[Step], ImportBatch | None]:
        by, sheet = people.system_actor(), options["sheet"]
        with file.open("rb") as opened:
            if options["apply"]:
                mode = acts.ALL if options["all_or_nothing"] else acts.SKIP
                return acts.bring_in(
                    opened, context, answers, by=by, name=file.name, sheet=sheet, mode=mode
                )
            table, steps = acts.look(opened, context, answers, by=by, sheet=sheet)
        return table, steps, None

    def tell(self, table: Table, steps: Sequence[Step], batch: ImportBatch | None) -> None:
        """The same for people: counts, errors, what was passed over."""
        result = import_books.report(steps)
        errors = result.pop("errors")
        wrong = len({error["row"] for error in errors})
        counts = " · ".join(f"{name} {count}" for name, count in result.items())
        self.stdout.write(f"{table.sheet}: {counts} · rows with errors {wrong}")
        for error in errors:
            place = f"{error['row']} {error['column']}".strip()
            self.stdout.write(f"  {place}: {error['message']} [{error['value']}]")
        for row in table.passed:
            self.stdout.write(f"  {row.number} ({row.reason}): {row.text}")
        if batch:
            self.stdout.write(self.style.SUCCESS(f"Written as import {batch.pk}."))
        else:
            self.stdout.write("Nothing was written. Add --apply to write.")


def said(given: str) -> dict[str, Any]:
    """--map: JSON, or the path of a JSON file."""
    text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise CommandError(f"--map is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise CommandError("--map must be a JSON object")
    return found


def division(code: str | None) -> Division:
    """The division named, else the only county that has an education department."""
    if code:
        try:
            return Division.objects.get(pk=code)
        except Division.DoesNotExist as error:
            raise CommandError(f"Division {code} is not known.") from error
    seats = Division.objects.filter(departments__kind="EDU", departments__is_active=True)
    counties = {seat for seat in seats if len(seat.code) == COUNTY_DIGITS}
    if len(counties) != 1:
        raise CommandError("Name the county with --division CODE.")
    return counties.pop()
