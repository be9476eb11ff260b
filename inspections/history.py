"""The story of a row in words: its audit events as entries of a timeline."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit
from governance.audit import Verb
from governance.labels import label
from governance.models import AuditEvent

WORDS = {
    Verb.INSPECTION_PLANNED: gettext_lazy("Planned"),
    Verb.INSPECTION_ASSIGNED: gettext_lazy("Officers sent"),
    Verb.INSPECTION_STARTED: gettext_lazy("Begun"),
    Verb.INSPECTION_SIGNED: gettext_lazy("Signed"),
    Verb.INSPECTION_PENDING: gettext_lazy("All notices issued; waits for rectification"),
    Verb.INSPECTION_CLOSED: gettext_lazy("Closed"),
    Verb.INSPECTION_CANCELLED: gettext_lazy("Called off"),
    Verb.FINDING_MADE: gettext_lazy("Found"),
    Verb.FINDING_FIXED_ON_SPOT: gettext_lazy("Put right on the spot"),
    Verb.FINDING_DISMISSAL_PROPOSED: gettext_lazy("Dismissal proposed"),
    Verb.FINDING_DISMISSAL_REJECTED: gettext_lazy("Dismissal rejected; the finding stands"),
    Verb.FINDING_DISMISSED: gettext_lazy("Dismissed"),
    Verb.FINDING_CLOSED: gettext_lazy("Closed"),
    Verb.FINDING_TRANSFERRED: gettext_lazy("Handed to another department"),
    Verb.TASK_ISSUED: gettext_lazy("Notice issued"),
    Verb.TASK_APPROVED: gettext_lazy("Suspension approved"),
    Verb.TASK_SERVED: gettext_lazy("Rectification notice served"),
    Verb.TASK_PROVED: gettext_lazy("Proof handed in"),
    Verb.TASK_RECHECKED: gettext_lazy("Re-check passed"),
    Verb.TASK_REJECTED: gettext_lazy("Re-check rejected; next round"),
    Verb.TASK_CLOSED: gettext_lazy("Closed out"),
    Verb.TASK_SUPERSEDED: gettext_lazy("Ended without close-out"),
    Verb.TASK_PRESSED: gettext_lazy("Pressed by a leader"),
    Verb.ASSURANCES_SET: gettext_lazy("Five assurances written down"),
    Verb.EXTENSION_ASKED: gettext_lazy("More time asked for"),
    Verb.EXTENSION_GRANTED: gettext_lazy("More time granted"),
    Verb.EXTENSION_REFUSED: gettext_lazy("More time refused"),
    Verb.PAPER_ISSUED: gettext_lazy("Paper issued"),
    Verb.CLOCK_EXTENDED: gettext_lazy("Term extended"),
    Verb.CLOCK_RECOMPUTED: gettext_lazy("Term worked out anew"),
}
KINDS = {
    Verb.INSPECTION_CLOSED: "ok",
    Verb.TASK_CLOSED: "ok",
    Verb.FINDING_CLOSED: "ok",
    Verb.TASK_RECHECKED: "ok",
    Verb.TASK_REJECTED: "bad",
    Verb.TASK_PRESSED: "warn",
    Verb.INSPECTION_CANCELLED: "warn",
}


def entries(subject: models.Model) -> list[dict[str, Any]]:
    """Newest first, for `_timeline.html`; events without a word of their own are left out."""
    events = audit.history(subject).filter(verb__in=[str(verb) for verb in WORDS])
    return [_entry(event) for event in events[:200]]


def _entry(event: AuditEvent) -> dict[str, Any]:
    verb = Verb(event.verb)
    return {
        "at": event.at,
        "title": WORDS[verb],
        "text": _text(verb, event.facts),
        "who": str(event.by),
        "kind": KINDS.get(verb, ""),
    }


def _text(verb: Verb, facts: dict[str, Any]) -> str:
    if verb == Verb.INSPECTION_ASSIGNED:
        return "、".join(facts.get("officers", []))
    if verb == Verb.TASK_SERVED:
        return label("RectificationTask.service_way", facts.get("way", ""))
    if verb == Verb.PAPER_ISSUED:
        return f"{facts.get('paper', '')} {facts.get('number', '')}"
    if verb == Verb.EXTENSION_ASKED:
        return _("%(days)s days: %(reason)s") % {
            "days": facts.get("days", ""),
            "reason": facts.get("reason", ""),
        }
    if verb == Verb.FINDING_MADE:
        return str(facts.get("department", ""))
    words = (facts.get(name) for name in ("note", "reason", "text", "how", "department"))
    return next((str(word) for word in words if word), "")
