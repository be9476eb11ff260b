"""The templates that come with the product: the annexes of a county's plan and the monthly report.

A county that needs other columns copies one; what is shipped changes by a new version, so that a
collection keeps what it asked.
"""

import csv
from pathlib import Path
from typing import Any

from django.db import transaction

from campaigns.models import CollectionTemplate, TemplateColumn, TemplateVersion

DATA = Path(__file__).parent / "data"
TEXTS = ("key", "name_zh", "name_en", "kind", "source")


@transaction.atomic
def load() -> int:
    """Load or refresh the shipped templates; may run again. Returns how many there are."""
    columns = _columns()
    rows = _read("collection_templates.csv")
    for row in rows:
        template, _new = CollectionTemplate.objects.update_or_create(
            code=row["code"],
            defaults={name: row[name] for name in ("name_zh", "name_en", "basis")},
        )
        _bring_up(template, row, columns[row["code"]])
    return len(rows)


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _columns() -> dict[str, list[dict[str, Any]]]:
    """The columns of each template, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _read("collection_columns.csv"):
        fields: dict[str, Any] = {name: row[name] for name in TEXTS}
        fields["choices"] = [word for word in row["choices"].split(";") if word]
        fields |= {name: row[name] == "Y" for name in ("required", "summed")}
        found.setdefault(row["template"], []).append(fields)
    return found


def _bring_up(
    template: CollectionTemplate, row: dict[str, str], columns: list[dict[str, Any]]
) -> None:
    """Make the newest version what the files say; a new one where a collection uses the old."""
    asked: dict[str, Any] = {name: row[name] for name in ("rows_from", "note_zh", "note_en")}
    asked["checks"] = [rule for rule in row["checks"].split(";") if rule]
    newest = template.versions.prefetch_related("columns").order_by("-number").first()
    if newest and _is_so(newest, asked, columns):
        return
    if newest and not newest.collections.exists():
        newest.delete()
        newest = None
    number = newest.number + 1 if newest else 1
    version = TemplateVersion.objects.create(template=template, number=number, **asked)
    put_columns(version, columns)


def put_columns(version: TemplateVersion, columns: list[dict[str, Any]]) -> None:
    """Write the columns of a version in their order."""
    TemplateColumn.objects.bulk_create(
        TemplateColumn(version=version, position=position, **fields)
        for position, fields in enumerate(columns, 1)
    )


def _is_so(version: TemplateVersion, asked: dict[str, Any], columns: list[dict[str, Any]]) -> bool:
    if any(getattr(version, name) != value for name, value in asked.items()):
        return False
    there = [
        {name: getattr(column, name) for name in (*TEXTS, "choices", "required", "summed")}
        for column in version.columns.all()
    ]
    return there == columns
