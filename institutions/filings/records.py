"""The rows on record: added, changed, ended, taken out. Filings and the window both end here."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, private_fields, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions.filings.kinds import FilingKind, kind_of
from institutions.leads import due
from institutions.models import Course, Filed, Institution, LessonSlot, Source


class AlreadyOnRecord(Refused):
    """The same row is on record already."""

    code = "already_on_record"


@transaction.atomic
def add(
    kind: FilingKind,
    institution: Institution,
    data: dict[str, Any],
    *,
    by: Membership,
    source: str = Source.ENTRY,
) -> Filed:
    """Put a row on record; `data` is what the form of the kind cleaned."""
    fields = {name: value for name, value in data.items() if name != "slots"}
    try:
        with transaction.atomic():
            row = kind.model.objects.create(
                institution=institution, source=source, recorded_by=by, **fields
            )
    except IntegrityError as error:
        raise _known(error) from error
    if isinstance(row, Course):
        _write_slots(row, data.get("slots") or [])
    _told(Verb.RECORD_ADDED, row, institution, by)
    return row


@transaction.atomic
def change(
    row: Any,
    data: dict[str, Any],
    *,
    by: Membership,
    source: str = Source.ENTRY,
    version: int | None = None,
) -> dict[str, Any]:
    """Change fields of a row; returns {field: [old, new]} of its own columns."""
    fields = {name: value for name, value in data.items() if name != "slots"}
    try:
        with transaction.atomic():
            changes = workflow.change(
                row, verb=Verb.RECORD_CHANGED, by=by, version=version, **fields
            )
    except IntegrityError as error:
        raise _known(error) from error
    if isinstance(row, Course) and "slots" in data:
        _write_slots(row, data["slots"] or [])
        if not changes:
            workflow.touch(row, version=version)
    type(row).objects.filter(pk=row.pk).update(
        source=source, recorded_by=by, recorded_at=daylight.now()
    )
    told = private_fields.withheld(type(row), changes)
    if "slots" in data:
        told["slots"] = "changed"
    _told(Verb.RECORD_CHANGED, row, row.institution, by, changes=told)
    return changes


@transaction.atomic
def end(
    row: Any,
    *,
    on: dt.date,
    by: Membership,
    source: str = Source.ENTRY,
    version: int | None = None,
) -> None:
    """`on` is the first day on which the row no longer counts."""
    if row.ended_on:
        raise Refused(_("It has ended already."))
    workflow.change(row, verb=Verb.RECORD_ENDED, by=by, version=version, ended_on=on)
    type(row).objects.filter(pk=row.pk).update(source=source, recorded_by=by)
    _told(Verb.RECORD_ENDED, row, row.institution, by, on=on)


@transaction.atomic
def void(row: Any, *, reason: str, by: Membership, version: int | None = None) -> None:
    """Take out a row that was entered by mistake."""
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if row.voided_at:
        raise Refused(_("It was already taken out."))
    workflow.change(
        row, verb=Verb.RECORD_VOIDED, by=by, version=version,
        voided_at=daylight.now(), void_reason=reason.strip()[:200],
    )  # fmt: skip
    _told(Verb.RECORD_VOIDED, row, row.institution, by, reason=reason.strip())


def _write_slots(course: Course, slots: list[dict[str, Any]]) -> None:
    """The timetable as a whole, as it was written."""
    course.slots.all().delete()
    LessonSlot.objects.bulk_create(
        LessonSlot(
            course=course,
            weekday=slot["weekday"],
            starts_at=dt.time.fromisoformat(slot["starts_at"]),
            ends_at=dt.time.fromisoformat(slot["ends_at"]),
            heads=slot["heads"],
            on_rest_days=slot["on_rest_days"],
            dates=[dt.date.fromisoformat(day) for day in slot["dates"]],
        )
        for slot in slots
    )


def _told(verb: str, row: Filed, institution: Institution, by: Membership, **facts: Any) -> None:
    """On the institution too: its record of acts tells what became of its rows."""
    audit.record(verb, institution, by=by, kind=kind_of(row).code, record=row.pk, **facts)
    due.mark([institution.pk])


def _known(error: IntegrityError) -> Refused:
    text = str(error)
    if "one_person_once_per_institution" in text:
        return AlreadyOnRecord(_("This person is on record here already."))
    if "one_figure_per_code_and_day" in text:
        return AlreadyOnRecord(_("This figure of this day is on record already."))
    raise error
