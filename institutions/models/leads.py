"""Compliance leads (合规线索): what the register gives reason to look at, and what came of it."""

from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from governance import competence, daylight
from governance.labels import label
from governance.models import Clock, Membership, Share
from governance.scoping import Governed, Rule, ScopedQuerySet
from institutions.models.compliance import ComplianceRule, Severity
from institutions.models.institutions import Institution


class LeadQuerySet(ScopedQuerySet):
    def waiting(self) -> Self:
        """Nothing has been made of them yet."""
        return self.filter(status__in=Lead.WAITING)

    def answered(self) -> Self:
        """Asked, and the institution has answered."""
        return self.filter(status=Lead.Status.ASKED, answered_at__isnull=False)

    def unanswered(self) -> Self:
        return self.filter(status=Lead.Status.ASKED, answered_at=None)

    def holding(self) -> Self:
        """Their rule and subject raise no second one."""
        return self.filter(status__in=Lead.HOLDING)


class Lead(Governed):
    """One rule that one subject of an institution does not keep, as far as the register says.

    It is no finding: somebody of the competent department makes one of it, asks the institution,
    or dismisses it with a reason. Putting the facts right closes it by itself.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        ASKED = "asked"  # the institution was asked about it
        FINDING = "finding"  # a finding was made of it; held until the facts are put right
        DISMISSED = "dismissed"
        CLOSED = "closed"

    class Closed(models.TextChoices):
        """Why it closed by itself."""

        FIXED = "fixed"  # the facts keep the rule now
        GONE = "gone"  # the subject is no longer on record, or the rule is not for it any more

    TRANSITIONS: ClassVar[dict] = {
        Status.OPEN: {Status.ASKED, Status.FINDING, Status.DISMISSED, Status.CLOSED},
        Status.ASKED: {Status.OPEN, Status.FINDING, Status.DISMISSED, Status.CLOSED},
        Status.FINDING: {Status.CLOSED},
    }
    WAITING = (Status.OPEN, Status.ASKED)
    HOLDING = (Status.OPEN, Status.ASKED, Status.FINDING)

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="leads")
    rule = models.ForeignKey(ComplianceRule, models.PROTECT, related_name="leads")
    code = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(default=0)  # of the rule, the one that was broken
    value = models.JSONField()
    threshold = models.JSONField()
    detail = models.CharField(max_length=60, blank=True)
    rows = models.JSONField(default=list)  # [kind, key] of what the value was made of
    severity = models.CharField(max_length=10, choices=Severity)
    problem_code = models.CharField(max_length=30)
    since = models.DateField()  # first day on which it held, as far as is known
    last_checked = models.DateTimeField(default=daylight.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    disclosed_to = models.BigIntegerField(null=True, db_index=True)  # the institution, once asked
    question = models.CharField(max_length=500, blank=True)
    asked_on = models.DateField(null=True)
    asked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=1_000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it was dismissed
    closed_how = models.CharField(max_length=8, choices=Closed, blank=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    clocks = GenericRelation(Clock)
    shares = GenericRelation(Share)

    objects = LeadQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.REGISTRY  # made of the register, which all departments read
    party: ClassVar[str | None] = "disclosed_to"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code", "subject_kind", "subject_id"],
                condition=Q(status__in=("open", "asked", "finding")),
                name="one_lead_per_rule_and_subject",
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed") | (~Q(reason="") & Q(ended_by__isnull=False)),
                name="dismissed_lead_has_reason_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="asked")
                | Q(disclosed_to__isnull=False, asked_on__isnull=False),
                name="asked_lead_is_disclosed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("dismissed", "closed")) | Q(ended_on__isnull=False),
                name="ended_lead_has_its_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lead", "severity", "since"],
                condition=Q(status__in=("open", "asked")),
                name="lead_waiting",
            ),
            models.Index(fields=["code", "status"], name="lead_by_code"),
            models.Index(
                fields=["division", "since"],
                condition=Q(status__in=("open", "asked")),
                name="lead_waiting_place",
                opclasses=["varchar_pattern_ops", "date_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.institution.number}"

    def get_absolute_url(self) -> str:
        return reverse("lead", args=[self.pk])

    def get_party_url(self) -> str:
        return reverse("my_lead", args=[self.pk])

    @property
    def key(self) -> tuple[int, str, str, int]:
        """What only one lead may hold at a time."""
        return self.institution_id, self.code, self.subject_kind, self.subject_id

    @property
    def is_waiting(self) -> bool:
        return self.status in self.WAITING

    @property
    def severity_word(self) -> str:
        return label("Finding.severity", self.severity)

    @property
    def problem(self) -> str:
        """The name of the problem in the active language."""
        return competence.problem_name(self.problem_code, get_language() or "zh-hans")

    @property
    def read(self) -> list[tuple[str, Any]]:
        """Kind and key of the rows that the value was made of."""
        return [(kind, key) for kind, key in self.rows]


class LeadCheck(models.Model):
    """An institution whose facts changed and which is to be checked: the row is the queue."""

    institution = models.OneToOneField(Institution, models.CASCADE, primary_key=True)
    since = models.DateTimeField(default=daylight.now)

    class Meta:
        ordering = ["since"]
