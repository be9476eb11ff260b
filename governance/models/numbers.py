"""Gapless numbers: a counter per department, kind and year, and a row for every number given."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from governance import daylight
from governance.models.people import Department, Membership


class NumberSeries(models.Model):
    """The counter. `pattern` is a format string over `year` and `value`, fixed at the first use."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="number_series")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    pattern = models.CharField(max_length=80)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "year"], name="one_series_per_department_kind_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department.code} {self.kind} {self.year}"

    def text(self, value: int) -> str:
        """The number as written on paper."""
        return self.pattern.format(year=self.year, value=value)


class NumberQuerySet(models.QuerySet["Number"]):
    def given(self) -> "NumberQuerySet":
        """The register, newest first."""
        return self.select_related("series__department", "by").order_by("-series__year", "-pk")


class Number(models.Model):
    """One number and what became of it."""

    class State(models.TextChoices):
        RESERVED = "reserved"
        USED = "used"
        VOIDED = "voided"

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="numbers")
    value = models.PositiveIntegerField()
    text = models.CharField(max_length=80, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.RESERVED)
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey()
    reserved_at = models.DateTimeField(default=daylight.now)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)  # when used or voided
    void_reason = models.CharField(max_length=200, blank=True)

    objects = NumberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "value"], name="number_given_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="number_begins_at_one"),
            models.CheckConstraint(
                condition=~Q(state="used") | Q(content_type__isnull=False, object_id__isnull=False),
                name="used_number_has_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | Q(void_reason__gt=""),
                name="voided_number_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text
