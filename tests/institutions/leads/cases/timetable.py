"""R13–R17: times, rest days, school hours, lessons online."""

import datetime as dt

from institutions.leads.school_year import SchoolYear
from tests.institutions.leads.builders import (
    BROKEN,
    KEPT,
    SILENT,
    UNKNOWN,
    body,
    course,
    facts,
    slot,
)  # fmt: skip

D = dt.date
MONDAY, WEDNESDAY, SATURDAY = 0, 2, 5
MATHS = course(category="SUBJECT", stages="PRIMARY", mode="OFFLINE")
DANCE = course(category="ARTS", stages="PRIMARY", mode="OFFLINE")
ONLINE = course(category="ARTS", stages="SENIOR", mode="ONLINE")
SPRING = {"starts_on": D(2026, 3, 2), "ends_on": D(2026, 7, 10)}
UNTOLD = {"school_year": SchoolYear()}


def line(taught, *slots, **known):
    return facts(courses=(taught,), slots=slots, **known)


def on(day, taught=MATHS, **known):
    return line(taught, slot(dates=(day,)), **known)


CASES = [
    ("R13", "half past eight", line(DANCE, slot(end="20:30", weekday=WEDNESDAY)), KEPT),
    ("R13", "a minute later", line(DANCE, slot(end="20:31", weekday=WEDNESDAY)), BROKEN),
    ("R13", "online", line(ONLINE, slot(end="20:31", weekday=WEDNESDAY)), SILENT),
    ("R13", "the mode is not known",
     line(course(category="ARTS"), slot(end="20:31", weekday=WEDNESDAY)), UNKNOWN),
    ("R14", "nine o'clock", line(ONLINE, slot(end="21:00", weekday=WEDNESDAY)), KEPT),
    ("R14", "a minute later", line(ONLINE, slot(end="21:01", weekday=WEDNESDAY)), BROKEN),
    ("R14", "offline", line(DANCE, slot(end="21:01", weekday=WEDNESDAY)), SILENT),
    ("R15", "a Wednesday evening", line(MATHS, slot(weekday=WEDNESDAY)), KEPT),
    ("R15", "every Saturday", line(MATHS, slot(weekday=SATURDAY)), BROKEN),
    ("R15", "a Saturday", on(D(2026, 4, 18)), BROKEN),
    ("R15", "a Saturday that is worked for a holiday", on(D(2026, 5, 9)), KEPT),
    ("R15", "a public holiday on a Monday", on(D(2026, 4, 6)), BROKEN),
    ("R15", "a working day of the summer holidays", on(D(2026, 7, 13)), BROKEN),
    ("R15", "the last day of term", on(D(2026, 7, 10)), KEPT),
    ("R15", "a day nobody told of", on(D(2027, 3, 1)), UNKNOWN),
    ("R15", "a Saturday of a year nobody told of", on(D(2026, 4, 18), **UNTOLD), BROKEN),
    ("R15", "every Monday, holidays too",
     line(MATHS, slot(weekday=MONDAY, on_rest_days=True, **SPRING)), BROKEN),
    ("R15", "every Monday but holidays", line(MATHS, slot(weekday=MONDAY, **SPRING)), KEPT),
    ("R15", "every Wednesday into the summer",
     line(MATHS, slot(weekday=WEDNESDAY, on_rest_days=True, starts_on=D(2026, 6, 1),
                      ends_on=D(2026, 7, 15))), BROKEN),
    ("R15", "arts", on(D(2026, 4, 18), DANCE), SILENT),
    ("R15", "pupils above compulsory school",
     on(D(2026, 4, 18), course(category="SUBJECT", stages="SENIOR")), SILENT),
    ("R15", "the stage is not known", on(D(2026, 4, 18), course(category="SUBJECT")), UNKNOWN),
    ("R16", "after school", line(DANCE, slot(start="16:30", end="17:30", weekday=WEDNESDAY)), KEPT),
    ("R16", "a minute of school",
     line(DANCE, slot(start="16:29", end="17:30", weekday=WEDNESDAY)), BROKEN),
    ("R16", "the noon break", line(DANCE, slot(start="11:40", end="14:00", weekday=MONDAY)), KEPT),
    ("R16", "Saturdays", line(DANCE, slot(start="09:00", end="10:00", weekday=SATURDAY)), KEPT),
    ("R16", "a Saturday that is worked",
     line(DANCE, slot(start="09:00", end="10:00", dates=(D(2026, 5, 9),))), BROKEN),
    ("R16", "a morning of the holidays",
     line(DANCE, slot(start="09:00", end="10:00", dates=(D(2026, 7, 13),))), KEPT),
    ("R16", "nobody told of the terms",
     line(DANCE, slot(start="09:00", end="10:00", weekday=MONDAY), **UNTOLD), UNKNOWN),
    ("R16", "nobody told of the hours of the stage",
     line(course(category="ARTS", stages="SENIOR"), slot(start="09:00", end="10:00",
                                                         weekday=MONDAY)), UNKNOWN),
    ("R16", "small children",
     line(course(category="ARTS", stages="PRE"), slot(start="09:00", end="10:00",
                                                      weekday=MONDAY)), SILENT),
    ("R17", "thirty minutes", line(ONLINE, slot(end="18:30", weekday=MONDAY)), KEPT),
    ("R17", "thirty-one", line(ONLINE, slot(end="18:31", weekday=MONDAY)), BROKEN),
    ("R17", "an evening of lessons of thirty",
     line(course(category="ARTS", mode="ONLINE", minutes=30), slot(weekday=MONDAY)), KEPT),
    ("R17", "a gap of ten",
     line(ONLINE, slot(1, "18:00", "18:30", weekday=MONDAY),
          slot(2, "18:40", "19:10", weekday=MONDAY)), KEPT),
    ("R17", "a gap of nine",
     line(ONLINE, slot(1, "18:00", "18:30", weekday=MONDAY),
          slot(2, "18:39", "19:09", weekday=MONDAY)), BROKEN),
    ("R17", "the next is on another day",
     line(ONLINE, slot(1, "18:00", "18:30", weekday=MONDAY),
          slot(2, "18:31", "19:00", weekday=WEDNESDAY)), KEPT),
    ("R17", "offline", line(DANCE, slot(weekday=MONDAY)), SILENT),
    ("R17", "the mode is not known",
     facts(body(), courses=(course(),), slots=(slot(weekday=MONDAY),)), UNKNOWN),
]  # fmt: skip
