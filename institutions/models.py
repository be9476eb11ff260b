"""The registry: institutions with their periods, sites, certificates and what became of them.

Identity stays on the row; what statistics group or filter by lives in periods of valid time. What
was known when is answered by the audit trail.
"""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from governance import daylight
from governance.models import Department, Division, Membership
from governance.scoping import Governed, Rule, ScopedQuerySet


class Kind(models.TextChoices):
    TRAINING = "TRAINING"
    AFTERCARE = "AFTERCARE"
    KINDERGARTEN = "KINDERGARTEN"
    SCHOOL = "SCHOOL"


class Category(models.TextChoices):
    SUBJECT = "SUBJECT"
    SPORT = "SPORT"
    ARTS = "ARTS"
    SCITECH = "SCITECH"
    OTHER = "OTHER"
    VOCATIONAL = "VOCATIONAL"
    UNCLEAR = "UNCLEAR"


class OperatingStatus(models.TextChoices):
    OPERATING = "OPERATING"
    SUSPENDED = "SUSPENDED"
    NOT_RESUMED = "NOT_RESUMED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    DEREGISTERED = "DEREGISTERED"
    LOST_CONTACT = "LOST_CONTACT"


class Source(models.TextChoices):
    """Where a fact came from."""

    ENTRY = "entry"  # typed by staff
    QUICK = "quick"  # found on the spot
    IMPORT = "import"
    INSPECTION = "inspection"
    SELF = "self"  # reported by the institution
    PARTNER = "partner"  # sent by another system


class CertStatus(models.TextChoices):
    """Derived from the certificates in force on a day; never stored."""

    FULL = "FULL"
    REG_ONLY = "REG_ONLY"
    LICENSE_ONLY = "LICENSE_ONLY"
    NONE = "NONE"


class LicenceKind(models.TextChoices):
    SCHOOL_LICENCE = "school_licence"
    SETUP_APPROVAL = "setup_approval"
    VOCATIONAL_LICENCE = "vocational_licence"
    BUSINESS_LICENCE = "business_licence"
    NONPROFIT_CERT = "nonprofit_cert"
    PUBLIC_INSTITUTION_CERT = "public_institution_cert"
    FIRE = "fire"
    BUILDING_SAFETY = "building_safety"
    FOOD = "food"


# 证: the right to run a school; 照: the legal person.
SCHOOLING = (
    LicenceKind.SCHOOL_LICENCE,
    LicenceKind.SETUP_APPROVAL,
    LicenceKind.VOCATIONAL_LICENCE,
)
REGISTRATION = (
    LicenceKind.BUSINESS_LICENCE,
    LicenceKind.NONPROFIT_CERT,
    LicenceKind.PUBLIC_INSTITUTION_CERT,
)


class InstitutionQuerySet(ScopedQuerySet):
    def with_cert_status(self, on: dt.date | None = None) -> "InstitutionQuerySet":
        """Annotate `cert_status` (CertStatus) from the certificates in force on the day."""
        on = on or daylight.today()
        licences = Licence.objects.in_force(on).filter(institution=OuterRef("pk"))
        licensed = Exists(licences.filter(kind__in=SCHOOLING))
        registered = Exists(licences.filter(kind__in=REGISTRATION))
        return self.annotate(
            cert_status=Case(
                When(licensed & registered, then=Value(CertStatus.FULL)),
                When(registered, then=Value(CertStatus.REG_ONLY)),
                When(licensed, then=Value(CertStatus.LICENSE_ONLY)),
                default=Value(CertStatus.NONE),
                output_field=models.CharField(),
            )
        )

    def with_multi_site(self, on: dt.date | None = None) -> "InstitutionQuerySet":
        """Annotate `multi_site`: whether more than one site is used on the day."""
        on = on or daylight.today()
        used = Site.objects.filter(
            institution=OuterRef("pk"), voided_at=None, periods__during__contains=on
        )
        return self.annotate(multi_site=Exists(used.order_by("pk")[1:2]))


class Institution(Governed):
    """A training institution or a body of a neighbouring kind, also unlicensed and nameless."""

    number = models.CharField(max_length=20, unique=True)
    uuid = models.UUIDField(null=True, unique=True)  # made on the phone that found it
    credit_code = models.CharField(max_length=18, blank=True)
    credit_code_pending = models.BooleanField(default=False)  # 办理中
    founded_on = models.DateField(null=True)
    platform_id = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = InstitutionQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.REGISTRY
    party: ClassVar[str | None] = "pk"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Substr("division", 1, 6),
                "credit_code",
                condition=Q(duplicate_of=None, voided_at=None) & ~Q(credit_code=""),
                name="one_credit_code_per_county",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("pk")),
                name="institution_is_not_its_own_duplicate",
            ),
        ]
        indexes = [
            models.Index(fields=["credit_code"], condition=~Q(credit_code=""), name="by_code"),
            models.Index(fields=["division", "id"], name="institution_scope"),
        ]

    def __str__(self) -> str:
        period = self.period()
        return period.display_name if period else self.number

    def period(self, on: dt.date | None = None) -> "InstitutionPeriod | None":
        """The slow facts on the day, from the prefetched periods when they are at hand."""
        on = on or daylight.today()
        found = [period for period in self.periods.all() if on in period.during]
        return found[0] if found else None


class PeriodQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def on(self, day: dt.date | None = None) -> "PeriodQuerySet":
        """The periods that contain the day."""
        return self.filter(during__contains=day or daylight.today())


class InstitutionPeriod(models.Model):
    """What an institution was during a stretch of days; no two of one institution overlap."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="periods")
    during = DateRangeField()
    name = models.CharField(max_length=120, blank=True)  # blank: nameless
    name_key = models.CharField(max_length=240, blank=True)  # pinyin, to sort by
    initials = models.CharField(max_length=120, blank=True)  # pinyin initials, to search by
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TRAINING)
    categories = ArrayField(models.CharField(max_length=16, choices=Category), default=list)
    stages = ArrayField(models.CharField(max_length=12), default=list)
    mode = models.CharField(max_length=12, blank=True)
    profit_nature = models.CharField(max_length=12, blank=True)
    operating_status = models.CharField(
        max_length=16, choices=OperatingStatus, default=OperatingStatus.OPERATING
    )
    township = models.ForeignKey(Division, models.PROTECT, related_name="+")
    licensor = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    registrar = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    can_qualify = models.BooleanField(null=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="institution_periods_do_not_overlap",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            GinIndex(fields=["name"], name="period_name_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["name_key", "id"],
                condition=Q(during__endswith=None),
                name="period_current_by_name",
            ),
            models.Index(
                fields=["township", "name_key"],
                condition=Q(during__endswith=None),
                name="period_current_by_town",
            ),
        ]

    @property
    def display_name(self) -> str:
        """The name, or the official way to speak of a place without one."""
        return self.name or _("Nameless place %(number)s") % {"number": self.institution.number}


class SiteQuerySet(ScopedQuerySet):
    scope_through = "institution"


class Site(models.Model):
    """A place where an institution teaches (校区、教学点)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="sites")
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
            ExclusionConstraint(
                name="site_periods_do_not_overlap",
                expressions=[("site", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [
            GinIndex(fields=["address"], name="site_address_trgm", opclasses=["gin_trgm_ops"])
        ]


class LicenceQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def in_force(self, on: dt.date | None = None) -> "LicenceQuerySet":
        """Certificates that count on the day; an unknown beginning counts from ever."""
        on = on or daylight.today()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
            Q(ended_on=None) | Q(ended_on__gt=on),
            voided_at=None,
        )


class Licence(models.Model):
    """A certificate of an institution. Expired and expiring are questions to its dates."""

    class State(models.TextChoices):
        VALID = "valid"
        SUSPENDED = "suspended_enrolment"
        REVOKED = "revoked"  # as a penalty 吊销
        WITHDRAWN = "withdrawn"  # obtained by deceit 撤销
        CANCELLED = "cancelled"  # on request or closure 注销
        LAPSED = "lapsed"  # not renewed 失效

    TRANSITIONS = {
        State.VALID: {
            State.SUSPENDED, State.REVOKED, State.WITHDRAWN, State.CANCELLED, State.LAPSED,
        },
        State.SUSPENDED: {
            State.VALID, State.REVOKED, State.WITHDRAWN, State.CANCELLED, State.LAPSED,
        },
    }  # fmt: skip

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="licences")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="licences")
    kind = models.CharField(max_length=24, choices=LicenceKind)
    number = models.CharField(max_length=60, blank=True)  # blank: known to exist, number not seen
    issuer = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    issuer_name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    status = models.CharField(max_length=24, choices=State, default=State.VALID)
    ended_on = models.DateField(null=True)  # first day on which it no longer counts
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="licence_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["institution", "kind"]),
            models.Index(fields=["number"], condition=~Q(number=""), name="licence_number"),
        ]


class DisposalQuerySet(ScopedQuerySet):
    scope_through = "institution"


class Disposal(models.Model):
    """What a campaign made of an institution (规范、整改、取缔), with the measures taken."""

    class Outcome(models.TextChoices):
        REGULARIZE = "REGULARIZE"
        RECTIFY = "RECTIFY"
        SHUT_DOWN = "SHUT_DOWN"
        PERMANENT_CLOSE = "PERMANENT_CLOSE"
        CLOSE_DOWN = "CLOSE_DOWN"
        SIGN_REMOVED = "SIGN_REMOVED"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="disposals")
    campaign = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    measures = models.TextField(blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = DisposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "campaign", "decided_on", "outcome"],
                name="one_disposal_of_a_kind_per_day",
            )
        ]
