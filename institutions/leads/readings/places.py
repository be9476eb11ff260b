"""R18–R22, R33, R43–R45: sites, their area, floors, papers, and who is in them at once."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from institutions.leads import spans
from institutions.leads.facts import Facts, Place, Ref, Slot, Teacher
from institutions.leads.readings.traits import of_body
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading
from institutions.models.choices import SCHOOLING, LicenceKind

HUNDREDTH = Decimal("0.01")
UNDER_14 = {"PRE", "PRIMARY", "JUNIOR"}
FIRE_PAPERS_FROM = 300  # square metres of building area
AREA_PER_HEAD = 3  # square metres (R18, from which R43 is derived)
GROUND = 1


def _of_site(facts: Facts, site: Place, *parts: Part) -> Reading:
    return Reading(site.ref, parts, of_body(facts.body))


# --- R18, R43: heads at once --------------------------------------------------------------------


class Peak(NamedTuple):
    """The most learners present at one moment."""

    heads: int
    slots: tuple[Ref, ...]
    complete: bool  # whether the heads of every slot are known


def peak(facts: Facts, site: Place) -> Peak | None:
    """The busiest moment of a site from today on; None without a timetable for it."""
    slots = [slot for slot in facts.slots if _meets_in(facts, slot, site) and _lasts(facts, slot)]
    if not slots:
        return None
    complete = all(slot.heads is not None for slot in slots)
    moments = list(_moments(facts, slots))
    if not moments:
        return None
    busiest = max(moments, key=lambda moment: (_heads(moment), _keys(moment)))
    return Peak(_heads(busiest), tuple(slot.ref for slot in busiest), complete)


def _meets_in(facts: Facts, slot: Slot, site: Place) -> bool:
    """A slot that names no site is held at the only one."""
    return slot.site == site.pk or (slot.site is None and len(facts.sites) == 1)


def _lasts(facts: Facts, slot: Slot) -> bool:
    course = facts.by_course.get(slot.course)
    if course and course.modes == {"ONLINE"}:
        return False
    if slot.dates:
        return max(slot.dates) >= facts.day
    return (slot.ends_on or facts.day) >= facts.day


def _moments(facts: Facts, slots: list[Slot]) -> Iterator[list[Slot]]:
    """The slots that go on at each moment at which one begins.

    The busiest moment is such a one, on the first day of some line or on a day that is named.
    """
    days = {day for slot in slots for day in _first_days(facts, slot)}
    for day in sorted(days):
        there = [slot for slot in slots if _held_on(slot, day)]
        for time in sorted({slot.starts_at for slot in there}):
            yield [slot for slot in there if slot.starts_at <= time < slot.ends_at]


def _first_days(facts: Facts, slot: Slot) -> list[dt.date]:
    if slot.dates:
        return [day for day in slot.dates if day >= facts.day]
    first = max(slot.starts_on or facts.day, facts.day)
    return [first + dt.timedelta(days=((slot.weekday or 0) - first.weekday()) % 7)]


def _held_on(slot: Slot, day: dt.date) -> bool:
    if slot.dates:
        return day in slot.dates
    inside = (slot.starts_on or day) <= day <= (slot.ends_on or day)
    return inside and slot.weekday == day.weekday()


def _heads(slots: list[Slot]) -> int:
    return sum(slot.heads or 0 for slot in slots)


def _keys(slots: list[Slot]) -> list[int]:
    return sorted(slot.pk for slot in slots)


def area_per_learner(facts: Facts) -> Iterator[Reading]:
    """R18: square metres for each learner at the busiest moment."""
    for site in facts.sites:
        found, area = peak(facts, site), site.room_for_learners
        part = UNKNOWN
        if found and found.heads and area is not None:
            share = (area / found.heads).quantize(HUNDREDTH)
            rows = (site.ref, *found.slots)
            part = Part(share, complete=found.complete, rows=rows)
        yield _of_site(facts, site, part)


def crowd(facts: Facts) -> Iterator[Reading]:
    """R43: heads at the busiest moment, against the area divided by three."""
    for site in facts.sites:
        found, area = peak(facts, site), site.room_for_learners
        part = UNKNOWN
        if found and area is not None:
            room = int(area // AREA_PER_HEAD)
            rows = (site.ref, *found.slots)
            part = Part(found.heads, room, complete=found.complete, rows=rows)
        yield _of_site(facts, site, part)


# --- the building --------------------------------------------------------------------------------


def total_area(facts: Facts) -> Iterator[Reading]:
    """R19: building area of each site."""
    for site in facts.sites:
        yield _of_site(facts, site, Part(site.area, rows=(site.ref,)))


def floor_and_use(facts: Facts) -> Iterator[Reading]:
    """R20: floors 1 to 3 where children under 14 are taught; no home, basement, factory, …"""
    for site in facts.sites:
        yield _of_site(facts, site, _floors(facts, site), _use(site))


def _floors(facts: Facts, site: Place) -> Part:
    if facts.body.stages and not facts.body.stages & UNDER_14:
        return NOT_ASKED
    ends = tuple(end for end in (site.lowest_floor, site.highest_floor) if end is not None)
    above = tuple(end for end in ends if end >= GROUND)  # what lies below is a basement
    if not facts.body.stages or not ends:
        return UNKNOWN
    return Part(above, rows=(site.ref,)) if above else NOT_ASKED


def _use(site: Place) -> Part:
    uses = frozenset([site.building_use]) if site.building_use else frozenset()
    if site.lowest_floor is not None and site.lowest_floor < GROUND:
        uses |= {"BASEMENT"}
    known = bool(site.building_use)
    return Part(uses if uses or known else None, complete=known, rows=(site.ref,))


def fire_papers(facts: Facts) -> Iterator[Reading]:
    """R21: fire design review, acceptance or filing of a building of 300 m² and more."""
    for site in facts.sites:
        if site.area is not None and site.area < FIRE_PAPERS_FROM:
            continue
        held = _papers_of(facts, site, LicenceKind.FIRE, LicenceKind.FIRE_FILING)
        papers = frozenset({"fire_acceptance"}) if held else frozenset()
        known = site.area is not None
        part = Part(papers, rows=(site.ref, *held)) if known else UNKNOWN
        yield _of_site(facts, site, part)


def _papers_of(facts: Facts, site: Place, *kinds: str) -> tuple[Ref, ...]:
    """Certificates of these kinds for the site, or for the institution as a whole."""
    return tuple(row.ref for row in facts.held(*kinds) if row.site in (None, site.pk))


def lease(facts: Facts) -> Iterator[Reading]:
    """R22: years the lease had left when the licence was applied for, taken as its issue."""
    issued = [
        row for row in facts.certificates if row.kind in SCHOOLING and row.issued_on is not None
    ]
    first = min(issued, key=lambda row: (row.issued_on, row.pk), default=None)
    for site in facts.sites:
        if site.owned:
            continue
        part = UNKNOWN
        if first and first.issued_on and site.lease_until:
            left = spans.years(first.issued_on, site.lease_until + spans.ONE_DAY)
            part = Part(left, rows=(site.ref, first.ref), since=first.issued_on)
        yield _of_site(facts, site, part)


def licensed_sites(facts: Facts) -> Iterator[Reading]:
    """R33: each address in use is on a licence in force; whoever has none is no case of this."""
    licences = facts.held(*SCHOOLING)
    if not licences or not facts.sites:
        return
    named = {row.site for row in licences}
    covered = [site for site in facts.sites if site.pk in named]
    if None in named:  # a licence that names no site is that of the first one
        covered.append(min(facts.sites, key=lambda site: (site.serial, site.pk)))
    used, on_licence = _addresses(facts.sites), _addresses(covered)
    settled = None not in named or used <= on_licence
    rows = tuple(site.ref for site in facts.sites if site.address not in on_licence)
    part = Part(used, on_licence, rows=(*rows, *(row.ref for row in licences)))
    yield Reading(facts.body.ref, (part if settled else UNKNOWN,), of_body(facts.body))


def _addresses(sites: Iterable[Place]) -> frozenset[str]:
    return frozenset(site.address for site in sites)


# --- meals and beds ------------------------------------------------------------------------------


def food_papers(facts: Facts) -> Iterator[Reading]:
    """R44: meals ask for a food licence or a licensed supplier, and health certificates of those
    who handle them."""
    for site in facts.sites:
        if site.meals != "NONE":
            yield _of_site(facts, site, _food(facts, site) if site.meals else UNKNOWN)


def _food(facts: Facts, site: Place) -> Part:
    wanted = LicenceKind.FOOD_SUPPLIER if site.meals == "SUPPLIER" else LicenceKind.FOOD
    licence = _papers_of(facts, site, wanted)
    cooks = [person for person in facts.staff if person.cook]
    healthy = _healthy(facts, cooks)
    held = {"food_licence_or_licensed_supplier"} if licence else set()
    rows = (site.ref, *licence, *(person.ref for person in cooks))
    if licence and healthy is None:
        return Part(None, rows=rows)
    return Part(frozenset(held | ({"health_certificates"} if healthy else set())), rows=rows)


def _healthy(facts: Facts, cooks: list[Teacher]) -> bool | None:
    """Whether all who handle food are certified healthy; None when one of them is not known."""
    if not cooks or any(person.health_until is None for person in cooks):
        return None
    return all((person.health_until or facts.day) >= facts.day for person in cooks)


def dormitory(facts: Facts) -> Iterator[Reading]:
    """R45: where there are beds: a building of their own, at most six a room, 5 m² each."""
    for site in facts.sites:
        if site.boarding is False:
            continue
        rows = (site.ref,)
        if site.boarding is None:
            yield _of_site(facts, site, UNKNOWN)
            continue
        own = {True: "yes", False: "no", None: None}[site.own_building]
        parts = (Part(own, rows=rows), Part(site.persons_per_room, rows=rows))
        yield _of_site(facts, site, *parts, Part(site.area_per_boarder, rows=rows))


READERS = {
    "R18": area_per_learner,
    "R19": total_area,
    "R20": floor_and_use,
    "R21": fire_papers,
    "R22": lease,
    "R33": licensed_sites,
    "R43": crowd,
    "R44": food_papers,
    "R45": dormitory,
}
