"""Versions of the rules: loading the general ones, and what a county sets for itself."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import audit, daylight, reference
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import require
from governance.workflow import Refused
from institutions.leads import due, kinds
from institutions.leads.duties import KEEP_RULES
from institutions.leads.rules import Limit
from institutions.models import ComplianceRule

ONE_DAY = dt.timedelta(days=1)
TEXTS = (
    "name_zh", "name_en", "applies_to", "variant_note", "severity", "department_kind",
    "problem_code", "basis", "mark", "message_zh", "message_en",
)  # fmt: skip
SHARED = (*TEXTS, "inputs", "operators", "units")


@transaction.atomic
def load() -> int:
    """Load `governance/data/compliance_rules.csv` as the general versions; may run again."""
    count = 0
    for row in reference.rows("compliance_rules"):
        ComplianceRule.objects.update_or_create(
            code=row["code"], county="", valid_from=None, defaults=_fields(row)
        )
        count += 1
    return count


def _fields(row: dict[str, str]) -> dict[str, Any]:
    lists = {"inputs": "input", "operators": "operator", "thresholds": "threshold", "units": "unit"}
    return {name: row[name] for name in TEXTS} | {
        **{name: row[column].split(";") for name, column in lists.items()},
        "variants": reference.codes(row["variants"]),
    }


def versions(code: str, county: str) -> QuerySet[ComplianceRule]:
    """Every version of a rule for a county, its own newest first, then the general ones."""
    rows = ComplianceRule.objects.filter(code=code, county__in=["", county])
    return rows.select_related("recorded_by__user").order_by("-county", "-valid_from")


def changeable(rule: ComplianceRule) -> list[int]:
    """The parts whose threshold a county may set: those held against a value of their own.

    The others are held against another fact of the institution (its licence, its account).
    """
    return [number for number, part in enumerate(rule.parts) if _own(Limit(**part))]


def _own(limit: Limit) -> bool:
    if limit.operator in ("le", "ge"):
        return not isinstance(limit.parsed(), str)
    return limit.operator in ("between", "not_in", "not_contains", "in")


@transaction.atomic
def set_threshold(
    rule: ComplianceRule,
    *,
    by: Membership,
    county: str,
    valid_from: dt.date,
    thresholds: list[str],
    variants: list[str] | None = None,
    enabled: bool = True,
    reason: str,
) -> ComplianceRule:
    """A county's own version of a rule from a day on; the one before it ends the day before.

    Raises `Refused` for a day that has passed, a threshold that the rule cannot be held against,
    or no reason. Leads keep the version of their day; the institutions of the county are checked
    anew.
    """
    require(by, KEEP_RULES)
    _refuse(rule, by, county, valid_from, thresholds, reason)
    own = ComplianceRule.objects.select_for_update().filter(code=rule.code, county=county)
    own.filter(valid_from__gte=valid_from).exclude(leads__isnull=False).delete()
    if own.filter(valid_from=valid_from).exists():
        raise Refused(_("A version of this day has leads already; choose a later day."))
    own.filter(valid_to=None).update(valid_to=valid_from - ONE_DAY)
    made = ComplianceRule.objects.create(
        code=rule.code,
        county=county,
        valid_from=valid_from,
        thresholds=thresholds,
        variants=rule.variants if variants is None else variants,
        enabled=enabled,
        reason=reason.strip()[:300],
        recorded_by=by,
        **{name: getattr(rule, name) for name in SHARED},
    )
    audit.record(
        Verb.COMPLIANCE_RULE_SET, made, by=by, rule=rule.code, county=county,
        valid_from=valid_from, enabled=enabled, reason=made.reason,
        thresholds=[rule.thresholds, thresholds],
    )  # fmt: skip
    due.mark_county(county)
    return made


def _refuse(
    rule: ComplianceRule,
    by: Membership,
    county: str,
    valid_from: dt.date,
    thresholds: list[str],
    reason: str,
) -> None:
    if not (by.department and by.department.covers(county)):
        raise Refused(_("This county is not yours."))
    if valid_from < daylight.today():
        raise Refused(_("A new version begins today or later."))
    if not reason.strip():
        raise Refused(_("Say on what ground the rule is set."))
    if len(thresholds) != len(rule.thresholds):
        raise Refused(_("Each part of the rule needs its threshold."))
    for part, text in zip(rule.parts, thresholds, strict=True):
        refuse_threshold(part, text)


def refuse_threshold(part: dict[str, Any], text: str) -> None:
    """Pass, or refuse a threshold that is not of the kind the part had before."""
    limit = Limit(**part)
    if text.strip() == limit.threshold:
        return
    if not _own(limit):
        raise Refused(_("This part is held against another fact and has no number of its own."))
    parsed = _parsed(limit.operator, text)
    wrong = type(parsed) is not type(limit.parsed())
    if wrong or parsed == frozenset() or (isinstance(parsed, Decimal) and parsed < 0):
        raise Refused(_("“%(text)s” is no threshold for this part.") % {"text": text})


def _parsed(operator: str, text: str) -> Any:
    try:
        return kinds.parse(operator, text)
    except (ValueError, ArithmeticError):
        return None
