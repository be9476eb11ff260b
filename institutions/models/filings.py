"""Filings (备案): what an institution proposes to put on record, and what became of it."""

import json
import uuid
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse

from governance.labels import label
from governance.models import Attachment, Clock, Membership, Share
from governance.private_fields import EncryptedTextField
from governance.scoping import Governed, Rule, ScopedQuerySet


class FilingQuerySet(ScopedQuerySet):
    def handed_in(self) -> "FilingQuerySet":
        """What the department may know of: everything but drafts that were never submitted."""
        return self.exclude(submitted_at=None)

    def waiting(self) -> "FilingQuerySet":
        """Submitted and not yet decided."""
        return self.filter(status=Filing.Status.SUBMITTED)

    def open(self) -> "FilingQuerySet":
        """Neither accepted nor withdrawn."""
        return self.filter(status__in=Filing.OPEN)


class Filing(Governed):
    """One row of one kind that is to be added, changed or ended."""

    class Kind(models.TextChoices):
        STAFF = "staff"
        COURSE = "course"
        MATERIAL = "material"
        FEE = "fee"
        CONTRACT = "contract"
        INSURANCE = "insurance"
        ADVERTISEMENT = "advertisement"
        FIGURE = "figure"

    class Action(models.TextChoices):
        ADD = "ADD"
        CHANGE = "CHANGE"
        END = "END"

    class Status(models.TextChoices):
        DRAFTED = "drafted"
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    TRANSITIONS = {
        Status.DRAFTED: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN},
        Status.RETURNED: {Status.SUBMITTED, Status.WITHDRAWN},
    }
    OPEN = (Status.DRAFTED, Status.SUBMITTED, Status.RETURNED)

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="filings"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    action = models.CharField(max_length=8, choices=Action)
    record = models.BigIntegerField(null=True)  # the row it is about; of an addition once accepted
    values = EncryptedTextField(blank=True)  # JSON {field: proposed}
    before = EncryptedTextField(blank=True)  # JSON {field: value when it was filed}
    sheet = models.UUIDField(default=uuid.uuid4)  # rows that came in together share it
    title = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFTED)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # why it was returned

    attachments = GenericRelation(Attachment)
    clocks = GenericRelation(Clock)
    shares = GenericRelation(Share)

    objects = FilingQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "institution"
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = ("id_number", "payee_account", "title")

    class Meta:
        indexes = [
            models.Index(fields=["institution", "status"], name="filing_of_institution"),
            models.Index(
                fields=["lead", "submitted_at"],
                condition=models.Q(status="submitted"),
                name="filing_waiting",
            ),
            models.Index(fields=["sheet"], name="filing_sheet"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record"],
                condition=models.Q(status__in=["drafted", "submitted", "returned"])
                & ~models.Q(action="ADD"),
                name="one_open_filing_per_record",
            ),
            models.CheckConstraint(
                condition=models.Q(action="ADD") | models.Q(record__isnull=False),
                name="filing_of_a_change_names_its_record",
            ),
        ]

    def __str__(self) -> str:
        """Without the name of anybody: audit and clocks keep it."""
        return f"{self.kind_word} · {self.action_word} #{self.pk}"

    @property
    def kind_word(self) -> str:
        return label("Filing.kind", self.kind)

    @property
    def action_word(self) -> str:
        return label("Filing.action", self.action)

    @property
    def clock(self) -> Clock | None:
        """The clock of the decision that runs, else the last one, from the prefetched clocks."""
        found = sorted(self.clocks.all(), key=lambda clock: (clock.is_open, clock.pk))
        return found[-1] if found else None

    @property
    def code(self) -> str:
        """What the receipt prints: random, and the same for all rows of a sheet."""
        return self.sheet.hex[:12].upper()

    @property
    def editable(self) -> bool:
        """Whether the institution may still write it anew."""
        return self.status in (self.Status.DRAFTED, self.Status.RETURNED)

    def get_absolute_url(self) -> str:
        return reverse("filing", args=[self.pk])

    def get_party_url(self) -> str:
        return reverse("my_filing", args=[self.pk])

    @property
    def proposed(self) -> dict[str, Any]:
        return dict(json.loads(self.values)) if self.values else {}

    @property
    def was(self) -> dict[str, Any]:
        return dict(json.loads(self.before)) if self.before else {}

    @property
    def id_number(self) -> str:
        """What a reveal shows of a filing of staff."""
        return str(self.proposed.get("id_number") or self.was.get("id_number") or "")

    @property
    def payee_account(self) -> str:
        """What a reveal shows of a filing of a fee."""
        return str(self.proposed.get("payee_account") or self.was.get("payee_account") or "")
