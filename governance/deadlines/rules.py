"""The table of deadline rules: loading it, and finding the version that counts."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight
from governance.models.clocks import ClockStep, DeadlineRule, Unit
from governance.models.people import Membership
from governance.workflow import Refused

TABLE = Path(__file__).parent.parent / "data" / "deadline_rules.csv"
TEXTS = (
    "name_zh", "name_en", "subject", "event_zh", "event_en", "unit", "direction", "rolls",
    "extension_by", "capped_by", "basis", "mark", "note",
)  # fmt: skip


class RuleUnknown(Refused):
    """No version of the rule is in force on that day in that place."""

    code = "rule_unknown"


def rule_for(code: str, division_code: str, on: dt.date) -> DeadlineRule:
    """The version of a rule for an event on that day; the county's own before the national one."""
    rule = DeadlineRule.objects.for_place(code, division_code, on)
    if rule is None:
        raise RuleUnknown(
            _("The deadline rule %(code)s is not in force on %(day)s.") % {"code": code, "day": on}
        )
    return rule


@transaction.atomic
def load_deadline_rules() -> int:
    """Load `governance/data/deadline_rules.csv` as the national versions; may run again.

    What a county set on a row (promise, whether it reminds) stays as it is.
    """
    count = 0
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            DeadlineRule.objects.update_or_create(
                code=row["code"], county="", valid_from=None, defaults=_fields(row)
            )
            count += 1
    return count


def _fields(row: dict[str, str]) -> dict[str, Any]:
    dated = row["unit"] == Unit.DATE_OF_YEAR
    return {name: row[name] for name in TEXTS} | {
        "amount": 0 if dated else int(row["amount"]),
        "default_amount": 0 if dated else int(row["default_amount"]),
        "month_day": row["amount"] if dated else "",
        "max_extension": int(row["max_extension"]) if row["max_extension"] else None,
        "remind_before": _numbers(row["remind_before"]),
        "escalate_after": _numbers(row["escalate_after"]),
        "escalate_to": [part for part in row["escalate_to"].split(";") if part],
        "for_party": row["for_party"] == "Y",
        "row_no": int(row["row_no"]) if row["row_no"] else None,  # none: not of the law
    }


def _numbers(cell: str) -> list[int]:
    return [int(part) for part in cell.split(";") if part]


@transaction.atomic
def turn_reminders_on(rule: DeadlineRule, *, by: Membership) -> None:
    """From now on clocks that start or change remind; those that already run stay silent."""
    ClockStep.objects.filter(clock__rule=rule, swept_at=None).delete()
    _set_reminds(rule, daylight.now(), by=by)


@transaction.atomic
def turn_reminders_off(rule: DeadlineRule, *, by: Membership) -> None:
    """No clock of this rule reminds any more."""
    ClockStep.objects.filter(clock__rule=rule, swept_at=None).delete()
    _set_reminds(rule, None, by=by)


def _set_reminds(rule: DeadlineRule, since: dt.datetime | None, *, by: Membership) -> None:
    DeadlineRule.objects.filter(pk=rule.pk).update(reminds_from=since)
    rule.reminds_from = since
    audit.record(audit.Verb.RULE_REMINDERS_SET, rule, by=by, on=since is not None)
