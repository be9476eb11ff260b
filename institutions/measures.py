"""The lawful measure for an institution: certificate status × can it qualify → what to do, and who.

The departments come from the dated table of competence; this file only says which measure that is,
in SQL for the ledger and in Python for one institution.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When

from governance import competence
from governance.models import CompetenceRule, Department
from governance.sources import basis_words
from institutions.models import CertStatus, Institution, InstitutionPeriod, Kind


class Measure(models.TextChoices):
    """What the law asks the departments to do about an institution."""

    SUPERVISE = "SUPERVISE"  # 日常监管
    REGISTER = "REGISTER"  # 督促登记
    GUIDE = "GUIDE"  # 指导申办
    KEEP_SCOPE = "KEEP_SCOPE"  # 责令在登记范围内活动
    STOP = "STOP"  # 责令停止办学
    ASSESS = "ASSESS"  # 先核查是否具备条件
    CARE = "CARE"  # 托管机构单独建档


def measure(kind: str, cert_status: str, can_qualify: bool | None) -> str:
    """The measure for a kind of place in a certificate status."""
    if kind != Kind.TRAINING:
        return Measure.CARE if kind == Kind.AFTERCARE else Measure.SUPERVISE
    if cert_status == CertStatus.FULL:
        return Measure.SUPERVISE
    if cert_status == CertStatus.LICENSE_ONLY:
        return Measure.REGISTER
    if can_qualify is None:
        return Measure.ASSESS
    if can_qualify:
        return Measure.GUIDE
    return Measure.KEEP_SCOPE if cert_status == CertStatus.REG_ONLY else Measure.STOP


def sql() -> Case:
    """The same over rows of `InstitutionPeriod` with `cert_status`."""
    training = Q(kind=Kind.TRAINING)
    return Case(
        When(Q(kind=Kind.AFTERCARE), then=Value(Measure.CARE)),
        When(~training | Q(cert_status=CertStatus.FULL), then=Value(Measure.SUPERVISE)),
        When(Q(cert_status=CertStatus.LICENSE_ONLY), then=Value(Measure.REGISTER)),
        When(Q(can_qualify=None), then=Value(Measure.ASSESS)),
        When(Q(can_qualify=True), then=Value(Measure.GUIDE)),
        When(Q(cert_status=CertStatus.REG_ONLY), then=Value(Measure.KEEP_SCOPE)),
        default=Value(Measure.STOP),
        output_field=models.CharField(),
    )


@dataclass(frozen=True)
class Advice:
    """The measure for one institution, the rule it rests on, who leads and who assists."""

    measure: str
    rule: CompetenceRule | None
    lead: Department | None
    assist: Sequence[Department]

    @property
    def basis(self) -> str:
        return basis_words(self.rule.basis) if self.rule else ""


def advice(
    institution: Institution,
    period: InstitutionPeriod,
    cert_status: str,
    on: dt.date | None = None,
) -> Advice:
    """What is to be done about an institution on a day; without departments where the table of
    competence or the county has none for it."""
    which = measure(period.kind, cert_status, period.can_qualify)
    if which == Measure.ASSESS:
        return Advice(which, None, institution.lead, ())
    care = period.kind == Kind.AFTERCARE
    said = {True: "Y", False: "N", None: "any"}[period.can_qualify]
    try:
        rule, answer = competence.for_institution(
            _category(period), "any" if care else cert_status, institution.division,
            can_qualify=said, on=on, licensed_by=_kinds(period),
        )  # fmt: skip
    except competence.NobodyCompetent:
        return Advice(which, None, None, ())
    return Advice(which, rule, answer.lead, answer.assist)


def _category(period: InstitutionPeriod) -> str:
    if period.kind == Kind.AFTERCARE:
        return str(Kind.AFTERCARE)
    return str(period.categories[0]) if period.categories else "any"


def _kinds(period: InstitutionPeriod) -> list[Any]:
    """The kinds of department that licensed or registered it: they lead where the table lets."""
    return [office.kind for office in (period.licensor, period.registrar) if office]
