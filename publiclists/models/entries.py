"""An institution on a list: the entry, its grounds, what backs it, objections to it."""

import datetime as dt
from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.labels import label
from governance.models import Attachment, Membership, Paper
from governance.models.clocks import Clock, ClockQuerySet
from governance.scoping import COUNTY_DIGITS, Governed, Rule, ScopedQuerySet
from inspections.models import Finding
from institutions.models import Institution, Licence
from publiclists.models.grounds import Ground, Kind


def _clocks(code: str) -> ClockQuerySet:
    """Clocks of one rule of the entry of the outer query."""
    kind = ContentType.objects.get_for_model(ListEntry)
    return Clock.objects.filter(content_type=kind, object_id=OuterRef("pk"), code=code)


class ListEntryQuerySet(ScopedQuerySet):
    def open(self) -> "ListEntryQuerySet":
        """Entries on their way or on the list: everything that is not removed or dropped."""
        return self.exclude(status__in=[Status.REMOVED, Status.DROPPED])

    def live(self) -> "ListEntryQuerySet":
        return self.filter(status=Status.LIVE)

    def of_list(self, county: str, kind: str) -> "ListEntryQuerySet":
        """The entries of one county and kind, by number."""
        return self.filter(division__code__startswith=county, kind=kind).order_by("number")

    def ending(self, on: dt.date) -> "ListEntryQuerySet":
        """Entries on the list whose last day is past on the day."""
        return self.filter(status__in=[Status.LIVE, Status.SUSPENDED], ends_on__lt=on)

    def window_over(self, on: dt.date | None = None) -> "ListEntryQuerySet":
        """Notice served, and the last day for objections is past."""
        over = _clocks("list.objection").filter(due_on__lt=on or daylight.today())
        return self.filter(Exists(over))

    def with_open_objection(self) -> "ListEntryQuerySet":
        received = Objection.objects.filter(entry=OuterRef("pk"), status="received")
        return self.open().filter(Exists(received))

    def without_open_objection(self) -> "ListEntryQuerySet":
        received = Objection.objects.filter(entry=OuterRef("pk"), status="received")
        return self.filter(~Exists(received))

    def basis_fell(self) -> "ListEntryQuerySet":
        """On the list although a computed ground no longer holds: to be withdrawn or suspended."""
        return self.live().exclude(basis_lost_on=None)

    def to_reconfirm(self, on: dt.date | None = None) -> "ListEntryQuerySet":
        """White entries whose year is over within thirty days."""
        soon = (on or daylight.today()) + dt.timedelta(days=30)
        due = _clocks("list.whiteReconfirm").running().filter(due_on__lte=soon)
        return self.live().filter(Exists(due))

    def with_names(self) -> "ListEntryQuerySet":
        """Everything a row of a list page shows, in a fixed number of queries."""
        return self.select_related("institution", "division", "lead").prefetch_related(
            "institution__periods"
        )


class Status(models.TextChoices):
    PROPOSED = "proposed"
    NOTICED = "noticed"
    DECIDED = "decided"
    LIVE = "live"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    DROPPED = "dropped"


class ListEntry(Governed):
    """One institution on one list, from the proposal to its end."""

    class Ended(models.TextChoices):
        """Why an entry that stood on the list no longer does."""

        EXPIRED = "expired"
        PUT_RIGHT = "put_right"
        BASIS_LOST = "basis_lost"
        ANNULLED = "annulled"

    class Service(models.TextChoices):
        """How the notice reached the party."""

        PAPER = "paper"
        ONLINE = "online"
        PUBLIC = "public"

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.PROPOSED: {Status.NOTICED, Status.DROPPED},
        Status.NOTICED: {Status.DECIDED, Status.DROPPED},
        Status.DECIDED: {Status.LIVE, Status.DROPPED},
        Status.LIVE: {Status.SUSPENDED, Status.REMOVED},
        Status.SUSPENDED: {Status.LIVE, Status.REMOVED},
    }

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    # The institution's id once the notice is served; before that it does not know of the proposal.
    disclosed_to = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.CharField(max_length=20, unique=True, null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROPOSED)
    reason = models.TextField()  # facts in the words of the proposer; not published
    basis = models.CharField(max_length=300)
    proposed_on = models.DateField()
    served_on = models.DateField(null=True)
    served_by_way_of = models.CharField(max_length=8, choices=Service, blank=True)
    served_note = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decision_number = models.CharField(max_length=80, blank=True)
    decision = models.TextField(blank=True)
    listed_on = models.DateField(null=True)  # day of the first publication that carries it
    least_until = models.DateField(null=True)  # not removed on request before
    ends_on = models.DateField(null=True)  # last day; empty: until removed
    suspended_on = models.DateField(null=True)
    basis_lost_on = models.DateField(null=True)  # day the nightly check saw it
    basis_lost = models.JSONField(default=list)  # what failed then
    ended_on = models.DateField(null=True)
    ended = models.CharField(max_length=12, choices=Ended, blank=True)
    end_reason = models.TextField(blank=True)

    clocks = GenericRelation(Clock)
    attachments = GenericRelation(Attachment)
    papers = GenericRelation(Paper)

    objects = ListEntryQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "disclosed_to"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind"],
                condition=~Q(status__in=["removed", "dropped"]),
                name="one_open_entry_per_list",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "dropped"]) | Q(served_on__isnull=False),
                name="no_decision_without_notice",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "noticed", "dropped"])
                | Q(decided_by__isnull=False, number__isnull=False),
                name="no_entry_without_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status="removed")
                | Q(ended_on__isnull=False, ended__gt="", end_reason__gt=""),
                name="removed_entry_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(least_until=None) | Q(ends_on__gte=F("least_until")),
                name="entry_ends_after_its_minimum",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "status", "kind"]),
            models.Index(fields=["division", "kind", "status"]),
            models.Index(fields=["institution", "status"]),
        ]

    def __str__(self) -> str:
        return f"{label('ListEntry.kind', self.kind)} {self.number or self.institution}"

    def get_absolute_url(self) -> str:
        return reverse("list-entry", args=[self.pk])

    def get_party_url(self) -> str:
        return reverse("my_list", args=[self.pk])

    @property
    def county(self) -> str:
        """Code of the county whose list it is."""
        return self.division_id[:COUNTY_DIGITS]

    @property
    def public_url(self) -> str:
        return reverse("public-entry", args=[self.kind.lower(), self.number])


class OfEntryQuerySet(ScopedQuerySet):
    scope_through = "entry"


class EntryGround(models.Model):
    """A ground an entry rests on, with the facts as they stood and the sentence to publish."""

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="grounds")
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="+")
    statement = models.CharField(max_length=300)  # published: no personal data
    facts = models.JSONField(default=dict)  # what a computed ground saw

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "ground"], name="ground_once_per_entry")
        ]


class Evidence(models.Model):
    """A row of the case that backs an entry; files are attachments of the entry itself."""

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="evidence")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(default=daylight.now)
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False) ^ Q(licence__isnull=False),
                name="evidence_points_at_one_row",
            ),
            models.UniqueConstraint(
                fields=["entry", "finding", "licence"],
                name="evidence_once_per_entry",
                nulls_distinct=False,
            ),
        ]


class Objection(models.Model):
    """What the party says against an entry, and what became of it."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        UPHELD = "upheld"
        REJECTED = "rejected"

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.RECEIVED: {Status.UPHELD, Status.REJECTED},
    }

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="objections")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    received_on = models.DateField()
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reviewed_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    review = models.TextField(blank=True)

    clocks = GenericRelation(Clock)

    objects = OfEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="received") | Q(reviewed_by__isnull=False, review__gt=""),
                name="reviewed_objection_says_why",
            )
        ]

    def __str__(self) -> str:
        return str(_("Objection to %(entry)s")) % {"entry": self.entry}

    def get_absolute_url(self) -> str:
        return self.entry.get_absolute_url()

    @property
    def division_id(self) -> str:
        return self.entry.division_id
