"""What waits for an actor: the queues of every app with their clocks, overdue first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

import campaigns.queues
import inspections.queues
import institutions.queues
import publiclists.queues
from governance import counting, daylight, workdays
from governance.models import Clock, Membership
from governance.queues import Queue

SHOWN = 50  # rows taken from one queue; the rest is behind its link
SOON = 3  # working days
# Bounds of other terms and the party's own time: not terms of anybody's work here.
CAPS = ("finding.rectify.max", "list.objection")


@dataclass(frozen=True)
class Item:
    """One row that waits, with its act and its clock."""

    queue: Queue
    row: Any
    clock: Clock | None
    title: str
    party: str

    @property
    def url(self) -> str:
        return self.row.get_absolute_url()

    @property
    def due_on(self) -> dt.date | None:
        return self.clock.due_on if self.clock else None


@dataclass(frozen=True)
class Group:
    """Items of one urgency."""

    code: str  # overdue | today | soon | later
    label: str
    items: list[Item]


def queues(actor: Membership) -> list[Queue]:
    """Every queue of this actor, in the order of the chain."""
    parts = (inspections, campaigns, publiclists, institutions)
    return [queue for part in parts for queue in part.queues.queues(actor)]


def counts(found: Iterable[Queue]) -> list[tuple[Queue, int]]:
    """Each queue that is not empty, with its number of rows."""
    offered = list(found)
    numbers = counting.together({queue.code: queue.rows for queue in offered})
    return [(queue, numbers[queue.code]) for queue in offered if numbers.get(queue.code)]


def items(found: Iterable[Queue]) -> list[Item]:
    """The rows of the queues, overdue first, then by due day; those without a clock last."""
    gathered = [item for queue in found for item in _of_queue(queue)]
    return sorted(gathered, key=lambda item: (item.due_on is None, item.due_on or dt.date.max))


def grouped(found: list[Item], on: dt.date | None = None) -> list[Group]:
    """The items by urgency; empty groups are left out."""
    on = on or daylight.today()
    soon = workdays.add(on, SOON)
    groups = [
        Group("overdue", _("Overdue"), [i for i in found if i.due_on and i.due_on < on]),
        Group("today", _("Due today"), [i for i in found if i.due_on == on]),
        Group(
            "soon",
            _("Within %(count)d working days") % {"count": SOON},
            [i for i in found if i.due_on and on < i.due_on <= soon],
        ),
        Group(
            "later",
            _("Later or without a date"),
            [i for i in found if not i.due_on or i.due_on > soon],
        ),
    ]
    return [group for group in groups if group.items]


def _of_queue(queue: Queue) -> list[Item]:
    rows = list(queue.rows[:SHOWN])
    clocks = _clocks(rows)
    return [
        Item(queue, row, clocks.get(row.pk), queue.title(row), queue.party(row)) for row in rows
    ]


def _clocks(rows: list[models.Model]) -> dict[int, Clock]:
    """The open clock of each row that is due first."""
    if not rows:
        return {}
    kind = ContentType.objects.get_for_model(rows[0])
    open_clocks = (
        Clock.objects.open()
        .filter(content_type=kind, object_id__in=[row.pk for row in rows])
        .exclude(code__in=CAPS)
    )
    return {clock.object_id: clock for clock in open_clocks.order_by("-due_on")}
