"""R18–R22, R33, R43–R45: sites."""

import datetime as dt

from tests.institutions.leads.builders import (
    BROKEN,
    KEPT,
    LICENCE,
    SILENT,
    UNKNOWN,
    body,
    course,
    facts,
    paper,
    site,
    slot,
    teacher,
)  # fmt: skip

D = dt.date
PUPILS = body(modes="OFFLINE", stages="PRIMARY")
OLDER = body(modes="OFFLINE", stages="SENIOR")
OFFLINE = course(mode="OFFLINE")
COOK = {"role": "OTHER", "cook": True}


def taught(area, *heads, of=PUPILS, course=OFFLINE):
    """Lessons at the same time, of so many heads each."""
    slots = tuple(slot(pk, weekday=2, heads=count) for pk, count in enumerate(heads, 1))
    return facts(of, sites=(site(area=area),), courses=(course,), slots=slots)


def place(of=PUPILS, *, papers=(), staff=(), **facts_of_site):
    return facts(of, sites=(site(**facts_of_site),), certificates=papers, staff=staff)


def leased(until):
    licence = paper(1, "school_licence", issued_on=D(2024, 1, 1))
    return place(papers=(licence,), lease_until=until)


def two_sites(*licences):
    return facts(sites=(site(1, address="A", serial=1), site(2, address="B", serial=2)),
                 certificates=licences)  # fmt: skip


SITE_1 = paper(1, "school_licence", site=1)
SITE_2 = paper(2, "school_licence", site=2)
FOOD, SUPPLIER = paper(1, "food"), paper(1, "food_supplier")
HEALTHY = teacher(1, health_until=D(2026, 3, 4), **COOK)
DORM = {"boarding": True, "own_building": True, "persons_per_room": 6, "area_per_boarder": 5}

CASES = [
    ("R18", "three square metres each", taught(90, 20, 10), KEPT),
    ("R18", "one head more", taught(90, 20, 11), BROKEN),
    ("R18", "one after the other",
     facts(PUPILS, sites=(site(area=90),), courses=(OFFLINE,),
           slots=(slot(1, "18:00", "19:00", weekday=2, heads=30),
                  slot(2, "19:00", "20:00", weekday=2, heads=30))), KEPT),
    ("R18", "on different days",
     facts(PUPILS, sites=(site(area=90),), courses=(OFFLINE,),
           slots=(slot(1, weekday=2, heads=30), slot(2, weekday=3, heads=30))), KEPT),
    ("R18", "courses that follow one another",
     facts(PUPILS, sites=(site(area=90),), courses=(OFFLINE,),
           slots=(slot(1, weekday=2, heads=30, ends_on=D(2026, 3, 31)),
                  slot(2, weekday=2, heads=30, starts_on=D(2026, 4, 1)))), KEPT),
    ("R18", "a single day on top of the week",
     facts(PUPILS, sites=(site(area=90),), courses=(OFFLINE,),
           slots=(slot(1, weekday=2, heads=30), slot(2, dates=(D(2026, 3, 11),), heads=1))),
     BROKEN),
    ("R18", "heads of one lesson are not known", taught(90, 20, None), UNKNOWN),
    ("R18", "not known, but too many already", taught(90, 31, None), BROKEN),
    ("R18", "no area", taught(None, 20), UNKNOWN),
    ("R18", "the teaching area counts where it is known",
     facts(PUPILS, sites=(site(area=900, teaching_area=89),), courses=(OFFLINE,),
           slots=(slot(weekday=2, heads=30),)), BROKEN),
    ("R18", "online", taught(1, 20, of=body(modes="ONLINE")), SILENT),
    ("R43", "thirty on ninety square metres", taught(90, 30), KEPT),
    ("R43", "one more", taught(90, 31), BROKEN),
    ("R43", "a square metre less", taught("89.99", 30), BROKEN),
    ("R43", "no timetable", taught(90), UNKNOWN),
    ("R19", "300 square metres", place(area=300), KEPT),
    ("R19", "a little less", place(area="299.99"), BROKEN),
    ("R19", "not known", place(), UNKNOWN),
    ("R20", "first to third floor",
     place(lowest_floor=1, highest_floor=3, building_use="COMMERCIAL"), KEPT),
    ("R20", "fourth floor", place(lowest_floor=1, highest_floor=4, building_use="OFFICE"), BROKEN),
    ("R20", "fourth floor, no child under 14",
     place(OLDER, lowest_floor=4, highest_floor=4, building_use="OFFICE"), KEPT),
    ("R20", "below the ground", place(OLDER, lowest_floor=-1, highest_floor=2), BROKEN),
    ("R20", "a home", place(lowest_floor=2, highest_floor=2, building_use="HOME"), BROKEN),
    ("R20", "a factory", place(OLDER, building_use="FACTORY"), BROKEN),
    ("R20", "the floor is not known", place(building_use="OFFICE"), UNKNOWN),
    ("R20", "the use is not known", place(lowest_floor=1, highest_floor=2), UNKNOWN),
    ("R21", "below 300 square metres", place(area="299.99"), SILENT),
    ("R21", "300 without papers", place(area=300), BROKEN),
    ("R21", "300 with papers", place(area=300, papers=(paper(1, "fire", site=1),)), KEPT),
    ("R21", "a filing", place(area=300, papers=(paper(1, "fire_filing"),)), KEPT),
    ("R21", "papers of another site",
     place(area=300, papers=(paper(1, "fire", site=2),)), BROKEN),
    ("R21", "papers that ended",
     place(area=300, papers=(paper(1, "fire", valid_to=D(2026, 3, 3)),)), BROKEN),
    ("R21", "the area is not known", place(), UNKNOWN),
    ("R22", "three years", leased(D(2026, 12, 31)), KEPT),
    ("R22", "a day less", leased(D(2026, 12, 30)), BROKEN),
    ("R22", "an own building", place(owned=True), SILENT),
    ("R22", "no licence", place(lease_until=D(2026, 12, 30)), UNKNOWN),
    ("R33", "each on its licence", two_sites(SITE_1, SITE_2), KEPT),
    ("R33", "the second on none", two_sites(SITE_1), BROKEN),
    ("R33", "a licence that names no site", two_sites(LICENCE), UNKNOWN),
    ("R33", "it and the second", two_sites(LICENCE, SITE_2), KEPT),
    ("R33", "no licence at all", two_sites(), SILENT),
    ("R44", "no meals", place(meals="NONE"), SILENT),
    ("R44", "an own kitchen with papers",
     place(meals="OWN_KITCHEN", papers=(FOOD,), staff=(HEALTHY,)), KEPT),
    ("R44", "a health certificate that ran out yesterday",
     place(meals="OWN_KITCHEN", papers=(FOOD,),
           staff=(teacher(1, health_until=D(2026, 3, 3), **COOK),)), BROKEN),
    ("R44", "no licence", place(meals="OWN_KITCHEN", staff=(HEALTHY,)), BROKEN),
    ("R44", "a supplier with papers",
     place(meals="SUPPLIER", papers=(SUPPLIER,), staff=(HEALTHY,)), KEPT),
    ("R44", "a supplier without", place(meals="SUPPLIER", papers=(FOOD,)), BROKEN),
    ("R44", "cooks are not known", place(meals="OWN_KITCHEN", papers=(FOOD,)), UNKNOWN),
    ("R44", "nothing is said about meals", place(), UNKNOWN),
    ("R45", "no beds", place(boarding=False), SILENT),
    ("R45", "six a room, five square metres each", place(**DORM), KEPT),
    ("R45", "seven a room", place(**DORM | {"persons_per_room": 7}), BROKEN),
    ("R45", "less than five square metres", place(**DORM | {"area_per_boarder": "4.99"}), BROKEN),
    ("R45", "a shared building", place(**DORM | {"own_building": False}), BROKEN),
    ("R45", "the building is not known", place(**DORM | {"own_building": None}), UNKNOWN),
    ("R45", "nothing is said about beds", place(), UNKNOWN),
]  # fmt: skip
