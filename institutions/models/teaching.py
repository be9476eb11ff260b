"""What an institution teaches: courses with their timetable, and the materials they use."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from governance.models import Attachment
from governance.scoping import ScopedQuerySet
from institutions.models.choices import Category
from institutions.models.filed import Filed
from institutions.models.sites import Site
from institutions.models.staff import StaffMember


class Material(Filed):
    """A training material with its two reviews (双审): inside first, then outside."""

    class Origin(models.TextChoices):
        OWN = "OWN"
        PUBLISHED = "PUBLISHED"
        FOREIGN = "FOREIGN"

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="materials"
    )
    title = models.CharField(max_length=120)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.OWN)
    internal_review_on = models.DateField(null=True)
    internal_review_by = models.CharField(max_length=80, blank=True)
    internal_review_passed = models.BooleanField(null=True)
    external_review_on = models.DateField(null=True)
    external_review_by = models.CharField(max_length=80, blank=True)
    external_review_passed = models.BooleanField(null=True)
    stopped_on = models.DateField(null=True)  # last day of use; it is kept three years from there

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("", "stopped_on")

    def __str__(self) -> str:
        return self.title


class Course(Filed):
    """A course, class or group that is offered."""

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="courses"
    )
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=16, choices=Category)
    sub_kind = models.CharField(max_length=24, blank=True)  # music, ball games, programming, …
    stages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    mode = models.CharField(max_length=12, default="OFFLINE")
    foreign_language = models.BooleanField(default=False)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="courses")
    teacher = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="courses")
    class_size = models.PositiveSmallIntegerField(null=True)
    lesson_minutes = models.PositiveSmallIntegerField(null=True)
    lessons = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    material = models.ForeignKey(Material, models.PROTECT, null=True, related_name="courses")

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("starts_on", "ends_on")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="course_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LessonSlotQuerySet(ScopedQuerySet):
    scope_through = "course__institution"

    def standing(self) -> "LessonSlotQuerySet":
        """The slots of courses that are not voided."""
        return self.filter(course__voided_at=None)


class LessonSlot(models.Model):
    """A lesson of the timetable: weekly, or on the days that are named.

    The rows of a course are replaced as a whole when its timetable changes.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(null=True)  # 1 Monday … 7 Sunday
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    heads = models.PositiveSmallIntegerField(null=True)
    on_rest_days = models.BooleanField(default=False)  # also on public and school holidays
    dates = ArrayField(models.DateField(), default=list, blank=True)

    objects = LessonSlotQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, weekday__range=(1, 7))
                | Q(weekday=None, dates__len__gt=0),
                name="slot_has_a_weekday_or_days",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_begins"
            ),
        ]
