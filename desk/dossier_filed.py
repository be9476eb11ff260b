"""What an institution filed, for its dossier: people, courses and fees, the filings themselves."""

from dataclasses import dataclass
from typing import Any

from desk.dossier import Dossier
from governance.scoping import ScopedQuerySet
from institutions.duties import DECIDE_FILING, IDENTIFY
from institutions.filings import checks, lists, values
from institutions.filings.kinds import KINDS, FilingKind
from institutions.models import Filing, Identification

FILINGS_SHOWN = 30
Part = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """The rows of one kind, as a table."""

    kind: FilingKind
    columns: list[str]
    rows: list[dict[str, Any]]  # row, cells, holds; hints of staff, identification of a course


def staff(dossier: Dossier) -> Part:
    """The people, with what the lists of persons say of those who work there now."""
    part = _part(dossier, "staff")
    [section] = part["sections"]
    people = [line["row"] for line in section.rows if line["holds"]]
    hints = checks.of_staff(dossier.institution, people, dossier.actor)
    for line in section.rows:
        line["hints"] = hints.get(line["row"].pk, [])
    return part


def teaching(dossier: Dossier) -> Part:
    """Courses with their identification, materials, fees, contracts, insurance, signs."""
    part = _part(dossier, "teaching")
    rows = Identification.objects.visible_to(dossier.actor).filter(institution__in=dossier.family)
    newest = {row.course_id: row for row in rows.order_by("pk")}
    for line in part["sections"][0].rows:
        line["identification"] = newest.get(line["row"].pk)
    return part


def filings(dossier: Dossier) -> Part:
    """What was handed in, newest first, and the figures that were reported."""
    rows = handed_in(dossier).order_by("-submitted_at", "-pk")
    return _part(dossier, "filings") | {"filings": list(lists.with_facts(rows)[:FILINGS_SHOWN])}


def handed_in(dossier: Dossier) -> Any:
    rows = Filing.objects.visible_to(dossier.actor).handed_in()
    return rows.filter(institution__in=dossier.family)


def counted(tab: str) -> Any:
    """The rows that the number beside a tab counts."""
    models = [kind.model for kind in KINDS.values() if kind.tab == tab]
    return lambda dossier: [dossier.rows_of(model).filter(voided_at=None) for model in models]


def _part(dossier: Dossier, tab: str) -> Part:
    kinds = [kind for kind in KINDS.values() if kind.tab == tab]
    return {
        "sections": [_section(dossier, kind) for kind in kinds],
        "may_record": DECIDE_FILING.held_by(dossier.actor),
        "may_identify": IDENTIFY.held_by(dossier.actor),
    }


def _section(dossier: Dossier, kind: FilingKind) -> Section:
    rows: ScopedQuerySet = kind.model.objects.visible_to(dossier.actor)
    found = rows.filter(institution__in=dossier.family).select_related(*kind.fetch)
    words = values.Words(kind, dossier.institution)
    return Section(
        kind,
        [kind.field_label(name) for name in kind.columns],
        [
            {"row": row, "cells": lists.cells(kind, row, words), "holds": row.holds()}
            for row in found.prefetch_related(*kind.prefetch).order_by("ended_on", "-pk")
        ],
    )
