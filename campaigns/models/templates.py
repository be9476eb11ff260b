"""What is asked: templates with versions, and the columns of each version."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models import Department, Membership
from governance.scoping import COUNTY_DIGITS


class ColumnKind(models.TextChoices):
    TEXT = "text", _("Free text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    CODE = "code", _("Code or number of a paper")


class RowsFrom(models.TextChoices):
    """Which rows stand in a return before anybody has typed one."""

    NOTHING = "", _("Nothing: the unit writes every row")
    INSTITUTIONS = "institutions", _("Every institution of the register")
    FULL = "full", _("Institutions licensed and registered")
    REG_ONLY = "reg_only", _("Institutions registered without a licence")
    NEITHER = "neither", _("Institutions with neither")
    TASKS = "tasks", _("Problems and their rectification in the period")
    FIGURES = "figures", _("One row of figures counted from the register")
    PREVIOUS = "previous", _("The unit's accepted rows of the period before")


class CollectionTemplateQuerySet(models.QuerySet["CollectionTemplate"]):
    def offered_to(self, actor: Membership) -> "CollectionTemplateQuerySet":
        """Those of the product and those of the departments of the actor's county."""
        if actor.department is None:
            return self.none()
        county = actor.department.division_id[:COUNTY_DIGITS]
        return self.filter(Q(owner=None) | Q(owner__division__code__startswith=county))

    def kept_by(self, actor: Membership) -> "CollectionTemplateQuerySet":
        """Those the actor's department may change."""
        return self.filter(owner=actor.department_id or 0)

    def in_use(self) -> "CollectionTemplateQuerySet":
        return self.filter(retired_on=None)


class CollectionTemplate(models.Model):
    """A form that is collected again and again; what it asks stands in its versions."""

    code = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    retired_on = models.DateField(null=True)

    objects = CollectionTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self)

    @property
    def newest(self) -> "TemplateVersion":
        """The version that the next collection takes, of the prefetched ones when at hand."""
        return max(self.versions.all(), key=lambda version: version.number)


class TemplateVersion(models.Model):
    """What a template asks; a version that a collection uses is never edited."""

    template = models.ForeignKey(CollectionTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    rows_from = models.CharField(max_length=16, choices=RowsFrom, blank=True)
    # "SWEPT = STATUS_FULL + STATUS_NONE", "RECTIFIED <= WITH_PROBLEM", by the keys of columns
    checks = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    note_zh = models.CharField(max_length=500, blank=True)  # how to fill it in
    note_en = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="one_template_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"

    @property
    def note(self) -> str:
        return (self.note_en if _english() else "") or self.note_zh

    @property
    def one_row(self) -> bool:
        """Whether the unit answers in one row of figures and adds none."""
        return self.rows_from == RowsFrom.FIGURES


class TemplateColumn(models.Model):
    """One thing that is asked in each row."""

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)  # in the cells of a row; the same through the versions
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=ColumnKind, default=ColumnKind.TEXT)
    choices = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    required = models.BooleanField(default=False)
    summed = models.BooleanField(default=False)
    source = models.CharField(max_length=30, blank=True)  # a code of campaigns/sources.py

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_template_column_per_key"),
            models.UniqueConstraint(
                fields=["version", "position"], name="one_template_column_per_position"
            ),
            models.CheckConstraint(
                condition=Q(summed=False) | Q(kind="number"), name="only_numbers_are_summed"
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice") | Q(choices__len__gt=0), name="a_choice_has_its_list"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self)


def in_language(row: Any) -> str:
    """The name in the reader's language; the Chinese one where there is no other."""
    return (row.name_en if _english() else "") or row.name_zh


def _english() -> bool:
    return (get_language() or "").startswith("en")
