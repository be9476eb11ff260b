"""List entries in scope, and the publications everybody may read."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from governance.api.views import ScopedReadViewSet
from governance.models import Membership
from publiclists.models import Kind, ListEntry, Publication, Status


class ListEntrySerializer(serializers.ModelSerializer):
    """An entry of a list, also on its way there; the proposer's words are not shared."""

    institution = serializers.IntegerField(source="institution_id")
    division = serializers.CharField(source="division_id")
    lead = serializers.CharField(source="lead.code")

    class Meta:
        model = ListEntry
        fields = [
            "id", "kind", "number", "institution", "status", "basis", "proposed_on", "served_on",
            "decided_on", "listed_on", "ends_on", "ended_on", "ended", "division", "lead",
            "version",
        ]  # fmt: skip


class ListEntryFilter(filters.FilterSet):
    institution = filters.NumberFilter()
    kind = filters.ChoiceFilter(choices=Kind.choices)
    status = filters.ChoiceFilter(choices=Status.choices)
    number = filters.CharFilter()

    class Meta:
        model = ListEntry
        fields: list[str] = []


class ListEntryViewSet(ScopedReadViewSet):
    """Entries that the department leads or has a share in."""

    model = ListEntry
    scope = "list-entries:read"
    serializer_class = ListEntrySerializer
    filterset_class = ListEntryFilter

    def rows(self, actor: Membership):
        return ListEntry.objects.visible_to(actor).select_related("lead")


class PublicationSerializer(serializers.ModelSerializer):
    """One signed publication; the whole file stands at its public address."""

    division = serializers.CharField(source="division_id")

    class Meta:
        model = Publication
        fields = [
            "id", "division", "kind", "number", "as_of", "published_at", "header", "header_hash",
            "signature",
        ]  # fmt: skip


class PublicationFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Kind.choices)
    number = filters.NumberFilter()

    class Meta:
        model = Publication
        fields: list[str] = []


class PublicationViewSet(ScopedReadViewSet):
    """Publications of the counties in scope, with header and signature."""

    model = Publication
    scope = "publications:read"
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter

    def rows(self, actor: Membership):
        return Publication.objects.visible_to(actor).published()
