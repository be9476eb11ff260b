"""R24–R31: who teaches, with which papers, and how many they are."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from institutions.leads import spans
from institutions.leads.facts import Facts, Teacher
from institutions.leads.readings.traits import of_body
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading

HUNDREDTH = Decimal("0.01")
HUNDRED = Decimal(100)
TEACHING, RESEARCH = "TEACHING", "RESEARCH"
# A teacher's certificate of a stage serves that stage and those below.
STAGES = {"PRE": 0, "PRIMARY": 1, "JUNIOR": 2, "SENIOR": 3}
Answer = Callable[[Teacher], bool | None]  # whether something is wrong; None: not known


def _whole(facts: Facts, *parts: Part) -> Iterator[Reading]:
    yield Reading(facts.body.ref, parts, of_body(facts.body))


def _count(people: list[Teacher], wrong: Answer) -> Part:
    """How many of them something is wrong with; a zero counts only when all are known."""
    if not people:
        return UNKNOWN
    answers = [(person, wrong(person)) for person in people]
    found = tuple(person.ref for person, answer in answers if answer)
    complete = all(answer is not None for _person, answer in answers)
    return Part(len(found), complete=complete, rows=found)


def _teachers(facts: Facts) -> list[Teacher]:
    return [person for person in facts.staff if person.role == TEACHING]


def subject_teachers(facts: Facts) -> Iterator[Reading]:
    """R24: teachers of subjects without a certificate of the stage and subject."""
    people = [person for person in _teachers(facts) if _of_subjects(facts, person)]
    if people or not _teachers(facts):
        yield from _whole(facts, _count(people, _lacks_certificate))


def _of_subjects(facts: Facts, person: Teacher) -> bool:
    """As filed; where nothing is said, whoever teaches at a body that only trains subjects."""
    if person.teaches_subject is not None:
        return person.teaches_subject
    return facts.body.categories == {"SUBJECT"}


def _lacks_certificate(person: Teacher) -> bool | None:
    if not person.certificate_known:
        return None
    if not person.certificate_stage:
        return True
    reach = STAGES.get(person.certificate_stage, -1)
    if any(STAGES.get(stage, 0) > reach for stage in person.stages):
        return True
    if person.subjects - person.certificate_subjects:
        return True
    return None if not (person.stages and person.subjects) else False


def other_teachers(facts: Facts) -> Iterator[Reading]:
    """R25: teachers of other than subjects without professional proof."""
    people = [person for person in _teachers(facts) if not _of_subjects(facts, person)]
    if people or not _teachers(facts):
        yield from _whole(facts, _count(people, _without(lambda person: person.professional_proof)))


def _without(asked: Answer) -> Answer:
    def wrong(person: Teacher) -> bool | None:
        answer = asked(person)
        return None if answer is None else not answer

    return wrong


def in_service(facts: Facts) -> Iterator[Reading]:
    """R26: staff whose keyed identity hash stands in the roster of a school."""
    yield from _whole(facts, _count(list(facts.staff), lambda person: person.in_service))


def barred(facts: Facts) -> Iterator[Reading]:
    """R27: barred staff, and years since the last query of criminal records."""
    asked = [person for person in facts.staff if person.crime_query_on]
    queries = UNKNOWN
    if asked:
        oldest = min(asked, key=lambda person: (person.crime_query_on, person.pk))
        assert oldest.crime_query_on is not None
        queries = Part(
            spans.years(oldest.crime_query_on, facts.day),
            complete=len(asked) == len(facts.staff),
            rows=(oldest.ref,),
            since=spans.later(oldest.crime_query_on, 12) + spans.ONE_DAY,
        )
    known = _count(list(facts.staff), lambda person: person.barred)
    yield from _whole(facts, known, queries)


def teaching_share(facts: Facts) -> Iterator[Reading]:
    """R28: teaching and research staff in percent of all."""
    part = UNKNOWN
    if facts.staff and all(person.role for person in facts.staff):
        teaching = [person for person in facts.staff if person.role in (TEACHING, RESEARCH)]
        share = HUNDRED * len(teaching) / len(facts.staff)
        part = Part(share.quantize(HUNDREDTH), rows=tuple(person.ref for person in facts.staff))
    yield from _whole(facts, part)


def full_time_ratio(facts: Facts) -> Iterator[Reading]:
    """R29: full-time teachers in percent of learners."""
    people, learners = _teachers(facts), facts.body.learners
    if learners == 0:
        yield from _whole(facts, NOT_ASKED)
        return
    part = UNKNOWN
    if learners and people and all(person.full_time is not None for person in people):
        full = [person for person in people if person.full_time]
        ratio = (HUNDRED * len(full) / learners).quantize(HUNDREDTH)
        part = Part(ratio, rows=(facts.body.ref, *(person.ref for person in full)))
    yield from _whole(facts, part)


def foreigners(facts: Facts) -> Iterator[Reading]:
    """R30: foreign staff without permit, or who teach from abroad."""

    def irregular(person: Teacher) -> bool | None:
        if person.foreign is False:
            return False
        if person.foreign and (person.abroad or person.permitted is False):
            return True
        if person.foreign is None or person.abroad is None or person.permitted is None:
            return None
        return False

    yield from _whole(facts, _count(list(facts.staff), irregular))


def not_shown(facts: Facts) -> Iterator[Reading]:
    """R31: staff whose name, photo and certificate number are not shown."""
    wrong = _without(lambda person: person.shown)
    yield from _whole(facts, _count(list(facts.staff), wrong))


READERS = {
    "R24": subject_teachers,
    "R25": other_teachers,
    "R26": in_service,
    "R27": barred,
    "R28": teaching_share,
    "R29": full_time_ratio,
    "R30": foreigners,
    "R31": not_shown,
}
