"""Who can be asked: townships, 学区, departments and schools of the issuer's county."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.models import Department, Membership
from governance.scoping import COUNTY_DIGITS

TOWNS, DISTRICTS, OFFICES, SCHOOLS = "towns", "districts", "offices", "schools"
LABELS = {
    TOWNS: _("Townships"),
    DISTRICTS: _("School districts"),
    OFFICES: _("Departments"),
    SCHOOLS: _("Schools"),
}


def group_of(unit: Department) -> str:
    if unit.kind in ("TOWN", "SCHOOL"):
        return TOWNS if unit.kind == "TOWN" else SCHOOLS
    return DISTRICTS if len(unit.jurisdictions) > 1 else OFFICES


def offered(actor: Membership) -> dict[str, list[Department]]:
    """The units an issuer may ask, by group; groups without a unit are left out."""
    if actor.department is None:
        return {}
    county = actor.department.division_id[:COUNTY_DIGITS]
    rows = Department.objects.filter(is_active=True, division__code__startswith=county)
    found: dict[str, list[Department]] = {group: [] for group in LABELS}
    for unit in rows.exclude(pk=actor.department.pk).order_by("code"):
        found[group_of(unit)].append(unit)
    return {group: units for group, units in found.items() if units}


def choices(units: list[Department]) -> list[tuple[str, Any]]:
    return [(str(unit.pk), unit.name) for unit in units]
