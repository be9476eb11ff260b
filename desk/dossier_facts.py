"""The facts of a dossier, each with where it was taken from, on which day, and since when it holds.

A fact that nobody collected says so and leads to the form that fills it; one that changed since the
reader's last look is marked.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.dossier import Dossier
from governance import daylight
from governance.labels import label
from governance.privacy import REVEAL, mask_phone
from institutions import record
from institutions.models import FoundHow, SitePeriod, Source

CODED = ("kind", "operating_status", "profit_nature", "mode")
LISTS = ("categories", "sub_kinds", "stages")
OF_PERIOD = tuple(name for section in record.FACTS for name in section.fields)
OF_ROW = (
    "credit_code", "principal", "legal_representative", "sponsor", "controller", "contact_phone",
    "founded_on", "startup_funds", "custody_bank", "custody_account", "platform_id", "found_how",
)  # fmt: skip
OF_SITE = tuple(
    name
    for section in record.SITE
    for name in section.fields
    if name not in ("name", "address", "township", "latitude", "longitude")
)


@dataclass(frozen=True)
class Fact:
    """One fact for `_facts.html`: value, where it comes from and since when it holds."""

    label: Any
    value: Any
    source: str = ""
    wide: bool = False
    url: str = ""
    fill: str = ""  # where a missing one is filled in
    changed: bool = False


class Facts:
    """Makes the facts of a dossier; `changed` are the fields that changed since the last look."""

    def __init__(
        self, dossier: Dossier, *, changed: Collection[str] = (), may_keep: bool = False
    ) -> None:
        self.dossier, self.changed, self.may_keep = dossier, changed, may_keep
        self.now, self.row = dossier.period, dossier.institution

    def all(self) -> list[Fact]:
        """The overview: facts of the period, then those of the row."""
        return [
            *(self._of_period(name) for name in OF_PERIOD),
            *(self._of_row(name) for name in OF_ROW),
            *self._kept(),
        ]

    def _of_period(self, name: str) -> Fact:
        return self._fact(name, told(name, getattr(self.now, name)), self._since(name))

    def _of_row(self, name: str) -> Fact:
        if name == "contact_phone":
            return self._phone()
        value = getattr(self.row, name)
        if name == "credit_code" and not value and self.row.credit_code_pending:
            value = _("being issued")
        return self._fact(name, told(name, value))

    def _fact(self, name: str, value: Any, since: str = "", **more: Any) -> Fact:
        known = value not in (None, "")
        source = origin(self.row.sources.get(name), since) if known else ""
        fill = "" if known or not self.may_keep else self.dossier.completeness.url_of(name)
        return Fact(
            record.WORDS[name][0], value if known else "", source,
            fill=fill, changed=name in self.changed, **more,
        )  # fmt: skip

    def _since(self, name: str) -> str:
        """The first day of the unbroken stretch of periods in which the present value holds."""
        periods, now = self.dossier.periods, self.now
        first = now
        for period in periods[periods.index(now) + 1 :]:
            same = getattr(period, name) == getattr(now, name)
            if not same or period.during.upper != first.during.lower:
                break
            first = period
        return f"{first.during.lower:%Y-%m-%d}"

    def _phone(self) -> Fact:
        phone = mask_phone(self.row.contact_phone) if self.row.contact_phone else ""
        if not phone or not REVEAL.held_by(self.dossier.actor):
            return self._fact("contact_phone", phone)
        url = reverse("reveal", args=["institutions", "institution", self.row.pk, "contact_phone"])
        source = origin(self.row.sources.get("contact_phone"))
        how = _("select it to see it in full")
        words = " · ".join(part for part in (source, how) if part)
        return Fact(
            record.WORDS["contact_phone"][0], phone, words,
            url=url, changed="contact_phone" in self.changed,
        )  # fmt: skip

    def _kept(self) -> Iterator[Fact]:
        entered = f"{self.row.created_at.astimezone(daylight.ZONE):%Y-%m-%d}"
        yield Fact(_("Kept by"), self.row.lead.name)
        yield Fact(_("Entered on"), entered, str(self.row.created_by))
        if self.row.note:
            yield self._fact("note", self.row.note, wide=True)


def of_site(period: SitePeriod, *, may_keep: bool = False) -> list[Fact]:
    """What is known of the building, the lease, meals and boarding of a site."""
    url = reverse("site-edit", args=[period.site_id])
    sources, found = period.site.sources, []
    for section in record.SITE:
        for name in section.fields:
            if name not in OF_SITE or not record.applies(name, period):
                continue
            value = told(name, getattr(period, name))
            known = value not in (None, "")
            source = origin(sources.get(name)) if known else ""
            fill = "" if known or not may_keep else f"{url}?section={section.code}"
            found.append(Fact(record.WORDS[name][0], value if known else "", source, fill=fill))
    return found


def origin(noted: list[str] | None, since: str = "") -> str:
    """“imported 2026-03-04 · since 2025-09-01” for what a row notes of a field."""
    if not noted:
        return _("since %(day)s") % {"day": since} if since else ""
    source, day = noted
    words = {"source": Source(source).label, "day": day, "since": since}
    if since:
        return _("%(source)s %(day)s · holds since %(since)s") % words
    return _("%(source)s %(day)s") % words


def told(name: str, value: Any) -> Any:
    """A value in the reader's words."""
    domain = record.WORDS[name][1]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "、".join(label(domain, one) for one in value)
    if name == "found_how":
        return FoundHow(value).label
    if isinstance(value, Decimal) and name == "startup_funds":
        return f"{value:,.2f}"
    value = getattr(value, "name", value)  # a township, a department
    return label(domain, str(value)) if domain else str(value)
