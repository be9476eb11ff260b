"""Loading the tables of `governance/data/`; each loader may run again without harm."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from governance import people
from governance.models.competence import CompetenceRule, DepartmentKind, ProblemCode
from governance.models.people import Division

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of `governance/data/<name>.csv`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def codes(text: str) -> list[str]:
    """A cell with several codes, divided by `;`."""
    return [part.strip() for part in text.split(";") if part.strip()]


@transaction.atomic
def load_core() -> None:
    """Actors of the system, kinds of department, problem codes and the competence table."""
    people.system_actor()
    people.public_actor()
    for row in rows("department_kinds"):
        DepartmentKind.objects.update_or_create(code=row.pop("code"), defaults=row)
    for row in rows("problem_codes"):
        _load_problem(row)
    for row in rows("competence"):
        _load_competence(row)


def _load_problem(row: dict[str, str]) -> None:
    ProblemCode.objects.update_or_create(
        code=row["code"],
        county="",
        valid_from=None,
        defaults={
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "lead_kinds": codes(row["lead_kinds"]),
            "assist_kinds": codes(row["assist_kinds"]),
            "basis": row["basis"],
            "mark": row["mark"],
        },
    )


def _load_competence(row: dict[str, str]) -> None:
    CompetenceRule.objects.update_or_create(
        situation=row["situation_code"],
        county="",
        valid_from=None,
        defaults={
            "name_zh": row["situation_zh"],
            "name_en": row["situation_en"],
            "institution_kind": row["institution_kind"],
            "cert_status": row["cert_status"],
            "can_qualify": row["can_qualify"],
            "lead_kinds": codes(row["lead_kinds"]),
            "assist_kinds": codes(row["assist_kinds"]),
            "measure_zh": row["measure_zh"],
            "measure_en": row["measure_en"],
            "basis": row["basis"],
            "mark": row["mark"],
        },
    )


@transaction.atomic
def load_divisions(path: Path) -> int:
    """Load a division table (columns 代码, 名称, 上级代码); parents come before children."""
    count = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: len(row["代码"])):
            Division.objects.update_or_create(
                code=row["代码"],
                defaults={"name": row["名称"], "parent_id": row["上级代码"] or None},
            )
            count += 1
    return count
