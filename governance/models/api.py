"""Partner systems of departments and their keys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from governance import daylight
from governance.models.people import Membership


class PartnerSystem(models.Model):
    """A program of a department; its acts are those of its membership."""

    name = models.CharField(max_length=60)
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="partner_system")
    created_at = models.DateTimeField(default=daylight.now)

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A key of a partner system: only its hash is kept, for at most a year."""

    system = models.ForeignKey(PartnerSystem, models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, db_index=True)  # shown in lists, finds the row
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the whole key
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=43), default=list)  # CIDR; empty: anywhere
    issued_at = models.DateTimeField(default=daylight.now)
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.system} {self.prefix}…"
