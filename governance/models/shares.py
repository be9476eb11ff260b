"""A department's part in a row that another department leads."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from governance import daylight
from governance.models.people import Department, Membership


class Share(models.Model):
    """`assist` may edit, `read` may look; both until a day or for good."""

    class Part(models.TextChoices):
        ASSIST = "assist"
        READ = "read"

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    department = models.ForeignKey(Department, models.PROTECT, related_name="shares")
    part = models.CharField(max_length=8, choices=Part)
    basis = models.CharField(max_length=200, blank=True)
    since = models.DateField(default=daylight.today)
    until = models.DateField(null=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "department"], name="one_share_per_department"
            )
        ]
        indexes = [models.Index(fields=["department", "content_type", "object_id"])]
