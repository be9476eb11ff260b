"""Handing out files, each after its scope check, and the public page that verifies a paper."""

import io
import uuid as uuids

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import render
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from governance import attachments, papers
from governance.access import signed_in
from governance.models import Attachment, Paper
from governance.request import Request

SHORT = "private, max-age=600"  # then the browser asks again, and the scope is checked again
NEVER = "private, no-store"


@require_safe
@signed_in
def attachment(request: Request, uuid: uuids.UUID, variant: str) -> HttpResponseBase:
    """`thumb` and `view` show the copy of a picture; `view` of other files and `original` are the
    bytes as received, which is recorded."""
    row = attachments.find(uuid, request.actor)
    if row is None:
        raise Http404
    if variant == "original" or (variant == "view" and not row.is_picture):
        return _original(request, row)
    sha256 = {"thumb": row.thumb_sha256, "view": row.public_sha256}.get(variant)
    if not sha256:
        raise Http404
    return _copy(request, row, sha256)


def _original(request: Request, row: Attachment) -> HttpResponseBase:
    attachments.require_original(row, request.actor)
    file = attachments.open_original(row, by=request.actor)
    response = FileResponse(
        file, as_attachment=True, filename=file_name(row), content_type=row.media_type
    )
    response["Cache-Control"] = NEVER
    return response


def _copy(request: Request, row: Attachment, sha256: str) -> HttpResponseBase:
    etag = quote_etag(sha256)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = FileResponse(attachments.open_copy(sha256), content_type="image/jpeg")
        response["Content-Disposition"] = f'inline; filename="{row.uuid}.jpg"'
    response["ETag"], response["Cache-Control"] = etag, SHORT
    return response


def file_name(row: Attachment) -> str:
    """The sender's name for the file, with the extension of what it really is."""
    stem = row.name.rsplit(".", 1)[0] if "." in row.name else row.name
    return f"{stem[:120] or row.uuid}.{row.extension}"


@require_safe
@signed_in
def paper(request: Request, token: str, form: str) -> HttpResponseBase:
    """The issued file of a paper, for those who see its subject."""
    row = papers.find(token, request.actor)
    if row is None or form not in papers.FORMATS:
        raise Http404
    response = FileResponse(
        io.BytesIO(papers.download(row, form, by=request.actor)),
        as_attachment=True,
        filename=f"{row.title} {row.number_text}.{form}",
        content_type=papers.FORMATS[form],
    )
    response["Cache-Control"] = NEVER
    return response


@require_safe
def verified_paper(request: HttpRequest, row: Paper) -> HttpResponse:
    """What a stranger with the paper in hand may know: that it was issued, and its hash."""
    context = {"paper": row, "in_force": row.status == Paper.Status.ISSUED}
    response = render(request, "governance/verify_paper.html", context)
    response["Cache-Control"] = "no-store"
    return response
