"""Whether a course teaches a school subject (分类鉴别), on the opinions of experts."""

from typing import ClassVar

from django.db import models

from governance import daylight
from governance.models import Department, Membership
from governance.scoping import ScopedQuerySet
from institutions.models.filed import Filed
from institutions.models.teaching import Course


class Verdict(models.TextChoices):
    SUBJECT = "SUBJECT"
    NON_SUBJECT = "NON_SUBJECT"
    UNCLEAR = "UNCLEAR"


class Identification(Filed):
    """One identification of one course."""

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="identifications"
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="identifications")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    requested_on = models.DateField()
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)  # blank: under way
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    SPAN: ClassVar[tuple[str, str]] = ("requested_on", "")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(verdict="", voided_at=None),
                name="one_open_identification_per_course",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_on=None)
                | (~models.Q(verdict="") & models.Q(decided_on__isnull=False)),
                name="identification_is_decided_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.course)


class ExpertOpinionQuerySet(ScopedQuerySet):
    scope_through = "identification__institution"


class ExpertOpinion(models.Model):
    """What one expert found about purpose, content and evaluation."""

    identification = models.ForeignKey(Identification, models.PROTECT, related_name="opinions")
    expert = models.CharField(max_length=60)
    employer = models.CharField(max_length=80)
    independent = models.BooleanField(default=False)  # not employed in a training body
    purpose = models.TextField()
    content = models.TextField()
    evaluation = models.TextField()
    verdict = models.CharField(max_length=12, choices=Verdict)
    given_on = models.DateField()
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = ExpertOpinionQuerySet.as_manager()
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = ("expert",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identification", "expert"], name="one_opinion_per_expert"
            )
        ]
