"""The same act on many rows: each row is done whole or refused whole, with its reason."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from inspections import duties
from inspections.models import Inspection
from inspections.services import planning
from institutions.models import Institution


@dataclass(frozen=True)
class Outcome:
    """What became of one institution: an inspection, or why there is none."""

    institution: Institution
    inspection: Inspection | None = None
    reason: str = ""


class AlreadyPlanned(Refused):
    """The department has a visit of this kind there that did not take place yet."""

    code = "already_planned"


def plan_each(
    institutions: Iterable[Institution],
    *,
    by: Membership,
    kind: str,
    planned_for: dt.date,
    purpose: str = "",
) -> list[Outcome]:
    """Plan a visit to each; sending the same twice plans nothing twice."""
    require(by, duties.PLAN)
    return [
        _outcome(institution, by=by, kind=kind, planned_for=planned_for, purpose=purpose)
        for institution in institutions
    ]


def _outcome(
    institution: Institution, *, by: Membership, kind: str, planned_for: dt.date, purpose: str
) -> Outcome:
    try:
        with transaction.atomic():
            _require_none(institution, kind, by)
            row = planning.plan(
                institution, by=by, kind=kind, planned_for=planned_for, purpose=purpose
            )
    except (Refused, DutyMissing) as refusal:
        return Outcome(institution, reason=str(refusal))
    return Outcome(institution, row)


def _require_none(institution: Institution, kind: str, by: Membership) -> None:
    """Locks the institution, so that two people who send at once do not both plan."""
    Institution.objects.visible_to(by).select_for_update(of=("self",)).get(pk=institution.pk)
    waiting = Inspection.objects.visible_to(by).to_do()
    mine = waiting.filter(institution=institution, kind=kind, lead=by.department).first()
    if mine is not None:
        raise AlreadyPlanned(_("%(number)s is planned there already.") % {"number": mine.number})
