"""Files taken in and given out: hashed, typed by content, kept untouched, shown as a copy.

A file is on disk before its row is written, so a row never lacks its file; a file whose row was
rolled back is found again by its hash or removed by `remove_orphans`.
"""

import contextlib
import datetime as dt
import hashlib
import tempfile
import uuid as uuids
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, daylight, filestore, images, sniffing, subjects
from governance.models.attachments import Attachment
from governance.models.papers import Paper
from governance.models.people import ActorKind, Membership, Role
from governance.scoping import WORKING_ROLES, Duty, require
from governance.workflow import Refused

Kind = Attachment.Kind
LIMITS = {
    Kind.PHOTO: sniffing.PHOTO_BYTES,
    Kind.SIGNATURE: sniffing.MB,
    Kind.SCAN: sniffing.EVIDENCE_BYTES,
    Kind.DOCUMENT: sniffing.EVIDENCE_BYTES,
    Kind.EVIDENCE: sniffing.EVIDENCE_BYTES,
}  # bytes
TYPES = {
    Kind.PHOTO: sniffing.PICTURES,
    Kind.SIGNATURE: frozenset({sniffing.PNG, sniffing.JPEG}),
    Kind.SCAN: sniffing.PAPERS,
    Kind.DOCUMENT: sniffing.DOCUMENTS,
    Kind.EVIDENCE: sniffing.EVIDENCE,
}


PAPER_FILES = ("pdf_sha256", "docx_sha256")
ORIGINAL = Duty(
    code="attachment.original",
    label=gettext_lazy("Open files as they were received"),
    roles=frozenset({*WORKING_ROLES, Role.AUDITOR}),
    actors=frozenset({ActorKind.STAFF, ActorKind.PARTNER}),
)


class HashMismatch(Refused):
    """The bytes that arrived are not those the sender hashed, or not those sent before."""

    code = "hash_mismatch"


class Sent(Protocol):
    """An uploaded file, or any Django `File`."""

    name: Any

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Position:
    """Where the device said it was: degrees, and metres of accuracy."""

    latitude: float
    longitude: float
    accuracy: float | None = None


def attach(
    subject: models.Model,
    file: Sent,
    *,
    by: Membership,
    kind: str,
    uuid: uuids.UUID | None = None,
    client_sha256: str | None = None,
    captured_at: Any = None,
    position: Position | None = None,
    caption: str = "",
) -> Attachment:
    """Keep `file` with `subject`; returns its row, or the row this very file already has there.

    `uuid` is the sender's own name for it: the same uuid with the same bytes is the same row, with
    other bytes it is refused. Without uuid the same bytes of the same kind are taken once.
    Without `captured_at` a photo's own record of its time is kept.
    Raises `TooLarge` (413), `WrongType` (415), `HashMismatch` (409). The caller checked that `by`
    may change the subject.
    """
    kind = Kind(kind)
    with _received(file, LIMITS[kind]) as draft:
        _check_hash(draft.sha256, client_sha256)
        known = _known(subject, kind, draft.sha256, uuid)
        if known:
            return known
        facts = _stored(draft, kind)
    facts |= {
        "caption": caption.strip()[:200],
        "captured_at": captured_at or facts.get("captured_at"),
        "latitude": position and position.latitude,
        "longitude": position and position.longitude,
        "accuracy": position and position.accuracy,
    }
    return _row(subject, kind, uuid or uuids.uuid4(), by, facts)


@transaction.atomic
def void(attachment: Attachment, *, by: Membership, reason: str) -> None:
    """Take a file that was attached by mistake out of sight; the bytes and the record stay."""
    if not reason.strip():
        raise Refused(_("Say why the file is taken out."))
    rows = Attachment.objects.filter(pk=attachment.pk, voided_at=None)
    if not rows.update(voided_at=daylight.now(), void_reason=reason.strip()[:200]):
        raise Refused(_("The file was already taken out."))
    audit.record(
        audit.Verb.ATTACHMENT_VOIDED,
        attachment.subject,
        by=by,
        attachment=str(attachment.uuid),
        reason=reason.strip(),
    )


def find(uuid: uuids.UUID, actor: Membership) -> Attachment | None:
    """The file of this identifier, if it stands and the actor sees its subject."""
    rows = Attachment.objects.select_related("content_type", "created_by")
    found = rows.filter(uuid=uuid, voided_at=None).first()
    if found and subjects.visible(found.content_type, found.object_id, actor):
        return found
    return None


def require_original(attachment: Attachment, actor: Membership) -> None:
    """Staff with the duty; an institution gets back what it sent itself. Else `DutyMissing`."""
    sender = attachment.created_by
    if sender.institution_id not in actor.institutions:
        require(actor, ORIGINAL)


def open_original(attachment: Attachment, *, by: Membership) -> IO[bytes]:
    """The bytes as received; who took them is recorded with the subject."""
    audit.record(
        audit.Verb.ORIGINAL_DOWNLOADED,
        attachment.subject,
        by=by,
        attachment=str(attachment.uuid),
        name=attachment.name,
        sha256=attachment.sha256,
    )
    return filestore.originals().open(filestore.name_of(attachment.sha256))


def open_copy(sha256: str) -> IO[bytes]:
    """A public copy or a thumbnail."""
    return filestore.public().open(filestore.name_of(sha256))


# --- keeping the store honest ----------------------------------------------------------------


def verify(attachment: Attachment) -> list[str]:
    """What is wrong with the files of a row, as `missing HASH` or `changed HASH`; [] is good."""
    wanted = [
        (filestore.originals(), attachment.sha256),
        (filestore.public(), attachment.public_sha256),
        (filestore.public(), attachment.thumb_sha256),
    ]
    problems = (_problem(storage, sha256) for storage, sha256 in wanted if sha256)
    return [problem for problem in problems if problem]


def verify_all() -> Iterator[tuple[Attachment, list[str]]]:
    """Every row whose files are not what they were, voided ones too."""
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        problems = verify(attachment)
        if problems:
            yield attachment, problems


def remove_orphans() -> list[str]:
    """Remove files that no row names, left by requests that failed; returns their hashes."""
    rows = Attachment.objects.values_list("sha256", "public_sha256", "thumb_sha256")
    known = {sha256 for row in rows.iterator(chunk_size=2_000) for sha256 in row}
    known.update(sha256 for row in Paper.objects.values_list(*PAPER_FILES) for sha256 in row)
    stores = (filestore.originals(), filestore.public())
    return [sha256 for store in stores for sha256 in filestore.remove_orphans(store, known)]


def _problem(storage: Storage, sha256: str) -> str:
    name = filestore.name_of(sha256)
    if not storage.exists(name):
        return f"missing {sha256}"
    with storage.open(name) as file:
        now = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if now == sha256 else f"changed {sha256}"


# --- taking in -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Draft:
    """A received file in a folder of its own, with what is known of it."""

    folder: Path
    path: Path
    name: str
    size: int
    sha256: str


@contextlib.contextmanager
def _received(file: Sent, limit: int) -> Iterator[_Draft]:
    """Write to disk while hashing, and stop at the limit, whatever length was announced."""
    name = clean_name(str(file.name or ""))
    with tempfile.TemporaryDirectory(prefix="mingshu-") as folder:
        path = Path(folder) / "received"
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as draft:
            for chunk in file.chunks():
                size += len(chunk)
                sniffing.check_size(size, limit, name)
                digest.update(chunk)
                draft.write(chunk)
        sniffing.check_size(size, limit, name)
        yield _Draft(Path(folder), path, name, size, digest.hexdigest())


def clean_name(name: str) -> str:
    """The last part of a path of any system, printable, at most 200 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char for char in last if char.isprintable())[-200:].strip() or "file"


def _check_hash(sha256: str, claimed: str | None) -> None:
    if claimed and claimed.lower() != sha256:
        raise HashMismatch(_("The file changed on its way. Send it again."))


def _known(
    subject: models.Model, kind: Kind, sha256: str, uuid: uuids.UUID | None
) -> Attachment | None:
    if uuid is None:
        return Attachment.objects.of(subject).filter(kind=kind, sha256=sha256).first()
    found = Attachment.objects.filter(uuid=uuid).first()
    if found and (found.sha256 != sha256 or found.kind != kind or not _is_of(found, subject)):
        raise HashMismatch(_("Another file was already received under this identifier."))
    return found


def _is_of(attachment: Attachment, subject: models.Model) -> bool:
    same_class = attachment.content_type == ContentType.objects.get_for_model(subject)
    return same_class and attachment.object_id == subject.pk


def _stored(draft: _Draft, kind: Kind) -> dict[str, Any]:
    """Check the content, put original and copies into the store; returns the columns."""
    with draft.path.open("rb") as file:
        found = sniffing.sniff(file, draft.name, TYPES[kind])
    facts = {
        "name": draft.name,
        "size": draft.size,
        "sha256": draft.sha256,
        "media_type": found.media_type,
        "extension": found.extension,
    }
    if found.group is sniffing.Group.PICTURE:
        facts |= _known_copies(draft.sha256) or _copies(draft)
    _put(filestore.originals(), draft.sha256, draft.path)
    return facts


def _known_copies(sha256: str) -> dict[str, Any]:
    """The copies made of the same bytes before; {} when there are none, or their files are gone."""
    columns = ("width", "height", "public_sha256", "thumb_sha256")
    rows = Attachment.objects.filter(sha256=sha256).exclude(public_sha256="")
    found = rows.values(*columns).first() or {}
    names = [filestore.name_of(found[column]) for column in columns[2:]] if found else []
    return found if all(filestore.public().exists(name) for name in names) else {}


def _copies(draft: _Draft) -> dict[str, Any]:
    picture = images.make_copies(draft.path, draft.folder)
    hashes = {"public_sha256": picture.public, "thumb_sha256": picture.thumb}
    facts: dict[str, Any] = {
        "width": picture.width,
        "height": picture.height,
        "captured_at": _moment(picture.taken),
    }
    for column, path in hashes.items():
        with path.open("rb") as file:
            facts[column] = hashlib.file_digest(file, "sha256").hexdigest()
        _put(filestore.public(), facts[column], path)
    return facts


def _moment(taken: str) -> dt.datetime | None:
    """A camera's `2026:03:04 09:30:00`; cameras know no zone, so it is the county's."""
    try:
        return dt.datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=daylight.ZONE)
    except ValueError:
        return None


def _put(storage: Storage, sha256: str, path: Path) -> None:
    with path.open("rb") as file:
        filestore.put(storage, sha256, File(file))


def _row(
    subject: models.Model, kind: Kind, uuid: uuids.UUID, by: Membership, facts: dict[str, Any]
) -> Attachment:
    try:
        with transaction.atomic():
            row = Attachment.objects.create(
                subject=subject, kind=kind, uuid=uuid, created_by=by, **facts
            )
            audit.record(
                audit.Verb.ATTACHMENT_ADDED,
                subject,
                by=by,
                attachment=str(uuid),
                kind=str(kind),
                name=row.name,
                sha256=row.sha256,
            )
            return row
    except IntegrityError:  # the same photo was sent twice at once; the first one counts
        known = _known(subject, kind, facts["sha256"], uuid)
        if known is None:
            raise
        return known
