"""Guided applications: begun, led step by step, ended with a licence or without."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Department, Membership
from governance.workflow import Refused
from institutions.models import Guidance, GuidanceStep, Institution, Licence
from institutions.services.periods import record_period, share_with

Status = Guidance.Status


@transaction.atomic
def begin_guidance(
    institution: Institution,
    *,
    by: Membership,
    goal: str,
    begun_on: dt.date,
    text: str = "",
    lead: Department | None = None,
) -> Guidance:
    """Begin to lead an institution to its licence; `lead` is the competent department.

    Raises `Refused` for a day in the future and while another attempt is open.
    """
    _check_day(begun_on)
    try:
        with transaction.atomic():
            row = Guidance.objects.create(
                institution=institution, division=institution.division, goal=goal,
                begun_on=begun_on, lead=lead or by.department or institution.lead, created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_open_guidance" not in str(error):
            raise
        raise Refused(_("It is being guided already.")) from error
    audit.record(Verb.GUIDANCE_BEGUN, row, by=by, goal=goal, on=begun_on)
    audit.record(Verb.GUIDANCE_BEGUN, institution, by=by, goal=goal, on=begun_on)
    share_with(institution, [row.lead], by=by)  # who leads it records the certificate too
    if text.strip():
        _step(row, begun_on, text, by)
    return row


@transaction.atomic
def guide(
    row: Guidance, *, by: Membership, on: dt.date, text: str, version: int | None = None
) -> GuidanceStep:
    """Record a step: what was looked at, missing, agreed."""
    _check_open(row)
    _check_day(on, row.begun_on)
    if not text.strip():
        raise Refused(_("Say what was done."))
    workflow.touch(row, version=version)
    step = _step(row, on, text, by)
    audit.record(Verb.GUIDANCE_STEP, row, by=by, on=on)
    return step


@transaction.atomic
def end_guidance(
    row: Guidance,
    outcome: str,
    *,
    by: Membership,
    on: dt.date,
    text: str,
    licence: Licence | None = None,
    version: int | None = None,
) -> None:
    """End it: licensed (with the licence on record), withdrawn, or found unable to qualify; the
    last is recorded as a fact of the institution, so that its lawful measure changes."""
    _check_day(on, row.begun_on)
    if not text.strip():
        raise Refused(_("Say how it ended."))
    if outcome == Status.LICENSED and licence is None:
        raise Refused(_("Record the certificate first, then end the guidance with it."))
    if licence is not None and licence.institution_id not in row.institution.family():
        raise Refused(_("This certificate belongs to another institution."))
    workflow.move(
        row, outcome, verb=Verb.GUIDANCE_ENDED, by=by, version=version,
        also={"ended_on": on, "licence": licence}, on=on,
    )  # fmt: skip
    _step(row, on, text, by)
    audit.record(Verb.GUIDANCE_ENDED, row.institution, by=by, outcome=outcome, on=on)
    now = row.institution.period()
    if outcome == Status.CANNOT_QUALIFY and now and now.can_qualify is not False:
        record_period(row.institution, by=by, start=on, can_qualify=False, reason=text.strip())


def _step(row: Guidance, on: dt.date, text: str, by: Membership) -> GuidanceStep:
    return GuidanceStep.objects.create(guidance=row, on=on, text=text.strip()[:500], recorded_by=by)


def _check_open(row: Guidance) -> None:
    if row.status != Status.OPEN:
        raise Refused(_("This guidance has ended."))


def _check_day(on: dt.date, begun_on: dt.date | None = None) -> None:
    if on > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    if begun_on and on < begun_on:
        raise Refused(_("That lies before the guidance began."))
