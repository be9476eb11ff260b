"""One search over the registry, typed the way people type."""

import re
from dataclasses import dataclass

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import daylight
from governance.models import Membership
from institutions.models import Institution, InstitutionPeriod, Licence

LIMIT = 20


@dataclass(frozen=True)
class Hit:
    """One place to go, and why it was found."""

    title: str
    detail: str
    url: str
    why: str


def search(actor: Membership, term: str) -> list[Hit]:
    """Institutions in the actor's scope by code, licence number, pinyin initials or name."""
    hits = [*_by_code(actor, term), *_by_licence(actor, term), *_by_name(actor, term)]
    return list({hit.url: hit for hit in reversed(hits)}.values())[::-1][:LIMIT]


def _by_code(actor: Membership, term: str) -> list[Hit]:
    code = term.upper().replace(" ", "")
    if not re.fullmatch(r"[0-9A-Z-]{4,18}", code):
        return []
    rows = Institution.objects.visible_to(actor).filter(
        Q(credit_code__startswith=code) | Q(number__startswith=code)
    )
    return [_hit(row, _("credit code")) for row in _with_names(rows)]


def _by_licence(actor: Membership, term: str) -> list[Hit]:
    if not re.search(r"\d{4}", term):
        return []
    licences = Licence.objects.visible_to(actor).filter(number__contains=term, voided_at=None)
    found = licences.select_related("institution").prefetch_related("institution__periods")
    return [
        _hit(licence.institution, _("licence %(number)s") % {"number": licence.number})
        for licence in found[:LIMIT]
    ]


def _by_name(actor: Membership, term: str) -> list[Hit]:
    condition = Q(name__contains=term)
    if re.fullmatch(r"[A-Za-z]{2,}", term):
        condition |= Q(initials__contains=term.lower()) | Q(spelt__contains=term.lower())
    periods = (
        InstitutionPeriod.objects.visible_to(actor)
        .on(daylight.today())
        .annotate(spelt=Replace("name_key", Value(" "), Value("")))
        .filter(condition)
        .select_related("institution", "township")
        .order_by("name_key", "pk")
    )
    return [
        Hit(
            period.display_name,
            f"{period.township} · {period.institution.credit_code or period.institution.number}",
            _address(period.institution.merged_into_id or period.institution_id),
            _("name"),
        )
        for period in periods[:LIMIT]
    ]


def _with_names(rows):
    return rows.select_related("division").prefetch_related("periods")[:LIMIT]


def _hit(institution: Institution, why: str) -> Hit:
    code = institution.credit_code or institution.number
    return Hit(str(institution), code, _address(institution.merged_into_id or institution.pk), why)


def _address(pk: int) -> str:
    return reverse("institution", args=[pk])
