"""The document a phone sends for an inspection (schema 1, `docs/phone-protocol.md`): its shape.

Only the shape is checked here; what it means is the service's business.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from governance.errors import BadRequest
from inspections import crew
from inspections.models import (
    Inspection,
    InspectionAnswer,
    InspectionPhoto,
    Severity,
)

SCHEMA = 1
MAX_ANSWERS, MAX_PHOTOS = 400, 200


class Malformed(BadRequest):
    """The document is not of the schema; `fields` says where."""

    status = 422
    code = "malformed"

    def __init__(self, fields: Any) -> None:
        super().__init__(_("The record cannot be read: %(fields)s") % {"fields": _flat(fields)})
        self.fields = fields


class OtherSchema(BadRequest):
    """The phone runs an older or newer version of the page."""

    status = 422
    code = "other_schema"


class Hash(serializers.RegexField):
    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[0-9a-f]{64}$", **options)


class PositionShape(serializers.Serializer):
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of this name
        Inspection.PositionSource.choices
    )
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = serializers.FloatField(
        min_value=-180, max_value=180, required=False, allow_null=True
    )
    accuracy = serializers.FloatField(min_value=0, required=False, allow_null=True)
    at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class OfficerShape(serializers.Serializer):
    membership = serializers.IntegerField(min_value=1)
    leader = serializers.BooleanField(default=False)


class AnswerShape(serializers.Serializer):
    item = serializers.CharField(max_length=10)
    value = serializers.ChoiceField(InspectionAnswer.Value.choices)
    uuid = serializers.UUIDField(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    fixed = serializers.BooleanField(default=False)
    fix_note = serializers.CharField(max_length=200, allow_blank=True, default="")


class ObservationShape(serializers.Serializer):
    uuid = serializers.UUIDField()
    problem_code = serializers.CharField(max_length=30)
    severity = serializers.ChoiceField(Severity.choices)
    note = serializers.CharField(max_length=500)
    fixed = serializers.BooleanField(default=False)
    fix_note = serializers.CharField(max_length=200, allow_blank=True, default="")


class PhotoShape(serializers.Serializer):
    uuid = serializers.UUIDField()
    sha256 = Hash()
    role = serializers.ChoiceField(InspectionPhoto.Role.choices, default=InspectionPhoto.Role.PHOTO)
    item = serializers.CharField(max_length=10, allow_blank=True, default="")
    observation = serializers.UUIDField(required=False, allow_null=True)
    caption = serializers.CharField(max_length=200, allow_blank=True, default="")


class DocumentShape(serializers.Serializer):
    """One inspection as the phone has it, whole; what is not in it any more is gone."""

    schema = serializers.IntegerField()
    revision = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    institution = serializers.IntegerField(min_value=1)
    site = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(crew.visits())
    sections = serializers.ListField(
        child=serializers.CharField(max_length=4), default=list, max_length=40
    )
    device_time = serializers.DateTimeField(required=False, allow_null=True)
    officers = OfficerShape(many=True, default=list)
    position = PositionShape(required=False, allow_null=True)
    answers = AnswerShape(many=True, default=list)
    observations = ObservationShape(many=True, default=list)
    photos = PhotoShape(many=True, default=list)
    photos_missing_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    summary = serializers.CharField(max_length=4000, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        _bounded("answers", data["answers"], MAX_ANSWERS)
        _bounded("photos", data["photos"], MAX_PHOTOS)
        _unique("answers", [answer["item"] for answer in data["answers"]])
        _unique("photos", [photo["uuid"] for photo in data["photos"]])
        _unique("observations", [seen["uuid"] for seen in data["observations"]])
        return data


class ExpectedShape(serializers.Serializer):
    uuid = serializers.UUIDField()
    sha256 = Hash()


class SigningShape(serializers.Serializer):
    """How the record was signed at the end of the visit."""

    party = serializers.ChoiceField(Inspection.PartySignature.choices)
    signer_name = serializers.CharField(max_length=60, allow_blank=True, default="")
    signer_post = serializers.CharField(max_length=60, allow_blank=True, default="")
    refusal_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    witness_name = serializers.CharField(max_length=60, allow_blank=True, default="")
    statement = serializers.CharField(max_length=2000, allow_blank=True, default="")
    serve_now = serializers.BooleanField(default=False)


class FinalizeShape(serializers.Serializer):
    """The end of a record: which pictures there must be, and the signatures."""

    schema = serializers.IntegerField()
    expected = ExpectedShape(many=True, default=list)
    signing = SigningShape()


def parse(body: bytes, shape: type[serializers.Serializer]) -> dict[str, Any]:
    """The checked document; `Malformed` or `OtherSchema` (both 422) otherwise."""
    try:
        raw = json.loads(body)
    except ValueError as error:
        raise Malformed({"body": _("not JSON")}) from error
    if not isinstance(raw, dict):
        raise Malformed({"body": _("not an object")})
    if raw.get("schema") != SCHEMA:
        raise OtherSchema(
            _("This page is of another version. Reload it; what you entered is kept.")
        )
    return check(raw, shape)


def check(raw: dict[str, Any], shape: type[serializers.Serializer]) -> dict[str, Any]:
    """`raw` in the shape, or `Malformed`."""
    serializer = shape(data=raw)
    if not serializer.is_valid():
        raise Malformed(serializer.errors)
    return serializer.validated_data


def digest(document: dict[str, Any]) -> str:
    """The hash by which a repeated document is known; the device's clock is no part of it."""
    same = {key: value for key, value in document.items() if key != "device_time"}
    text = json.dumps(same, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _bounded(name: str, rows: list[Any], most: int) -> None:
    if len(rows) > most:
        raise serializers.ValidationError({name: _("more than %(most)d") % {"most": most}})


def _unique(name: str, keys: list[Any]) -> None:
    if len(set(keys)) != len(keys):
        raise serializers.ValidationError({name: _("something is in it twice")})


def _flat(fields: Any) -> str:
    if isinstance(fields, dict):
        return "; ".join(f"{key}: {_flat(value)}" for key, value in fields.items() if value)
    if isinstance(fields, list | tuple):
        return ", ".join(part for part in map(_flat, fields) if part)
    return str(fields)


# --- the way back ----------------------------------------------------------------------------


def document_of(inspection: Inspection) -> dict[str, Any]:
    """The document as the server has it: what a page starts from, ready for JSON."""
    answers = list(inspection.answers.select_related("item"))
    return {
        "schema": SCHEMA,
        "revision": inspection.revision,
        "institution": inspection.institution_id,
        "site": inspection.site_id,
        "kind": inspection.kind,
        "sections": inspection.sections,
        "officers": [
            {"membership": row.membership_id, "leader": row.is_leader}
            for row in inspection.officers.all()
        ],
        "position": _position_of(inspection),
        "answers": [_answer_of(answer) for answer in answers if answer.item],
        "observations": [_observation_of(answer) for answer in answers if not answer.item],
        "photos": [
            _photo_of(photo) for photo in inspection.photos.select_related("item", "attachment")
        ],
        "photos_missing_reason": inspection.photos_missing_reason,
        "summary": inspection.summary,
    }


def _position_of(inspection: Inspection) -> dict[str, Any] | None:
    if not inspection.position_source:
        return None
    at = inspection.positioned_at
    return {
        "source": inspection.position_source,
        "latitude": inspection.latitude,
        "longitude": inspection.longitude,
        "accuracy": inspection.accuracy,
        "at": at.isoformat() if at else None,
        "reason": inspection.position_reason,
    }


def _answer_of(answer: InspectionAnswer) -> dict[str, Any]:
    return {
        "item": answer.item.code if answer.item else "",
        "value": answer.value,
        "uuid": str(answer.uuid),
        "note": answer.note,
        "fixed": answer.fixed_on_spot,
        "fix_note": answer.fix_note,
    }


def _observation_of(answer: InspectionAnswer) -> dict[str, Any]:
    return {
        "uuid": str(answer.uuid),
        "problem_code": answer.problem_code,
        "severity": answer.severity,
        "note": answer.note,
        "fixed": answer.fixed_on_spot,
        "fix_note": answer.fix_note,
    }


def _photo_of(photo: InspectionPhoto) -> dict[str, Any]:
    return {
        "uuid": str(photo.uuid),
        "sha256": photo.sha256,
        "role": photo.role,
        "item": photo.item.code if photo.item else "",
        "observation": str(photo.answer_uuid) if photo.answer_uuid else None,
        "caption": photo.caption,
        "received": photo.attachment is not None,
        "thumb": photo.attachment.thumb_url if photo.attachment else "",
    }
