"""The registry for partner departments: institutions with their current facts, and licences."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from governance import daylight
from governance.api.views import ScopedReadViewSet
from governance.models import Membership
from institutions.models import (
    AnnualResult,
    CertStatus,
    Institution,
    InstitutionPeriod,
    Licence,
    LicenceKind,
    OperatingStatus,
    SitePeriod,
)


class SiteSerializer(serializers.ModelSerializer):
    """Where an institution teaches today."""

    township = serializers.CharField(source="township_id")

    class Meta:
        model = SitePeriod
        fields = ["site_id", "name", "address", "township", "latitude", "longitude", "area"]


class SiteRecordSerializer(SiteSerializer):
    """A site with its building and lease; the landlord is not shared."""

    class Meta(SiteSerializer.Meta):
        fields = [
            *SiteSerializer.Meta.fields, "floors", "building_use", "lowest_floor", "highest_floor",
            "teaching_area", "rooms", "capacity", "own_building", "tenure", "lease_from",
            "lease_until", "meals", "boarding", "persons_per_room", "area_per_boarder",
        ]  # fmt: skip


class AnnualResultSerializer(serializers.ModelSerializer):
    """What a round of a year's review found; `published_on` is empty for what is not public."""

    class Meta:
        model = AnnualResult
        fields = [
            "year", "round", "result", "reason", "reason_text", "decided_on", "document_number",
            "published_on",
        ]  # fmt: skip


class NameSerializer(serializers.Serializer):
    """A name and its days; `until` is the first day on which it no longer counted."""

    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class InstitutionSerializer(serializers.ModelSerializer):
    """Identity and the facts of today; people's names, telephones and bank accounts are not shared
    here."""

    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")
    name = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()
    sub_kinds = serializers.SerializerMethodField()
    stages = serializers.SerializerMethodField()
    mode = serializers.SerializerMethodField()
    profit_nature = serializers.SerializerMethodField()
    operating_status = serializers.SerializerMethodField()
    cert_status = serializers.ChoiceField(choices=CertStatus)
    multi_site = serializers.BooleanField()
    duplicate_of = serializers.IntegerField(source="duplicate_of_id", allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    sites = serializers.SerializerMethodField()

    class Meta:
        model = Institution
        fields = [
            "id", "number", "credit_code", "name", "kind", "categories", "sub_kinds", "stages",
            "mode", "profit_nature", "operating_status", "cert_status", "multi_site",
            "duplicate_of", "merged_into", "division", "lead", "founded_on", "platform_id",
            "sites", "version", "created_at",
        ]  # fmt: skip

    def get_name(self, row: Institution) -> str:
        return self._period(row).name if self._period(row) else ""

    def get_kind(self, row: Institution) -> str:
        return self._period(row).kind if self._period(row) else ""

    def get_categories(self, row: Institution) -> list[str]:
        return self._period(row).categories if self._period(row) else []

    def get_sub_kinds(self, row: Institution) -> list[str]:
        return self._period(row).sub_kinds if self._period(row) else []

    def get_stages(self, row: Institution) -> list[str]:
        return self._period(row).stages if self._period(row) else []

    def get_mode(self, row: Institution) -> str:
        return self._period(row).mode if self._period(row) else ""

    def get_profit_nature(self, row: Institution) -> str:
        return self._period(row).profit_nature if self._period(row) else ""

    def get_operating_status(self, row: Institution) -> str:
        return self._period(row).operating_status if self._period(row) else ""

    @extend_schema_field(SiteSerializer(many=True))
    def get_sites(self, row: Institution) -> list[dict]:
        periods = [period for site in row.sites.all() for period in site.today]
        return SiteSerializer(periods, many=True).data

    def _period(self, row: Institution) -> InstitutionPeriod | None:
        return row.today[0] if row.today else None


class InstitutionRecordSerializer(InstitutionSerializer):
    """The whole record of one institution: also its names, sites with their buildings, annual
    results and branches. People's names, telephones, landlords and bank accounts are not shared
    here."""

    licensor = serializers.SerializerMethodField()
    registrar = serializers.SerializerMethodField()
    learners = serializers.SerializerMethodField()
    branch_of = serializers.IntegerField(source="branch_of_id", allow_null=True)
    names = serializers.SerializerMethodField()
    branches = serializers.SerializerMethodField()
    annual_results = serializers.SerializerMethodField()

    class Meta(InstitutionSerializer.Meta):
        fields = [
            *InstitutionSerializer.Meta.fields, "licensor", "registrar", "learners",
            "credit_code_pending", "startup_funds", "found_how", "branch_of", "branch_filed_on",
            "names", "branches", "annual_results",
        ]  # fmt: skip

    def get_licensor(self, row: Institution) -> str | None:
        period = self._period(row)
        return period.licensor.code if period and period.licensor else None

    def get_registrar(self, row: Institution) -> str | None:
        period = self._period(row)
        return period.registrar.code if period and period.registrar else None

    def get_learners(self, row: Institution) -> int | None:
        return self._period(row).learners if self._period(row) else None

    @extend_schema_field(NameSerializer(many=True))
    def get_names(self, row: Institution) -> list[dict]:
        rows = InstitutionPeriod.objects.visible_to(self.context["request"].actor)
        periods = rows.filter(institution=row).order_by("during")
        return NameSerializer(list(_names(periods)), many=True).data

    def get_branches(self, row: Institution) -> list[int]:
        rows = Institution.objects.visible_to(self.context["request"].actor)
        return list(rows.filter(branch_of=row).order_by("pk").values_list("pk", flat=True))

    @extend_schema_field(AnnualResultSerializer(many=True))
    def get_annual_results(self, row: Institution) -> list[dict]:
        rows = row.annual_results.standing().order_by("-year", "round")
        return AnnualResultSerializer(rows, many=True).data

    @extend_schema_field(SiteRecordSerializer(many=True))
    def get_sites(self, row: Institution) -> list[dict]:
        periods = [period for site in row.sites.all() for period in site.today]
        return SiteRecordSerializer(periods, many=True).data


def _names(periods: Iterable[InstitutionPeriod]) -> Iterator[dict[str, Any]]:
    """One entry for each stretch of periods that bear the same name."""
    for name, found in groupby(periods, key=lambda period: period.name):
        days = [period.during for period in found]
        yield {"name": name, "since": days[0].lower, "until": days[-1].upper}


class InstitutionFilter(filters.FilterSet):
    """`name` looks inside today's name; `township` takes a code prefix."""

    name = filters.CharFilter(method="by_name")
    credit_code = filters.CharFilter()
    number = filters.CharFilter()
    township = filters.CharFilter(field_name="division__code", lookup_expr="startswith")
    cert_status = filters.ChoiceFilter(choices=CertStatus.choices)
    operating_status = filters.ChoiceFilter(
        choices=OperatingStatus.choices, method="by_operating_status"
    )

    class Meta:
        model = Institution
        fields: list[str] = []

    def by_name(self, rows, name, value):
        return rows.filter(self._today(name__contains=value))

    def by_operating_status(self, rows, name, value):
        return rows.filter(self._today(operating_status=value))

    def _today(self, **facts) -> Q:
        actor = self.request.actor
        periods = InstitutionPeriod.objects.visible_to(actor).on(daylight.today()).filter(**facts)
        return Q(pk__in=periods.values("institution"))


class InstitutionViewSet(ScopedReadViewSet):
    """Institutions of the department's jurisdiction, with today's facts; one of them with its whole
    record."""

    model = Institution
    scope = "institutions:read"
    serializer_class = InstitutionSerializer
    filterset_class = InstitutionFilter

    def get_serializer_class(self) -> type[InstitutionSerializer]:
        return InstitutionRecordSerializer if self.action == "retrieve" else InstitutionSerializer

    def rows(self, actor: Membership):
        today = daylight.today()
        sites = SitePeriod.objects.visible_to(actor).on(today)
        periods = InstitutionPeriod.objects.visible_to(actor).on(today)
        if self.action == "retrieve":
            periods = periods.select_related("licensor", "registrar")
        return (
            Institution.objects.visible_to(actor)
            .filter(Q(merged_into=None) if self.action == "list" else Q())
            .with_cert_status(today)
            .with_multi_site(today)
            .select_related("lead")
            .prefetch_related(
                Prefetch("periods", periods, to_attr="today"),
                Prefetch("sites__periods", sites, to_attr="today"),
            )
        )


class LicenceSerializer(serializers.ModelSerializer):
    """A certificate; `in_force` says whether it counts today."""

    institution = serializers.IntegerField(source="institution_id")
    issuer = serializers.CharField(source="issuer.code", default=None)
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Licence
        fields = [
            "id", "institution", "kind", "number", "issuer", "issuer_name", "scope", "issued_on",
            "valid_from", "valid_to", "status", "ended_on", "in_force", "version",
        ]  # fmt: skip

    def get_in_force(self, row: Licence) -> bool:
        today = daylight.today()
        begun = row.valid_from is None or row.valid_from <= today
        lasts = row.valid_to is None or row.valid_to >= today
        return begun and lasts and (row.ended_on is None or row.ended_on > today)


class LicenceFilter(filters.FilterSet):
    """`valid_to_before` and `valid_to_after` bound the last day of validity."""

    institution = filters.NumberFilter()
    kind = filters.ChoiceFilter(choices=LicenceKind.choices)
    number = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Licence.State.choices)
    valid_to = filters.DateFromToRangeFilter()

    class Meta:
        model = Licence
        fields: list[str] = []


class LicenceViewSet(ScopedReadViewSet):
    """Certificates of the institutions in scope."""

    model = Licence
    scope = "licences:read"
    serializer_class = LicenceSerializer
    filterset_class = LicenceFilter

    def rows(self, actor: Membership):
        return Licence.objects.visible_to(actor).select_related("issuer")
