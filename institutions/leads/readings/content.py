"""R38–R41: what is taught, what it is called, and from which materials."""

from collections.abc import Iterator

from institutions.leads.facts import Facts, Lesson, Text
from institutions.leads.readings.traits import of_body, of_course
from institutions.leads.rules import UNKNOWN, Part, Reading

FOREIGN_LANGUAGE = "FOREIGN_LANGUAGE"


def _of_course(facts: Facts, course: Lesson, *parts: Part) -> Reading:
    return Reading(course.ref, parts, of_course(facts, course))


def preschool(facts: Facts) -> Iterator[Reading]:
    """R38: courses for children of 3 to 6: no subject, no foreign language, nothing online."""
    for course in facts.courses:
        traits = of_course(facts, course)
        kinds = set(traits["category"])
        if FOREIGN_LANGUAGE in course.sub_kinds:
            kinds.add(FOREIGN_LANGUAGE)
        what = Part(frozenset(kinds) if kinds else None, rows=(course.ref,))
        how = Part(traits["mode"] or None, rows=(course.ref,))
        yield Reading(course.ref, (what, how), traits)


def disguised(facts: Facts) -> Iterator[Reading]:
    """R39: words in a course's name for which experts should look at it.

    Courses filed as subject training, and those on which the experts have spoken, need no look.
    """
    for course in facts.courses:
        settled = course.identified in ("SUBJECT", "NON_SUBJECT")
        if settled or course.categories == {"SUBJECT"}:
            continue
        yield _of_course(facts, course, Part(course.name or None, rows=(course.ref,)))


def advertisements(facts: Facts) -> Iterator[Reading]:
    """R40: words that no advertisement for training may use."""
    for advert in facts.adverts:
        part = Part(advert.text or None, rows=(advert.ref,))
        yield Reading(advert.ref, (part,), of_body(facts.body))


def materials(facts: Facts) -> Iterator[Reading]:
    """R41: courses without a material that was reviewed inside and outside.

    Before any material was filed nothing can be said; then a course without one counts.
    """
    if not facts.courses or not facts.materials:
        yield Reading(facts.body.ref, (UNKNOWN,), of_body(facts.body))
        return
    answers = [(course, _lacks_material(facts, course)) for course in facts.courses]
    found = tuple(course.ref for course, lacks in answers if lacks)
    complete = all(lacks is not None for _course, lacks in answers)
    foreign = tuple(row.ref for row in facts.materials if row.foreign)
    part = Part(len(found), complete=complete, rows=(*found, *foreign))
    yield Reading(facts.body.ref, (part,), of_body(facts.body))


def _lacks_material(facts: Facts, course: Lesson) -> bool | None:
    answers = [_reviewed(row) for row in facts.materials if course.pk in row.courses]
    if True in answers:
        return False
    return None if None in answers else True


def _reviewed(row: Text) -> bool | None:
    if row.inside and row.outside:
        return True
    return None if row.inside is None or row.outside is None else False


READERS = {"R38": preschool, "R39": disguised, "R40": advertisements, "R41": materials}
