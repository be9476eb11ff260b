"""An inspection, who carried it out, what they answered and photographed."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from governance import daylight
from governance.models import Attachment, Clock, Membership, Paper
from governance.scoping import Governed, Rule, ScopedQuerySet
from inspections.models.checklists import ChecklistItem, ChecklistVersion
from institutions.models import Institution, Site


class InspectionQuerySet(ScopedQuerySet):
    def assigned_to(self, actor: Membership) -> Self:
        """Those on which this person is named, whatever their status."""
        mine = InspectionOfficer.objects.filter(inspection=OuterRef("pk"), membership=actor)
        return self.filter(Exists(mine))

    def to_do(self) -> Self:
        """Planned or begun, not signed yet."""
        Status = Inspection.Status
        return self.filter(status__in=[Status.PLANNED, Status.ASSIGNED, Status.IN_PROGRESS])

    def to_assign(self) -> Self:
        """Planned, with nobody sent yet."""
        return self.filter(status=Inspection.Status.PLANNED)

    def drafts_of(self, actor: Membership) -> Self:
        """Begun by this person and not signed."""
        return self.filter(status=Inspection.Status.IN_PROGRESS).assigned_to(actor)

    def done(self) -> Self:
        """Signed or later: what counts as an inspection that took place."""
        Status = Inspection.Status
        return self.filter(status__in=[Status.SIGNED, Status.PENDING_CLOSURE, Status.CLOSED])

    def late(self, on: dt.date | None = None) -> Self:
        """Planned for an earlier day and not signed."""
        return self.to_do().filter(planned_for__lt=on or daylight.today())

    def awaiting_notices(self) -> Self:
        """Signed, with findings for which no notice was issued yet."""
        return self.filter(status=Inspection.Status.SIGNED)


class Inspection(Governed):
    """One visit to one institution. Its uuid is made where it is born, which may be a phone."""

    class Kind(models.TextChoices):
        PATROL = "PATROL"
        SWEEP = "SWEEP"
        SPECIAL = "SPECIAL"
        JOINT = "JOINT"
        RANDOM = "RANDOM"
        COVERT = "COVERT"
        SURPRISE = "SURPRISE"
        RECHECK = "RECHECK"
        ACCEPTANCE = "ACCEPTANCE"
        DESK = "DESK"  # of the records, at the desk: nobody goes there

    class Status(models.TextChoices):
        PLANNED = "planned"
        ASSIGNED = "assigned"
        IN_PROGRESS = "in_progress"
        SIGNED = "signed"
        PENDING_CLOSURE = "pending_closure"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    class PartySignature(models.TextChoices):
        SIGNED = "signed"
        REFUSED = "refused"
        ABSENT = "absent"  # nobody of the institution was there, or nobody was to know

    class PositionSource(models.TextChoices):
        GPS = "gps"
        MANUAL = "manual"
        NONE = "none"

    TRANSITIONS: ClassVar[dict] = {
        Status.PLANNED: {Status.ASSIGNED, Status.CANCELLED},
        Status.ASSIGNED: {Status.IN_PROGRESS, Status.CANCELLED},
        Status.IN_PROGRESS: {Status.SIGNED, Status.CANCELLED},
        Status.SIGNED: {Status.PENDING_CLOSURE, Status.CLOSED},
        Status.PENDING_CLOSURE: {Status.CLOSED},
    }
    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = "disclosed_to"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="inspections")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="inspections")
    # The institution's id once it has seen the record; before that it does not know of the visit.
    disclosed_to = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.PLANNED)
    checklist = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="inspections")
    sections = ArrayField(models.CharField(max_length=4), default=list)  # empty: all of them
    planned_for = models.DateField(null=True)
    purpose = models.CharField(max_length=200, blank=True)  # 事由
    started_at = models.DateTimeField(null=True)
    inspected_on = models.DateField(null=True)

    # what the phone sent: its revision and the hash of its last body make replays harmless
    revision = models.PositiveIntegerField(default=0)
    body_sha256 = models.CharField(max_length=64, blank=True)
    device_time = models.DateTimeField(null=True)
    device_offset = models.FloatField(null=True)  # seconds the device was ahead of the server
    position_source = models.CharField(max_length=8, choices=PositionSource, blank=True)
    latitude = models.FloatField(null=True)  # WGS-84 degrees, as the device said
    longitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    positioned_at = models.DateTimeField(null=True)
    position_reason = models.CharField(max_length=200, blank=True)  # why none, or why far away
    photos_missing_reason = models.CharField(max_length=200, blank=True)

    summary = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    party_signature = models.CharField(max_length=8, choices=PartySignature, blank=True)
    signer_name = models.CharField(max_length=60, blank=True)
    signer_post = models.CharField(max_length=60, blank=True)
    refusal_reason = models.CharField(max_length=200, blank=True)
    witness_name = models.CharField(max_length=60, blank=True)
    party_statement = models.TextField(blank=True)  # what the institution said on the spot
    can_be_evidence = models.BooleanField(null=True)  # of a penalty; decided at signing
    evidence_gaps = ArrayField(models.CharField(max_length=20), default=list)  # why it cannot
    cancel_reason = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    clocks = GenericRelation(Clock)
    attachments = GenericRelation(Attachment)
    papers = GenericRelation(Paper)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "pending_closure", "closed"])
                | Q(signed_at__isnull=False, can_be_evidence__isnull=False),
                name="signed_inspection_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="inspection_position_is_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "status", "planned_for"], name="inspection_lead"),
            models.Index(fields=["institution", "-inspected_on"], name="inspection_institution"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("inspection", args=[self.pk])

    @property
    def is_open_for_record(self) -> bool:
        """Whether answers may still be written."""
        return self.status in (self.Status.ASSIGNED, self.Status.IN_PROGRESS)


class ChildQuerySet(ScopedQuerySet):
    scope_through = "inspection"


class InspectionOfficer(models.Model):
    """A person on the inspection, with the enforcement card as it stood on that day."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="officers")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="inspections")
    is_leader = models.BooleanField(default=False)
    card_number = models.CharField(max_length=40, blank=True)  # blank: no valid card that day

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "membership"], name="one_place_per_officer"
            )
        ]

    def __str__(self) -> str:
        return self.membership.person


class InspectionAnswer(models.Model):
    """The answer to an item; without an item it is something seen outside the checklist."""

    class Value(models.TextChoices):
        YES = "YES"
        NO = "NO"
        NA = "NA"
        NOT_SEEN = "NOT_SEEN"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answers")
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)  # becomes that of the finding
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="answers")
    value = models.CharField(max_length=8, choices=Value)
    note = models.CharField(max_length=500, blank=True)
    problem_code = models.CharField(max_length=30, blank=True)  # without an item only
    severity = models.CharField(max_length=10, blank=True)  # without an item only
    fixed_on_spot = models.BooleanField(default=False)
    fix_note = models.CharField(max_length=200, blank=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="one_answer_per_item"),
            models.CheckConstraint(
                condition=Q(item__isnull=False)
                | (Q(value="NO") & ~Q(problem_code="") & ~Q(severity="")),
                name="answer_without_item_names_its_problem",
            ),
        ]


class InspectionPhoto(models.Model):
    """A picture that the phone said it has; the bytes come on their own and may come first."""

    class Role(models.TextChoices):
        PHOTO = "photo"
        OFFICER_SIGNATURE = "officer_signature"
        PARTY_SIGNATURE = "party_signature"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    uuid = models.UUIDField(unique=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.PHOTO)
    sha256 = models.CharField(max_length=64)
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="+")
    answer_uuid = models.UUIDField(null=True)  # of an answer without an item
    caption = models.CharField(max_length=200, blank=True)
    declared = models.BooleanField(default=True)  # False: bytes came before the inspection's body
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, null=True, related_name="inspection_photo"
    )

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
