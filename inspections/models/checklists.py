"""Checklists: versioned, dated, replaceable by a county; a used version never changes."""

import datetime as dt
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from governance.models import Division
from governance.models.competence import DatedRow, DatedRowQuerySet


class Section(NamedTuple):
    """A screen of the checklist on the phone: its items are of one subject."""

    code: str
    name: str
    items: list["ChecklistItem"]


class ChecklistVersionQuerySet(DatedRowQuerySet):
    def for_place(self, division: Division, on: dt.date) -> "ChecklistVersion | None":
        """The version in force on the day; a county's own before the national one."""
        return (
            self.in_force(on)
            .filter(county__in=["", division.county_code])
            .order_by("-county", models.F("valid_from").desc(nulls_last=True), "-number")
            .first()
        )


class ChecklistVersion(DatedRow):
    """A whole checklist as it stood from one day on; an inspection keeps the one it used."""

    number = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)

    objects = ChecklistVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="one_checklist_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.name_en if _english() else self.name_zh} v{self.number}"

    def sections(self, only: list[str] | None = None) -> list[Section]:
        """The items by section, in order; `only` these section codes when given."""
        found: dict[str, Section] = {}
        for item in self.items.all():
            if only and item.section not in only:
                continue
            section = Section(item.section, item.section_name, [])
            found.setdefault(item.section, section).items.append(item)
        return list(found.values())


class ChecklistItem(models.Model):
    """One question. YES always means in order; NO makes a finding."""

    version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    section = models.CharField(max_length=4)
    section_zh = models.CharField(max_length=40)
    section_en = models.CharField(max_length=60)
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    severity = models.CharField(max_length=10)  # inspections.models.Severity
    department_kinds = ArrayField(models.CharField(max_length=20))
    problem_code = models.CharField(max_length=30)
    clock_rule = models.CharField(max_length=60)
    needs_photo = models.BooleanField(default=False)
    stop_at_once = models.BooleanField(default=False)
    hint_zh = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_item_per_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def text(self) -> str:
        return self.text_en if _english() else self.text_zh

    @property
    def hint(self) -> str:
        return (self.hint_en or self.hint_zh) if _english() else self.hint_zh

    @property
    def section_name(self) -> str:
        return self.section_en if _english() else self.section_zh


def _english() -> bool:
    return (get_language() or "").startswith("en")
