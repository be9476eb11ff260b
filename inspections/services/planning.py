"""Planning an inspection, sending people, calling it off."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, daylight, notifications, workflow
from governance.audit import Verb
from governance.models import Division, Membership
from governance.scoping import require
from governance.workflow import Refused
from inspections import crew, duties
from inspections.models import ChecklistVersion, Inspection, InspectionOfficer
from inspections.services import sharing
from institutions.models import Institution, Site

Status = Inspection.Status
ASSIGNED_TEXT = gettext_noop("You are to inspect %(name)s on %(day)s (%(number)s).")


@transaction.atomic
def plan(
    institution: Institution,
    *,
    by: Membership,
    kind: str,
    planned_for: dt.date,
    purpose: str = "",
    sections: Sequence[str] = (),
    site: Site | None = None,
    officers: Collection[Membership] = (),
    leader: Membership | None = None,
) -> Inspection:
    """Plan a visit; with `officers` they are sent at once.

    `sections` are section codes of the checklist (all when empty).
    """
    require(by, duties.PLAN)
    if planned_for < daylight.today():
        raise Refused(_("An inspection is planned for today or later."))
    inspection = create(
        institution, by=by, kind=kind, site=site, planned_for=planned_for,
        purpose=purpose.strip(), sections=list(sections),
    )  # fmt: skip
    audit.record(
        Verb.INSPECTION_PLANNED, inspection, by=by, kind=kind, planned_for=planned_for,
        institution=institution.number,
    )  # fmt: skip
    if officers:
        assign(inspection, officers=officers, leader=leader, by=by)
    return inspection


def create(
    institution: Institution, *, by: Membership, kind: str, site: Site | None = None, **facts: Any
) -> Inspection:
    """The bare row with its number; the caller records the act."""
    if site and site.institution_id not in institution.family():
        raise Refused(_("This site belongs to another institution."))
    division = _place(institution, site)
    inspection = Inspection(
        institution=institution, site=site, kind=kind, division=division, lead=by.department,
        checklist=checklist_for(division), created_by=by, **facts,
    )  # fmt: skip
    inspection.number = str(inspection.uuid)
    inspection.save(force_insert=True)
    number_it(inspection, "J")
    sharing.share(
        inspection,
        [sharing.field_lead(division)],
        sharing.READ,
        basis=_("lead of the field"),
        by=by,
    )
    return inspection


def number_it(row: Any, word: str) -> None:
    """Give a fresh row its number: word, year, key."""
    row.number = f"{word}-{daylight.today().year}-{row.pk:06d}"
    type(row)._default_manager.filter(pk=row.pk).update(number=row.number)


def _place(institution: Institution, site: Site | None) -> Division:
    period = site.periods.on(daylight.today()).first() if site else None
    return period.township if period else institution.division


def checklist_for(division: Division, on: dt.date | None = None) -> ChecklistVersion:
    """The checklist in force at the place; `Refused` when none was loaded."""
    found = ChecklistVersion.objects.for_place(division, on or daylight.today())
    if found is None:
        raise Refused(_("No checklist is in force here."))
    return found


@transaction.atomic
def assign(
    inspection: Inspection,
    *,
    officers: Collection[Membership],
    by: Membership,
    leader: Membership | None = None,
    version: int | None = None,
) -> None:
    """Name the people who go; the first one leads unless `leader` is given.

    Raises `CrewTooSmall` when the kind needs more people or more valid cards.
    """
    require(by, duties.PLAN)
    people = list(dict.fromkeys(officers))
    crew.check(inspection.kind, people)
    _refuse_strangers(inspection, people)
    names = [person.person for person in people]
    if inspection.status == Status.ASSIGNED:
        workflow.touch(inspection, version=version)
        audit.record(Verb.INSPECTION_ASSIGNED, inspection, by=by, officers=names)
    else:
        workflow.move(
            inspection, Status.ASSIGNED, verb=Verb.INSPECTION_ASSIGNED, by=by, version=version,
            officers=names,
        )  # fmt: skip
    set_officers(inspection, people, leader or people[0], by=by)
    _tell(inspection, people)


def _refuse_strangers(inspection: Inspection, people: list[Membership]) -> None:
    allowed = set(crew.candidates(inspection.division).values_list("pk", flat=True))
    strangers = [person.person for person in people if person.pk not in allowed]
    if strangers:
        raise Refused(
            _("%(names)s cannot be sent there: no active office that covers the place.")
            % {"names": ", ".join(strangers)}
        )


def set_officers(
    inspection: Inspection, people: Collection[Membership], leader: Membership, *, by: Membership
) -> None:
    """Replace the people on an inspection; their departments may write on its record."""
    inspection.officers.exclude(membership__in=people).delete()
    for person in people:
        InspectionOfficer.objects.update_or_create(
            inspection=inspection,
            membership=person,
            defaults={
                "is_leader": person.pk == leader.pk,
                "card_number": person.enforcement_card if person.holds_card() else "",
            },
        )
    departments = {person.department_id: person.department for person in people}
    sharing.share(
        inspection, departments.values(), sharing.ASSIST, basis=_("sent on the inspection"), by=by
    )


def _tell(inspection: Inspection, people: list[Membership]) -> None:
    day = inspection.planned_for or daylight.today()
    notifications.notify_all(
        people,
        key=f"inspection:{inspection.pk}:{day}",
        text=ASSIGNED_TEXT,
        params={
            "name": str(inspection.institution),
            "day": day.isoformat(),
            "number": inspection.number,
        },
        subject=inspection,
    )


@transaction.atomic
def cancel(
    inspection: Inspection, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Call off an inspection that was not signed; what was recorded stays with it."""
    require(by, duties.PLAN)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the inspection is called off."))
    workflow.move(
        inspection, Status.CANCELLED, verb=Verb.INSPECTION_CANCELLED, by=by, version=version,
        also={"cancel_reason": reason[:200]}, reason=reason,
    )  # fmt: skip
