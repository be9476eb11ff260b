"""The working calendar: State Council notices, their days, and the school terms beside them."""

from django.db import models
from django.db.models import F, Q

from governance import daylight
from governance.models.people import Division, Membership


class CalendarNotice(models.Model):
    """The State Council notice of a year; a year without one counts statutory days only."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=300, blank=True)
    imported_at = models.DateTimeField(default=daylight.now)
    imported_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that a notice takes out of the week: a rest day, or a make-up workday (调休)."""

    day = models.DateField(primary_key=True)
    notice = models.ForeignKey(CalendarNotice, models.CASCADE, related_name="days")
    name = models.CharField(max_length=40)
    is_off = models.BooleanField()

    class Meta:
        ordering = ["day"]


class SchoolTermQuerySet(models.QuerySet["SchoolTerm"]):
    def on(self, day, division_code: str) -> "SchoolTermQuerySet":
        """The terms of a county that contain the day."""
        return self.filter(division_id=division_code[:6], starts_on__lte=day, ends_on__gte=day)


class SchoolTerm(models.Model):
    """A school term of a county: training is watched closer outside it."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = SchoolTermQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["division", "starts_on"], name="one_term_per_start"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_it_starts"
            ),
        ]
