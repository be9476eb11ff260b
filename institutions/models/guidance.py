"""Guided applications (指导申办): a place that can qualify is led to its licence."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse

from governance import daylight
from governance.models import Clock, Membership, Share
from governance.scoping import Governed, Rule, ScopedQuerySet
from institutions.models.institutions import Institution
from institutions.models.licences import Licence


class GuidanceQuerySet(ScopedQuerySet):
    def open(self) -> "GuidanceQuerySet":
        return self.filter(status=Guidance.Status.OPEN)


class Guidance(Governed):
    """One attempt, from the first talk to the licence or to the end without one."""

    class Goal(models.TextChoices):
        SCHOOL_LICENCE = "SCHOOL_LICENCE"
        VOCATIONAL_LICENCE = "VOCATIONAL_LICENCE"
        REGISTRATION = "REGISTRATION"
        BOTH = "BOTH"  # licence and registration

    class Status(models.TextChoices):
        OPEN = "open"
        LICENSED = "licensed"
        WITHDRAWN = "withdrawn"
        CANNOT_QUALIFY = "cannot_qualify"

    TRANSITIONS = {
        Status.OPEN: {Status.LICENSED, Status.WITHDRAWN, Status.CANNOT_QUALIFY},
    }

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="guidance")
    goal = models.CharField(max_length=20, choices=Goal)
    begun_on = models.DateField()
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    ended_on = models.DateField(null=True)
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="+")

    clocks = GenericRelation(Clock)
    shares = GenericRelation(Share)

    objects = GuidanceQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "institution"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=models.Q(status="open"),
                name="one_open_guidance_per_institution",
            )
        ]

    def __str__(self) -> str:
        return str(self.institution)

    def get_absolute_url(self) -> str:
        return reverse("guidance", args=[self.pk])


class GuidanceStepQuerySet(ScopedQuerySet):
    scope_through = "guidance"


class GuidanceStep(models.Model):
    """What was done or agreed on a day; never changed afterwards."""

    guidance = models.ForeignKey(Guidance, models.PROTECT, related_name="steps")
    on = models.DateField()
    text = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = GuidanceStepQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
