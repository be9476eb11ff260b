"""Facts for tests: an institution on Wednesday 4 March 2026 about which little is known."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from governance import reference
from governance.workdays import Calendar
from institutions.leads import readings, table
from institutions.leads.facts import (
    Body,
    Certificate,
    Facts,
    Fee,
    Figure,
    Lesson,
    Place,
    Review,
    Slot,
    Teacher,
)  # fmt: skip
from institutions.leads.guided import GuidedPrice
from institutions.leads.rules import Outcome, Rule, Verdict, judge
from institutions.leads.school_year import Hours, SchoolYear, Term

DAY = dt.date(2026, 3, 4)
COUNTY = "520121"
KEPT, BROKEN, UNKNOWN, SILENT = Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN, None

SPRING = Term(dt.date(2026, 3, 2), dt.date(2026, 7, 10))
SUMMER = Term(dt.date(2026, 7, 11), dt.date(2026, 8, 31), holiday=True)
AUTUMN = Term(dt.date(2026, 9, 1), dt.date(2027, 1, 20))
WINTER = Term(dt.date(2026, 1, 25), dt.date(2026, 3, 1), holiday=True)
MORNING = Hours("PRIMARY", dt.time(8), dt.time(11, 40))
AFTERNOON = Hours("PRIMARY", dt.time(14), dt.time(16, 30))
SCHOOL_YEAR = SchoolYear((WINTER, SPRING, SUMMER, AUTUMN), (MORNING, AFTERNOON))
# The Qingming holiday of 2026, and a Saturday that is worked for it.
CALENDAR = Calendar.of(
    [2026],
    [
        (dt.date(2026, 4, 4), "清明节", True),
        (dt.date(2026, 4, 6), "清明节", True),
        (dt.date(2026, 5, 9), "劳动节", False),
    ],
)


def rule(code: str, *, county: str = COUNTY, **changes: Any) -> Rule:
    """The general version of a rule, as it stands in the table."""
    cells = next(row for row in reference.rows("compliance_rules") if row["code"] == code)
    return replace(table.at(table.from_cells(cells), county), **changes)


def codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


def body(**facts: Any) -> Body:
    for name in ("categories", "stages", "modes", "sub_kinds"):
        if name in facts:
            facts[name] = codes(facts[name])
    return Body(1, **facts)


def facts(of: Body | None = None, **rows: Any) -> Facts:
    rows.setdefault("school_year", SCHOOL_YEAR)
    rows.setdefault("calendar", CALENDAR)
    return Facts(of or body(), rows.pop("day", DAY), COUNTY, **rows)


def course(pk: int = 1, **facts: Any) -> Lesson:
    names = {"category": "categories", "stages": "stages", "mode": "modes", "sub_kind": "sub_kinds"}
    for given, name in names.items():
        if given in facts:
            facts[name] = codes(facts.pop(given))
    return Lesson(pk, **facts)


def slot(pk: int = 1, start: str = "18:00", end: str = "19:00", **facts: Any) -> Slot:
    facts.setdefault("course", 1)
    return Slot(
        pk=pk, starts_at=dt.time.fromisoformat(start), ends_at=dt.time.fromisoformat(end), **facts
    )


def site(pk: int = 1, **facts: Any) -> Place:
    for name in ("area", "teaching_area", "area_per_boarder"):
        if facts.get(name) is not None:
            facts[name] = Decimal(str(facts[name]))
    return Place(pk, **facts)


def fee(pk: int = 1, **facts: Any) -> Fee:
    for name in ("amount", "lessons", "unit_price", "lessons_left"):
        if name in facts:
            facts[name] = Decimal(str(facts[name]))
    return Fee(pk, **facts)


def paper(pk: int, kind: str, **facts: Any) -> Certificate:
    for name in ("categories", "stages", "modes"):
        if name in facts:
            facts[name] = codes(facts[name])
    return Certificate(pk, kind, **facts)


LICENCE = paper(1, "school_licence", valid_from=dt.date(2024, 1, 1))


def teacher(pk: int = 1, role: str = "TEACHING", **facts: Any) -> Teacher:
    for name in ("subjects", "stages", "certificate_subjects"):
        if name in facts:
            facts[name] = codes(facts[name])
    return Teacher(pk, role, **facts)


def figure(code: str, value: Any, on: dt.date = DAY, pk: int = 1) -> Figure:
    return Figure(pk, code, on, Decimal(str(value)))


def review(result: str, reason: str = "", year: int = 2025) -> Review:
    return Review(1, year, result, reason)


def band(stage: str, low: int, high: int | None, base: str, **facts: Any) -> GuidedPrice:
    facts = {"mode": "OFFLINE", "percent": "10", "minutes": 45} | facts
    return GuidedPrice(
        stage, facts["mode"], low, high, Decimal(base), Decimal(facts["percent"]), facts["minutes"]
    )


def outcomes(code: str, known: Facts, held_by: Rule | None = None) -> list[Outcome]:
    chosen = held_by or rule(code)
    found = (judge(chosen, reading) for reading in readings.READERS[code](known))
    return [outcome for outcome in found if outcome]


def verdict(code: str, known: Facts, held_by: Rule | None = None) -> Verdict | None:
    """The worst that the rule comes to, None when it has nothing to say."""
    found = {outcome.verdict for outcome in outcomes(code, known, held_by)}
    return next((v for v in (BROKEN, UNKNOWN, KEPT) if v in found), None)
