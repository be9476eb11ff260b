"""Lists that take too long to wait for."""

import datetime as dt

from django.db import models

from governance import daylight
from governance.models.people import Membership
from governance.private_fields import EncryptedTextField

LASTS = dt.timedelta(hours=24)


class ExportOrder(models.Model):
    """A list that a worker writes into a file; who asked for it fetches it within a day."""

    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)  # xlsx | csv
    query = models.TextField()  # conditions, order and columns as they were in the address
    picks = models.JSONField(default=dict)  # {"picked": [keys]} or {"all_but": [keys]}
    expected = models.PositiveIntegerField()  # rows when it was asked for
    scope = models.CharField(max_length=64, blank=True)  # digest of what the owner saw when made
    rows = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=daylight.now)
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(made_at=None, failed_at=None),
                name="export_orders_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def waits(self) -> bool:
        return self.made_at is None and self.failed_at is None

    @property
    def expires_at(self) -> dt.datetime | None:
        return self.made_at + LASTS if self.made_at else None

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= daylight.now()


class ExportPiece(models.Model):
    """A part of a file that was made, encrypted; it goes a day after it was made."""

    order = models.ForeignKey(ExportOrder, models.CASCADE, related_name="pieces")
    serial = models.PositiveSmallIntegerField()
    content = EncryptedTextField()  # base64

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "serial"], name="one_export_piece_per_number")
        ]
