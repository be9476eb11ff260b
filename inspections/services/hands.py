"""Whose hands an act needs: the department in charge, and other people than before."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from governance.models import Department, Membership
from governance.scoping import Duty, DutyMissing, require
from governance.workflow import Refused
from inspections.models import RectificationTask


class SeparateHands(Refused):
    """One person cannot do two of the steps that keep watch on each other."""

    code = "separate_hands"


def require_of(department: Department, duty: Duty, by: Membership) -> None:
    """Pass when the actor has the duty in this department; else `DutyMissing`."""
    require(by, duty)
    if by.department_id != department.pk:
        raise DutyMissing(duty)


def refuse_same(by: Membership, others: Iterable[Membership | None], sentence: str) -> None:
    """Raise `SeparateHands` when the person is among `others`; the sentence names whom to ask."""
    if by.user_id and any(other and other.user_id == by.user_id for other in others):
        raise SeparateHands(sentence)


def somebody_else(department: Department) -> str:
    """Whom to hand the act to."""
    return _("Ask another person of %(department)s, or have one delegated there.") % {
        "department": department.name
    }


def provers(task: RectificationTask) -> list[Membership]:
    """Who handed in proof in the present round."""
    return [proof.created_by for proof in task.proofs.all() if proof.round == task.round]


def recheckers(task: RectificationTask) -> list[Membership | None]:
    """Who passed the present round."""
    rows = [row for row in task.rechecks.all() if row.round == task.round]
    passed = [row for row in rows if row.result == "passed"]
    return [person for row in passed for person in (row.created_by, row.companion)]
