"""R13–R17: when lessons are held."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from governance.workdays import SATURDAY
from institutions.leads.facts import Facts, Slot
from institutions.leads.readings.traits import of_course, of_course_key
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading
from institutions.leads.school_year import PUPILS

WEEK, HALF_A_YEAR = dt.timedelta(days=7), dt.timedelta(days=183)
LONGEST = dt.timedelta(days=400)  # a timetable line that runs longer is looked at so far only
COMPULSORY = ("PRIMARY", "JUNIOR")
WEEKEND, PUBLIC_HOLIDAY, VACATION = "weekend", "public_holiday", "school_vacation"


def ends_at(facts: Facts) -> Iterator[Reading]:
    """R13, R14: when the lesson ends; which of the two applies is told by the mode."""
    for slot in facts.slots:
        yield _of_slot(facts, slot, Part(slot.ends_at, rows=(slot.ref,), since=slot.starts_on))


def _of_slot(facts: Facts, slot: Slot, *parts: Part) -> Reading:
    return Reading(slot.ref, parts, of_course_key(facts, slot.course))


# --- R15 -------------------------------------------------------------------------------------


def rest_days(facts: Facts) -> Iterator[Reading]:
    """R15: no lesson on weekends, public holidays and in school holidays.

    A make-up workday (调休) is no rest day. A weekly line is a weekend lesson when its weekday is
    one; it is held against holidays only when it says that it goes on during them.
    """
    for slot in facts.slots:
        stages = of_course_key(facts, slot.course)["stage"] & set(COMPULSORY)
        held = list(slot.dates or (_days(facts, slot) if slot.on_rest_days else ()))
        yield _of_slot(facts, slot, _resting(facts, slot, held, stages))


def _resting(facts: Facts, slot: Slot, held: list[dt.date], stages: frozenset[str]) -> Part:
    rest = {day: _rest(facts, day) for day in held}
    off = {day: _off_school(facts, day, stages) for day in held}
    found = {kind for kind in rest.values() if kind}
    if not slot.dates and (slot.weekday or 0) >= SATURDAY:
        found.add(WEEKEND)
    if any(off.values()):
        found.add(VACATION)
    wrong = [day for day in held if rest[day] or off[day]]
    return Part(
        frozenset(found), complete=None not in off.values(), rows=(slot.ref,),
        since=_first(slot), detail=wrong[0].isoformat() if wrong else "",
    )  # fmt: skip


def _first(slot: Slot) -> dt.date | None:
    return min(slot.dates) if slot.dates else slot.starts_on


def _rest(facts: Facts, day: dt.date) -> str:
    if facts.calendar.is_workday(day):
        return ""
    if day in facts.calendar.off or day.weekday() < SATURDAY:
        return PUBLIC_HOLIDAY
    return WEEKEND


def _off_school(facts: Facts, day: dt.date, stages: frozenset[str]) -> bool | None:
    """Whether pupils of any of the stages have school holidays; None when one is not known."""
    told = [facts.school_year.on_holiday(day, stage) for stage in sorted(stages)]
    if any(told):
        return True
    return None if None in told else False


def _days(facts: Facts, slot: Slot) -> Iterator[dt.date]:
    """The days of a weekly line within its course, or during the next half year."""
    if slot.weekday is None:
        return
    first = slot.starts_on or facts.day
    last = slot.ends_on or max(first, facts.day) + HALF_A_YEAR
    day = first + dt.timedelta(days=(slot.weekday - first.weekday()) % 7)
    while day <= min(last, first + LONGEST):
        yield day
        day += WEEK


# --- R16 -------------------------------------------------------------------------------------


def school_hours(facts: Facts) -> Iterator[Reading]:
    """R16: minutes of the lesson that lie in the school hours of its pupils on a school day."""
    for slot in facts.slots:
        stages = of_course_key(facts, slot.course)["stage"]
        if stages and not stages & set(PUPILS):
            continue  # children below school age
        yield _of_slot(facts, slot, _clash(facts, slot, sorted(stages & set(PUPILS))))


def _clash(facts: Facts, slot: Slot, stages: list[str]) -> Part:
    if not stages:
        return UNKNOWN
    told = [_minutes_in_school(facts, slot, stage) for stage in stages]
    known = [minutes for minutes in told if minutes is not None]
    return Part(
        max(known, default=None), complete=len(known) == len(told), rows=(slot.ref,),
        since=_first(slot),
    )  # fmt: skip


def _minutes_in_school(facts: Facts, slot: Slot, stage: str) -> int | None:
    in_school = _on_school_day(facts, slot, stage)
    if not in_school:
        return None if in_school is None else 0
    hours = facts.school_year.hours_of(stage)
    if not hours:
        return None
    return sum(overlap(slot, part.starts_at, part.ends_at) for part in hours)


def _on_school_day(facts: Facts, slot: Slot, stage: str) -> bool | None:
    """Whether the lesson is ever held on a school day; a weekly line of Saturdays is not, though
    one of them may be a make-up workday."""
    days = list(slot.dates or _days(facts, slot))
    if not slot.dates and (slot.weekday or 0) >= SATURDAY:
        return False
    working = [day for day in days if facts.calendar.is_workday(day)]
    told = [facts.school_year.on_holiday(day, stage) for day in working]
    if False in told:
        return True
    return None if None in told else False


def overlap(slot: Slot, starts_at: dt.time, ends_at: dt.time) -> int:
    """Minutes that the lesson shares with a part of the day."""
    first, last = max(slot.starts_at, starts_at), min(slot.ends_at, ends_at)
    return max(_minutes(last) - _minutes(first), 0)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


# --- R17 -------------------------------------------------------------------------------------


def online_lessons(facts: Facts) -> Iterator[Reading]:
    """R17: minutes of a lesson online, and the gap to the next of the same class that day."""
    gaps = _gaps(facts)
    for slot in facts.slots:
        course = facts.by_course.get(slot.course)
        length = course.minutes if course and course.minutes else None
        whole = _minutes(slot.ends_at) - _minutes(slot.starts_at)
        gap = gaps.get(slot.pk)
        pause = NOT_ASKED if gap is None else Part(gap[0], rows=(slot.ref, gap[1].ref))
        parts = Part(length or whole, rows=(slot.ref,)), pause
        yield Reading(slot.ref, parts, of_course(facts, course))


def _gaps(facts: Facts) -> dict[int, tuple[int, Slot]]:
    """For each slot the minutes until the next one of its class on the same day."""
    days: dict[tuple, list[Slot]] = defaultdict(list)
    for slot in facts.slots:
        days[slot.course, slot.dates, slot.weekday].append(slot)
    found = {}
    for slots in days.values():
        slots.sort(key=lambda slot: (slot.starts_at, slot.pk))
        for before, after in pairwise(slots):
            pause = _minutes(after.starts_at) - _minutes(before.ends_at)
            found[before.pk] = (pause, after)
    return found


READERS = {
    "R13": ends_at,
    "R14": ends_at,
    "R15": rest_days,
    "R16": school_hours,
    "R17": online_lessons,
}
