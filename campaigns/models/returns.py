"""A return (报送单): what one unit owes to one collection, and its rows."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from campaigns.models.collections import Collection
from governance import daylight
from governance.models import Clock, Membership
from governance.scoping import Governed, Rule, ScopedQuerySet

AGAIN = "collection.again"


class ReturnQuerySet(ScopedQuerySet):
    def to_fill(self) -> Self:
        """With the unit: not handed in, or handed back."""
        asked = Q(status__in=Return.WITH_UNIT, collection__status=Collection.Status.ISSUED)
        back = Q(  # for a correction
            status__in=[Return.Status.RETURNED, Return.Status.DRAFTED],
            round__gt=0,
            collection__status=Collection.Status.CLOSED,
        )
        return self.filter(asked | back)

    def to_check(self) -> Self:
        return self.filter(status=Return.Status.SUBMITTED)

    def late(self, on: dt.date | None = None) -> Self:
        """With the unit although the clock ran out."""
        running = Clock.objects.overdue(on).filter(
            content_type=ContentType.objects.get_for_model(Return), object_id=OuterRef("pk")
        )
        return self.filter(Exists(running))

    def with_names(self) -> Self:
        """Its collection, who collects it, and the unit."""
        return self.select_related(
            "collection__lead", "collection__template__template", "lead", "division"
        )

    def with_clocks(self) -> Self:
        """The clocks with their rules, in one further query."""
        return self.prefetch_related(Prefetch("clocks", Clock.objects.select_related("rule")))


class Return(Governed):
    """Owed by its `lead` (the unit) to the department that leads the collection."""

    class Status(models.TextChoices):
        OWED = "owed"
        DRAFTED = "drafted"
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        RETURNED = "returned"

    WITH_UNIT = (Status.OWED, Status.DRAFTED, Status.RETURNED)
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.OWED: {Status.DRAFTED, Status.SUBMITTED},
        Status.DRAFTED: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.ACCEPTED, Status.RETURNED, Status.DRAFTED},
        Status.RETURNED: {Status.SUBMITTED},
        Status.ACCEPTED: {Status.RETURNED},  # a correction
    }
    scope_rule: ClassVar[Rule] = Rule.WORKING

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="returns")
    status = models.CharField(max_length=10, choices=Status, default=Status.OWED)
    is_zero = models.BooleanField(default=False)  # 零报告: nothing to report
    round = models.PositiveSmallIntegerField(default=0)  # how often it was handed in
    filled_at = models.DateTimeField(null=True)
    filled_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    return_reason = models.CharField(max_length=500, blank=True)
    pressed_on = models.DateField(null=True)
    presses = models.PositiveSmallIntegerField(default=0)

    clocks = GenericRelation(Clock)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "lead"], name="one_return_per_unit"),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(return_reason=""),
                name="what_goes_back_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "accepted"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="handed_in_return_names_its_sender",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(decided_by__isnull=False),
                name="accepted_return_names_who_accepted",
            ),
        ]
        indexes = [models.Index(fields=["lead", "status"], name="return_lead")]

    def __str__(self) -> str:
        return f"{self.collection} · {self.lead.short_name or self.lead.name}"

    def get_absolute_url(self) -> str:
        return reverse("return", args=[self.pk])

    @property
    def clock(self) -> Clock | None:
        """The clock that counts now, else the last one that did; of the prefetched ones."""
        ranked = sorted(self.clocks.all(), key=lambda clock: (not clock.is_open, -clock.pk))
        return ranked[0] if ranked else None

    @property
    def with_unit(self) -> bool:
        return self.status in self.WITH_UNIT

    @property
    def key(self) -> str:
        """Which filling of it is meant, for the rows of a frozen report."""
        return f"{self.pk}.{self.round}"


class ReturnRowQuerySet(ScopedQuerySet):
    scope_through = "of"


class ReturnRow(models.Model):
    """One row of a return: the text of each cell by the key of its column."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    origin = models.BigIntegerField(null=True)  # the institution or task it was prefilled from
    created_at = models.DateTimeField(default=daylight.now)

    objects = ReturnRowQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="one_return_row_per_position",
            )
        ]
