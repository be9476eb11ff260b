"""A problem found: born from a NO, closed with its tasks or dismissed by two people."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language

from governance import competence
from governance.labels import label
from governance.models import Attachment, Membership
from governance.scoping import Governed, Rule, ScopedQuerySet
from inspections.models.checklists import ChecklistItem
from inspections.models.inspections import Inspection, InspectionAnswer
from institutions.models import Institution, Lead


class Severity(models.TextChoices):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class FindingQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(status=Finding.Status.OPEN)

    def awaiting_notice(self) -> Self:
        """Open, with no task of the department that leads now."""
        task: Any = Finding._meta.get_field("tasks").related_model
        active = task.objects.filter(finding=OuterRef("pk"), lead=OuterRef("lead")).active()
        return self.open().filter(~Exists(active))

    def awaiting_dismissal(self) -> Self:
        """A dismissal was proposed and waits for the second person."""
        return self.open().filter(dismissal_proposed_by__isnull=False)

    def of(self, institution: Institution) -> Self:
        return self.filter(institution__in=institution.family())

    def found_between(self, first: dt.date, last: dt.date) -> Self:
        return self.filter(found_on__range=(first, last))


class Finding(Governed):
    """One problem at one institution; `lead` was competent on the day it was found."""

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        DISMISSED = "dismissed"

    TRANSITIONS: ClassVar[dict] = {Status.OPEN: {Status.CLOSED, Status.DISMISSED}}
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "disclosed_to"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="findings")
    disclosed_to = models.BigIntegerField(null=True, db_index=True)
    answer = models.OneToOneField(
        InspectionAnswer, models.PROTECT, null=True, related_name="finding"
    )
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="findings")
    # The compliance lead it was made of, where it was not found on a visit.
    from_lead = models.OneToOneField(Lead, models.PROTECT, null=True, related_name="+")
    problem_code = models.CharField(max_length=30)
    severity = models.CharField(max_length=10, choices=Severity)
    clock_rule = models.CharField(max_length=60)
    description = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    found_on = models.DateField()
    fixed_on_spot = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    dismissal_reason = models.CharField(max_length=300, blank=True)
    dismissal_proposed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="+"
    )
    dismissed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    attachments = GenericRelation(Attachment)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="dismissed")
                | (Q(dismissed_by__isnull=False) & ~Q(dismissal_reason="")),
                name="dismissed_finding_has_reason_and_second_person",
            )
        ]
        indexes = [
            models.Index(
                fields=["institution"], condition=Q(status="open"), name="finding_open_of"
            ),
            models.Index(fields=["lead", "status"], name="finding_lead"),
            models.Index(fields=["problem_code", "found_on"], name="finding_problem"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.number}/{self.item.code if self.item else self.problem_code}"

    def get_absolute_url(self) -> str:
        return reverse("finding", args=[self.pk])

    @property
    def is_critical(self) -> bool:
        return self.severity == Severity.CRITICAL

    @property
    def severity_word(self) -> str:
        return label("Finding.severity", self.severity)

    @property
    def title(self) -> str:
        """The question answered NO, or what was described outside the checklist."""
        return self.item.text if self.item else self.description

    @property
    def problem(self) -> str:
        """The name of the problem in the active language."""
        return competence.problem_name(self.problem_code, get_language() or "zh-hans")
