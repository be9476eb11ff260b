"""Leads as a file: the rows of the list, with its conditions."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from governance.exports import DATE, Column, Export
from governance.labels import label
from governance.models import Membership
from governance.sources import basis_words
from institutions.leads import shown
from institutions.models import Lead


class LeadExport(Export):
    """The leads that the list page chose, in scope."""

    title = _("Compliance leads")
    columns = (
        Column(_("Rule"), lambda row: f"{row.code} {row.rule.name}", width=24),
        Column(_("Institution"), lambda row: str(row.institution), width=32),
        Column(_("Number"), lambda row: row.institution.number, width=18),
        Column(_("Township"), lambda row: row.division.name),
        Column(_("What is wrong"), shown.sentence, width=60),
        Column(_("Severity"), lambda row: label("Finding.severity", row.severity)),
        Column(_("Since"), lambda row: row.since, DATE),
        Column(_("Department"), lambda row: row.lead.name, width=24),
        Column(_("State"), lambda row: label("Lead.status", row.status)),
        Column(_("Answer"), lambda row: row.answer, width=40),
        Column(_("Reason"), lambda row: row.reason, width=32),
        Column(_("Basis"), lambda row: basis_words(row.rule.basis), width=32),
    )

    def __init__(self, actor: Membership, *, chosen: QuerySet[Lead], filters: str = "") -> None:
        super().__init__(actor, filters=filters)
        self.chosen = chosen

    def rows(self) -> QuerySet[Lead]:
        rows = self.chosen.select_related("institution", "division", "lead", "rule")
        return rows.prefetch_related("institution__periods")
