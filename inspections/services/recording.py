"""Writing down what is seen: the whole document again and again, safe under replay and disorder.

A draft changes with every touch of the screen, so single saves leave no audit event; beginning and
signing do, and the signature fixes the hash of the last document.
"""

import datetime as dt
import uuid as uuids
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import attachments, audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import require
from governance.workflow import Refused
from inspections import crew, documents, duties
from inspections.models import ChecklistItem, Inspection, InspectionAnswer, InspectionPhoto
from inspections.services import planning
from institutions.models import Institution, Site

Status, Role = Inspection.Status, InspectionPhoto.Role


class NotYours(Refused):
    """The uuid belongs to an inspection on which this person is not named."""

    code = "not_yours"


class AlreadySigned(Refused):
    """A signed record does not change."""

    code = "already_signed"


class OtherWindow(Refused):
    """Another window or phone saved something else under the same revision."""

    code = "other_window"


@transaction.atomic
def record(
    uuid: uuids.UUID, document: dict[str, Any], *, by: Membership
) -> tuple[Inspection, bool]:
    """Save the document (checked by `documents.DocumentShape`) under the uuid.

    Returns the inspection and whether it was begun by this call. The same document again, or an
    older revision that comes late, changes nothing. Raises `NotYours`, `AlreadySigned`,
    `OtherWindow`, `documents.Malformed`.
    """
    require(by, duties.INSPECT)
    inspection, begun = _found_or_begun(uuid, document, by)
    digest = documents.digest(document)
    if inspection.body_sha256 == digest:
        return inspection, begun
    if not inspection.is_open_for_record:
        raise AlreadySigned(_("The record is signed and does not change any more."))
    if document["revision"] < inspection.revision:
        return inspection, begun
    if document["revision"] == inspection.revision:
        raise OtherWindow(_("This inspection was changed in another window. Reload the page."))
    if inspection.status == Status.ASSIGNED:
        workflow.move(inspection, Status.IN_PROGRESS, verb=Verb.INSPECTION_STARTED, by=by)
    _write(inspection, document, digest, by)
    return inspection, begun


def _found_or_begun(
    uuid: uuids.UUID, document: dict[str, Any], by: Membership
) -> tuple[Inspection, bool]:
    found = _locked(uuid, by)
    if found:
        return found, False
    try:
        with transaction.atomic():
            return _begin(uuid, document, by), True
    except IntegrityError:  # the same uuid arrived twice at once
        found = _locked(uuid, by)
        if found is None:
            raise
        return found, False


def _locked(uuid: uuids.UUID, by: Membership) -> Inspection | None:
    found = Inspection.objects.select_for_update().filter(uuid=uuid, voided_at=None).first()
    if found:
        refuse_others(found, by)
    return found


def refuse_others(inspection: Inspection, by: Membership) -> None:
    """Only the people named on an inspection write on its record."""
    if not inspection.officers.filter(membership__user=by.user).exists():
        raise NotYours(_("You are not named on this inspection."))


def _begin(uuid: uuids.UUID, document: dict[str, Any], by: Membership) -> Inspection:
    institution = Institution.objects.visible_to(by).filter(pk=document["institution"]).first()
    if institution is None:
        raise documents.Malformed({"institution": _("unknown")})
    inspection = planning.create(
        institution,
        by=by,
        kind=document["kind"],
        site=_site(institution, document.get("site")),
        uuid=uuid,
        status=Status.IN_PROGRESS,
        started_at=daylight.now(),
        inspected_on=daylight.today(),
    )
    planning.set_officers(inspection, [by], by, by=by)
    audit.record(
        Verb.INSPECTION_STARTED, inspection, by=by, kind=inspection.kind,
        institution=institution.number,
    )  # fmt: skip
    return inspection


def _site(institution: Institution, pk: int | None) -> Site | None:
    if not pk:
        return None
    found = institution.sites.filter(pk=pk, voided_at=None).first()
    if found is None:
        raise documents.Malformed({"site": _("unknown")})
    return found


def _write(inspection: Inspection, document: dict[str, Any], digest: str, by: Membership) -> None:
    _set_columns(inspection, document, digest)
    _set_officers(inspection, document["officers"], by)
    items = {item.code: item for item in inspection.checklist.items.all()}
    _set_answers(inspection, _answers(inspection, document, items))
    _set_photos(inspection, document["photos"], items, by)


def _set_columns(inspection: Inspection, document: dict[str, Any], digest: str) -> None:
    for name, value in _columns(inspection, document).items():
        setattr(inspection, name, value)
    inspection.body_sha256 = digest
    inspection.version += 1
    inspection.save()


def _columns(inspection: Inspection, document: dict[str, Any]) -> dict[str, Any]:
    device_time = document.get("device_time")
    offset = (device_time - daylight.now()).total_seconds() if device_time else None
    columns = {
        "revision": document["revision"],
        "sections": document["sections"],
        "summary": document["summary"],
        "photos_missing_reason": document["photos_missing_reason"],
        "device_time": device_time,
        "device_offset": offset,
        "started_at": inspection.started_at or daylight.now(),
        "inspected_on": inspection.inspected_on or daylight.today(),
    }
    if inspection.planned_for is None:  # a planned visit keeps the kind it was planned as
        columns["kind"] = document["kind"]
    return columns | _position(document.get("position"))


def _position(position: dict[str, Any] | None) -> dict[str, Any]:
    if not position:
        return {}
    known = position["source"] != Inspection.PositionSource.NONE
    return {
        "position_source": position["source"],
        "latitude": position.get("latitude") if known else None,
        "longitude": position.get("longitude") if known else None,
        "accuracy": position.get("accuracy") if known else None,
        "positioned_at": position.get("at"),
        "position_reason": position["reason"],
    }


def _set_officers(inspection: Inspection, officers: list[dict[str, Any]], by: Membership) -> None:
    """The people as the phone has them; whoever writes stays among them."""
    wanted = {officer["membership"] for officer in officers}
    now = list(inspection.officers.select_related("membership__user", "membership__department"))
    if not wanted or wanted == {officer.membership_id for officer in now}:
        return
    allowed = crew.candidates(inspection.division).filter(pk__in=wanted)
    people = {member.pk: member for member in allowed} | {by.pk: by}
    if missing := wanted - set(people):
        raise documents.Malformed({"officers": [str(pk) for pk in sorted(missing)]})
    leaders = [people[row["membership"]] for row in officers if row["leader"]]
    planning.set_officers(inspection, list(people.values()), (leaders or [by])[0], by=by)


# --- answers ---------------------------------------------------------------------------------


def _answers(
    inspection: Inspection, document: dict[str, Any], items: dict[str, ChecklistItem]
) -> list[InspectionAnswer]:
    """The answers of the document as unsaved rows."""
    unknown = [row["item"] for row in document["answers"] if row["item"] not in items]
    if unknown:
        raise documents.Malformed({"answers": unknown})
    rows = [_answer(inspection, row, items[row["item"]]) for row in document["answers"]]
    return rows + [_observation(inspection, row) for row in document["observations"]]


def _answer(inspection: Inspection, row: dict[str, Any], item: ChecklistItem) -> InspectionAnswer:
    no = row["value"] == InspectionAnswer.Value.NO
    return InspectionAnswer(
        inspection=inspection,
        uuid=row.get("uuid") or uuids.uuid5(inspection.uuid, item.code),
        item=item,
        value=row["value"],
        note=row["note"].strip(),
        fixed_on_spot=no and row["fixed"],
        fix_note=row["fix_note"].strip() if no else "",
    )


def _observation(inspection: Inspection, row: dict[str, Any]) -> InspectionAnswer:
    return InspectionAnswer(
        inspection=inspection,
        uuid=row["uuid"],
        value=InspectionAnswer.Value.NO,
        note=row["note"].strip(),
        problem_code=row["problem_code"],
        severity=row["severity"],
        fixed_on_spot=row["fixed"],
        fix_note=row["fix_note"].strip(),
    )


WRITTEN = ["uuid", "value", "note", "problem_code", "severity", "fixed_on_spot", "fix_note"]


def _set_answers(inspection: Inspection, wanted: list[InspectionAnswer]) -> None:
    """Bring the rows to what the document says, in at most four statements."""
    there = {answer.item_id or answer.uuid: answer for answer in inspection.answers.all()}
    new, changed = [], []
    for answer in wanted:
        known = there.pop(answer.item_id or answer.uuid, None)
        if known is None:
            new.append(answer)
        elif any(getattr(known, name) != getattr(answer, name) for name in WRITTEN):
            answer.pk = known.pk
            changed.append(answer)
    inspection.answers.filter(pk__in=[answer.pk for answer in there.values()]).delete()
    try:
        with transaction.atomic():
            InspectionAnswer.objects.bulk_update(changed, WRITTEN)
            InspectionAnswer.objects.bulk_create(new)
    except IntegrityError as error:
        raise documents.Malformed({"answers": _("an identifier is used elsewhere")}) from error


# --- photos ----------------------------------------------------------------------------------


def _set_photos(
    inspection: Inspection,
    photos: list[dict[str, Any]],
    items: dict[str, ChecklistItem],
    by: Membership,
) -> None:
    there = {photo.uuid: photo for photo in inspection.photos.select_related("attachment")}
    for row in photos:
        known = there.pop(row["uuid"], None)
        _declare(inspection, row, items.get(row["item"]), known)
    for photo in there.values():
        if photo.declared:  # it was taken off the record before the signature
            drop_photo(photo, by=by)


def _declare(
    inspection: Inspection,
    row: dict[str, Any],
    item: ChecklistItem | None,
    known: InspectionPhoto | None,
) -> None:
    if known and known.attachment and known.attachment.sha256 != row["sha256"]:
        raise attachments.HashMismatch(_("The picture differs from the one that was sent."))
    try:
        with transaction.atomic():
            InspectionPhoto.objects.update_or_create(
                inspection=inspection,
                uuid=row["uuid"],
                defaults={
                    "role": row["role"],
                    "sha256": row["sha256"],
                    "item": item,
                    "answer_uuid": row.get("observation"),
                    "caption": row["caption"].strip(),
                    "declared": True,
                },
            )
    except IntegrityError as error:
        raise documents.Malformed({"photos": str(row["uuid"])}) from error


def drop_photo(photo: InspectionPhoto, *, by: Membership) -> None:
    """Take a picture off an unsigned record; received bytes stay, voided."""
    attachment = photo.attachment
    photo.delete()
    if attachment:
        attachments.void(attachment, by=by, reason=_("taken off the record before signing"))


def receive_photo(
    inspection: Inspection,
    uuid: uuids.UUID,
    file: attachments.Sent,
    *,
    by: Membership,
    sha256: str,
    role: str = Role.PHOTO,
    captured_at: dt.datetime | None = None,
    position: attachments.Position | None = None,
) -> InspectionPhoto:
    """Take the bytes of one picture; before, after or between the documents that declare it.

    The same bytes again are the same picture. Raises `HashMismatch`, `TooLarge`, `WrongType`,
    `AlreadySigned`, `NotYours`.
    """
    refuse_others(inspection, by)
    known = InspectionPhoto.objects.filter(inspection=inspection, uuid=uuid).first()
    if not inspection.is_open_for_record and not (known and known.attachment):
        raise AlreadySigned(_("The record is signed and does not change any more."))
    _refuse_other_bytes(known, uuid, sha256)
    role = known.role if known else role
    attachment = attachments.attach(
        inspection,
        file,
        by=by,
        kind="photo" if role == Role.PHOTO else "signature",
        uuid=uuid,
        client_sha256=sha256,
        captured_at=captured_at,
        position=position,
        caption=known.caption if known else "",
    )
    photo, _created = InspectionPhoto.objects.update_or_create(
        inspection=inspection,
        uuid=uuid,
        defaults={"sha256": attachment.sha256, "attachment": attachment},
        create_defaults={
            "sha256": attachment.sha256, "attachment": attachment, "role": role, "declared": False,
        },
    )  # fmt: skip
    return photo


def _refuse_other_bytes(known: InspectionPhoto | None, uuid: uuids.UUID, sha256: str) -> None:
    if known is None and InspectionPhoto.objects.filter(uuid=uuid).exists():
        raise NotYours(_("This picture belongs to another inspection."))
    if known and known.declared and known.sha256 != sha256:
        raise attachments.HashMismatch(_("The picture differs from the one that was announced."))
