"""What all rows that institutions file share: whose they are, whence they came, when they end."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from governance import daylight
from governance.models import Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import Source


class FiledQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def in_force(self, on: dt.date | None = None) -> "FiledQuerySet":
        """The rows that hold on the day; an unknown beginning or end leaves that side open."""
        on = on or daylight.today()
        rows = self.filter(Q(ended_on=None) | Q(ended_on__gt=on), voided_at=None)
        model: Any = self.model
        first, last = model.SPAN
        if first:
            rows = rows.filter(Q(**{first: None}) | Q(**{f"{first}__lte": on}))
        if last:
            rows = rows.filter(Q(**{last: None}) | Q(**{f"{last}__gte": on}))
        return rows


class Filed(models.Model):
    """A child row of an institution: changed only by an accepted filing or by the department.

    The institution itself is named by each subclass, so that the way back has a name of its own.
    """

    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    ended_on = models.DateField(null=True)  # first day on which it no longer counts
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = FiledQuerySet.as_manager()

    # The columns of its first and last day, where it has them.
    SPAN: ClassVar[tuple[str, str]] = ("", "")

    class Meta:
        abstract = True

    def holds(self, on: dt.date | None = None) -> bool:
        """The rule of `FiledQuerySet.in_force` for a row at hand."""
        on = on or daylight.today()
        first, last = (getattr(self, name) if name else None for name in self.SPAN)
        begun = first is None or first <= on
        over = (last is not None and last < on) or (
            self.ended_on is not None and self.ended_on <= on
        )
        return begun and not over and self.voided_at is None
