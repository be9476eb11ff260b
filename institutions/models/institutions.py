"""Institutions: identity on the row, slow facts in periods of valid time."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import daylight
from governance.models import Attachment, Department, Division, Membership, Share
from governance.private_fields import EncryptedTextField, SearchHashField
from governance.scoping import Governed, Rule, ScopedQuerySet
from institutions.models.choices import (
    Category,
    FoundHow,
    Kind,
    OperatingStatus,
    Source,
    SubKind,
)
from institutions.models.licences import Licence
from institutions.models.sites import Site


class InstitutionQuerySet(ScopedQuerySet):
    def registered(self) -> "InstitutionQuerySet":
        """The rows of the register: neither voided nor merged into another one."""
        return self.filter(voided_at=None, merged_into=None)

    def with_cert_status(self, on: dt.date | None = None) -> "InstitutionQuerySet":
        """Annotate `cert_status` (CertStatus) from the certificates in force on the day."""
        in_force = Licence.objects.in_force(on)
        own = in_force.filter(institution=OuterRef("pk")).cert_status()
        family = in_force.filter(institution__in=family_of("pk")).cert_status()
        return self.annotate(cert_status=followed("pk", own, family))

    def with_multi_site(self, on: dt.date | None = None) -> "InstitutionQuerySet":
        """Annotate `multi_site`: whether more than one site is used on the day."""
        on = on or daylight.today()
        used = Site.objects.filter(voided_at=None, periods__during__contains=on).order_by("pk")
        own = Exists(used.filter(institution=OuterRef("pk"))[1:2])
        family = Exists(used.filter(institution__in=family_of("pk"))[1:2])
        return self.annotate(multi_site=followed("pk", own, family))


class Institution(Governed):
    """A training institution or a body of a neighbouring kind, also unlicensed and nameless."""

    number = models.CharField(max_length=20, unique=True)
    uuid = models.UUIDField(null=True, unique=True)  # made on the phone that found it
    credit_code = models.CharField(max_length=18, blank=True)
    credit_code_pending = models.BooleanField(default=False)  # 办理中
    founded_on = models.DateField(null=True)
    platform_id = models.CharField(max_length=40, blank=True)
    principal = models.CharField(max_length=60, blank=True)  # 校长、负责人
    legal_representative = models.CharField(max_length=60, blank=True)
    sponsor = models.CharField(max_length=80, blank=True)  # 举办者
    controller = models.CharField(max_length=80, blank=True)  # 实际控制人
    startup_funds = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan
    custody_bank = models.CharField(max_length=80, blank=True)  # 资金监管银行
    custody_account = models.CharField(max_length=40, blank=True)  # the dedicated account
    contact_phone = EncryptedTextField(blank=True)
    contact_phone_hash = SearchHashField(of="contact_phone", purpose="phone")
    found_how = models.CharField(max_length=12, choices=FoundHow, blank=True)
    note = models.TextField(blank=True)
    branch_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="branches")
    branch_filed_on = models.DateField(null=True)  # with the licensor of `branch_of`
    # {field of the row or of its periods: [source, day]}; see services/origins.py.
    sources = models.JSONField(default=dict)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    attachments = GenericRelation(Attachment)
    shares = GenericRelation(Share)

    objects = InstitutionQuerySet.as_manager()
    name_today: str | None = None  # set on rows of lists; None: look into the periods
    scope_rule: ClassVar[Rule] = Rule.REGISTRY
    party: ClassVar[str | None] = "pk"
    # Audit says that these changed, never to what.
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = (
        "principal", "legal_representative", "sponsor", "controller",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Substr("division", 1, 6),
                "credit_code",
                condition=Q(duplicate_of=None, merged_into=None, voided_at=None)
                & ~Q(credit_code=""),
                name="one_credit_code_per_county",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("pk")),
                name="institution_is_not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(branch_of=None) | ~Q(branch_of=F("pk")),
                name="institution_is_not_its_own_branch",
            ),
            models.CheckConstraint(
                condition=Q(branch_filed_on=None) | Q(branch_of__isnull=False),
                name="only_a_branch_is_filed",
            ),
        ]
        indexes = [
            models.Index(fields=["credit_code"], condition=~Q(credit_code=""), name="by_code"),
            models.Index(
                fields=["division", "id"],
                condition=Q(voided_at=None, merged_into=None),
                name="institution_scope",
            ),
        ]

    def __str__(self) -> str:
        if self.name_today is not None:  # read with the row, see `named_today`
            return self.name_today or self.nameless
        period = self.period()
        return period.display_name if period else self.number

    def get_absolute_url(self) -> str:
        return reverse("institution", args=[self.pk])

    @property
    def nameless(self) -> str:
        """The official way to speak of a place without a name."""
        return _("Nameless place %(number)s") % {"number": self.number}

    def family(self) -> list[int]:
        """The keys whose rows belong on this dossier: its own and those merged into it."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]

    def period(self, on: dt.date | None = None) -> "InstitutionPeriod | None":
        """The slow facts on the day, from the prefetched periods when they are at hand."""
        on = on or daylight.today()
        found = [period for period in self.periods.all() if on in period.during]
        return found[0] if found else None

    def read_periods(self) -> None:
        """Have the periods as they are now at hand: whoever changed them calls this."""
        self._prefetched_objects_cache = getattr(self, "_prefetched_objects_cache", {})
        self._prefetched_objects_cache.pop("periods", None)
        models.prefetch_related_objects([self], "periods")


def family_of(path: str) -> Any:
    """For a subquery of a subquery: the keys of the institution at `path` of the outer row and of
    the records merged into it."""
    key = OuterRef(OuterRef(path))
    return Institution.objects.filter(Q(pk=key) | Q(merged_into=key)).values("pk")


def followed(path: str, own: Any, family: Any) -> Case:
    """`own` for an institution nothing was merged into, `family` for the few others.

    The few are read once for a whole statement; the many cost no more than before.
    """
    several = Institution.objects.exclude(merged_into=None).values("merged_into")
    return Case(When(Q(**{f"{path}__in": several}), then=family), default=own)


class PeriodQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def on(self, day: dt.date | None = None) -> "PeriodQuerySet":
        """The periods that contain the day."""
        return self.filter(during__contains=day or daylight.today())

    def name_of(self, path: str = "institution") -> Coalesce:
        """Today's name of the institution under `path`, to annotate rows of a list with."""
        names = self.on().filter(institution=OuterRef(path)).values("name")[:1]
        return Coalesce(Subquery(names), F(f"{path}__number"))


class InstitutionPeriod(models.Model):
    """What an institution was during a stretch of days; no two of one institution overlap."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="periods")
    during = DateRangeField()
    name = models.CharField(max_length=120, blank=True)  # blank: nameless
    name_key = models.CharField(max_length=240, blank=True)  # pinyin, to sort by
    initials = models.CharField(max_length=120, blank=True)  # pinyin initials, to search by
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TRAINING)
    categories = ArrayField(models.CharField(max_length=16, choices=Category), default=list)
    sub_kinds = ArrayField(models.CharField(max_length=20, choices=SubKind), default=list)
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
    learners = models.PositiveIntegerField(null=True)  # enrolled, as reported or counted
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False),
                name="institution_period_has_a_first_day",
            ),
            ExclusionConstraint(
                name="institution_periods_do_not_overlap",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            GinIndex(
                fields=["name", "initials", "name_key"],
                name="period_name_trgm",
                opclasses=["gin_trgm_ops"] * 3,
            ),
            models.Index(
                fields=["name_key", "id"],
                condition=Q(during__endswith=None),
                name="period_current_by_name",
            ),
            models.Index(  # the ledger of a county in its usual order
                Substr("township", 1, 6),
                F("name_key"),
                F("id"),
                condition=Q(during__endswith=None),
                name="period_current_of_county",
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
        return self.name or self.institution.nameless


class RegisterSeries(models.Model):
    """The last number given in the register of a county."""

    county = models.CharField(max_length=6, primary_key=True)
    last = models.PositiveIntegerField(default=0)
