"""The phone protocol (docs/phone-protocol.md): JSON in, JSON or problem documents out."""

import datetime as dt
import re
import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import daylight, errors
from governance.attachments import Position
from governance.models import ActorKind
from governance.scoping import require
from governance.sniffing import MB, PHOTO_BYTES
from governance.uploads import Body, upload_limit
from inspections import documents, duties, services
from inspections.models import Inspection, InspectionPhoto

DOCUMENT_BYTES = 2 * MB
HASH = re.compile(r"^[0-9a-f]{64}$")


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """401 for nobody, 403 for others than officers; never a redirect."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.kind == ActorKind.PUBLIC:
            return errors.problem(request, 401, "signed_out", _("Sign in to go on."))
        require(request.actor, duties.INSPECT)
        return view(request, *args, **kwargs)

    return guarded


@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in, with a fresh CSRF token; asked before each upload."""
    actor = request.actor
    known = actor.kind != ActorKind.PUBLIC
    body = {
        "signed_in": known,
        "user": actor.user_id if known else None,
        "membership": actor.pk if known else None,
        "csrf": get_token(request),
        "now": daylight.now().isoformat(),
        "schema": documents.SCHEMA,
    }
    return _plain(JsonResponse(body))


def _plain(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "PUT"])
@upload_limit(DOCUMENT_BYTES)
@officers_only
def inspection(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """PUT saves the document, GET gives it back. The same PUT again is answered the same."""
    if request.method == "GET":
        row = get_object_or_404(Inspection.objects.visible_to(request.actor), uuid=uuid)
        return _plain(JsonResponse(documents.document_of(row) | state(row)))
    try:
        document = documents.parse(request.body, documents.DocumentShape)
        row, begun = services.record(uuid, document, by=request.actor)
    except documents.Malformed as malformed:
        return errors.problem(request, 422, malformed.code, str(malformed), fields=malformed.fields)
    return _plain(JsonResponse(state(row), status=201 if begun else 200))


def state(row: Inspection) -> dict[str, Any]:
    """What the server has: the answer to every PUT."""
    photos = row.photos.filter(attachment__isnull=False)
    return {
        "schema": documents.SCHEMA,
        "uuid": str(row.uuid),
        "id": row.pk,
        "number": row.number,
        "status": row.status,
        "revision": row.revision,
        "received": [
            {"uuid": str(uuid), "sha256": sha256}
            for uuid, sha256 in photos.values_list("uuid", "sha256").order_by("pk")
        ],
    }


@require_http_methods(["PUT"])
@upload_limit(PHOTO_BYTES)
@officers_only
def photo(request: HttpRequest, uuid: uuids.UUID, photo: uuids.UUID) -> HttpResponse:
    """One picture: raw bytes, their hash in `X-Content-SHA256`. Known bytes are answered 200."""
    row = get_object_or_404(Inspection.objects.visible_to(request.actor), uuid=uuid)
    claimed = request.headers.get("X-Content-SHA256", "").lower()
    if not HASH.match(claimed):
        raise errors.BadRequest(_("The header X-Content-SHA256 holds no SHA-256."))
    known = row.photos.filter(uuid=photo, attachment__sha256=claimed).exists()
    kept = services.receive_photo(
        row,
        photo,
        Body(request, f"{photo}"),
        by=request.actor,
        sha256=claimed,
        role=_role(request),
        captured_at=_captured_at(request),
        position=_position(request),
    )
    body = {
        "uuid": str(kept.uuid),
        "sha256": kept.sha256,
        "thumb": kept.attachment.thumb_url if kept.attachment else "",
    }
    return _plain(JsonResponse(body, status=200 if known else 201))


def _role(request: HttpRequest) -> str:
    asked = request.headers.get("X-Photo-Role", "photo")
    if asked not in InspectionPhoto.Role.values:
        raise errors.BadRequest(_("The header X-Photo-Role is not understood."))
    return asked


def _captured_at(request: HttpRequest) -> dt.datetime | None:
    text = request.headers.get("X-Captured-At", "")
    try:
        moment = parse_datetime(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise errors.BadRequest(_("The header X-Captured-At holds no time with zone."))
    return moment


def _position(request: HttpRequest) -> Position | None:
    """`X-Position: latitude,longitude,accuracy` in degrees and metres."""
    text = request.headers.get("X-Position", "")
    if not text:
        return None
    try:
        latitude, longitude, *accuracy = (float(part) for part in text.split(","))
    except ValueError as error:
        raise errors.BadRequest(_("The header X-Position is not understood.")) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise errors.BadRequest(_("The header X-Position is not understood."))
    return Position(latitude, longitude, accuracy[0] if accuracy else None)


@require_POST
@upload_limit(DOCUMENT_BYTES)
@officers_only
def finalize(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """`complete` with what was received, `missing` with what was not; may be repeated."""
    row = get_object_or_404(Inspection.objects.visible_to(request.actor), uuid=uuid)
    try:
        body = documents.parse(request.body, documents.FinalizeShape)
        missing = services.finalize(row, body["expected"], body["signing"], by=request.actor)
    except documents.Malformed as malformed:
        return errors.problem(request, 422, malformed.code, str(malformed), fields=malformed.fields)
    except services.Incomplete as incomplete:
        return errors.problem(
            request, 422, incomplete.code, str(incomplete), items=incomplete.items
        )
    row.refresh_from_db()
    found = state(row) | {"state": "missing" if missing else "complete", "missing": missing}
    return _plain(JsonResponse(found))
