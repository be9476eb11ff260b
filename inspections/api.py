"""Inspections, findings and rectification for partner departments, in their scope."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from governance.api.views import ScopedReadViewSet
from governance.models import Membership
from inspections.models import Finding, Inspection, RectificationTask


class InspectionSerializer(serializers.ModelSerializer):
    """One visit; signatures, positions and photographs are not shared here."""

    institution = serializers.IntegerField(source="institution_id")
    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")

    class Meta:
        model = Inspection
        fields = [
            "id", "uuid", "number", "institution", "site_id", "kind", "status", "planned_for",
            "inspected_on", "can_be_evidence", "division", "lead", "version", "created_at",
        ]  # fmt: skip


class InspectionFilter(filters.FilterSet):
    institution = filters.NumberFilter()
    kind = filters.ChoiceFilter(choices=Inspection.Kind.choices)
    status = filters.ChoiceFilter(choices=Inspection.Status.choices)
    inspected_on = filters.DateFromToRangeFilter()

    class Meta:
        model = Inspection
        fields: list[str] = []


class InspectionViewSet(ScopedReadViewSet):
    """Inspections that the department leads or has a share in."""

    model = Inspection
    scope = "inspections:read"
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter

    def rows(self, actor: Membership):
        return Inspection.objects.visible_to(actor).select_related("lead")


class FindingSerializer(serializers.ModelSerializer):
    """One problem; `problem_code` is a code of the competence table."""

    inspection = serializers.IntegerField(source="inspection_id")
    institution = serializers.IntegerField(source="institution_id")
    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")
    item = serializers.CharField(source="item.code", default=None)

    class Meta:
        model = Finding
        fields = [
            "id", "uuid", "inspection", "institution", "item", "problem_code", "severity",
            "description", "status", "found_on", "closed_on", "division", "lead", "version",
        ]  # fmt: skip


class FindingFilter(filters.FilterSet):
    institution = filters.NumberFilter()
    problem_code = filters.CharFilter()
    severity = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Finding.Status.choices)
    found_on = filters.DateFromToRangeFilter()

    class Meta:
        model = Finding
        fields: list[str] = []


class FindingViewSet(ScopedReadViewSet):
    """Findings that the department leads or has a share in."""

    model = Finding
    scope = "findings:read"
    serializer_class = FindingSerializer
    filterset_class = FindingFilter

    def rows(self, actor: Membership):
        return Finding.objects.visible_to(actor).select_related("lead", "item")


class RectificationTaskSerializer(serializers.ModelSerializer):
    """One order to rectify; `due_on` is its clock's."""

    finding = serializers.IntegerField(source="finding_id")
    institution = serializers.IntegerField(source="institution_id")
    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")
    due_on = serializers.SerializerMethodField()
    provisional = serializers.SerializerMethodField()

    class Meta:
        model = RectificationTask
        fields = [
            "id", "number", "finding", "institution", "mode", "status", "round", "requirement",
            "served_on", "due_on", "provisional", "closed_on", "division", "lead", "version",
        ]  # fmt: skip

    def get_due_on(self, row: RectificationTask) -> str | None:
        return row.clock.due_on.isoformat() if row.clock else None

    def get_provisional(self, row: RectificationTask) -> bool:
        return bool(row.clock and row.clock.provisional)


class RectificationTaskFilter(filters.FilterSet):
    """`overdue=true` keeps tasks whose term ran out with nothing handed in."""

    institution = filters.NumberFilter()
    finding = filters.NumberFilter()
    status = filters.ChoiceFilter(choices=RectificationTask.Status.choices)
    overdue = filters.BooleanFilter(method="by_overdue")

    class Meta:
        model = RectificationTask
        fields: list[str] = []

    def by_overdue(self, rows, name, value):
        late = rows.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class RectificationTaskViewSet(ScopedReadViewSet):
    """Rectification tasks that the department leads or has a share in."""

    model = RectificationTask
    scope = "rectification-tasks:read"
    serializer_class = RectificationTaskSerializer
    filterset_class = RectificationTaskFilter

    def rows(self, actor: Membership):
        rows = RectificationTask.objects.visible_to(actor)
        return rows.select_related("lead").prefetch_related("clocks")
