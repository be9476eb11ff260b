"""The columns of the ledger: the same for the page, the print and the workbook.

A cell of the page is finished HTML, made once per row in Python; templates only place it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from governance import daylight, labels
from governance.exports import DATE, NUMBER, TEXT
from governance.privacy import mask_phone
from institutions.measures import measure
from institutions.models import Source

Row = dict[str, Any]
SOON = 90  # days before the end of a licence, as the reminders of the rule licence.expiry begin


@dataclass(frozen=True)
class LedgerColumn:
    """`fields` are the columns and derived facts a row must carry; `value` gives the plain value
    for the workbook, `cell` the HTML for the page where it is more than the escaped value."""

    key: str
    label: Any
    fields: tuple[str, ...]
    value: Callable[[Row], Any]
    cell: Callable[[Row], str] | None = None
    sort: str = ""
    css: str = ""
    kind: str = TEXT
    width: int = 14

    def html(self, row: Row) -> str:
        if self.cell:
            return self.cell(row)
        value = self.value(row)
        return missing() if value in (None, "") else conditional_escape(value)


def missing() -> SafeString:
    """A fact that nobody collected yet is said, never left blank."""
    return _missing(get_language() or "")


@lru_cache(maxsize=8)
def _missing(language: str) -> SafeString:
    return format_html('<span class="missing">{}</span>', _("Not collected"))


def st(kind: str, word: str) -> SafeString:
    return format_html('<span class="st st-{}">{}</span>', kind, word)


def badge(domain: str, value: str) -> SafeString:
    """The badge of a coded value in the active language."""
    return _badge(domain, value, get_language() or "")


@lru_cache(maxsize=500)
def _badge(domain: str, value: str, language: str) -> SafeString:
    return st(labels.badge(domain, value), labels.label(domain, value))


@lru_cache(maxsize=500)
def _word(domain: str, value: str, language: str) -> str:
    return labels.label(domain, value)


def word(domain: str, value: str | None) -> str:
    return _word(domain, value or "", get_language() or "") if value else ""


def display_name(row: Row) -> str:
    """The name, or what stands for it; the number is always beside it."""
    return row["name"] or _("Nameless place")


def _coded(key: str, label: Any, field: str, domain: str, **more: Any) -> LedgerColumn:
    """A column whose values are words of the label table."""
    return LedgerColumn(
        key,
        label,
        (field,),
        lambda row: word(domain, row[field]),
        lambda row: badge(domain, row[field]) if row[field] else missing(),
        **more,
    )


def _stored(key: str, label: Any, field: str, **more: Any) -> LedgerColumn:
    return LedgerColumn(key, label, (field,), lambda row: row[field], **more)


def _several(key: str, label: Any, field: str, domain: str, **more: Any) -> LedgerColumn:
    """A column whose cells hold several words of the label table."""

    def words(row: Row) -> str:
        return "、".join(word(domain, value) for value in row[field] or ())

    return LedgerColumn(key, label, (field,), words, **more)


def _expires(row: Row) -> str:
    """The last day of the school licence, marked when it is near or past."""
    if row["cert_status"] in ("REG_ONLY", "NONE") and row["expires_on"] is None:
        return st("bad", _("No licence"))
    last = row["expires_on"]
    if last is None:
        return missing()
    left = (last - (row.get("on") or daylight.today())).days
    if left < 0:
        return format_html("{} {}", f"{last:%Y-%m-%d}", badge("Licence.status", "expired"))
    if left <= SOON:
        soon = _("%(days)s days left") % {"days": left}
        return format_html("{} {}", f"{last:%Y-%m-%d}", st("warn", soon))
    return f"{last:%Y-%m-%d}"


def _flags(row: Row) -> str:
    found = []
    if row["institution__duplicate_of_id"]:
        found.append(st("warn", _("Duplicate")))
    if row["multi_site"]:
        found.append(st("info", _("Several sites")))
    return mark_safe(" ".join(found)) if found else "—"


def _flag_words(row: Row) -> str:
    found = [_("Duplicate")] if row["institution__duplicate_of_id"] else []
    return "、".join([*found, *([_("Several sites")] if row["multi_site"] else [])])


def _code_words(row: Row) -> str:
    pending = _("being issued") if row["institution__credit_code_pending"] else ""
    return row["institution__credit_code"] or pending


def _code(row: Row) -> str:
    words = _code_words(row)
    return format_html('<span class="code">{}</span>', words) if words else missing()


def _outcome(row: Row) -> str:
    return badge("Disposal.outcome", row["disposal"]) if row["disposal"] else "—"


def _measure(row: Row) -> str:
    return measure(row["kind"], row["cert_status"], row["can_qualify"])


def _phone(row: Row) -> str:
    return mask_phone(row["institution__contact_phone"] or "")


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(daylight.ZONE).date()


NUMBER_AND_NAME = ("institution_id", "name", "institution__number")

COLUMNS: list[LedgerColumn] = [
    _stored("township", gettext_lazy("Township"), "township__name", sort="township"),
    _several(
        "category", gettext_lazy("Category"), "categories", "Institution.category", sort="category"
    ),
    _coded("cert", gettext_lazy("Certificates"), "cert_status", "cert_status", sort="cert"),
    _coded(
        "status",
        gettext_lazy("Operation"),
        "operating_status",
        "Institution.operating_status",
        sort="status",
    ),
    LedgerColumn(
        "expires",
        gettext_lazy("Licence until"),
        ("expires_on", "cert_status"),
        lambda row: row["expires_on"],
        _expires,
        sort="expires",
        kind=DATE,
    ),
    LedgerColumn(
        "flags",
        pgettext_lazy("of an institution", "Flags"),
        ("institution__duplicate_of_id", "multi_site"),
        _flag_words,
        _flags,
    ),
    _stored("principal", gettext_lazy("Principal"), "institution__principal"),
    LedgerColumn(
        "phone",
        gettext_lazy("Phone"),
        ("institution__contact_phone",),
        _phone,
        css="nowrap",
    ),
    LedgerColumn(
        "code",
        gettext_lazy("Unified credit code"),
        ("institution__credit_code", "institution__credit_code_pending"),
        _code_words,
        _code,
        css="nowrap",
        width=22,
    ),
    _coded("kind", pgettext_lazy("institution", "Kind"), "kind", "Institution.kind"),
    _stored("licensor", gettext_lazy("Licensor"), "licensor__name", sort="licensor", width=20),
    _stored("registrar", gettext_lazy("Registrar"), "registrar__name", width=20),
    _stored("licence", gettext_lazy("Licence number"), "licence_number", css="code", width=24),
    _stored(
        "conditions", gettext_lazy("Conditions of the licence"), "licence_conditions", width=24
    ),
    _several(
        "licence-categories",
        gettext_lazy("Categories of the licence"),
        "licence_categories",
        "Institution.category",
    ),
    _several(
        "licence-stages",
        gettext_lazy("School stages of the licence"),
        "licence_stages",
        "Institution.stage",
    ),
    _coded("licence-mode", gettext_lazy("Form by the licence"), "licence_mode", "Institution.mode"),
    _several("sub-kinds", gettext_lazy("Sub-kinds"), "sub_kinds", "Institution.sub_kind"),
    _several("stages", gettext_lazy("School stages"), "stages", "Institution.stage"),
    _coded("mode", gettext_lazy("Form"), "mode", "Institution.mode"),
    _stored(
        "representative",
        gettext_lazy("Legal representative"),
        "institution__legal_representative",
    ),
    _stored("sponsor", gettext_lazy("Sponsor"), "institution__sponsor", width=20),
    _stored("address", gettext_lazy("Address"), "address", width=32),
    _stored(
        "learners",
        gettext_lazy("Learners"),
        "learners",
        sort="learners",
        css="num",
        kind=NUMBER,
        width=10,
    ),
    LedgerColumn(
        "area",
        gettext_lazy("Area of sites (m²)"),
        ("area",),
        lambda row: row["area"],
        css="num",
        kind=NUMBER,
        width=14,
    ),
    _coded("profit", gettext_lazy("Profit nature"), "profit_nature", "Institution.profit_nature"),
    LedgerColumn(
        "disposal",
        gettext_lazy("Outcome"),
        ("disposal",),
        lambda row: word("Disposal.outcome", row["disposal"]),
        _outcome,
    ),
    LedgerColumn(
        "measure",
        gettext_lazy("Lawful measure"),
        ("kind", "cert_status", "can_qualify"),
        lambda row: word("measure", _measure(row)),
        lambda row: badge("measure", _measure(row)),
        width=22,
    ),
    _stored("founded", gettext_lazy("Founded"), "institution__founded_on", kind=DATE),
    LedgerColumn(
        "recorded",
        gettext_lazy("Recorded"),
        ("recorded_at", "source"),
        lambda row: _day(row["recorded_at"]),
        lambda row: format_html(
            '{} <span class="source">{}</span>',
            f"{_day(row['recorded_at']):%Y-%m-%d}",
            str(Source(row["source"]).label),
        ),
        sort="recorded",
        kind=DATE,
    ),
]

NAME_COLUMNS = [
    _stored("number", gettext_lazy("Number"), "institution__number", sort="number", width=16),
    LedgerColumn("name", gettext_lazy("Name"), NUMBER_AND_NAME, display_name, width=32),
]


def fields_of(columns: Sequence[LedgerColumn]) -> list[str]:
    """What a row must carry for these columns, with number and name."""
    found = dict.fromkeys(NUMBER_AND_NAME)
    for column in columns:
        found |= dict.fromkeys(column.fields)
    return list(found)
