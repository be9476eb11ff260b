"""Checks and grounds in the reader's words."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.audit import Verb
from governance.labels import label
from governance.models import AuditEvent
from publiclists.format1 import Check, Json
from publiclists.models import Ground

# What each check of the format asks, as a sentence that holds when it passes.
SENTENCES = {
    "json": _("The file is complete and readable."),
    "canonical": _("Every byte is where the format wants it; nothing was added or reformatted."),
    "shape": _("It has exactly the parts of a publication."),
    "format": _("It is written in a format that is known here."),
    "key": _("The key that signed it is one of the published keys."),
    "signature": _("The signature belongs to this header: nobody changed it."),
    "entries": _("All entries are there, in order, and none stands twice."),
    "root": _("The entries are exactly those that were signed."),
    "withdrawals": _("Only the bureau took entries out afterwards."),
    "fork": _("No number was published in two versions."),
    "gap": _("No publication of this list is missing."),
    "chain": _("Each publication follows from the one before."),
}
FAILURES = {
    "json": _("The file cannot be read; it is cut off or is no publication."),
    "canonical": _("The file was changed or reformatted after it was published."),
    "shape": _("A part is missing, is of the wrong kind, or does not belong there."),
    "format": _("The format of the file is not known here."),
    "key": _("The key that signed it is not one of the published keys."),
    "signature": _("The signature does not fit: the header was changed."),
    "entries": _("Entries are missing, out of order, or of another list."),
    "root": _("An entry was changed after it was signed."),
    "withdrawals": _("An entry was blanked by somebody other than the bureau."),
    "fork": _("A number was published in two versions."),
    "gap": _("A publication of this list is missing."),
    "chain": _("A publication does not follow from the one before."),
}


class Line(NamedTuple):
    ok: bool
    text: str
    detail: str


def explain(checks: Iterable[Check]) -> list[Line]:
    """The checks in order, each as a sentence; the technical detail of a failure beside it."""
    return [
        Line(
            check.ok,
            str((SENTENCES if check.ok else FAILURES)[check.code]),
            "" if check.ok else check.detail,
        )
        for check in checks
    ]


def grounds(text: Json) -> list[dict[str, Any]]:
    """The published grounds of an entry, for English readers with the name of the ground."""
    if not (get_language() or "").startswith("en"):
        return text["grounds"]
    codes = [ground["code"] for ground in text["grounds"]]
    names = dict(Ground.objects.filter(code__in=codes, county="").values_list("code", "name_en"))
    return [ground | {"name": names.get(ground["code"], "")} for ground in text["grounds"]]


def kind(value: str) -> str:
    """The name of a list."""
    return label("ListEntry.kind", value)


ACTS = {
    Verb.LIST_PROPOSED: _("Proposed"),
    Verb.LIST_EVIDENCE_ADDED: _("Evidence added"),
    Verb.LIST_EVIDENCE_DROPPED: _("Evidence taken away"),
    Verb.LIST_NOTICE_SERVED: _("Notice served"),
    Verb.LIST_OBJECTION_RECORDED: _("Objection recorded"),
    Verb.LIST_OBJECTION_REVIEWED: _("Objection answered"),
    Verb.LIST_DECIDED: _("Decided"),
    Verb.LIST_DROPPED: _("Dropped"),
    Verb.LIST_LISTED: _("Published"),
    Verb.LIST_SUSPENDED: _("Suspended"),
    Verb.LIST_REINSTATED: _("Put back on the list"),
    Verb.LIST_RECONFIRMED: _("Reconfirmed"),
    Verb.LIST_BASIS_LOST: _("The basis fell away"),
    Verb.LIST_BASIS_BACK: _("The basis holds again"),
    Verb.LIST_REMOVED: _("Removed from the list"),
    Verb.LIST_WITHDRAWN: _("Withdrawn"),
    Verb.LIST_EXPIRED: _("Expired"),
    Verb.LIST_TEXT_REVEALED: _("Withdrawn text looked at"),
    Verb.ATTACHMENT_ADDED: _("File added"),
    Verb.CLOCK_STARTED: _("Deadline started"),
    Verb.CLOCK_MET: _("Deadline met"),
    Verb.CLOCK_LAPSED: _("Time ran out"),
    Verb.CLOCK_CANCELLED: _("Deadline cancelled"),
    Verb.PUBLICATION_ORDERED: _("Publication ordered"),
    Verb.PUBLICATION_BUILT: _("Signed and published"),
}
ENDINGS = {Verb.LIST_REMOVED, Verb.LIST_WITHDRAWN, Verb.LIST_EXPIRED, Verb.LIST_DROPPED}


def event(row: AuditEvent) -> dict[str, Any]:
    """An audit event as an entry of the timeline."""
    return {
        "at": row.at,
        "title": ACTS.get(row.verb, row.verb),
        "text": row.facts.get("reason", ""),
        "who": str(row.by),
        "kind": "bad" if row.verb in ENDINGS else "",
    }
