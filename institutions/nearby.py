"""Institutions that may be the one somebody is about to enter."""

from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from governance.models import Division, Membership
from institutions import names
from institutions.models import InstitutionPeriod, Site, SitePeriod

LIKE = 0.5  # share of trigrams of whole names that are taken for alike
SHOWN = 5


def alike(
    actor: Membership,
    *,
    township: Division | None,
    name: str = "",
    address: str = "",
    besides: int | None = None,
) -> list[InstitutionPeriod]:
    """The places of the county with a like name, or at the same address of the township.

    Best first, at most five, in the actor's scope.
    """
    name, address = names.tidy(name), " ".join(address.split())
    if not name and len(address) < 4:
        return []
    rows = InstitutionPeriod.objects.visible_to(actor).filter(
        during__endswith=None, institution__voided_at=None, institution__merged_into=None
    )
    rows = rows.exclude(institution_id=besides)
    if township:
        rows = rows.filter(township__code__startswith=township.county_code)
    condition, order = _names_alike(name)
    if len(address) >= 4 and township:
        condition |= Q(institution__in=_at(address, township))
    found = rows.annotate(**order).filter(condition).select_related("institution", "township")
    return list(found.order_by(*(["-likeness"] if order else []), "name_key")[:SHOWN])


def _names_alike(name: str) -> tuple[Q, dict[str, Any]]:
    """With the same telling part, by its characters or by its sound, or alike as a whole."""
    if not name:
        return Q(pk__in=[]), {}
    part = names.core(name)
    condition = Q(name__contains=part) | Q(likeness__gte=LIKE)
    if len(part) >= 2:
        condition |= Q(name_key__contains=names.name_key(part))
    return condition, {"likeness": TrigramSimilarity("name", name)}


def _at(address: str, township: Division) -> Any:
    """Institutions with a site in the township whose address holds this one, or is held by it."""
    sites = SitePeriod.objects.filter(
        during__endswith=None, township=township, site__voided_at=None
    )
    return sites.filter(address__contains=address).values("site__institution_id")


def address_of(site: Site | None) -> str:
    """Where a site is now."""
    period = site.periods.filter(during__endswith=None).first() if site else None
    return period.address if period else ""
