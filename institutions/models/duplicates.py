"""Two records that may be one body, what was decided about them, and what a merge changed."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import daylight
from governance.models import Membership
from governance.private_fields import EncryptedTextField
from governance.scoping import ScopedQuerySet
from institutions.models.institutions import Institution


class PairQuerySet(ScopedQuerySet):
    """A pair is known to whoever knows both records, and decided by who may change both."""

    scope_through = "first"

    def visible_to(self, actor: Membership) -> Self:
        return self.filter(
            first__in=Institution.objects.visible_to(actor),
            second__in=Institution.objects.visible_to(actor),
        )

    def editable_by(self, actor: Membership) -> Self:
        return self.filter(
            first__in=Institution.objects.editable_by(actor),
            second__in=Institution.objects.editable_by(actor),
        )

    def open(self) -> Self:
        """Undecided, and both records still stand in the register on their own."""
        free = {
            f"{side}__{name}": None
            for side in ("first", "second")
            for name in ("voided_at", "merged_into", "duplicate_of")
        }
        return self.filter(status=DuplicatePair.Status.OPEN, **free)

    def by_score(self) -> Self:
        return self.order_by("-score", "pk")

    def with_names(self) -> Self:
        return self.select_related("first__division", "second__division").prefetch_related(
            "first__periods", "second__periods"
        )


class DuplicatePair(models.Model):
    """Two records that look alike, each pair once, the older record first."""

    class Status(models.TextChoices):
        OPEN = "open"
        SAME = "same"
        DIFFERENT = "different"

    TRANSITIONS = {
        Status.OPEN: {Status.SAME, Status.DIFFERENT},
        Status.DIFFERENT: {Status.OPEN},  # by hand, or because new evidence came up
        Status.SAME: {Status.OPEN},  # the merge was undone, the flag taken off
    }

    first = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    second = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()  # per cent
    reasons = models.JSONField(default=list)  # [{"code", "score", "first", "second"}], best first
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField(default=daylight.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=300, blank=True)  # why
    known = models.JSONField(default=list)  # the reasons when it was decided
    version = models.PositiveIntegerField(default=1)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_per_two_records"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="older_record_of_a_pair_first"
            ),
        ]
        indexes = [models.Index(fields=["status", "-score", "id"], name="pair_by_score")]

    def __str__(self) -> str:
        return _("%(first)s and %(second)s") % {"first": self.first, "second": self.second}

    def get_absolute_url(self) -> str:
        return reverse("duplicate-pair", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class DuplicateKey(models.Model):
    """Something by which two records of one body meet; only records with a key in common are
    ever compared. The key is a digest: it says nothing to who reads the table."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    key = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "institution"], name="one_key_per_record")
        ]


class DuplicateScan(models.Model):
    """How far the acts on the register were looked through for new look-alikes; one row."""

    last_event = models.BigIntegerField(default=0)


class MergeQuerySet(ScopedQuerySet):
    scope_through = "kept"


class InstitutionMerge(models.Model):
    """One record joined with another: what was taken over, and what stood there before."""

    kept = models.ForeignKey(Institution, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    pair = models.ForeignKey(DuplicatePair, models.PROTECT, null=True, related_name="merges")
    reason = models.CharField(max_length=300)
    taken = models.JSONField(default=list)  # names of the facts taken from the merged record
    before = EncryptedTextField(blank=True)  # JSON: what undoing puts back, also private values
    merged_at = models.DateTimeField(default=daylight.now)
    merged_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    undo_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return _("%(merged)s into %(kept)s") % {
            "merged": self.merged.number,
            "kept": self.kept.number,
        }
