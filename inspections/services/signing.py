"""The end of a visit: pictures complete, signed or the refusal witnessed, findings made."""

import uuid as uuids
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import daylight, workflow
from governance.audit import Verb
from governance.errors import BadRequest
from governance.models import Membership
from governance.scoping import require
from inspections import crew, duties
from inspections.models import (
    Finding,
    Inspection,
    InspectionAnswer,
    InspectionPhoto,
    RectificationTask,
    Severity,
)
from inspections.services import findings, notices, settling
from inspections.services.recording import drop_photo, refuse_others

Status, Party, Role = Inspection.Status, Inspection.PartySignature, InspectionPhoto.Role
Service = RectificationTask.Service

WORDS = {
    "signer_name": gettext_lazy("name of the person who signs"),
    "party_signature": gettext_lazy("signature of the institution"),
    "refusal_reason": gettext_lazy("why the signature was refused"),
    "witness_name": gettext_lazy("name of the witness"),
}


class Incomplete(BadRequest):
    """Something must still be filled in; `items` are the item codes or fields, to open them."""

    status = 422
    code = "incomplete"

    def __init__(self, sentence: str, items: Iterable[str]) -> None:
        super().__init__(sentence)
        self.items = list(items)


@transaction.atomic
def finalize(
    inspection: Inspection,
    expected: list[dict[str, Any]],
    signing: dict[str, Any],
    *,
    by: Membership,
) -> list[str]:
    """Sign when every expected picture is there; returns the uuids of those still missing.

    `expected` are `{uuid, sha256}` of every picture the phone holds; `signing` the keyword
    arguments of `sign`. Calling it again after the signature changes nothing.
    """
    inspection = _locked(inspection)
    refuse_others(inspection, by)
    if not inspection.is_open_for_record:
        return []
    missing = _missing(inspection, expected)
    if missing:
        return missing
    kept = {row["uuid"] for row in expected}
    for photo in inspection.photos.filter(attachment=None).exclude(uuid__in=kept):
        drop_photo(photo, by=by)
    sign(inspection, by=by, **signing)
    return []


def _locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update().get(pk=inspection.pk)


def _missing(inspection: Inspection, expected: list[dict[str, Any]]) -> list[str]:
    rows = inspection.photos.filter(attachment__isnull=False)
    received: set[tuple[uuids.UUID, str]] = set(rows.values_list("uuid", "sha256"))
    return [str(row["uuid"]) for row in expected if (row["uuid"], row["sha256"]) not in received]


@transaction.atomic
def sign(
    inspection: Inspection,
    *,
    by: Membership,
    party: str,
    signer_name: str = "",
    signer_post: str = "",
    refusal_reason: str = "",
    witness_name: str = "",
    statement: str = "",
    serve_now: bool = False,
    version: int | None = None,
) -> list[Finding]:
    """Sign the record; every NO becomes a finding. Returns the findings.

    `party` says how the institution signed; with `serve_now` the notices are issued and served by
    that signature (or left with the witness where it was refused). Raises `Incomplete` naming what
    lacks, `CrewTooSmall`, `NotYours`.
    """
    require(by, duties.INSPECT)
    refuse_others(inspection, by)
    photos = list(inspection.photos.all())
    officers = inspection.officers.select_related("membership__user")
    crew.check(inspection.kind, [row.membership for row in officers])
    _refuse_unsigned(inspection, photos, party, signer_name, refusal_reason, witness_name)
    _refuse_incomplete(inspection, photos)
    inspection.party_signature = party
    lacking = crew.gaps(inspection, photos)
    met = party in (Party.SIGNED, Party.REFUSED)
    columns = {
        "party_signature": party,
        "signer_name": signer_name.strip(),
        "signer_post": signer_post.strip(),
        "refusal_reason": refusal_reason.strip(),
        "witness_name": witness_name.strip(),
        "party_statement": statement.strip(),
        "signed_at": daylight.now(),
        "signed_by": by,
        "can_be_evidence": not lacking,
        "evidence_gaps": lacking,
        "disclosed_to": inspection.institution_id if met else None,
    }
    workflow.move(
        inspection, Status.SIGNED, verb=Verb.INSPECTION_SIGNED, by=by, version=version,
        also=columns, party=party, body_sha256=inspection.body_sha256, evidence_gaps=lacking,
        answers=inspection.answers.count(), photos=len(photos),
    )  # fmt: skip
    made = findings.make(inspection, by=by)
    if serve_now and met:
        notices.serve_on_spot(inspection, made, refused=party == Party.REFUSED, by=by)
    settling.settle(inspection, by=by)
    return made


def _refuse_unsigned(
    inspection: Inspection,
    photos: list[InspectionPhoto],
    party: str,
    signer_name: str,
    refusal_reason: str,
    witness_name: str,
) -> None:
    received = {photo.role for photo in photos if photo.attachment_id}
    lacking = {
        "signer_name": party == Party.SIGNED and not signer_name.strip(),
        "party_signature": party == Party.SIGNED and Role.PARTY_SIGNATURE not in received,
        "refusal_reason": party == Party.REFUSED and not refusal_reason.strip(),
        "witness_name": not witness_name.strip() and _needs_witness(inspection, party),
    }
    names = [name for name, missing in lacking.items() if missing]
    if names:
        words = ", ".join(str(WORDS[name]) for name in names)
        raise Incomplete(_("The signature is incomplete: %(words)s.") % {"words": words}, names)


def _needs_witness(inspection: Inspection, party: str) -> bool:
    if party == Party.ABSENT:
        return inspection.kind != Inspection.Kind.COVERT
    return party == Party.REFUSED


def _refuse_incomplete(inspection: Inspection, photos: list[InspectionPhoto]) -> None:
    answers = list(inspection.answers.select_related("item"))
    if not answers:
        raise Incomplete(_("Answer at least one question."), ["answers"])
    pictured = {photo.item_id for photo in photos if photo.attachment_id}
    reasoned = bool(inspection.photos_missing_reason.strip())
    noes = [answer for answer in answers if answer.value == InspectionAnswer.Value.NO]
    _refuse(_("Say what was found"), (row for row in noes if not row.note))
    _refuse(
        _("Take a photo, or say why there is none"),
        (
            row for row in noes
            if row.item and row.item.needs_photo and row.item_id not in pictured and not reasoned
        ),
    )  # fmt: skip
    fixed = [row for row in noes if row.fixed_on_spot]
    _refuse(_("Say how it was put right on the spot"), (row for row in fixed if not row.fix_note))
    _refuse(
        _("A critical problem is not closed on the spot"),
        (row for row in fixed if findings.severity_of(row) == Severity.CRITICAL),
    )


def _refuse(sentence: str, rows: Iterable[InspectionAnswer]) -> None:
    codes = [row.item.code if row.item else row.problem_code for row in rows]
    if codes:
        raise Incomplete(
            _("%(what)s: %(codes)s.") % {"what": sentence, "codes": ", ".join(codes)}, codes
        )
