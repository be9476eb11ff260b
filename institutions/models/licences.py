"""Certificates: the right to run a school (证), the legal person (照), and the others."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.aggregates import BitOr
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from governance import daylight
from governance.labels import label
from governance.models import Clock, Department, Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import (
    REGISTRATION,
    SCHOOLING,
    Category,
    LicenceKind,
    Mode,
    Source,
    Stage,
)
from institutions.models.sites import Site


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

    def cert_status(self) -> models.Expression:
        """The status that these certificates of one institution (or of one and the records
        merged into it) give together, to annotate it with.

        One look at them per row: 1 for a licence, 2 for a registration. EXISTS would let the
        database read every certificate of the country first, also for a page of fifty.
        """
        bit = Case(When(kind__in=SCHOOLING, then=1), When(kind__in=REGISTRATION, then=2), default=0)
        held = self.order_by().values("voided_at").annotate(held=BitOr(bit)).values("held")
        return CertStatusOf(Coalesce(Subquery(held, output_field=models.IntegerField()), 0))

    def held_by(self, path: str) -> Q:
        """The condition that the institution at `path` holds one of these certificates, also by a
        record that was merged into it.

        The few of the latter kind are read beforehand: where there is none, the condition is one
        that the database answers by a join.
        """
        joined = self.exclude(institution__merged_into=None).order_by()
        few = set(joined.values_list("institution__merged_into", flat=True))
        own = Q(Exists(self.filter(institution=OuterRef(path))))
        return own | Q(**{f"{path}__in": few}) if few else own

    def held_by_each(self, path: str, kinds: Sequence[Collection[str]]) -> list[Q]:
        """`held_by` for several sets of kinds; the few are read once for all of them."""
        every = {kind for some in kinds for kind in some}
        joined = self.filter(kind__in=every).exclude(institution__merged_into=None).order_by()
        few = list(joined.values_list("kind", "institution__merged_into"))
        found = []
        for some in kinds:
            own = Q(Exists(self.filter(kind__in=some, institution=OuterRef(path))))
            others = {key for kind, key in few if kind in some}
            found.append(own | Q(**{f"{path}__in": others}) if others else own)
        return found


class CertStatusOf(models.Func):
    """The certificate status for what is held: 0 nothing, 1 licence, 2 registration, 3 both."""

    template = "(ARRAY['NONE', 'LICENSE_ONLY', 'REG_ONLY', 'FULL'])[1 + %(expressions)s]"
    output_field = models.CharField()


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

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="licences"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="licences")
    kind = models.CharField(max_length=24, choices=LicenceKind)
    number = models.CharField(max_length=60, blank=True)  # blank: known to exist, number not seen
    issuer = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    issuer_name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=300, blank=True)
    conditions = models.CharField(max_length=300, blank=True)
    mode = models.CharField(max_length=12, choices=Mode, blank=True)  # blank: not said
    categories = ArrayField(models.CharField(max_length=16, choices=Category), default=list)
    stages = ArrayField(models.CharField(max_length=12, choices=Stage), default=list)
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

    clocks = GenericRelation(Clock)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="licence_ends_after_it_begins",
            ),
            models.UniqueConstraint(  # a renewal keeps the number and begins on another day
                fields=["institution", "kind", "number", "valid_from"],
                condition=Q(voided_at=None) & ~Q(number=""),
                nulls_distinct=False,
                name="one_licence_per_number_and_start",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "kind"]),
            models.Index(fields=["number"], condition=~Q(number=""), name="licence_number"),
        ]

    def __str__(self) -> str:
        return f"{label('Licence.kind', self.kind)} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return f"{reverse('institution', args=[self.institution_id])}?tab=licences"

    def get_party_url(self) -> str:
        return reverse("my")
