"""The code on the wall: what a parent scans to see whether a place may teach."""

import datetime as dt

from django.db import models
from django.db.models import Q

from governance import daylight
from governance.models import Membership
from governance.models.papers import new_token
from governance.scoping import ScopedQuerySet
from institutions.models.institutions import Institution
from institutions.models.sites import Site


class WallTokenQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def live(self) -> "WallTokenQuerySet":
        return self.filter(revoked_at=None)


class WallToken(models.Model):
    """128 random bits that lead to one institution, or to one of its sites; never to an older
    holder: a revoked token stays revoked, and a new one is issued beside it."""

    token = models.CharField(max_length=32, unique=True, default=new_token)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="wall_tokens")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="wall_tokens")
    issued_at = models.DateTimeField(default=daylight.now)
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WallTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "site"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_wall_token_per_place",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoke_reason=""),
                name="a_revoked_wall_token_says_why",
            ),
        ]


class UnknownScanQuerySet(models.QuerySet):
    def lately(self, days: int = 30) -> "UnknownScanQuerySet":
        """The days of the last `days` on which any was scanned, newest first."""
        first = daylight.today() - dt.timedelta(days=days - 1)
        return self.filter(on__gte=first, count__gt=0).order_by("-on")


class UnknownScan(models.Model):
    """How many codes were scanned on a day that nobody here issued; who scanned is not kept."""

    on = models.DateField(unique=True)
    count = models.PositiveIntegerField(default=0)

    objects = UnknownScanQuerySet.as_manager()
