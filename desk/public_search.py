"""What the anonymous public may look up: licensed institutions, with a verdict in words.

A place that was only found by an inspection is nobody's public record before a decision; whoever
looks for it reads that no licence was found, and that this alone does not make it unlawful.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from governance import daylight
from institutions.models import (
    SCHOOLING,
    Institution,
    InstitutionPeriod,
    Licence,
    OperatingStatus,
    SitePeriod,
)
from institutions.models.licences import LicenceQuerySet
from publiclists.models import Kind, ListEntry

PAGE = 20
CLOSED = (OperatingStatus.CLOSED, OperatingStatus.DEREGISTERED)


@dataclass(frozen=True)
class Verdict:
    """The answer to “is this place legal?” in a few words, with the colour as an addition only."""

    code: str
    words: str
    tone: str  # ok | warn | bad | none

    @property
    def shape(self) -> str:
        """The sign beside the words, which differs without colour too."""
        return {"ok": "✓", "warn": "!", "bad": "×"}[self.tone]

    @property
    def badge(self) -> str:
        """The kind of badge in a list."""
        return self.tone


@dataclass(frozen=True)
class Result:
    """One institution as the public may know it."""

    number: str
    name: str
    address: str
    verdict: Verdict
    licences: list[Licence]
    listed: list[ListEntry]


def verdicts() -> dict[str, Verdict]:
    """Every verdict there is."""
    found = [
        Verdict("black", _("On the black list"), "bad"),
        Verdict("white", _("Licensed and registered, on the white list"), "ok"),
        Verdict("full", _("Licensed and registered"), "ok"),
        Verdict("closed", _("Closed according to the register"), "bad"),
        Verdict("registration_missing", _("Licensed, registration not on record"), "warn"),
        Verdict("expired", _("The licence has expired"), "bad"),
        Verdict("ended", _("The licence was revoked or cancelled"), "bad"),
    ]
    return {verdict.code: verdict for verdict in found}


def find(term: str, on: dt.date | None = None) -> QuerySet[InstitutionPeriod]:
    """The public institutions whose name, credit code, licence number or address has the term."""
    on = on or daylight.today()
    code = term.upper().replace(" ", "")
    addresses = SitePeriod.objects.filter(
        site__institution=OuterRef("institution"), during__contains=on, address__contains=term
    )
    numbers = _schooling().filter(number__contains=term).held_by("institution_id")
    return (
        _known(on)
        .filter(
            Q(name__contains=term) | Q(institution__credit_code=code) | Exists(addresses) | numbers
        )
        .order_by("name_key", "pk")
    )


def by_number(number: str, on: dt.date | None = None) -> InstitutionPeriod | None:
    """One public institution."""
    return _known(on or daylight.today()).filter(institution__number=number).first()


def results(periods: list[InstitutionPeriod], on: dt.date | None = None) -> list[Result]:
    """The periods with licences, addresses, list entries and verdicts, in five queries."""
    on = on or daylight.today()
    ids = [period.institution_id for period in periods]
    family = _family(ids)
    licences = _grouped(_schooling().order_by("-valid_to", "pk"), family)
    listed = _grouped(ListEntry.objects.live(), family)
    addresses = _addresses(ids, on)
    status = dict(
        Institution.objects.filter(pk__in=ids).with_cert_status(on).values_list("pk", "cert_status")
    )
    return [
        Result(
            number=period.institution.number,
            name=period.display_name,
            address=addresses.get(period.institution_id, ""),
            verdict=_verdict(
                status[period.institution_id],
                licences.get(period.institution_id, []),
                listed.get(period.institution_id, []),
                on,
                closed=period.operating_status in CLOSED,
            ),
            licences=licences.get(period.institution_id, []),
            listed=listed.get(period.institution_id, []),
        )
        for period in periods
    ]


def _verdict(
    status: str, licences: list[Licence], listed: list[ListEntry], on: dt.date, *, closed: bool
) -> Verdict:
    known = verdicts()
    kinds = {entry.kind for entry in listed}
    if Kind.BLACK in kinds:
        return known["black"]
    if closed and status in ("FULL", "LICENSE_ONLY"):
        return known["closed"]
    if status == "FULL":
        return known["white"] if Kind.WHITE in kinds else known["full"]
    if status == "LICENSE_ONLY":
        return known["registration_missing"]
    expired = any(licence.valid_to and licence.valid_to < on for licence in licences)
    return known["expired" if expired else "ended"]


def _known(on: dt.date) -> QuerySet[InstitutionPeriod]:
    """Current periods of institutions that hold or held a licence; duplicates stand for nothing."""
    return (
        InstitutionPeriod.objects.on(on)
        .filter(
            _schooling().held_by("institution_id"),
            institution__voided_at=None,
            institution__duplicate_of=None,
            institution__merged_into=None,
        )
        .select_related("institution", "township")
    )


def moved_to(number: str) -> str:
    """The number of the institution that the one with this number was merged into, if it was."""
    rows = Institution.objects.filter(number=number, merged_into__voided_at=None)
    return rows.values_list("merged_into__number", flat=True).first() or ""


def _schooling() -> LicenceQuerySet:
    return Licence.objects.filter(kind__in=SCHOOLING, voided_at=None)


def _addresses(ids: list[int], on: dt.date) -> dict[int, str]:
    rows = SitePeriod.objects.filter(
        site__institution__in=ids, site__voided_at=None, during__contains=on
    )
    return dict(rows.order_by("-site__serial").values_list("site__institution_id", "address"))


def _family(ids: list[int]) -> dict[int, int]:
    """{record: institution that stands for it}: these, and those merged into them."""
    merged = Institution.objects.filter(merged_into__in=ids)
    return {pk: pk for pk in ids} | dict(merged.values_list("pk", "merged_into"))


def _grouped(rows: Any, family: dict[int, int]) -> dict[int, list]:
    grouped: dict[int, list] = {}
    for row in rows.filter(institution__in=list(family)):
        grouped.setdefault(family[row.institution_id], []).append(row)
    return grouped
