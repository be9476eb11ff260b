"""Loading checklists: the national one from the data folder, a county's own as a new version."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from governance import reference
from governance.workflow import Refused
from inspections.models import ChecklistItem, ChecklistVersion, Inspection

NATIONAL = 1  # number of the version made from checklist_items.csv


@transaction.atomic
def load_checklists() -> int:
    """Load version 1 for every county; returns how many items it has. May run again."""
    version, _created = ChecklistVersion.objects.update_or_create(
        county="",
        number=NATIONAL,
        defaults={
            "name_zh": "校外培训机构检查表",
            "name_en": "Checklist for training institutions",
        },
    )
    return _load_items(version, reference.rows("checklist_items"))


def _load_items(version: ChecklistVersion, rows: Iterable[dict[str, str]]) -> int:
    codes = []
    for position, row in enumerate(rows, start=1):
        ChecklistItem.objects.update_or_create(
            version=version, code=row["code"], defaults=_columns(row) | {"position": position}
        )
        codes.append(row["code"])
    version.items.exclude(code__in=codes).filter(answers=None).delete()
    return len(codes)


def _columns(row: dict[str, str]) -> dict:
    return {
        "section": row["section_code"],
        "section_zh": row["section_zh"],
        "section_en": row["section_en"],
        "text_zh": row["text_zh"],
        "text_en": row["text_en"],
        "severity": row["severity"],
        "department_kinds": reference.codes(row["department_kinds"]),
        "problem_code": row["problem_code"],
        "clock_rule": row["default_clock_rule"],
        "needs_photo": row["needs_photo"] == "Y",
        "stop_at_once": row["stop_at_once"] == "Y",
        "hint_zh": row["hint_zh"],
        "hint_en": row.get("hint_en", ""),
        "basis": row["basis"],
        "mark": row["mark"],
    }


@transaction.atomic
def add_version(
    rows: Iterable[dict[str, str]], *, county: str, number: int, name_zh: str, valid_from
) -> ChecklistVersion:
    """A further version in the columns of checklist_items.csv; used versions never change."""
    version, created = ChecklistVersion.objects.get_or_create(
        county=county,
        number=number,
        defaults={"name_zh": name_zh, "name_en": name_zh, "valid_from": valid_from},
    )
    if not created and Inspection.objects.filter(checklist=version).exists():
        raise Refused(_("This version of the checklist was used and cannot change."))
    _load_items(version, rows)
    return version
