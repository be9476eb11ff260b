"""Inspections, findings and tasks for tests, made through the services."""

import hashlib
import io
import uuid as uuids
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from governance import daylight
from governance.models import Membership
from inspections import documents, services
from inspections.models import Finding, Inspection, RectificationTask
from institutions.models import Institution

FIRE, MINOR, CRITICAL = "B05", "A10", "C01"  # items: critical stop, minor of EDU, critical of EDU
MAJOR = "D01"  # major of EDU


def picture(seed: int = 0, form: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """The bytes of a small picture; another seed gives another picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (seed * 37 % 256, seed * 91 % 256, 120)).save(out, form)
    return out.getvalue()


def upload(seed: int = 0, name: str = "现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(seed), content_type="image/jpeg")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_document(institution: Institution, *, revision: int = 1, **parts: Any) -> dict[str, Any]:
    """A document of the phone with one YES; `parts` replace its own."""
    return {
        "schema": 1,
        "revision": revision,
        "institution": institution.pk,
        "kind": "PATROL",
        "answers": [{"item": "A01", "value": "YES"}],
    } | parts


def no(item: str, note: str = "现场发现问题", **more: Any) -> dict[str, Any]:
    return {"item": item, "value": "NO", "note": note} | more


def make_record(
    institution: Institution,
    by: Membership,
    *answers: dict[str, Any],
    uuid: uuids.UUID | None = None,
    **parts: Any,
) -> Inspection:
    """An inspection in progress with these answers."""
    if answers:
        parts["answers"] = list(answers)
    parts.setdefault("photos_missing_reason", "测试")
    shaped = documents.check(make_document(institution, **parts), documents.DocumentShape)
    return services.record(uuid or uuids.uuid4(), shaped, by=by)[0]


def add_photo(
    inspection: Inspection, by: Membership, seed: int = 0, role: str = "photo"
) -> uuids.UUID:
    """A received picture; signatures are PNG."""
    uuid, content = uuids.uuid4(), picture(seed, "JPEG" if role == "photo" else "PNG")
    file = SimpleUploadedFile("x", content)
    services.receive_photo(inspection, uuid, file, by=by, sha256=sha(content), role=role)
    return uuid


def make_signed(
    institution: Institution,
    by: Membership,
    *answers: dict[str, Any],
    serve_now: bool = False,
    **parts: Any,
) -> Inspection:
    """A signed inspection; every NO is a finding."""
    inspection = make_record(institution, by, *answers, **parts)
    add_photo(inspection, by, 101, "party_signature")
    add_photo(inspection, by, 102, "officer_signature")
    services.sign(inspection, by=by, party="signed", signer_name="陈", serve_now=serve_now)
    inspection.refresh_from_db()
    return inspection


def make_finding(institution: Institution, by: Membership, item: str = MAJOR) -> Finding:
    return make_signed(institution, by, no(item)).findings.get()


def make_task(
    institution: Institution, by: Membership, item: str = MAJOR, *, served: bool = True
) -> RectificationTask:
    """A task of the department that leads the item; served today unless said otherwise."""
    inspection = make_signed(institution, by, no(item), serve_now=served)
    if not served:
        services.issue(list(inspection.findings.all()), by=by)
    return RectificationTask.objects.get(finding__inspection=inspection)


ASSURANCES = {
    "responsibility": "校长陈某",
    "measures": "补办备案并公示课表",
    "funds": "自筹二百元",
    "contingency_plan": "整改期间停用该教室",
}


def prove(task: RectificationTask, by: Membership, seed: int = 1, **more: Any):
    """Proof with a statement, a photo and the five assurances."""
    facts: dict[str, Any] = {"statement": "已整改完毕", "photos": [upload(seed)]} | ASSURANCES
    return services.submit_proof(task, by=by, **(facts | more))


def pass_recheck(task: RectificationTask, by: Membership, companion: Membership | None = None):
    return services.recheck(task, by=by, passed=True, note="已改好", companion=companion)


def on_day(day) -> None:
    """Move today."""
    daylight.set_day(day)
