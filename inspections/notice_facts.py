"""What stands on a rectification notice. Papers are Chinese, whatever language the screen has."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from governance import competence, daylight, deadlines, papers, sources
from governance.models import DeadlineRule, Membership, Paper, Unit
from inspections.models import Finding, RectificationTask
from institutions.models import Institution, Site

TEMPLATE = "RECTIFY_NOTICE"
LANGUAGE = "zh-hans"


def requirement(finding: Finding) -> str:
    """The usual order for a finding, to be edited by whoever issues it."""
    with translation.override(LANGUAGE):
        name = competence.problem_name(finding.problem_code, LANGUAGE)
        return _("Put an end to “%(problem)s” and hand in photos from before and after.") % {
            "problem": name
        }


def issue_notice(tasks: Sequence[RectificationTask], *, by: Membership) -> Paper:
    """Issue the numbered notice of these tasks, in the name of the department that leads them."""
    with translation.override(LANGUAGE):
        facts = facts_of(tasks, by=by)
        return papers.issue(TEMPLATE, tasks[0], facts, by=by, department=tasks[0].lead)


def preview(tasks: Sequence[RectificationTask], *, by: Membership) -> bytes:
    """The notice as it would be, without number."""
    with translation.override(LANGUAGE):
        return papers.preview(TEMPLATE, facts_of(tasks, by=by), department=tasks[0].lead)


def facts_of(tasks: Sequence[RectificationTask], *, by: Membership) -> dict[str, Any]:
    """The facts of the template for tasks of one institution with one term."""
    task = tasks[0]
    institution, department = task.institution, task.lead
    rule = deadlines.rule_for(task.clock_rule, task.division_id, daylight.today())
    return {
        "party_name": str(institution),
        "party_code": institution.credit_code,
        "party_address": address(institution, task.finding.inspection.site),
        "principal": institution.principal,
        "found_on": task.finding.found_on,
        "place": address(institution, task.finding.inspection.site) or task.division.name,
        "problems": [_problem(row.finding) for row in tasks],
        "legal_basis": _bases(tasks),
        "deadline": deadline_words(rule, task.term),
        "requirements": [row.requirement for row in tasks],
        "contact_person": by.person,
        "contact_phone": department.phone,
        "contact_address": department.address,
    }


def address(institution: Institution, site: Site | None) -> str:
    """Where the inspected site is today; the first site when none was named."""
    chosen = site or institution.sites.filter(voided_at=None).order_by("serial").first()
    period = chosen.periods.on(daylight.today()).first() if chosen else None
    return period.address if period else ""


def _problem(finding: Finding) -> dict[str, str]:
    name = competence.problem_name(finding.problem_code, LANGUAGE)
    text = f"{name}：{finding.description}" if finding.description else name
    basis = finding.item.basis if finding.item else ""
    return {"text": text, "basis": sources.basis_words(basis)}


def _bases(tasks: Sequence[RectificationTask]) -> list[str]:
    found = [_problem(task.finding)["basis"] for task in tasks]
    general = _("the rules on the supervision of off-campus training")
    return list(dict.fromkeys(basis for basis in found if basis)) or [general]


def deadline_words(rule: DeadlineRule, term: int | None) -> str:
    """The term as a notice says it."""
    if rule.amount == 0:
        return _("stop at once")
    count = term or rule.promised or rule.default_amount
    match rule.unit:
        case Unit.WORKDAY:
            return _("within %(count)s working days of receipt") % {"count": count}
        case Unit.MONTH:
            return _("within %(count)s months of receipt") % {"count": count}
        case _:
            return _("within %(count)s days of receipt") % {"count": count}
