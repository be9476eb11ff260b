"""Collections and returns for partner departments, in their scope: how far units are, and sums.

The rows of returns are not shared here: they may name people.
"""

from django_filters import rest_framework as filters
from rest_framework import serializers

from campaigns.cells import plain
from campaigns.merging import ROWS, sums_of
from campaigns.models import Collection, Return
from governance import daylight
from governance.api.views import ScopedReadViewSet
from governance.models import Membership


class CollectionSerializer(serializers.ModelSerializer):
    """One collection: what is asked for which days; `due_day` is given where the rule takes one."""

    template = serializers.CharField(source="template.template.code")
    template_version = serializers.IntegerField(source="template.number")
    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")

    class Meta:
        model = Collection
        fields = [
            "id", "title", "template", "template_version", "period_from", "period_to", "due_rule",
            "due_day", "repeats_until", "status", "closed_on", "end_reason", "division", "lead",
            "version", "created_at",
        ]  # fmt: skip


class CollectionFilter(filters.FilterSet):
    """`period_from_after` and `period_from_before` bound the first day of the period."""

    template = filters.CharFilter(field_name="template__template__code")
    status = filters.ChoiceFilter(choices=Collection.Status.choices)
    period_from = filters.DateFromToRangeFilter()

    class Meta:
        model = Collection
        fields: list[str] = []


class CollectionViewSet(ScopedReadViewSet):
    """Collections that the department issued, or that its place has a part in."""

    model = Collection
    scope = "collections:read"
    serializer_class = CollectionSerializer
    filterset_class = CollectionFilter

    def rows(self, actor: Membership):
        rows = Collection.objects.visible_to(actor)
        return rows.select_related("lead", "template__template")


class ReturnSerializer(serializers.ModelSerializer):
    """What one unit owes to a collection; `due_on` and `late` are its clock's."""

    collection = serializers.IntegerField(source="collection_id")
    division = serializers.CharField(source="division_id")
    unit = serializers.CharField(source="lead.code")
    due_on = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField()

    class Meta:
        model = Return
        fields = [
            "id", "collection", "unit", "division", "status", "is_zero", "round", "due_on", "late",
            "submitted_at", "decided_at", "pressed_on", "presses", "version",
        ]  # fmt: skip

    def get_due_on(self, row: Return) -> str | None:
        return row.clock.due_on.isoformat() if row.clock else None

    def get_late(self, row: Return) -> bool:
        clock = row.clock
        if clock is None or not clock.is_open or not row.with_unit:
            return False
        return clock.due_on < daylight.today()


class ReturnFiguresSerializer(ReturnSerializer):
    """The same with the number of rows and the sum of each column that is summed, by its key."""

    rows = serializers.IntegerField(source="rows.count")
    sums = serializers.SerializerMethodField()

    class Meta(ReturnSerializer.Meta):
        fields = [*ReturnSerializer.Meta.fields, "rows", "sums"]

    def get_sums(self, row: Return) -> dict[str, str]:
        summed = row.collection.template.columns.filter(summed=True)
        sums = sums_of(list(summed), row.rows.all())
        return {key: plain(number) for key, number in sums.items() if key != ROWS}


class ReturnFilter(filters.FilterSet):
    """`unit` is the code of a department; `late=true` keeps what its unit still owes after the due
    day."""

    collection = filters.NumberFilter()
    unit = filters.CharFilter(field_name="lead__code")
    status = filters.ChoiceFilter(choices=Return.Status.choices)
    late = filters.BooleanFilter(method="by_late")

    class Meta:
        model = Return
        fields: list[str] = []

    def by_late(self, rows, name, value):
        return rows.late() if value else rows.exclude(pk__in=rows.late().values("pk"))


class ReturnViewSet(ScopedReadViewSet):
    """Returns that the department owes, collects or has a share in; one of them with its sums."""

    model = Return
    scope = "returns:read"
    serializer_class = ReturnSerializer
    filterset_class = ReturnFilter

    def get_serializer_class(self) -> type[ReturnSerializer]:
        return ReturnFiguresSerializer if self.action == "retrieve" else ReturnSerializer

    def rows(self, actor: Membership):
        return Return.objects.visible_to(actor).with_names().with_clocks()
