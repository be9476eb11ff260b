"""The tabs of the dossier. Each asks only for what it shows.

A floor adds its tab by one more entry: a fragment, the querysets its number counts, and what the
fragment gets as `part`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk import acts_told, dossier_filed, timeline
from desk.dossier import Dossier, licence_rows
from desk.dossier_facts import of_site
from governance.models import AuditEvent
from inspections.models import Finding, Inspection
from institutions.duties import KEEP
from institutions.leads.shown import sentence
from institutions.models import AnnualResult, Disposal, Institution, Lead, Licence, Site
from publiclists.models import ListEntry

Part = dict[str, Any]
ACTS_SHOWN = 50


def nothing(dossier: Dossier) -> Part:
    return {}


def uncounted(dossier: Dossier) -> Sequence[Any]:
    return ()


@dataclass(frozen=True)
class Tab:
    """`rows` are counted beside the label, `part` is what the fragment shows."""

    code: str
    label: Any
    part: Callable[[Dossier], Part] = nothing
    rows: Callable[[Dossier], Sequence[Any]] = uncounted
    printed: bool = True
    templates: tuple[str, ...] = field(default=())

    @property
    def fragments(self) -> tuple[str, ...]:
        return self.templates or (f"desk/dossier/_{self.code}.html",)


def licences(dossier: Dossier) -> Part:
    return {"licences": list(licence_rows(dossier))}


def sites(dossier: Dossier) -> Part:
    """Sites with their building, and the branches on both sides."""
    may_keep = dossier.institution.may_change and KEEP.held_by(dossier.actor)
    main = dossier.institution.branch_of
    return {
        "sites": [
            (period, earlier, of_site(period, may_keep=may_keep))
            for period, earlier in dossier.sites
        ],
        "branches": dossier.branches,
        "same_licensor": main is not None and same_licensor(dossier, main),
    }


def same_licensor(dossier: Dossier, main: Institution) -> bool:
    """Whether the licensor of the main body licenses this one too: then it is no branch by law."""
    period = main.period(dossier.today)
    mine = dossier.period.licensor_id
    return bool(mine and period and period.licensor_id == mine)


def leads(dossier: Dossier) -> Part:
    """The leads that hold, with their sentences."""
    rows = dossier.rows_of(Lead).holding().select_related("rule")
    return {"leads": [(row, sentence(row)) for row in rows.order_by("severity", "since", "pk")]}


def acts(dossier: Dossier) -> Part:
    """Who did what to the record, newest first."""
    events = acts_of(dossier.family).order_by("-id")[:ACTS_SHOWN]
    return {
        "events": acts_told.lines(events),
        "shown": ACTS_SHOWN,
    }


def acts_of(family: Sequence[int]) -> Any:
    return AuditEvent.objects.filter(
        content_type__app_label="institutions",
        content_type__model="institution",
        object_id__in=family,
    ).select_related("by__user", "by__department")


def counted(*models: Any) -> Callable[[Dossier], Sequence[Any]]:
    return lambda dossier: [dossier.rows_of(model) for model in models]


TABS: tuple[Tab, ...] = (
    Tab("overview", _("Overview")),
    Tab("licences", _("Certificates"), licences, counted(Licence)),
    Tab("sites", _("Sites"), sites, lambda dossier: [dossier.rows_of(Site).filter(voided_at=None)]),
    Tab("staff", _("Staff"), dossier_filed.staff, dossier_filed.counted("staff")),
    Tab("teaching", _("Courses and fees"), dossier_filed.teaching,
        dossier_filed.counted("teaching")),
    Tab("filings", _("Filings"), dossier_filed.filings, lambda d: [dossier_filed.handed_in(d)]),
    Tab("results", _("Annual review"), rows=lambda d: [d.rows_of(AnnualResult).standing()]),
    Tab("inspections", _("Inspections"), rows=counted(Inspection)),
    Tab("findings", _("Problems"), rows=counted(Finding)),
    Tab(
        "leads", pgettext_lazy("of compliance", "Leads"), leads,
        lambda dossier: [dossier.rows_of(Lead).holding()],
        templates=("institutions/_dossier_leads.html",),
    ),
    Tab(
        "lists", _("Lists"), rows=counted(ListEntry, Disposal),
        templates=("desk/dossier/_lists.html", "desk/dossier/_disposals.html"),
    ),
    Tab("files", _("Files"), rows=lambda dossier: [dossier.files]),
    Tab("acts", _("Record of acts"), acts, printed=False),
)  # fmt: skip


def tab(code: str) -> Tab | None:
    return next((found for found in TABS if found.code == (code or TABS[0].code)), None)


def counts(dossier: Dossier) -> dict[str, int]:
    """{tab: how many rows} of every tab that counts, in one question."""
    parts = [
        rows.order_by()
        .annotate(tab=Value(found.code, CharField()))
        .values("tab")
        .annotate(number=Count("pk"))
        .values_list("tab", "number")
        for found in TABS
        for rows in found.rows(dossier)
    ]
    total: dict[str, int] = {}
    for code, number in parts[0].union(*parts[1:], all=True):
        total[code] = total.get(code, 0) + number
    return total


def timeline_of(dossier: Dossier, section: str) -> Part:
    return {
        "timeline": timeline.entries(dossier, section),
        "section": section,
        "sections": timeline.SECTIONS.items(),
    }
