"""Files that belong to a row: photos, documents, scans; kept by the hash of their bytes."""

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models.people import Membership


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """The scope of an attachment is that of its subject: `attachments.visible_to`, or `of`."""

    def of(self, subject: models.Model) -> "AttachmentQuerySet":
        """The files of one row (which the caller fetched in scope), oldest first, none voided."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=kind, object_id=subject.pk, voided_at=None).order_by("pk")

    def photos(self) -> "AttachmentQuerySet":
        return self.filter(kind=Attachment.Kind.PHOTO)


class Attachment(models.Model):
    """One file of one subject. The original bytes are never touched; what is shown is a copy."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        DOCUMENT = "document", _("Document")
        SCAN = "scan", _("Scan")
        SIGNATURE = "signature", _("Signature")
        EVIDENCE = "evidence", _("Evidence")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)  # as the sender's device called it
    caption = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)  # of the bytes as received
    size = models.BigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)  # by content, never by name
    extension = models.CharField(max_length=8)
    width = models.PositiveIntegerField(null=True)  # pixels, upright
    height = models.PositiveIntegerField(null=True)
    public_sha256 = models.CharField(max_length=64, blank=True)  # pictures: copy without metadata
    thumb_sha256 = models.CharField(max_length=64, blank=True)
    captured_at = models.DateTimeField(null=True)  # as the device said
    latitude = models.FloatField(null=True)  # degrees, as the device said
    longitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_is_not_empty"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | Q(void_reason__gt=""),
                name="attachment_voided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.name

    def get_absolute_url(self) -> str:
        """What one looks at: the copy of a picture, the file itself otherwise."""
        return reverse("attachment", args=[self.uuid, "view"])

    @property
    def is_picture(self) -> bool:
        """Whether there is a copy to show."""
        return bool(self.public_sha256)

    @property
    def thumb_url(self) -> str:
        return reverse("attachment", args=[self.uuid, "thumb"])

    @property
    def original_url(self) -> str:
        return reverse("attachment", args=[self.uuid, "original"])
