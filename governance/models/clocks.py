"""Deadline rules, the clocks they start, and what happened to each clock."""

import datetime as dt
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models.competence import DatedRow, DatedRowQuerySet
from governance.models.people import Membership
from governance.scoping import Governed, Rule, ScopedQuerySet


class Unit(models.TextChoices):
    """What the amount of a rule counts."""

    WORKDAY = "wd", _("working days")
    DAY = "cd", _("calendar days")
    MONTH = "month", _("months")
    YEAR = "year", _("years")
    DATE_OF_YEAR = "date_of_year", _("date of the year")
    DAY_OF_MONTH = "day_of_month", _("day of the month")
    GIVEN_DATE = "given_date", _("date set by a person")
    COMPUTED = "computed", _("worked out, no clock")
    LOGGED = "logged", _("seen from a log, no clock")


class DeadlineRuleQuerySet(DatedRowQuerySet):
    def for_place(self, code: str, division_code: str, on: dt.date) -> "DeadlineRule | None":
        """The version in force on the day: a county's own before the national one, newest first."""
        return (
            self.in_force(on)
            .filter(code=code, county__in=["", division_code[:6]])
            .order_by("-county", F("valid_from").desc(nulls_last=True))
            .first()
        )


class DeadlineRule(DatedRow):
    """One version of a deadline; a clock keeps the version with which it was started."""

    class Direction(models.TextChoices):
        AFTER = "after", _("after the event")
        BEFORE = "before", _("before the event")

    class Rolls(models.TextChoices):
        NONE = "none", _("does not move from a rest day")
        NEXT = "next", _("moves to the next working day")
        PREVIOUS = "previous", _("moves back to the working day before")

    code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    subject = models.CharField(max_length=40)  # the model whose rows start the clock
    event_zh = models.CharField(max_length=60)
    event_en = models.CharField(max_length=80)
    unit = models.CharField(max_length=12, choices=Unit)
    direction = models.CharField(max_length=6, choices=Direction)
    rolls = models.CharField(max_length=8, choices=Rolls)
    amount = models.PositiveSmallIntegerField()  # the limit
    default_amount = models.PositiveSmallIntegerField()  # the usual
    promised = models.PositiveSmallIntegerField(null=True)  # a county's own shorter promise
    month_day = models.CharField(max_length=5, blank=True)  # MM-DD of a date of the year
    max_extension = models.PositiveSmallIntegerField(null=True)  # in the rule's unit
    extension_by = models.CharField(max_length=20, blank=True)  # leader | government_leader
    capped_by = models.CharField(max_length=60, blank=True)  # the rule that bounds the whole term
    remind_before = ArrayField(models.PositiveSmallIntegerField(), default=list)
    escalate_after = ArrayField(models.PositiveSmallIntegerField(), default=list)
    escalate_to = ArrayField(models.CharField(max_length=20), default=list)
    for_party = models.BooleanField(default=False)  # the institution sees it and is reminded too
    amber_days = models.PositiveSmallIntegerField(default=3)  # working days left
    amber_percent = models.PositiveSmallIntegerField(default=20)  # of the period
    reminds_from = models.DateTimeField(null=True, default=daylight.now)  # null: no reminders
    note = models.CharField(max_length=200, blank=True)
    row_no = models.PositiveSmallIntegerField(null=True)

    objects = DeadlineRuleQuerySet.as_manager()

    class Meta:
        ordering = ["row_no", "code", "county", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county", "valid_from"],
                nulls_distinct=False,
                name="one_deadline_rule_version_per_start",
            ),
            models.CheckConstraint(
                condition=Q(promised=None) | Q(promised__lte=F("amount")),
                name="promise_is_not_longer_than_the_limit",
            ),
            models.CheckConstraint(
                condition=Q(escalate_after__len=F("escalate_to__len")),
                name="each_escalation_has_its_addressee",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if _english() else self.name_zh

    @property
    def event(self) -> str:
        return self.event_en if _english() else self.event_zh

    @property
    def runs(self) -> bool:
        """Whether rows of this rule are clocks at all."""
        return self.unit not in (Unit.COMPUTED, Unit.LOGGED)


def _english() -> bool:
    return (get_language() or "").startswith("en")


class ClockQuerySet(ScopedQuerySet):
    def of(self, subject: models.Model) -> Self:
        """The clocks of one row, ended ones too."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        )

    def running(self) -> Self:
        return self.filter(status=Clock.Status.RUNNING)

    def open(self) -> Self:
        """Running or suspended."""
        return self.filter(status__in=(Clock.Status.RUNNING, Clock.Status.SUSPENDED))

    def overdue(self, on: dt.date | None = None) -> Self:
        """Running past their last day."""
        return self.running().filter(due_on__lt=on or daylight.today())

    def due_on_day(self, on: dt.date | None = None) -> Self:
        return self.running().filter(due_on=on or daylight.today())

    def due_within(self, days: int, on: dt.date | None = None) -> Self:
        """Running, not overdue, and due within so many calendar days."""
        on = on or daylight.today()
        return self.running().filter(due_on__range=(on, on + dt.timedelta(days=days)))

    def owned_by(self, actor: Membership) -> Self:
        """What waits for this person: own clocks, and those of the department without an owner."""
        return self.filter(Q(owner=actor) | Q(owner=None, lead=actor.department))


class Clock(Governed):
    """The only home of a due date. `division`, `lead`, `owner`, `institution_id`, `title` and the
    addresses repeat the subject's, written by `deadlines.start` and `deadlines.transfer` only."""

    class Status(models.TextChoices):
        RUNNING = "running"
        SUSPENDED = "suspended"
        MET = "met"
        MISSED = "missed"  # ended after its last day
        CANCELLED = "cancelled"

    TRANSITIONS = {
        Status.RUNNING: {Status.SUSPENDED, Status.MET, Status.MISSED, Status.CANCELLED},
        Status.SUSPENDED: {Status.RUNNING, Status.MET, Status.CANCELLED},
    }
    scope_rule = Rule.WORKING
    party = "institution_id"

    rule = models.ForeignKey(DeadlineRule, models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    institution_id = models.BigIntegerField(null=True, db_index=True)  # rules `for_party` only
    owner = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="clocks")
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True)
    party_url = models.CharField(max_length=200, blank=True)
    event_on = models.DateField()
    amount = models.PositiveSmallIntegerField(null=True)  # of a range; null: the rule's usual
    extended = models.PositiveSmallIntegerField(default=0)
    started_on = models.DateField()
    due_on = models.DateField()
    amber_on = models.DateField()  # from this day the light is amber
    provisional = models.BooleanField(default=False)  # 暂定: a year on the way has no notice yet
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    paused_for = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True)
    pressed_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "content_type", "object_id"],
                condition=Q(status__in=("running", "suspended")),
                name="one_running_clock_per_rule_and_subject",
            )
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="clock_subject"),
            models.Index(
                fields=["lead", "due_on"], condition=Q(status="running"), name="clock_running_lead"
            ),
            models.Index(
                fields=["division", "due_on"],
                condition=Q(status="running"),
                name="clock_running_division",
                opclasses=["varchar_pattern_ops", "date_ops"],
            ),
            models.Index(fields=["owner"], condition=Q(status="running"), name="clock_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.rule.name} · {self.title}"

    def get_absolute_url(self) -> str:
        return self.url

    @classmethod
    def share_key(cls, path: str) -> dict[str, Any]:
        """A department that shares in the subject shares in its clocks."""
        names = ("content_type", "object_id")
        return {name: models.OuterRef(f"{path}{name}") for name in names}

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.RUNNING, self.Status.SUSPENDED)


class ClockEvent(models.Model):
    """What happened to a clock: who, why, on which paper; a trigger refuses change and deletion."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        SUSPENDED = "suspended", _("stopped")
        RESUMED = "resumed", _("went on")
        EXTENDED = "extended", _("extended")
        RECOMPUTED = "recomputed", _("worked out anew")
        TRANSFERRED = "transferred", _("handed over")
        PRESSED = "pressed", _("pressed by a leader")
        MET = "met", _("met")
        LAPSED = "lapsed", _("ran out")
        CANCELLED = "cancelled", _("cancelled")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()  # the legal day of the act
    at = models.DateTimeField(default=daylight.now)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    paper_number = models.CharField(max_length=60, blank=True)
    amount = models.PositiveSmallIntegerField(null=True)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)

    class Meta:
        ordering = ["id"]


class ClockStep(models.Model):
    """A reminder that a clock has still to give, or has given: the queue of the sweep."""

    OWNER = (
        "owner"  # who works on it; otherwise a role in the lead department or a kind of department
    )

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=12)  # before:7 | due | after:1
    due_on = models.DateField()
    fire_on = models.DateField()
    send_to = models.CharField(max_length=20, default=OWNER)
    swept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "name", "due_on", "send_to"], name="one_step_per_due_date"
            )
        ]
        indexes = [
            models.Index(
                fields=["fire_on", "id"], condition=Q(swept_at=None), name="steps_to_sweep"
            )
        ]
