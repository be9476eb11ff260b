"""What an institution must put right, by when, and the hands through which it is closed out."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from governance import daylight
from governance.models import Attachment, Clock, Department, Membership, Paper
from governance.scoping import Governed, Rule, ScopedQuerySet
from inspections.models.findings import Finding
from institutions.models import Institution

RECHECK_RULE = "finding.recheck"
MAX_RULE = "finding.rectify.max"


class TaskQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        """Not closed out and not superseded."""
        return self.exclude(status__in=RectificationTask.ENDED)

    def _with_clock(self, condition: Q) -> Self:
        clocks = Clock.objects.filter(
            condition,
            content_type=ContentType.objects.get_for_model(RectificationTask),
            object_id=OuterRef("pk"),
            code=OuterRef("clock_rule"),
            status=Clock.Status.RUNNING,
        )
        return self.filter(Exists(clocks))

    def overdue(self, on: dt.date | None = None) -> Self:
        """The institution's term ran out and nothing was handed in."""
        return self._with_clock(Q(due_on__lt=on or daylight.today()))

    def due_on(self, day: dt.date | None = None) -> Self:
        return self._with_clock(Q(due_on=day or daylight.today()))

    def due_within(self, days: int, on: dt.date | None = None) -> Self:
        """Due today or in so many calendar days, not overdue."""
        on = on or daylight.today()
        return self._with_clock(Q(due_on__range=(on, on + dt.timedelta(days=days))))

    def pressed(self) -> Self:
        """A leader pressed on a clock that still runs."""
        clocks = Clock.objects.open().filter(
            content_type=ContentType.objects.get_for_model(RectificationTask),
            object_id=OuterRef("pk"),
            pressed_at__isnull=False,
        )
        return self.filter(Exists(clocks))

    def by_urgency(self) -> Self:
        """Annotate `due` (of the clock that runs now) and sort by it, those without one last."""
        running = Clock.objects.running().filter(
            content_type=ContentType.objects.get_for_model(RectificationTask),
            object_id=OuterRef("pk"),
        )
        due = Subquery(running.order_by("due_on").values("due_on")[:1])
        return self.annotate(due=due).order_by(models.F("due").asc(nulls_last=True), "pk")

    def awaiting_approval(self) -> Self:
        """Notices that suspend and wait for the leader of the issuing department."""
        return self.filter(status=RectificationTask.Status.ISSUED, needs_approval=True).filter(
            approved_by=None
        )

    def awaiting_service(self) -> Self:
        """Issued, approved where needed, not served yet."""
        return self.filter(status=RectificationTask.Status.ISSUED).exclude(
            needs_approval=True, approved_by=None
        )

    def rectifying(self) -> Self:
        return self.filter(status=RectificationTask.Status.SERVED)

    def awaiting_recheck(self) -> Self:
        return self.filter(status=RectificationTask.Status.SUBMITTED)

    def awaiting_closeout(self) -> Self:
        return self.filter(status=RectificationTask.Status.RECHECKED)

    def without_hand_of(self, actor: Membership) -> Self:
        """Those on which this person neither handed in proof nor re-checked."""
        mine = Q(created_by__user=actor.user)
        proofs = Proof.objects.filter(mine, task=OuterRef("pk"))
        rechecks = Recheck.objects.filter(
            mine | Q(companion__user=actor.user), task=OuterRef("pk"), result="passed"
        )
        return self.exclude(Exists(proofs)).exclude(Exists(rechecks))

    def with_open_extension(self) -> Self:
        """An extension was asked for and not decided."""
        asked = ExtensionRequest.objects.filter(
            task=OuterRef("pk"), status=ExtensionRequest.Status.PENDING
        )
        return self.filter(Exists(asked))


class RectificationTask(Governed):
    """One finding, one department, one order to rectify; its due date is its clock's."""

    class Mode(models.TextChoices):
        RECTIFY_BY_DATE = "RECTIFY_BY_DATE"
        RECTIFY_SUSPENDED = "RECTIFY_SUSPENDED"
        RECTIFY_ON_SPOT = "RECTIFY_ON_SPOT"

    class Status(models.TextChoices):
        ISSUED = "issued"
        SERVED = "served"
        SUBMITTED = "submitted"
        RECHECKED = "rechecked"
        CLOSED = "closed"
        SUPERSEDED = "superseded"

    class Service(models.TextChoices):
        ON_SPOT = "on_spot"  # signed on the spot
        DIRECT = "direct"  # handed over later
        LEFT = "left"  # refused, left with a witness (留置送达)
        POST = "post"
        ELECTRONIC = "electronic"  # agreed to in writing
        ANNOUNCED = "announced"

    class Superseded(models.TextChoices):
        CASE_FILED = "case_filed"
        SHUT_DOWN = "shut_down"
        TRANSFERRED = "transferred"
        DISMISSED = "dismissed"  # the finding does not stand

    ENDED = (Status.CLOSED, Status.SUPERSEDED)
    TRANSITIONS: ClassVar[dict] = {
        Status.ISSUED: {Status.SERVED, Status.SUPERSEDED},
        Status.SERVED: {Status.SUBMITTED, Status.SUPERSEDED},
        Status.SUBMITTED: {Status.RECHECKED, Status.SERVED, Status.SUPERSEDED},
        Status.RECHECKED: {Status.CLOSED, Status.SUPERSEDED},
    }
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "disclosed_to"

    number = models.CharField(max_length=40, unique=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="tasks")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="rectification_tasks")
    disclosed_to = models.BigIntegerField(null=True, db_index=True)  # set by service
    mode = models.CharField(max_length=20, choices=Mode)
    status = models.CharField(max_length=12, choices=Status, default=Status.ISSUED)
    clock_rule = models.CharField(max_length=60)
    term = models.PositiveSmallIntegerField(null=True)  # in the rule's unit; null: the usual
    round = models.PositiveSmallIntegerField(default=1)
    requirement = models.CharField(max_length=500)  # what must be put right

    # 五落实, with the deadline in the clock
    responsibility = models.CharField(max_length=120, blank=True)  # who answers for it
    measures = models.TextField(blank=True)
    funds = models.CharField(max_length=200, blank=True)
    contingency_plan = models.TextField(blank=True)

    needs_approval = models.BooleanField(default=False)  # a notice that suspends
    approved_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    served_on = models.DateField(null=True)
    served_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    service_way = models.CharField(max_length=12, choices=Service, blank=True)
    service_note = models.CharField(max_length=200, blank=True)  # receiver, witness, waybill
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    close_note = models.CharField(max_length=300, blank=True)
    superseded_for = models.CharField(max_length=12, choices=Superseded, blank=True)
    supersede_reason = models.CharField(max_length=300, blank=True)

    clocks = GenericRelation(Clock)
    attachments = GenericRelation(Attachment)
    papers = GenericRelation(Paper)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "lead"],
                condition=~Q(status="superseded"),
                name="one_task_per_finding_and_department",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["issued", "superseded"]) | Q(served_on__isnull=False),
                name="task_runs_from_service",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="closed_task_names_its_closer",
            ),
            models.CheckConstraint(
                condition=~Q(status="superseded") | ~Q(supersede_reason=""),
                name="superseded_task_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "status"], name="task_lead"),
            models.Index(fields=["institution", "status"], name="task_institution"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("rectification_task", args=[self.pk])

    @property
    def clock_title(self) -> str:
        """A number alone tells the reader of a reminder nothing."""
        return f"{self.number} {self.institution}"

    def get_party_url(self) -> str:
        """The page of the institution that has to rectify."""
        return reverse("my_task", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.status in self.ENDED

    @property
    def clock(self) -> Clock | None:
        """The clock that counts now: the institution's, that of the re-check, or of the whole."""
        ranked = sorted(self.clocks.all(), key=self._rank)
        return ranked[0] if ranked else None

    def _rank(self, clock: Clock) -> tuple:
        main = clock.code in (self.clock_rule, RECHECK_RULE)
        return not clock.is_open, not main, -clock.pk

    @property
    def issuer(self) -> Department:
        """The department in whose name the notice went out, and which closes the task out."""
        return self.lead


class ChildQuerySet(ScopedQuerySet):
    scope_through = "task"


class Proof(models.Model):
    """What was handed in to show that a round is done; photos and papers hang on it."""

    task = models.ForeignKey(RectificationTask, models.PROTECT, related_name="proofs")
    uuid = models.UUIDField(null=True, unique=True)  # of the form: pressed twice, sent once
    round = models.PositiveSmallIntegerField()
    statement = models.TextField()
    submitted_on = models.DateField()
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    attachments = GenericRelation(Attachment)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]


class Recheck(models.Model):
    """A look at what was put right, by other hands than the proof's."""

    class Result(models.TextChoices):
        PASSED = "passed"
        REJECTED = "rejected"

    task = models.ForeignKey(RectificationTask, models.PROTECT, related_name="rechecks")
    proof = models.ForeignKey(Proof, models.PROTECT, related_name="rechecks")
    round = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=8, choices=Result)
    note = models.CharField(max_length=500)
    rechecked_on = models.DateField()
    companion = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    attachments = GenericRelation(Attachment)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]


class ExtensionRequest(models.Model):
    """A request for more time, decided by the leader of the department that issued the notice."""

    class Status(models.TextChoices):
        PENDING = "pending"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"  # the matter moved on before it was decided

    TRANSITIONS: ClassVar[dict] = {
        Status.PENDING: {Status.GRANTED, Status.REFUSED, Status.WITHDRAWN}
    }

    task = models.ForeignKey(RectificationTask, models.PROTECT, related_name="extensions")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    version = models.PositiveIntegerField(default=1)
    days = models.PositiveSmallIntegerField()  # in the unit of the task's rule
    reason = models.CharField(max_length=500)
    asked_on = models.DateField()
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)

    attachments = GenericRelation(Attachment)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(status="pending"), name="one_pending_extension"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task.number} +{self.days}"
