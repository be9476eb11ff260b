"""Who did what, written on purpose in the transaction of the act; append-only and sealed.

A trigger refuses DELETE, TRUNCATE and every UPDATE but the sealer's `seal_id` from NULL. Sealing
takes all committed unsealed events in id order and hashes them together with the seal before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from governance import bulk
from governance.models.audit import AuditEvent, AuditSeal, AuditWitness
from governance.models.people import Membership
from governance.origin import origin

GENESIS = "0" * 64
SEALER_LOCK = 0x4D53_0001  # key of the advisory lock: one sealer at a time


class Verb(models.TextChoices):
    """Every act that leaves a trace. Not `choices=` of the column: a new verb is no migration."""

    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    SIGN_IN_FAILED = "account.sign_in_failed"
    PASSWORD_CHANGED = "account.password_changed"
    DAY_SET = "installation.day_set"
    MEMBERSHIP_BOUND = "membership.bound"
    MEMBERSHIP_ENDED = "membership.ended"
    SHARED = "share.given"
    API_KEY_ISSUED = "api_key.issued"
    API_KEY_REVOKED = "api_key.revoked"
    PRIVATE_REVEALED = "privacy.revealed"
    ATTACHMENT_ADDED = "attachment.added"
    ATTACHMENT_VOIDED = "attachment.voided"
    ORIGINAL_DOWNLOADED = "attachment.original_downloaded"
    NUMBER_VOIDED = "number.voided"
    PAPER_ISSUED = "paper.issued"
    PAPER_WITHDRAWN = "paper.withdrawn"
    PAPER_DOWNLOADED = "paper.downloaded"
    SETTING_SET = "setting.set"
    VIEW_SAVED = "view.saved"
    VIEW_CHANGED = "view.changed"
    VIEW_DELETED = "view.deleted"
    REPORT_FROZEN = "report.frozen"
    NOTICE_DRAFTED = "notice.drafted"
    NOTICE_CHANGED = "notice.changed"
    NOTICE_PUBLISHED = "notice.published"
    NOTICE_ENDED = "notice.ended"
    INSPECTION_PLANNED = "inspection.planned"
    INSPECTION_ASSIGNED = "inspection.assigned"
    INSPECTION_STARTED = "inspection.started"
    INSPECTION_SIGNED = "inspection.signed"
    INSPECTION_PENDING = "inspection.pending_closure"
    INSPECTION_CLOSED = "inspection.closed"
    INSPECTION_CANCELLED = "inspection.cancelled"
    FINDING_MADE = "finding.made"
    FINDING_FIXED_ON_SPOT = "finding.fixed_on_spot"
    FINDING_DISMISSAL_PROPOSED = "finding.dismissal_proposed"
    FINDING_DISMISSAL_REJECTED = "finding.dismissal_rejected"
    FINDING_DISMISSED = "finding.dismissed"
    FINDING_CLOSED = "finding.closed"
    FINDING_TRANSFERRED = "finding.transferred"
    TASK_ISSUED = "task.issued"
    TASK_APPROVED = "task.approved"
    TASK_SERVED = "task.served"
    TASK_PROVED = "task.proved"
    TASK_RECHECKED = "task.rechecked"
    TASK_REJECTED = "task.rejected"
    TASK_CLOSED = "task.closed"
    TASK_SUPERSEDED = "task.superseded"
    TASK_PRESSED = "task.pressed"
    ASSURANCES_SET = "task.assurances_set"
    EXTENSION_ASKED = "extension.asked"
    EXTENSION_GRANTED = "extension.granted"
    EXTENSION_REFUSED = "extension.refused"
    EXTENSION_WITHDRAWN = "extension.withdrawn"
    EXPORTED = "export.made"
    EXPORT_ORDERED = "export.ordered"
    EXPORT_FETCHED = "export.fetched"
    EXPORT_FAILED = "export.failed"
    IMPORT_PREVIEWED = "import.previewed"
    IMPORT_ANSWERED = "import.answered"
    IMPORT_APPLIED = "import.applied"
    IMPORT_UNDONE = "import.undone"
    IMPORT_DROPPED = "import.dropped"
    IMPORT_QUEUED = "import.queued"
    IMPORT_STOPPED = "import.stopped"
    IMPORT_FAILED = "import.failed"
    INSTITUTION_IMPORTED = "institution.imported"
    INSTITUTION_REGISTERED = "institution.registered"
    INSTITUTION_FOUND = "institution.found"
    INSTITUTION_CHANGED = "institution.changed"
    INSTITUTION_PERIOD_RECORDED = "institution.period_recorded"
    INSTITUTION_DUPLICATE_MARKED = "institution.duplicate_marked"
    INSTITUTION_DUPLICATE_CLEARED = "institution.duplicate_cleared"
    INSTITUTION_MERGED = "institution.merged"
    INSTITUTION_MERGE_UNDONE = "institution.merge_undone"
    DUPLICATE_TOLD_APART = "duplicate.told_apart"
    DUPLICATE_JOINED = "duplicate.joined"
    DUPLICATE_REOPENED = "duplicate.reopened"
    DUPLICATE_VANISHED = "duplicate.vanished"
    INSTITUTION_VOIDED = "institution.voided"
    SITE_ADDED = "site.added"
    SITE_PERIOD_RECORDED = "site.period_recorded"
    SITE_VOIDED = "site.voided"
    LICENCE_RECORDED = "licence.recorded"
    LICENCE_CHANGED = "licence.changed"
    LICENCE_STATUS_CHANGED = "licence.status_changed"
    LICENCE_VOIDED = "licence.voided"
    INSTITUTION_BRANCH_SET = "institution.branch_set"
    INSTITUTION_BRANCH_FILED = "institution.branch_filed"
    INSTITUTION_BRANCH_CLEARED = "institution.branch_cleared"
    ANNUAL_RESULT_RECORDED = "annual_result.recorded"
    ANNUAL_RESULT_CHANGED = "annual_result.changed"
    ANNUAL_RESULT_PUBLISHED = "annual_result.published"
    ANNUAL_RESULT_VOIDED = "annual_result.voided"
    WALL_TOKEN_ISSUED = "wall_token.issued"
    WALL_TOKEN_REVOKED = "wall_token.revoked"
    GUIDANCE_BEGUN = "guidance.begun"
    GUIDANCE_STEP = "guidance.step"
    GUIDANCE_ENDED = "guidance.ended"
    INSTITUTION_DISPOSED = "institution.disposed"
    ACCESS_LINK_MADE = "account.access_link_made"
    INSTITUTION_UPDATED_BY_IMPORT = "institution.updated_by_import"
    INSTITUTION_IMPORT_UNDONE = "institution.import_undone"
    LEAD_RAISED = "lead.raised"
    LEAD_ASKED = "lead.asked"
    LEAD_ANSWERED = "lead.answered"
    LEAD_TAKEN_BACK = "lead.taken_back"
    LEAD_MADE_FINDING = "lead.made_finding"
    LEAD_DISMISSED = "lead.dismissed"
    LEAD_CLOSED = "lead.closed"
    COMPLIANCE_RULE_SET = "compliance_rule.set"
    GUIDED_PRICE_SET = "guided_price.set"
    GUIDED_PRICE_ENDED = "guided_price.ended"
    SCHOOL_TERM_SET = "school_term.set"
    SCHOOL_TERM_REMOVED = "school_term.removed"
    SCHOOL_HOURS_SET = "school_hours.set"
    RECORD_ADDED = "record.added"
    RECORD_CHANGED = "record.changed"
    RECORD_ENDED = "record.ended"
    RECORD_VOIDED = "record.voided"
    FILING_DRAFTED = "filing.drafted"
    FILING_CHANGED = "filing.changed"
    FILING_SUBMITTED = "filing.submitted"
    FILING_ACCEPTED = "filing.accepted"
    FILING_RETURNED = "filing.returned"
    FILING_WITHDRAWN = "filing.withdrawn"
    STAFF_LIST_LOADED = "staff_list.loaded"
    STAFF_MATCH_SHOWN = "staff_list.match_shown"
    IDENTIFICATION_ASKED = "identification.asked"
    IDENTIFICATION_OPINION_ADDED = "identification.opinion_added"
    IDENTIFICATION_DECIDED = "identification.decided"
    CLOCK_STARTED = "clock.started"
    CLOCK_MET = "clock.met"
    CLOCK_LAPSED = "clock.lapsed"
    CLOCK_SUSPENDED = "clock.suspended"
    CLOCK_RESUMED = "clock.resumed"
    CLOCK_EXTENDED = "clock.extended"
    CLOCK_CANCELLED = "clock.cancelled"
    CLOCK_RECOMPUTED = "clock.recomputed"
    CLOCK_TRANSFERRED = "clock.transferred"
    CLOCK_PRESSED = "clock.pressed"
    RULE_REMINDERS_SET = "deadline_rule.reminders_set"
    CALENDAR_IMPORTED = "calendar.imported"
    LIST_PROPOSED = "list.proposed"
    LIST_EVIDENCE_ADDED = "list.evidence_added"
    LIST_EVIDENCE_DROPPED = "list.evidence_dropped"
    LIST_NOTICE_SERVED = "list.notice_served"
    LIST_OBJECTION_RECORDED = "list.objection_recorded"
    LIST_OBJECTION_REVIEWED = "list.objection_reviewed"
    LIST_DECIDED = "list.decided"
    LIST_DROPPED = "list.dropped"
    LIST_LISTED = "list.listed"
    LIST_SUSPENDED = "list.suspended"
    LIST_REINSTATED = "list.reinstated"
    LIST_RECONFIRMED = "list.reconfirmed"
    LIST_BASIS_LOST = "list.basis_lost"
    LIST_BASIS_BACK = "list.basis_back"
    LIST_REMOVED = "list.removed"
    LIST_WITHDRAWN = "list.withdrawn"
    LIST_EXPIRED = "list.expired"
    LIST_TEXT_REVEALED = "list.text_revealed"
    PUBLICATION_ORDERED = "publication.ordered"
    PUBLICATION_BUILT = "publication.built"
    COLLECTION_ISSUED = "collection.issued"
    COLLECTION_CLOSED = "collection.closed"
    COLLECTION_CANCELLED = "collection.cancelled"
    COLLECTION_EXTENDED = "collection.extended"
    COLLECTION_REPEAT_STOPPED = "collection.repeat_stopped"
    COLLECTION_TEMPLATE_MADE = "collection_template.made"
    COLLECTION_TEMPLATE_REVISED = "collection_template.revised"
    COLLECTION_TEMPLATE_RETIRED = "collection_template.retired"
    RETURN_BEGUN = "return.begun"
    RETURN_FILLED = "return.filled"
    RETURN_UPLOADED = "return.uploaded"
    RETURN_SUBMITTED = "return.submitted"
    RETURN_WITHDRAWN = "return.withdrawn"
    RETURN_ACCEPTED = "return.accepted"
    RETURN_GIVEN_BACK = "return.given_back"
    RETURN_PRESSED = "return.pressed"


def record(verb: str, subject: models.Model | None, *, by: Membership, **facts: Any) -> AuditEvent:
    """Write one event in the running transaction; private values must not be among the facts."""
    return AuditEvent.objects.create(**_fields(verb, subject, by, facts))


def record_many(
    verb: str, subjects: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Membership
) -> int:
    """Write one event per (subject, facts) in bulk; returns how many."""
    events = [AuditEvent(**_fields(verb, subject, by, facts)) for subject, facts in subjects]
    bulk.insert(events)
    return len(events)


def record_rows(
    verb: str,
    model: type[models.Model],
    rows: Iterable[tuple[int, str, str, dict[str, Any]]],
    *,
    by: Membership,
) -> None:
    """One event per (key, label, division code, facts) of rows that were entered in bulk."""
    where = origin.get()
    bulk.insert_values(
        AuditEvent,
        ("object_id", "subject_label", "division_id", "facts"),
        [(key, label[:200], division, facts) for key, label, division, facts in rows],
        verb=str(Verb(verb)),
        by=by,
        content_type=ContentType.objects.get_for_model(model),
        request_id=where.get("request_id") or "",
        address=where.get("address"),
    )


def history(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """The events of one row, newest first, with actor at hand."""
    return (
        AuditEvent.objects.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        )
        .select_related("by__user", "by__department")
        .order_by("-id")
    )


def _fields(
    verb: str, subject: models.Model | None, by: Membership, facts: dict[str, Any]
) -> dict[str, Any]:
    where = origin.get()
    return {
        "verb": str(Verb(verb)),
        "by": by,
        "content_type": ContentType.objects.get_for_model(subject) if subject else None,
        "object_id": subject.pk if subject else None,
        "subject_label": str(subject)[:200] if subject else "",
        "division_id": getattr(subject, "division_id", "") or "",
        "facts": facts,
        "request_id": where.get("request_id") or "",
        "address": where.get("address"),
    }


# --- sealing ---------------------------------------------------------------------------------

_SEALED_COLUMNS = (
    "id", "at", "verb", "by_id", "content_type_id", "object_id", "subject_label", "division_id",
    "facts", "request_id", "address",
)  # fmt: skip


@transaction.atomic
def seal() -> AuditSeal | None:
    """Seal every committed unsealed event; None when there is none or another sealer works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return None
    events = AuditEvent.objects.filter(seal=None).order_by("id")
    ids = list(events.values_list("id", flat=True))
    if not ids:
        return None
    previous = head()
    made = AuditSeal.objects.create(
        previous=previous,
        digest=_digest(previous, events.filter(id__in=ids)),
        first_event=ids[0],
        last_event=ids[-1],
        event_count=len(ids),
    )
    AuditEvent.objects.filter(id__in=ids).update(seal=made)
    AuditWitness.objects.filter(event_id__in=ids).delete()
    return made


def head() -> str:
    """The digest of the newest seal: what a publication and the daily anchor file carry."""
    return AuditSeal.objects.order_by("-id").values_list("digest", flat=True).first() or GENESIS


def _digest(previous: str, events: models.QuerySet[AuditEvent]) -> str:
    sha = hashlib.sha256(bytes.fromhex(previous))
    for row in events.values(*_SEALED_COLUMNS).iterator(chunk_size=2_000):
        sha.update(hashlib.sha256(canonical(row)).digest())
    return sha.hexdigest()


def canonical(row: dict[str, Any]) -> bytes:
    """RFC 8785 bytes of an event; what the database may render in several ways goes as text."""
    plain = json.loads(json.dumps(row, cls=DjangoJSONEncoder))
    plain["at"] = row["at"].isoformat(timespec="microseconds")
    plain["facts"] = json.dumps(plain["facts"], sort_keys=True, ensure_ascii=False)
    return rfc8785.dumps(plain)


# --- verifying -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the audit trail."""

    code: str  # digest | chain | count
    place: str  # "seal 12"


@dataclass(frozen=True)
class Verification:
    """What a check of the whole trail found; sealed faults and unsealed matters apart."""

    seals: int
    events: int
    unsealed: int
    faults: list[Fault]
    missing: list[int]  # ids of unsealed events that were deleted or changed

    @property
    def intact(self) -> bool:
        return not self.faults and not self.missing


def verify() -> Verification:
    """Check every seal against its events, the chain of seals, and the unsealed rest."""
    seals = list(AuditSeal.objects.order_by("id"))
    return Verification(
        seals=len(seals),
        events=AuditEvent.objects.count(),
        unsealed=AuditEvent.objects.filter(seal=None).count(),
        faults=list(_seal_faults(seals)),
        missing=_missing(),
    )


def _seal_faults(seals: list[AuditSeal]) -> Iterator[Fault]:
    previous = GENESIS
    for made in seals:
        place = f"seal {made.pk}"
        events = AuditEvent.objects.filter(seal=made).order_by("id")
        if made.previous != previous:
            yield Fault("chain", place)
        if events.count() != made.event_count:
            yield Fault("count", place)
        if _digest(made.previous, events) != made.digest:
            yield Fault("digest", place)
        previous = made.digest


def _missing() -> list[int]:
    """Ids of unsealed events that were committed and are gone, or whose content was changed.

    A trigger leaves a witness (id and content hash) of each event in its own transaction; the
    sealer takes the witnesses away when the seal has taken over. A hole in the id sequence alone
    says nothing: a rolled-back act leaves one too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT witness.event_id FROM governance_auditwitness AS witness"
            " LEFT JOIN governance_auditevent AS event ON event.id = witness.event_id"
            " WHERE event.id IS NULL OR witness.digest <> governance_event_digest(event)"
            " ORDER BY witness.event_id"
        )
        return [row[0] for row in cursor.fetchall()]
