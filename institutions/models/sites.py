"""Sites: the places where an institution teaches, with periods of valid time."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from governance import daylight
from governance.models import Division, Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import Source


class SiteQuerySet(ScopedQuerySet):
    scope_through = "institution"


class Site(models.Model):
    """A place where an institution teaches (校区、教学点)."""

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="sites"
    )
    serial = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "serial"], name="one_site_per_serial")
        ]


class SitePeriodQuerySet(ScopedQuerySet):
    scope_through = "site__institution"

    def on(self, day: dt.date | None = None) -> "SitePeriodQuerySet":
        """The periods that contain the day, of sites that are not voided."""
        return self.filter(during__contains=day or daylight.today(), site__voided_at=None)


class SitePeriod(models.Model):
    """Where and how large a site was during a stretch of days."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="periods")
    during = DateRangeField()
    name = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=200, blank=True)
    township = models.ForeignKey(Division, models.PROTECT, related_name="+")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)  # WGS-84
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    area = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # square metres
    floors = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = SitePeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__startswith__isnull=False),
                name="site_period_has_a_first_day",
            ),
            ExclusionConstraint(
                name="site_periods_do_not_overlap",
                expressions=[("site", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            GinIndex(fields=["address"], name="site_address_trgm", opclasses=["gin_trgm_ops"])
        ]
