"""What the register already knows: the facts that fill a column before anybody types.

Words are written in Chinese whatever the reader's language, because a return is data; the caller
sets the language (`campaigns/prefill.py`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.labels import label
from governance.privacy import mask_phone
from inspections.models import RectificationTask
from institutions.models import FoundHow

Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """`fields` are columns and derived facts of an `InstitutionPeriod`; `value` takes them."""

    label: Any
    fields: tuple[str, ...]
    value: Callable[[Row], Any]


def _plain(text: Any, field: str) -> Source:
    return Source(text, (field,), lambda row: row[field])


def _coded(text: Any, field: str, domain: str) -> Source:
    return Source(text, (field,), lambda row: label(domain, row[field]))


def _several(text: Any, field: str, domain: str) -> Source:
    return Source(text, (field,), lambda row: "、".join(label(domain, one) for one in row[field]))


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("是" if value else "否")


def _found_how(value: str) -> str:
    return str(FoundHow(value).label) if value else ""


INSTITUTION: dict[str, Source] = {
    "number": _plain(_("Register number"), "institution__number"),
    "name": _plain(_("Name"), "name"),
    "township": _plain(_("Township"), "township__name"),
    "address": _plain(_("Address"), "address"),
    "representative": _plain(_("Legal representative"), "institution__legal_representative"),
    "principal": _plain(_("Principal"), "institution__principal"),
    "phone": Source(
        _("Phone, masked"),
        ("institution__contact_phone",),
        lambda row: mask_phone(row["institution__contact_phone"] or ""),
    ),
    "licence_number": _plain(_("Licence number"), "licence_number"),
    "licence_until": _plain(_("Licence until"), "expires_on"),
    "credit_code": _plain(_("Unified credit code"), "institution__credit_code"),
    "registrar": _plain(_("Registrar"), "registrar__name"),
    "licensor": _plain(_("Licensor"), "licensor__name"),
    "cert_status": _coded(_("Certificates"), "cert_status", "cert_status"),
    "category": _coded(_("Main category"), "main_category", "Institution.category"),
    "mode": _coded(_("Mode"), "mode", "Institution.mode"),
    "stages": _several(_("Stages"), "stages", "Institution.stage"),
    "founded": _plain(_("Founded on"), "institution__founded_on"),
    "learners": _plain(_("Learners"), "learners"),
    "area": _plain(_("Area of the first site"), "area"),
    "floors": _plain(_("Floors of the first site"), "floors"),
    "operating": _coded(_("Operation"), "operating_status", "Institution.operating_status"),
    "outcome": _coded(_("Outcome"), "disposal", "Disposal.outcome"),
    "can_qualify": Source(
        _("Can qualify"), ("can_qualify",), lambda row: _yes_no(row["can_qualify"])
    ),
    "found_how": Source(
        _("How it was found"),
        ("institution__found_how",),
        lambda row: _found_how(row["institution__found_how"]),
    ),
}


@dataclass(frozen=True)
class TaskSource:
    """`value` takes a task with finding, institution, clocks, proofs and re-checks at hand."""

    label: Any
    value: Callable[[RectificationTask], Any]


def _due(task: RectificationTask) -> dt.date | None:
    clocks = [clock for clock in task.clocks.all() if clock.code == task.clock_rule]
    return max((clock.due_on for clock in clocks), default=None)


def _done(task: RectificationTask) -> dt.date | None:
    return max((proof.submitted_on for proof in task.proofs.all()), default=None)


def _rechecked_by(task: RectificationTask) -> str:
    passed = [row for row in task.rechecks.all() if row.result == "passed"]
    return passed[-1].created_by.person if passed else ""


TASK: dict[str, TaskSource] = {
    "task_number": TaskSource(_("Number of the notice"), lambda task: task.number),
    "task_name": TaskSource(_("Institution"), lambda task: str(task.institution)),
    "problem": TaskSource(_("Problem"), lambda task: task.finding.title),
    "problem_kind": TaskSource(_("Kind of problem"), lambda task: task.finding.problem),
    "severity": TaskSource(
        _("Severity"), lambda task: label("Finding.severity", task.finding.severity)
    ),
    "measure": TaskSource(
        _("Way of rectifying"), lambda task: label("RectificationTask.mode", task.mode)
    ),
    "responsibility": TaskSource(_("Who answers for it"), lambda task: task.responsibility),
    "measures": TaskSource(_("Measures"), lambda task: task.measures),
    "funds": TaskSource(_("Funds"), lambda task: task.funds),
    "contingency": TaskSource(_("Contingency plan"), lambda task: task.contingency_plan),
    "started": TaskSource(_("Served on"), lambda task: task.served_on),
    "due": TaskSource(_("Due on"), _due),
    "done": TaskSource(_("Proof handed in on"), _done),
    "rechecked_by": TaskSource(_("Re-checked by"), _rechecked_by),
    "closed": TaskSource(_("Closed out on"), lambda task: task.closed_on),
}

FIGURE: dict[str, Any] = {
    "SWEPT": _("Institutions"),
    "STATUS_FULL": _("With both papers"),
    "STATUS_REG_ONLY": _("Registered only"),
    "STATUS_LICENSE_ONLY": _("Licensed only"),
    "STATUS_NONE": _("Neither"),
    "DUPLICATE": _("Multi-site duplicates"),
    "KIND_SUBJECT": _("Subject"),
    "KIND_SPORT": _("Sport"),
    "KIND_ARTS": _("Arts"),
    "KIND_SCITECH": _("Science and technology"),
    "KIND_VOCATIONAL": _("Vocational"),
    "KIND_OTHER": _("Other and unclear"),
    "WITH_PROBLEM": _("Institutions with problems"),
    "RECTIFIED": _("Institutions with every problem closed out"),
    "ORDERED_RECTIFY": _("Institutions ordered to rectify in the period"),
    "SHUT_DOWN": _("Shut down"),
    "CLOSED_FOREVER": _("Permanently closed"),
    "JOINT_ACTIONS": _("Joint inspections in the period"),
}


def groups() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Every source for the choice of the editor, by what the rows are."""
    return [
        (
            pgettext_lazy("source of a column", "Institutions"),
            [(code, source.label) for code, source in INSTITUTION.items()],
        ),
        (
            pgettext_lazy("source of a column", "Problems"),
            [(code, source.label) for code, source in TASK.items()],
        ),
        (pgettext_lazy("source of a column", "Figures"), list(FIGURE.items())),
    ]
