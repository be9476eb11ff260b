"""A lead in words: its sentence, how it is worked out, and the rows it came from."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import AuditEvent, Membership
from governance.sources import basis_words
from institutions.leads import table, wording
from institutions.leads.rules import Limit, Rule
from institutions.models import (
    Advertisement,
    AnnualResult,
    ContractForm,
    Course,
    FeeItem,
    Institution,
    InsurancePolicy,
    Lead,
    LessonSlot,
    Licence,
    Material,
    ReportedFigure,
    Site,
    SitePeriod,
    StaffMember,
)

# kind of row: model and the anchor of the dossier behind which it stands
ROWS: dict[str, tuple[Any, str]] = {
    "institution": (Institution, "overview"),
    "site": (Site, "sites"),
    "licence": (Licence, "licences"),
    "staff": (StaffMember, "filings"),
    "course": (Course, "filings"),
    "slot": (LessonSlot, "filings"),
    "material": (Material, "filings"),
    "fee": (FeeItem, "filings"),
    "contract": (ContractForm, "filings"),
    "policy": (InsurancePolicy, "filings"),
    "advert": (Advertisement, "filings"),
    "review": (AnnualResult, "reviews"),
    "figure": (ReportedFigure, "filings"),
}


def sentence(lead: Lead) -> str:
    """What is wrong, in the active language."""
    rule = table.from_row(lead.rule)
    value, limit = wording.from_json(lead.value), wording.from_json(lead.threshold)
    said = wording.sentence(rule, lead.rule.message, lead.part, value, limit)
    return f"{said} ({lead.detail})" if lead.detail else said


def measured(lead: Lead) -> list[dict[str, Any]]:
    """How it is worked out: what was measured, against what, by which version of the rule."""
    rule: Rule = table.from_row(lead.rule)
    limit = rule.limits[lead.part]
    value, threshold = wording.from_json(lead.value), wording.from_json(lead.threshold)
    said = wording.said(value, limit.unit)
    return [
        {"label": _("Rule"), "value": f"{lead.code} {lead.rule.name}"},
        {"label": _("Measured"), "value": wording.input_name(limit.input)},
        {"label": _("Value"), "value": f"{said} ({lead.detail})" if lead.detail else said},
        {"label": operator_name(limit), "value": wording.limit_said(threshold, limit)},
        {"label": _("Version of the rule"), "value": version_words(lead)},
        {"label": _("Basis"), "value": basis_words(lead.rule.basis)},
    ]


def operator_name(limit: Limit) -> str:
    """How the value is held against the threshold."""
    return {
        "le": _("May be at most"),
        "ge": _("Must be at least"),
        "between": _("Must lie between"),
        "eq": _("Must be"),
        "in": _("Must be one of"),
        "not_in": _("May not be"),
        "not_contains": _("May not contain"),
        "subset_of": _("Must be among"),
        "exists": _("Must be there"),
        "valid_uscc": _("Must pass"),
        "all_equal": _("Must be"),
    }[limit.operator]


def version_words(lead: Lead) -> str:
    row = lead.rule
    if not row.county:
        return _("General version")
    return _("Set by the county from %(day)s") % {"day": row.valid_from}


def sources(lead: Lead, actor: Membership) -> list[dict[str, str]]:
    """The rows that the value was made of, as far as the actor may see them; one query a kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in [(lead.subject_kind, lead.subject_id), *lead.read]:
        wanted[kind].add(key)
    found = []
    for kind, keys in wanted.items():
        for row in _rows(kind, keys, actor):
            found.append({"label": kind_name(kind), "value": _name(row), "url": _url(lead, kind)})
    return found


def _rows(kind: str, keys: set[int], actor: Membership) -> Iterable[Any]:
    model, _anchor = ROWS[kind]
    rows = model.objects.visible_to(actor).filter(pk__in=keys).order_by("pk")
    if model is LessonSlot:
        rows = rows.select_related("course")
    if model in (Institution, AnnualResult):
        rows = rows.select_related(*([] if model is Institution else ["institution"]))
    return list(rows[:50])


def _name(row: Any) -> str:
    if isinstance(row, LessonSlot):
        return f"{row.course.name} {row.starts_at:%H:%M}–{row.ends_at:%H:%M}"
    if isinstance(row, Site):
        period = SitePeriod.objects.filter(site=row).order_by("-during").first()
        return (period.address if period else "") or f"#{row.serial}"
    if isinstance(row, Licence):
        return wording.word_of(row.kind) + (f" {row.number}" if row.number else "")
    if isinstance(row, ReportedFigure):
        return f"{row.as_of} {row.value}"
    if isinstance(row, AnnualResult):
        return f"{row.year} {wording.word_of(row.result)}"
    return str(row)


def _url(lead: Lead, kind: str) -> str:
    return f"{reverse('institution', args=[lead.institution_id])}#{ROWS[kind][1]}"


def kind_name(kind: str) -> str:
    """What sort of row a lead is about."""
    return {
        "institution": _("Institution"),
        "site": _("Site"),
        "licence": _("Certificate"),
        "staff": _("Staff"),
        "course": _("Course"),
        "slot": _("Lesson"),
        "material": _("Material"),
        "fee": _("Fee"),
        "contract": _("Contract form"),
        "policy": _("Insurance policy"),
        "advert": _("Advertisement"),
        "review": _("Annual review"),
        "figure": _("Reported figure"),
    }[kind]


VERBS = {
    "lead.raised": ("", lambda: _("Found by a check")),
    "lead.asked": ("warn", lambda: _("The institution was asked")),
    "lead.answered": ("", lambda: _("The institution answered")),
    "lead.made_finding": ("bad", lambda: _("A finding was made of it")),
    "lead.dismissed": ("", lambda: _("Lead dismissed")),
    "lead.closed": ("ok", lambda: _("Closed by itself")),
}


def story(lead: Lead, events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """The acts on the lead, newest first, for `_timeline.html`."""
    entries = []
    for event in events:
        if event.verb in VERBS:
            kind, word = VERBS[event.verb]
            text = event.facts.get("reason") or ""
            entries.append(
                {"at": event.at, "title": word(), "text": text, "who": str(event.by), "kind": kind}
            )
    return entries


def of_key(lead: Lead) -> Q:
    """Other leads of the same rule and subject, earlier ones."""
    return Q(
        institution=lead.institution_id, code=lead.code, subject_kind=lead.subject_kind,
        subject_id=lead.subject_id,
    )  # fmt: skip
