"""The story of a return or a collection in the reader's words."""

from typing import Any

from django.db import models

from governance import audit
from governance.labels import label
from governance.models import AuditEvent

KINDS = {
    "return.accepted": "ok",
    "return.given_back": "bad",
    "return.pressed": "warn",
    "collection.extended": "warn",
    "collection.closed": "ok",
    "collection.cancelled": "bad",
}


def history(subject: models.Model) -> list[dict[str, Any]]:
    """Newest first, for `_timeline.html`; what only a clock did is left out."""
    events = audit.history(subject).exclude(verb__startswith="clock.")
    return [_entry(event) for event in events[:100]]


def _entry(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "title": label("Verb", event.verb),
        "text": event.facts.get("reason") or event.facts.get("file") or "",
        "who": str(event.by),
        "kind": KINDS.get(event.verb, ""),
    }
