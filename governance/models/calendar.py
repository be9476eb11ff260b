"""The working calendar: State Council notices, their days, and the school terms beside them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from governance import daylight
from governance.labels import label
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
    def of_county(self, division_code: str) -> "SchoolTermQuerySet":
        """What the county of a division told, in the order of the days."""
        return self.filter(division_id=division_code[:6]).order_by("starts_on", "pk")

    def on(self, day, division_code: str) -> "SchoolTermQuerySet":
        """The terms and holidays of a county that contain the day."""
        return self.of_county(division_code).filter(starts_on__lte=day, ends_on__gte=day)


class SchoolTerm(models.Model):
    """A term or a holiday of the schools of a county; both days are included."""

    class Part(models.TextChoices):
        AUTUMN = "AUTUMN"
        WINTER_HOLIDAY = "WINTER_HOLIDAY"
        SPRING = "SPRING"
        SUMMER_HOLIDAY = "SUMMER_HOLIDAY"

    HOLIDAYS = (Part.WINTER_HOLIDAY, Part.SUMMER_HOLIDAY)

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    school_year = models.CharField(max_length=9)  # 2026-2027
    part = models.CharField(max_length=16, choices=Part)
    stages = ArrayField(models.CharField(max_length=12), default=list)  # none: all of them
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = SchoolTermQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "school_year", "part", "stages"], name="one_term_per_part"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {label('SchoolTerm.part', self.part)}"

    @property
    def is_holiday(self) -> bool:
        return self.part in self.HOLIDAYS


class SchoolHours(models.Model):
    """A part of the school day of a stage, in which pupils are taught at school."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["stage", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "stage", "starts_at"], name="one_school_hour_per_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="school_hours_end_after_they_start"
            ),
        ]
