"""Lists of this app as files: the rows the page shows, with its filter sentence."""

import datetime as dt
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from governance.exports import DATE, NUMBER, Column, Export
from governance.labels import label
from governance.models import Membership
from inspections.models import Finding, Inspection, RectificationTask


def _name(row: Any) -> str:
    return str(row.institution)


def _status(row: Any) -> str:
    return label(f"{type(row).__name__}.status", row.status)


class ChosenExport(Export):
    """An export of rows that the list page chose, in scope."""

    def __init__(self, actor: Membership, *, chosen: QuerySet, filters: str = "") -> None:
        super().__init__(actor, filters=filters)
        self.chosen = chosen


def counted(actor: Membership, **condition: Any) -> Coalesce:
    """How many findings of an inspection are in the actor's scope."""
    rows = Finding.objects.visible_to(actor).filter(inspection=OuterRef("pk"), **condition)
    numbers = rows.order_by().values("inspection").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)


class InspectionExport(ChosenExport):
    title = _("Inspections")
    columns = (
        Column(_("Number"), lambda row: row.number, width=18),
        Column(_("Institution"), _name, width=32),
        Column(_("Credit code"), lambda row: row.institution.credit_code, width=20),
        Column(_("Township"), lambda row: row.division.name),
        Column(_("Kind"), lambda row: label("Inspection.kind", row.kind)),
        Column(_("Status"), _status),
        Column(_("Planned day"), lambda row: row.planned_for, DATE),
        Column(_("Day of the visit"), lambda row: row.inspected_on, DATE),
        Column(_("Officers"), lambda row: "、".join(map(str, row.officers.all())), width=24),
        Column(_("Department"), lambda row: row.lead.name, width=24),
        Column(_("Findings"), lambda row: row.found, NUMBER),
        Column(_("May be evidence"), lambda row: _evidence(row)),
    )

    def rows(self) -> QuerySet[Inspection]:
        rows = self.chosen.select_related("institution", "division", "lead")
        rows = rows.annotate(found=counted(self.actor))
        return rows.prefetch_related("institution__periods", "officers__membership__user")


def _evidence(row: Inspection) -> str:
    if row.can_be_evidence is None:
        return ""
    if row.can_be_evidence:
        return str(_("yes"))
    words = [label("Inspection.evidence_gap", code) for code in row.evidence_gaps]
    return "；".join(words)


class FindingExport(ChosenExport):
    title = _("Findings")
    columns = (
        Column(_("Inspection"), lambda row: row.inspection.number, width=18),
        Column(_("Institution"), _name, width=32),
        Column(_("Township"), lambda row: row.division.name),
        Column(_("Item"), lambda row: row.item.code if row.item else "", width=8),
        Column(_("Problem"), lambda row: row.title, width=44),
        Column(_("What was found"), lambda row: row.description, width=44),
        Column(_("Severity"), lambda row: row.severity_word),
        Column(_("Department"), lambda row: row.lead.name, width=24),
        Column(_("Found on"), lambda row: row.found_on, DATE),
        Column(_("Status"), _status),
        Column(_("Closed on"), lambda row: row.closed_on, DATE),
    )

    def rows(self) -> QuerySet[Finding]:
        return self.chosen.select_related(
            "institution", "division", "lead", "item", "inspection"
        ).prefetch_related("institution__periods")


class TaskExport(ChosenExport):
    title = _("Rectification")
    columns = (
        Column(_("Number"), lambda row: row.number, width=18),
        Column(
            _("Rectification notice"),
            lambda row: row.paper.number_text if row.paper else "",
            width=26,
        ),
        Column(_("Institution"), _name, width=32),
        Column(_("Township"), lambda row: row.division.name),
        Column(_("Problem"), lambda row: row.finding.title, width=44),
        Column(_("Severity"), lambda row: row.finding.severity_word),
        Column(_("Department"), lambda row: row.lead.name, width=24),
        Column(_("Order"), lambda row: label("RectificationTask.mode", row.mode)),
        Column(_("Status"), _status),
        Column(_("Served on"), lambda row: row.served_on, DATE),
        Column(_("Due on"), lambda row: _due(row), DATE),
        Column(_("Round"), lambda row: row.round, NUMBER),
        Column(_("Who answers for it"), lambda row: row.responsibility),
        Column(_("Measures"), lambda row: row.measures, width=32),
        Column(_("Funds"), lambda row: row.funds),
        Column(_("Contingency plan"), lambda row: row.contingency_plan, width=32),
        Column(_("Closed out on"), lambda row: row.closed_on, DATE),
    )

    def rows(self) -> QuerySet[RectificationTask]:
        return self.chosen.select_related(
            "institution", "division", "lead", "finding__item", "paper"
        ).prefetch_related("institution__periods", "clocks")


def _due(row: RectificationTask) -> dt.date | None:
    clock = row.clock
    return clock.due_on if clock else None
