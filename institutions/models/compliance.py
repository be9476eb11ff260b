"""What compliance is measured by: the versions of the rules, and the guided prices of a county."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from governance import daylight
from governance.labels import label
from governance.models import Division, Membership
from governance.models.competence import DatedRow, DatedRowQuerySet


class Severity(models.TextChoices):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class ComplianceRule(DatedRow):
    """One version of a rule; a lead keeps the version of its day.

    Inputs, operators, thresholds and units are parallel lists, one entry a part. A threshold is
    written as in the table: a number, `20:30`, `1..3`, a list divided by commas, or the name of
    another fact.
    """

    code = models.CharField(max_length=8)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    applies_to = models.CharField(max_length=60)
    inputs = ArrayField(models.CharField(max_length=60))
    operators = ArrayField(models.CharField(max_length=16))
    thresholds = ArrayField(models.CharField(max_length=300))
    units = ArrayField(models.CharField(max_length=20))
    variants = ArrayField(models.CharField(max_length=120), default=list)
    variant_note = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=10, choices=Severity)
    department_kind = models.CharField(max_length=20)
    problem_code = models.CharField(max_length=30)
    message_zh = models.CharField(max_length=200)
    message_en = models.CharField(max_length=300)
    enabled = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)  # why a county set its own
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        ordering = ["code", "county", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county", "valid_from"],
                nulls_distinct=False,
                name="one_compliance_rule_version_per_start",
            ),
            models.CheckConstraint(
                condition=Q(inputs__len=F("operators__len"))
                & Q(inputs__len=F("thresholds__len"))
                & Q(inputs__len=F("units__len")),
                name="each_part_of_a_rule_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="compliance_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_en if _english() else self.name_zh

    @property
    def message(self) -> str:
        return self.message_en if _english() else self.message_zh

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What each part asks for, in the order of the lists."""
        lists = zip(self.inputs, self.operators, self.thresholds, self.units, strict=True)
        names = ("input", "operator", "threshold", "unit")
        return [dict(zip(names, part, strict=True)) for part in lists]


class GuidedPriceRow(models.Model):
    """A band of the guided prices of a county (政府指导价): yuan for a standard lesson."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, blank=True)  # blank: every stage
    mode = models.CharField(max_length=12)
    size_from = models.PositiveSmallIntegerField(default=0)  # learners of a class
    size_to = models.PositiveSmallIntegerField(null=True)
    base = models.DecimalField(max_digits=8, decimal_places=2)
    float_percent = models.DecimalField(max_digits=5, decimal_places=2)
    lesson_minutes = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document_number = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "mode", "size_from", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "stage", "mode", "size_from", "valid_from"],
                name="one_guided_price_per_band_and_start",
            ),
            models.CheckConstraint(
                condition=Q(size_to=None) | Q(size_to__gte=F("size_from")),
                name="guided_price_band_in_order",
            ),
            models.CheckConstraint(
                condition=Q(base__gt=0, float_percent__gte=0, lesson_minutes__gt=0),
                name="guided_price_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="guided_price_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        stage = label("Institution.stage", self.stage) if self.stage else ""
        size = f"{self.size_from}–{self.size_to or '∞'}"
        return " ".join(filter(None, [stage, label("Institution.mode", self.mode), size]))


def _english() -> bool:
    return (get_language() or "").startswith("en")
