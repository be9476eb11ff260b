"""What an audited act changed, in the reader's words."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.labels import label
from governance.models import AuditEvent
from institutions import record
from institutions.filings.kinds import KINDS

FIELDS = {
    # field: (word, table of its values), besides those of the record
    "scope": (gettext_lazy("Scope"), ""),
    "conditions": (gettext_lazy("Conditions"), ""),
    "issuer_name": (gettext_lazy("Issued by an office not in the list"), ""),
    "issued_on": (gettext_lazy("Issued on"), ""),
    "number": (gettext_lazy("Number"), ""),
    "issuer": (gettext_lazy("Issuing office"), ""),
    "valid_from": (gettext_lazy("Valid from"), ""),
    "valid_to": (gettext_lazy("Valid until"), ""),
    "result": (gettext_lazy("Result"), "AnnualResult.result"),
    "reason": (gettext_lazy("Reason"), "AnnualResult.reason"),
    "reason_text": (gettext_lazy("The reason in words"), ""),
    "decided_on": (gettext_lazy("Decided on"), ""),
    "document_number": (gettext_lazy("Number of the document"), ""),
    "published_on": (gettext_lazy("Made public on"), ""),
    "duplicate_of": (gettext_lazy("Second registration of"), ""),
    "merged_into": (gettext_lazy("Joined with"), ""),
    "void_reason": (gettext_lazy("Reason"), ""),
}
FILED = {  # columns of filed rows whose values stand in the table of another column
    "category": "Institution.category",
    "teaches": "Institution.category",
    "stages": "Institution.stage",
    "certificate_stage": "Institution.stage",
    "mode": "Institution.mode",
    "pay_methods": "FeeItem.pay",
}
UNTOLD = {"voided_at"}


class Change(NamedTuple):
    """One field: from what to what; both None where the values are private."""

    field: str
    was: str | None
    now: str | None


def lines(events: Iterable[AuditEvent]) -> list[tuple[AuditEvent, list[Change], str]]:
    """Each event with its changed fields and what else it was about."""
    return [(event, list(changes(event)), said(event)) for event in events]


def changes(event: AuditEvent) -> Iterator[Change]:
    """The changed fields of an event."""
    for name, change in (event.facts.get("changes") or {}).items():
        if name in UNTOLD:
            continue
        word, domain = _field(event, name)
        if change == "changed":
            yield Change(str(word), None, None)
        else:
            was, now = (told(value, domain) for value in change)
            yield Change(str(word), was, now)


def said(event: AuditEvent) -> str:
    """What an act was about, besides changed fields, and why."""
    facts, reason = event.facts, event.facts.get("reason") or ""
    words: list[Any] = []
    if event.verb.startswith("annual_result."):
        reason = label("AnnualResult.reason", reason)
        words = [facts.get("year"), label("AnnualResult.result", facts.get("result"))]
    elif event.verb.startswith("licence."):
        words = [label("Licence.kind", facts.get("kind")), facts.get("number")]
    elif facts.get("kind") in KINDS:
        words = [KINDS[facts["kind"]].label]
    return " · ".join(str(word) for word in (*words, reason) if word)


def _field(event: AuditEvent, name: str) -> tuple[Any, str]:
    """The word of a column and the table of its values; of filed rows those of their kind."""
    kind = KINDS.get(str(event.facts.get("kind", "")))
    if kind:
        return kind.field_label(name), FILED.get(name, f"{kind.model.__name__}.{name}")
    field = name.removesuffix("_id")
    return record.WORDS.get(field) or FIELDS.get(field, (name, ""))


def told(value: Any, domain: str) -> str:
    """A value of a field in words, with the table of its values."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(told(one, domain) for one in value)
    return label(domain, str(value)) if domain else str(value)
