"""Who is competent: kind of problem, kind of institution and place → departments.

谁审批谁监管: of the candidates in order, the one that licensed or registered the institution leads;
otherwise the first. Candidates that do not lead take no part unless they also assist.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from governance import daylight
from governance.models.competence import CompetenceRule, DatedRow, ProblemCode
from governance.models.people import Department, Division
from governance.workflow import Refused


class NobodyCompetent(Refused):
    """No department of the kinds asked for answers for the place."""

    code = "nobody_competent"


@dataclass(frozen=True)
class Answer:
    """Who leads and who assists."""

    lead: Department
    assist: list[Department]


def for_problem(
    code: str,
    division: Division,
    *,
    licensed_by: Sequence[str] = (),
    on: dt.date | None = None,
) -> Answer:
    """The departments for a problem code at a place; `licensed_by` are the kinds of department
    that licensed or registered the institution. `NobodyCompetent` when no department exists."""
    row: Any = _row(ProblemCode, division, on or daylight.today(), code=code)
    if row is None:
        raise NobodyCompetent(_("The problem code %(code)s is not in force.") % {"code": code})
    return _answer(row.lead_kinds, row.assist_kinds, division, licensed_by)


def for_institution(
    category: str,
    cert_status: str,
    division: Division,
    *,
    can_qualify: str = "any",
    licensed_by: Sequence[str] = (),
    on: dt.date | None = None,
) -> tuple[CompetenceRule, Answer]:
    """The rule and the departments for an institution in a certificate status."""
    rule = _most_specific(category, cert_status, can_qualify, division, on or daylight.today())
    return rule, _answer(rule.lead_kinds, rule.assist_kinds, division, licensed_by)


def department(kind: str, division: Division) -> Department | None:
    """The department of this kind that answers for the place; the narrowest jurisdiction wins."""
    return departments([kind], division).get(kind)


def problem_name(code: str, language: str) -> str:
    """The name of a problem code in `zh-hans` or `en`."""
    row = ProblemCode.objects.filter(code=code).order_by("-valid_from").first()
    if row is None:
        return code
    return row.name_zh if language.startswith("zh") else row.name_en


def _row(model: type[DatedRow], division: Division, on: dt.date, **which) -> DatedRow | None:
    rows = model.objects.in_force(on).filter(county__in=["", division.county_code], **which)
    return rows.order_by("-county", "-valid_from").first()


def departments(kinds: Sequence[str], division: Division) -> dict[str, Department]:
    """{kind: department} that answers for the place, the narrowest jurisdiction first, in one
    question; a kind that the place has none of is left out."""
    candidates = Department.objects.filter(
        kind__in=kinds, is_active=True, division__code__startswith=division.code[:2]
    ).annotate(seat=Length("division__code"))
    found: dict[str, Department] = {}
    for candidate in candidates.order_by("-seat", "pk"):
        if candidate.covers(division.pk):
            found.setdefault(candidate.kind, candidate)
    return found


def _answer(
    lead_kinds: list[str], assist_kinds: list[str], division: Division, licensed_by: Sequence[str]
) -> Answer:
    ordered = [kind for kind in lead_kinds if kind in licensed_by] + lead_kinds
    known = departments([*lead_kinds, *assist_kinds], division)
    leads = [known[kind] for kind in dict.fromkeys(ordered) if kind in known]
    if not leads:
        names = ", ".join(lead_kinds)
        raise NobodyCompetent(
            _("No department of kind %(kinds)s answers for %(place)s.")
            % {"kinds": names, "place": division}
        )
    assisting = [known[kind] for kind in assist_kinds if kind in known]
    return Answer(leads[0], [other for other in assisting if other != leads[0]])


def _most_specific(
    category: str, cert_status: str, can_qualify: str, division: Division, on: dt.date
) -> CompetenceRule:
    families = {category: 2, "any": 0}
    if category in ("SPORT", "ARTS", "SCITECH", "OTHER"):
        families["NON_SUBJECT"] = 1
    rules = CompetenceRule.objects.in_force(on).filter(
        county__in=["", division.county_code],
        institution_kind__in=families,
        cert_status=cert_status,
        can_qualify__in=[can_qualify, "any"],
    )
    ranked = sorted(
        rules,
        key=lambda rule: (
            families[rule.institution_kind],
            rule.can_qualify != "any",
            rule.county,
            rule.situation,
        ),
    )
    if not ranked:
        raise NobodyCompetent(
            _("No rule of competence covers %(category)s with %(status)s.")
            % {"category": category, "status": cert_status}
        )
    return ranked[-1]
