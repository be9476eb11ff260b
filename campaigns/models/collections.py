"""A collection: one template asked of a list of units for one period by one day."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models.templates import TemplateVersion
from governance.models import Membership
from governance.scoping import Governed, Rule

MONTHLY = "campaign.monthly"  # 每月20日前: the plans' monthly progress
GIVEN = ("collection.due", "collection.due.next", "collection.due.previous")
DUE_RULES = (MONTHLY, *GIVEN)


class Collection(Governed):
    """What the issuing department (`lead`) asks; the answers are returns, one per unit."""

    class Status(models.TextChoices):
        ISSUED = "issued"
        CLOSED = "closed"  # its figures are frozen; what changes later is a correction
        CANCELLED = "cancelled"

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.ISSUED: {Status.CLOSED, Status.CANCELLED},
    }
    scope_rule: ClassVar[Rule] = Rule.WORKING

    status = models.CharField(max_length=10, choices=Status, default=Status.ISSUED)
    title = models.CharField(max_length=120)
    template = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="collections")
    period_from = models.DateField()
    period_to = models.DateField()
    due_rule = models.CharField(max_length=60)
    due_day = models.DateField(null=True)  # of the rules that take a given date
    note = models.CharField(max_length=500, blank=True)
    repeats_until = models.DateField(null=True)  # the last day on which a next one is issued
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="collection_period_has_a_length"
            ),
            models.CheckConstraint(
                condition=Q(due_rule=MONTHLY) | Q(due_day__isnull=False),
                name="collection_names_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="closed_collection_names_its_closer",
            ),
        ]
        indexes = [models.Index(fields=["lead", "-period_from"], name="collection_lead")]

    def __str__(self) -> str:
        return f"{self.title}（{self.period}）"

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.pk])

    @property
    def period(self) -> str:
        """`2026-03` for a whole month, else the first and the last day."""
        first, last = self.period_from, self.period_to
        whole = first.day == 1 and last == month_end(first)
        return f"{first:%Y-%m}" if whole else f"{first} – {last}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.ISSUED

    @property
    def event_on(self) -> dt.date:
        """The event from which the due day is reckoned: the period's first day, or a given day."""
        return self.due_day or self.period_from


def month_end(day: dt.date) -> dt.date:
    """The last day of the day's month."""
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)
