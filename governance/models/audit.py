"""The append-only record of acts and the seals over it."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from governance import daylight
from governance.models.people import Membership


class AuditSeal(models.Model):
    """A hash over a batch of events and the seal before it; the newest is the audit head."""

    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    event_count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField(default=daylight.now)


class AuditEvent(models.Model):
    """Who did what to which row, when, for which department; never changed, never deleted."""

    at = models.DateTimeField(default=daylight.now, db_index=True)
    verb = models.CharField(max_length=60)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey()
    subject_label = models.CharField(max_length=200, blank=True)
    division_id = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.GenericIPAddressField(null=True)
    seal = models.ForeignKey(AuditSeal, models.PROTECT, null=True, related_name="events")

    class Meta:
        indexes = [
            models.Index(fields=["content_type", "object_id", "id"]),
            models.Index(fields=["verb", "at"]),
            models.Index(
                fields=["id"], condition=models.Q(seal__isnull=True), name="audit_unsealed"
            ),
        ]


class AuditWitness(models.Model):
    """The content hash of an event that waits for its seal, left by a trigger."""

    event_id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
