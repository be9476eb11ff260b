"""The register of a county as an import sees it: what is there, and which row means which."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from governance import daylight
from governance.models import Membership
from governance.workbooks.cells import key
from institutions.imports.words import core
from institutions.models import (
    Institution,
    InstitutionPeriod,
    Licence,
    LicenceKind,
    SitePeriod,
)
from institutions.services.periods import FACTS

IDENTITY = (
    "number", "credit_code", "credit_code_pending", "founded_on", "principal",
    "legal_representative", "sponsor", "controller", "startup_funds", "contact_phone", "note",
    "version", "lead_id", "duplicate_of_id",
)  # fmt: skip
PLACE = (
    "name", "address", "township_id", "area", "floors", "teaching_area", "rooms", "capacity",
    "building_use",
)  # fmt: skip
GRANTED = ("conditions", "categories", "stages", "mode")  # what a school licence allows
SHORTEST_CORE = 3  # characters below which two alike names mean nothing
SHORTEST_SOUND = 4


@dataclass
class Place:
    """A site in use today, or one that a row of this file will add."""

    facts: dict[str, Any]
    pk: int | None = None

    def marks(self) -> set[str]:
        """By which it is found again: address and name, spelling levelled."""
        return {found for found in (key(self.facts["address"]), key(self.facts["name"])) if found}


class Held(NamedTuple):
    """A certificate in force; `granted` is what it allows."""

    kind: str
    number: str
    pk: int
    granted: dict[str, Any]


@dataclass
class Known:
    """An institution of the register, or one that row `row` of this file will make."""

    pk: int | None = None
    row: int | None = None
    identity: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    licences: list[Held] = field(default_factory=list)
    editable: bool = True
    met: int | None = None  # the first row of this file that means it

    @property
    def name(self) -> str:
        return str(self.facts.get("name", ""))

    @property
    def code(self) -> str:
        return str(self.identity.get("credit_code", ""))

    def place(self, marks: set[str]) -> Place | None:
        return next((place for place in self.places if place.marks() & marks), None)

    def certified(self, kinds: Iterable[LicenceKind]) -> bool:
        return any(held.kind in kinds for held in self.licences)


@dataclass
class Match:
    """The institution a row means, or may mean."""

    known: Known
    sure: bool
    reason: str


class Register:
    """Finds institutions by credit code, by name and place, and by names that look alike."""

    def __init__(self) -> None:
        self.by_code: dict[str, Known] = {}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_core: dict[str, list[Known]] = defaultdict(list)
        self.by_sound: dict[str, list[Known]] = defaultdict(list)
        self.nameless_at: dict[str, list[Known]] = defaultdict(list)

    def add(self, known: Known) -> None:
        if known.code and known.identity.get("duplicate_of_id") is None:
            self.by_code.setdefault(known.code, known)
        if not known.facts:  # nothing is on record for the day: only its code speaks for it
            return
        if not known.name:
            for place in known.places:
                for mark in place.marks():
                    self.nameless_at[mark].append(known)
            return
        self.by_name[key(known.name)].append(known)
        if len(bare := core(known.name)) >= SHORTEST_CORE:
            self.by_core[bare].append(known)
        if len(key(known.name)) >= SHORTEST_SOUND:
            self.by_sound[known.facts["name_key"]].append(known)

    def match(self, name: str, sound: str, code: str, place: set[str]) -> Match | None:
        """By credit code, else by name (or none) and place, else a suspicion, else None."""
        if code and (known := self.by_code.get(code)):
            return Match(known, known.row is None or key(known.name) == key(name), "code")
        if not name:
            return self.nameless(place)
        return self.named(key(name), code, place) or self.alike(name, sound, code)

    def nameless(self, place: set[str]) -> Match | None:
        found = next((known for at in place for known in self.nameless_at.get(at, ())), None)
        return Match(found, found.row is None, "place") if found else None

    def named(self, name: str, code: str, place: set[str]) -> Match | None:
        """Same name: the same place (or none known on one side) makes it the same institution."""
        same = [known for known in self.by_name.get(name, ()) if not conflict(known.code, code)]
        here = [known for known in same if known.place(place)]
        if here:
            return Match(here[0], here[0].row is None, "name_and_place")
        open_ = same if not place else [known for known in same if not known.places]
        if len(open_) == 1:
            return Match(open_[0], open_[0].row is None, "name")
        others = same or self.by_name.get(name)
        return Match(others[0], False, "same_name") if others else None

    def alike(self, name: str, sound: str, code: str) -> Match | None:
        near = self.by_core.get(core(name)) or self.by_sound.get(sound) or []
        found = next((known for known in near if not conflict(known.code, code)), None)
        return Match(found, False, "near_name") if found else None


def conflict(one: str, other: str) -> bool:
    """Two different credit codes are two bodies, whatever their names."""
    return bool(one and other and one != other)


# --- reading the register ---------------------------------------------------------------------


def of_county(county: str, actor: Membership, on: dt.date | None = None) -> Register:
    """Every institution of the county that the actor sees, as of the day; five statements."""
    on = on or daylight.today()
    seen = Institution.objects.visible_to(actor).registered()
    seen = seen.filter(division__code__startswith=county)
    editable = set(seen.editable_by(actor).values_list("pk", flat=True))
    found = {
        row["id"]: Known(pk=row.pop("id"), identity=row)
        for row in seen.values("id", *IDENTITY).order_by("id").iterator(chunk_size=5_000)
    }
    add_facts(found, on, county)
    add_places(found, on, county)
    add_licences(found, on, county)
    register = Register()
    for pk, known in found.items():
        known.editable = pk in editable
        register.add(known)
    return register


def add_facts(found: dict[int, Known], on: dt.date, county: str) -> None:
    periods = InstitutionPeriod.objects.on(on).filter(
        institution__division__code__startswith=county
    )
    for row in periods.values("institution_id", "name_key", "during", *FACTS).iterator():
        if known := found.get(row.pop("institution_id")):
            known.facts = row


def add_places(found: dict[int, Known], on: dt.date, county: str) -> None:
    periods = SitePeriod.objects.filter(
        during__contains=on,
        site__voided_at=None,
        site__institution__division__code__startswith=county,
    ).order_by("site__serial")
    for row in periods.values("site_id", "site__institution_id", *PLACE).iterator():
        if known := found.get(row.pop("site__institution_id")):
            known.places.append(Place(row, row.pop("site_id")))


def add_licences(found: dict[int, Known], on: dt.date, county: str) -> None:
    licences = Licence.objects.in_force(on).filter(institution__division__code__startswith=county)
    for row in licences.values("institution_id", "kind", "number", "pk", *GRANTED).iterator():
        if known := found.get(row.pop("institution_id")):
            held = Held(row.pop("kind"), row.pop("number"), row.pop("pk"), row)
            known.licences.append(held)
