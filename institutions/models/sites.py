"""Sites: the places where an institution teaches, with periods of valid time."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from governance import daylight
from governance.models import Division, Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import BuildingUse, Meals, Source, Tenure


class SiteQuerySet(ScopedQuerySet):
    scope_through = "institution"


class Site(models.Model):
    """A place where an institution teaches (校区、教学点)."""

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="sites"
    )
    serial = models.PositiveSmallIntegerField(default=1)
    # {fact of the site: [source, day]}: from where and when it came; see services/origins.py.
    sources = models.JSONField(default=dict)
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
    floors = models.CharField(max_length=40, blank=True)  # as the source says it
    building_use = models.CharField(max_length=16, choices=BuildingUse, blank=True)
    lowest_floor = models.SmallIntegerField(null=True)  # -1: first floor below ground
    highest_floor = models.SmallIntegerField(null=True)
    teaching_area = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # square metres
    rooms = models.PositiveSmallIntegerField(null=True)
    capacity = models.PositiveIntegerField(null=True)  # learners at one time
    tenure = models.CharField(max_length=8, choices=Tenure, blank=True)
    lease_from = models.DateField(null=True)
    lease_until = models.DateField(null=True)  # the last day
    landlord = models.CharField(max_length=80, blank=True)
    meals = models.CharField(max_length=12, choices=Meals, blank=True)
    boarding = models.BooleanField(null=True)
    persons_per_room = models.PositiveSmallIntegerField(null=True)
    area_per_boarder = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # m²
    own_building = models.BooleanField(null=True)  # a house of its own, used by nobody else
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = SitePeriodQuerySet.as_manager()
    # Audit says that it changed, never to what: it may be a person's name.
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = ("landlord",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest_floor=None)
                | Q(highest_floor=None)
                | Q(highest_floor__gte=F("lowest_floor")),
                name="site_floors_in_order",
            ),
            models.CheckConstraint(
                condition=Q(lease_from=None)
                | Q(lease_until=None)
                | Q(lease_until__gte=F("lease_from")),
                name="lease_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False),
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
