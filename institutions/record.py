"""The sections of an institution's record: which fields belong together, and what is still missing.

The forms, the list of sections and the dossier all follow this table, so that a gap shown anywhere
leads to the form that fills it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models import Institution, InstitutionPeriod, SitePeriod

WORDS: dict[str, tuple[Any, str]] = {
    # field: (word, table of its values)
    "name": (_("Name"), ""),
    "kind": (pgettext_lazy("institution", "Kind"), "Institution.kind"),
    "categories": (_("Category"), "Institution.category"),
    "sub_kinds": (_("Sub-kinds"), "Institution.sub_kind"),
    "stages": (_("Stages"), "Institution.stage"),
    "mode": (_("Form of teaching"), "Institution.mode"),
    "profit_nature": (_("Profit nature"), "Institution.profit_nature"),
    "operating_status": (_("Operation"), "Institution.operating_status"),
    "township": (_("Township"), ""),
    "licensor": (_("Licensor"), ""),
    "registrar": (_("Registrar"), ""),
    "can_qualify": (_("Can come to meet the standard"), ""),
    "learners": (_("Learners"), ""),
    "credit_code": (_("Unified credit code"), ""),
    "credit_code_pending": (_("Code being issued"), ""),
    "principal": (_("Principal"), ""),
    "legal_representative": (_("Legal representative"), ""),
    "sponsor": (_("Sponsor"), ""),
    "controller": (_("Actual controller"), ""),
    "contact_phone": (_("Phone"), ""),
    "founded_on": (_("Founded"), ""),
    "platform_id": (_("Number on the national platform"), ""),
    "found_how": (_("How it was found"), ""),
    "note": (_("Remarks"), ""),
    "startup_funds": (_("Start-up funds (yuan)"), ""),
    "custody_bank": (_("Bank of the custody account"), ""),
    "custody_account": (_("Custody account"), ""),
    "branch_of": (_("Branch of"), ""),
    "branch_filed_on": (_("Filed as a branch on"), ""),
    "address": (_("Address"), ""),
    "area": (_("Floor area (m²)"), ""),
    "floors": (_("Floors"), ""),
    "latitude": (_("Latitude (WGS-84)"), ""),
    "longitude": (_("Longitude (WGS-84)"), ""),
    "building_use": (_("Use of the building"), "SitePeriod.building_use"),
    "lowest_floor": (_("Lowest floor used"), ""),
    "highest_floor": (_("Highest floor used"), ""),
    "teaching_area": (_("Teaching area (m²)"), ""),
    "rooms": (_("Classrooms"), ""),
    "capacity": (_("Learners at one time"), ""),
    "own_building": (_("A building of its own"), ""),
    "tenure": (_("Right to use"), "SitePeriod.tenure"),
    "lease_from": (_("Lease from"), ""),
    "lease_until": (_("Lease until"), ""),
    "landlord": (_("Landlord"), ""),
    "meals": (_("Meals"), "SitePeriod.meals"),
    "boarding": (_("Boarding"), ""),
    "persons_per_room": (_("Persons per bedroom"), ""),
    "area_per_boarder": (_("Bedroom area per person (m²)"), ""),
}


@dataclass(frozen=True)
class Section:
    """Fields that are filled together. `wanted` are those without which the record has a gap."""

    code: str
    label: Any
    fields: tuple[str, ...]
    spare: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in self.spare)


FACTS = (
    Section(
        "basics", _("Name, kind and operation"),
        ("name", "township", "kind", "operating_status", "profit_nature"),
    ),
    Section(
        "teaching", _("What is taught"), ("categories", "sub_kinds", "stages", "mode", "learners")
    ),
    Section(
        "supervision", _("Who licenses and registers"), ("licensor", "registrar", "can_qualify"),
        ("registrar", "licensor", "can_qualify"),
    ),
)  # fmt: skip
IDENTITY = (
    Section(
        "people", _("Code and people"),
        ("credit_code", "principal", "legal_representative", "sponsor", "controller",
         "contact_phone", "founded_on", "platform_id", "found_how", "note"),
        ("platform_id", "found_how", "note"),
    ),
    Section(
        "money", _("Funds and custody account"),
        ("startup_funds", "custody_bank", "custody_account"),
    ),
)  # fmt: skip
SITE = (
    Section(
        "place", _("Address and size"),
        ("name", "address", "township", "area", "floors", "latitude", "longitude"),
        ("name", "floors", "latitude", "longitude"),
    ),
    Section(
        "building", _("Building and rooms"),
        ("building_use", "own_building", "lowest_floor", "highest_floor", "teaching_area", "rooms",
         "capacity"),
        ("own_building",),
    ),
    Section(
        "lease", _("Right to use and lease"), ("tenure", "lease_from", "lease_until", "landlord"),
        ("landlord",),
    ),
    Section(
        "care", _("Meals and boarding"),
        ("meals", "boarding", "persons_per_room", "area_per_boarder"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """A field that nobody collected yet."""

    field: str
    label: Any


@dataclass(frozen=True)
class Part:
    """A section of one record: how much of it is filled, and where the rest is filled in."""

    section: Section
    wanted: int
    gaps: tuple[Gap, ...]
    url: str
    of: Any = ""  # which site

    @property
    def filled(self) -> int:
        return self.wanted - len(self.gaps)

    @property
    def state(self) -> str:
        """empty, started or filled."""
        if not self.gaps:
            return "filled"
        return "started" if self.filled else "empty"


@dataclass(frozen=True)
class Completeness:
    """How many fields of a record are filled, section by section."""

    parts: Sequence[Part]

    @property
    def wanted(self) -> int:
        return sum(part.wanted for part in self.parts)

    @property
    def filled(self) -> int:
        return sum(part.filled for part in self.parts)

    @property
    def percent(self) -> int:
        return 100 * self.filled // self.wanted if self.wanted else 100

    @property
    def lacking(self) -> list[Part]:
        return [part for part in self.parts if part.gaps]

    def url_of(self, field: str) -> str:
        """Where a field of the institution is filled in."""
        found = (part.url for part in self.parts if field in part.section.fields and not part.of)
        return next(found, "")


def completeness(
    institution: Institution, period: InstitutionPeriod, sites: Iterable[SitePeriod]
) -> Completeness:
    """What is filled of the institution's own fields and of each site in use; asks nothing."""
    facts = reverse("institution-facts", args=[institution.pk])
    identity = reverse("institution-identity", args=[institution.pk])
    parts = [_part(section, period, facts) for section in FACTS]
    parts += [_part(section, institution, identity) for section in IDENTITY]
    sites = list(sites)
    if not sites:
        url = reverse("site-new", args=[institution.pk])
        parts.append(Part(SITE[0], len(SITE[0].wanted), _all(SITE[0]), url))
    for site in sites:
        url, of = reverse("site-edit", args=[site.site_id]), site.name or site.address
        parts += [_part(section, site, url, of or site.site.serial) for section in SITE]
    return Completeness(parts)


def _part(section: Section, row: Any, url: str, of: Any = "") -> Part:
    wanted = [name for name in section.wanted if applies(name, row)]
    gaps = tuple(Gap(name, WORDS[name][0]) for name in wanted if _unknown(row, name))
    return Part(section, len(wanted), gaps, f"{url}?section={section.code}", of)


def _all(section: Section) -> tuple[Gap, ...]:
    return tuple(Gap(name, WORDS[name][0]) for name in section.wanted)


def applies(name: str, row: Any) -> bool:
    """A lease has dates only where there is a lease; nobody sleeps where nobody boards."""
    if name in ("lease_from", "lease_until"):
        return bool(row.tenure != "OWNED")
    if name in ("persons_per_room", "area_per_boarder"):
        return bool(row.boarding)
    return True


def _unknown(row: Any, name: str) -> bool:
    if name == "credit_code" and row.credit_code_pending:
        return False
    value = getattr(row, f"{name}_id" if hasattr(row, f"{name}_id") else name)
    return value is None or value in ("", []) or value == ["UNCLEAR"]


def section(sections: Sequence[Section], code: str) -> Section | None:
    """The section of a code; None for the whole form."""
    return next((found for found in sections if found.code == code), None)
