"""What an audited act changed, in the reader's words."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance.labels import label
from governance.models import AuditEvent
from institutions.filings.kinds import KINDS

FIELDS = {
    # column: (word, table of its values)
    "name": (gettext_lazy("Name"), ""),
    "kind": (pgettext_lazy("institution", "Kind"), "Institution.kind"),
    "categories": (gettext_lazy("Category"), "Institution.category"),
    "stages": (gettext_lazy("Stages"), "Institution.stage"),
    "mode": (gettext_lazy("Form of teaching"), "Institution.mode"),
    "profit_nature": (gettext_lazy("Profit nature"), "Institution.profit_nature"),
    "operating_status": (gettext_lazy("Operation"), "Institution.operating_status"),
    "township_id": (gettext_lazy("Township"), ""),
    "licensor_id": (gettext_lazy("Licensor"), ""),
    "registrar_id": (gettext_lazy("Registrar"), ""),
    "can_qualify": (gettext_lazy("Can come to meet the standard"), ""),
    "learners": (gettext_lazy("Learners"), ""),
    "credit_code": (gettext_lazy("Unified credit code"), ""),
    "credit_code_pending": (gettext_lazy("Code being issued"), ""),
    "founded_on": (gettext_lazy("Founded"), ""),
    "platform_id": (gettext_lazy("Number on the national platform"), ""),
    "principal": (gettext_lazy("Principal"), ""),
    "legal_representative": (gettext_lazy("Legal representative"), ""),
    "sponsor": (gettext_lazy("Sponsor"), ""),
    "contact_phone": (gettext_lazy("Phone"), ""),
    "note": (gettext_lazy("Remarks"), ""),
    "address": (gettext_lazy("Address"), ""),
    "area": (gettext_lazy("Floor area (m²)"), ""),
    "floors": (gettext_lazy("Floors"), ""),
    "number": (gettext_lazy("Number"), ""),
    "issuer": (gettext_lazy("Issuing office"), ""),
    "valid_from": (gettext_lazy("Valid from"), ""),
    "valid_to": (gettext_lazy("Valid until"), ""),
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


def _field(event: AuditEvent, name: str) -> tuple[Any, str]:
    """The word of a column and the table of its values; of filed rows those of their kind."""
    kind = KINDS.get(str(event.facts.get("kind", "")))
    if kind:
        return kind.field_label(name), FILED.get(name, f"{kind.model.__name__}.{name}")
    return FIELDS.get(name, (name, ""))


def told(value: Any, domain: str) -> str:
    """A value of a field in words, with the table of its values."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(told(one, domain) for one in value)
    return label(domain, str(value)) if domain else str(value)
