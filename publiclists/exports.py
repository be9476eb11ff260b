"""The list page as a file."""

from django.utils.translation import gettext_lazy as _

from governance.exports import DATE, Column, Export
from governance.labels import label
from governance.models import Membership
from publiclists.models import ListEntry, ListEntryQuerySet


class ListEntries(Export):
    """Exactly the rows the page shows."""

    title = _("List entries")
    columns = (
        Column(_("List"), lambda entry: label("ListEntry.kind", entry.kind)),
        Column(_("Number"), lambda entry: entry.number or ""),
        Column(_("Institution"), lambda entry: str(entry.institution), width=32),
        Column(_("Credit code"), lambda entry: entry.institution.credit_code, width=20),
        Column(_("Township"), lambda entry: entry.division.name),
        Column(_("Status"), lambda entry: label("ListEntry.status", entry.status)),
        Column(_("Proposed on"), lambda entry: entry.proposed_on, DATE),
        Column(_("Served on"), lambda entry: entry.served_on, DATE),
        Column(_("Decided on"), lambda entry: entry.decided_on, DATE),
        Column(_("Decision"), lambda entry: entry.decision_number),
        Column(_("Listed on"), lambda entry: entry.listed_on, DATE),
        Column(_("Ends on"), lambda entry: entry.ends_on, DATE),
        Column(_("Department"), lambda entry: entry.lead.name, width=24),
    )

    def __init__(self, actor: Membership, wanted: ListEntryQuerySet, *, filters: str = "") -> None:
        super().__init__(actor, filters=filters)
        self.wanted = wanted

    def rows(self) -> ListEntryQuerySet:
        return (
            ListEntry.objects.visible_to(self.actor)
            .filter(pk__in=self.wanted.values("pk"))
            .with_names()
        )
