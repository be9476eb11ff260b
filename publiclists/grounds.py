"""Grounds that the system can establish itself, on any day, and where they come from."""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance.labels import label
from inspections.models import Finding, RectificationTask
from institutions.models import REGISTRATION, SCHOOLING, CertStatus, Institution, Licence
from publiclists.models import Ground

DATA = Path(__file__).parent / "data" / "list_grounds.csv"


@dataclass(frozen=True)
class Verdict:
    """What a check of one ground found: the facts seen, and why it does not hold."""

    facts: dict[str, Any] = field(default_factory=dict)
    against: list[str] = field(default_factory=list)  # sentences; empty: the ground holds

    @property
    def holds(self) -> bool:
        return not self.against


def check(ground: Ground, institution: Institution, on: dt.date) -> Verdict:
    """Whether `ground` holds for `institution` on the day; grounds stated by staff always do."""
    if not ground.check_code:
        return Verdict()
    return _CHECKS[ground.check_code](institution, on)


def _certified_and_clear(institution: Institution, on: dt.date) -> Verdict:
    against = []
    held = _certificates(institution, on)
    status = CertStatus.of(row["kind"] for row in held)
    if status != CertStatus.FULL:
        word = label("cert_status", status)
        against.append(_("Certificates on %(day)s: %(status)s.") % {"day": on, "status": word})
    findings = Finding.objects.of(institution).open().count()
    if findings:
        against.append(_("Open findings: %(count)s.") % {"count": findings})
    return Verdict({"certificates": held, "open_findings": findings}, against)


def _uncertified(institution: Institution, on: dt.date) -> Verdict:
    status = _cert_status(institution, on)
    against = [_("Both certificates are in force.")] if status == CertStatus.FULL else []
    return Verdict({"cert_status": status}, against)


def _failed_rectification(institution: Institution, on: dt.date) -> Verdict:
    tasks = RectificationTask.objects.filter(institution__in=institution.family())
    count = tasks.overdue(on).count()
    against = [] if count else [_("No rectification of this institution is overdue.")]
    return Verdict({"overdue_tasks": count}, against)


_CHECKS: dict[str, Callable[[Institution, dt.date], Verdict]] = {
    Ground.Check.CERTIFIED_AND_CLEAR: _certified_and_clear,
    Ground.Check.UNCERTIFIED: _uncertified,
    Ground.Check.FAILED_RECTIFICATION: _failed_rectification,
}


def _cert_status(institution: Institution, on: dt.date) -> str:
    return Institution.objects.with_cert_status(on).get(pk=institution.pk).cert_status


def _certificates(institution: Institution, on: dt.date) -> list[dict[str, str]]:
    wanted = Licence.objects.in_force(on).filter(
        institution__in=institution.family(), kind__in=[*SCHOOLING, *REGISTRATION]
    )
    return [
        {"kind": licence.kind, "number": licence.number, "valid_to": str(licence.valid_to or "")}
        for licence in wanted.order_by("kind", "pk")
    ]


@transaction.atomic
def load() -> int:
    """Load `list_grounds.csv`; a county's own versions stay as they are. Returns the rows."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        months = {
            "least_months": int(row.pop("least_months")),
            "most_months": int(most) if (most := row.pop("most_months")) else None,
        }
        Ground.objects.update_or_create(
            code=row.pop("code"), county="", valid_from=None, defaults=row | months
        )
    return len(rows)
