"""The life of an institution in days, from the rows of its dossier."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.dossier import Dossier
from desk.dossier_facts import told
from governance import daylight
from governance.labels import badge, label
from institutions import record
from institutions.models import Licence, Source

SECTIONS = {
    "facts": gettext_lazy("Facts"),
    "licences": gettext_lazy("Certificates"),
    "sites": gettext_lazy("Sites"),
    "inspections": gettext_lazy("Inspections"),
    "findings": gettext_lazy("Problems"),
    "lists": gettext_lazy("Lists"),
    "disposals": gettext_lazy("Outcomes"),
    "results": gettext_lazy("Annual review"),
}
TOLD = (
    "name", "kind", "categories", "sub_kinds", "operating_status", "profit_nature", "township",
    "licensor", "registrar", "learners",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line for `_timeline.html`."""

    on: dt.date
    title: str
    section: str
    text: str = ""
    who: str = ""
    url: str = ""
    kind: str = ""
    at: None = None


def entries(dossier: Dossier, section: str = "") -> list[Entry]:
    """Newest first; those of one section, or all."""
    tellers = [_periods, _licences, _sites, _inspections, _findings, _lists, _disposals, _results]
    found = [entry for tell in tellers for entry in tell(dossier)]
    wanted = [entry for entry in found if section in ("", entry.section)]
    return sorted(wanted, key=lambda entry: entry.on, reverse=True)


def _periods(dossier: Dossier) -> Iterator[Entry]:
    """The first period, then what each later one changed."""
    later = dossier.periods
    for period, before in zip(later, [*later[1:], None], strict=True):
        source = str(Source(period.source).label)
        day = period.during.lower
        if before is None:
            yield Entry(day, _("On record"), "facts", period.display_name, source)
            continue
        changed = [
            f"{record.WORDS[name][0]}: {_value(before, name)} → {_value(period, name)}"
            for name in TOLD
            if getattr(before, name) != getattr(period, name)
        ]
        if changed:
            yield Entry(day, _("Facts changed"), "facts", "；".join(changed), source)


def _value(period: Any, name: str) -> str:
    value = getattr(period, name)
    if value in (None, "", []):
        return _("not collected")
    return str(told(name, value))


def _licences(dossier: Dossier) -> Iterator[Entry]:
    for licence in dossier.licences:
        kind = label("Licence.kind", licence.kind)
        begun = licence.valid_from or licence.issued_on
        if begun:
            title = _("%(kind)s issued") % {"kind": kind}
            yield Entry(begun, title, "licences", licence.number, _issuer(licence), kind="ok")
        if licence.ended_on:
            state = label("Licence.status", licence.status)
            yield Entry(licence.ended_on, f"{kind}: {state}", "licences", kind="bad")
        elif licence.valid_to and licence.valid_to < dossier.today:
            title = _("%(kind)s expired") % {"kind": kind}
            yield Entry(licence.valid_to, title, "licences", licence.number, kind="warn")


def _issuer(licence: Licence) -> str:
    return licence.issuer.name if licence.issuer else licence.issuer_name


def _sites(dossier: Dossier) -> Iterator[Entry]:
    for newest, earlier in dossier.sites:
        known = [*reversed(earlier), newest]
        serial = {"serial": newest.site.serial}
        yield Entry(
            known[0].during.lower, _("Site %(serial)s used") % serial, "sites", known[0].address
        )
        for before, period in pairwise(known):
            if before.address != period.address:
                text = f"{before.address} → {period.address}"
                yield Entry(period.during.lower, _("Site %(serial)s moved") % serial, "sites", text)
        if newest.during.upper:
            yield Entry(
                newest.during.upper, _("Site %(serial)s given up") % serial, "sites", newest.address
            )


def _inspections(dossier: Dossier) -> Iterator[Entry]:
    for inspection in dossier.inspections:
        if inspection.inspected_on:
            yield Entry(
                inspection.inspected_on,
                label("Inspection.kind", inspection.kind),
                "inspections",
                label("Inspection.status", inspection.status),
                inspection.lead.name,
                inspection.get_absolute_url(),
            )


def _findings(dossier: Dossier) -> Iterator[Entry]:
    for finding in dossier.findings:
        url = finding.get_absolute_url()
        severity = label("Finding.severity", finding.severity)
        title = _("Problem found (%(severity)s)") % {"severity": severity}
        yield Entry(
            finding.found_on, title, "findings", finding.title, finding.lead.name, url, "bad"
        )
        if finding.closed_on:
            state = label("Finding.status", finding.status)
            yield Entry(finding.closed_on, state, "findings", finding.title, url=url, kind="ok")


def _lists(dossier: Dossier) -> Iterator[Entry]:
    for entry in dossier.entries:
        name, url = label("ListEntry.kind", entry.kind), entry.get_absolute_url()
        days = [
            (entry.proposed_on, _("Proposed for the list: %(list)s")),
            (entry.listed_on, _("On the list: %(list)s")),
            (entry.ended_on, _("Off the list: %(list)s")),
        ]
        for day, words in days:
            if day:
                yield Entry(day, words % {"list": name}, "lists", entry.number or "", url=url)


def _disposals(dossier: Dossier) -> Iterator[Entry]:
    for disposal in dossier.disposals:
        kind = {"bad": "bad", "warn": "warn", "ok": "ok"}.get(
            badge("Disposal.outcome", disposal.outcome), ""
        )
        yield Entry(
            disposal.decided_on,
            label("Disposal.outcome", disposal.outcome),
            "disposals",
            disposal.measures or disposal.campaign,
            disposal.department.name,
            kind=kind,
        )


def _results(dossier: Dossier) -> Iterator[Entry]:
    for result in dossier.results:
        day = result.decided_on or result.recorded_at.astimezone(daylight.ZONE).date()
        title = _("Annual review of %(year)s") % {"year": result.year}
        word = label("AnnualResult.result", result.result)
        kind = badge("AnnualResult.result", result.result)
        yield Entry(day, title, "results", word, result.document_number, kind=kind)
