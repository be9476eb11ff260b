"""R24–R31: staff."""

import datetime as dt

from tests.institutions.leads.builders import (
    BROKEN,
    KEPT,
    SILENT,
    UNKNOWN,
    body,
    facts,
    teacher,
)  # fmt: skip

D = dt.date
SUBJECT, ARTS = body(categories="SUBJECT"), body(categories="ARTS")
MATHS = {
    "teaches_subject": True, "subjects": "maths", "stages": "JUNIOR", "certificate_known": True,
    "certificate_subjects": "maths", "certificate_stage": "JUNIOR",
}  # fmt: skip


def staff(of, *people):
    return facts(of, staff=people)


def both(of, first, second):
    return staff(of, teacher(1, **first), teacher(2, **second))


def many(teaching, others, *, full_time=True, **of):
    people = [teacher(pk, full_time=full_time) for pk in range(teaching)]
    people += [teacher(100 + pk, "OTHER", full_time=False) for pk in range(others)]
    return staff(body(**of), *people)


CASES = [
    ("R24", "stage and subject match", staff(SUBJECT, teacher(**MATHS)), KEPT),
    ("R24", "one of two without a certificate",
     both(SUBJECT, MATHS, MATHS | {"certificate_stage": "", "certificate_subjects": ""}), BROKEN),
    ("R24", "a certificate of a higher stage",
     staff(SUBJECT, teacher(**MATHS | {"certificate_stage": "SENIOR"})), KEPT),
    ("R24", "a certificate of a lower stage",
     staff(SUBJECT, teacher(**MATHS | {"certificate_stage": "PRIMARY"})), BROKEN),
    ("R24", "another subject",
     staff(SUBJECT, teacher(**MATHS | {"certificate_subjects": "music"})), BROKEN),
    ("R24", "the certificate is not known",
     staff(SUBJECT, teacher(**MATHS | {"certificate_known": False})), UNKNOWN),
    ("R24", "the stage taught is not known",
     staff(SUBJECT, teacher(**MATHS | {"stages": ""})), UNKNOWN),
    ("R24", "a teacher of arts at a body of both",
     staff(body(categories="SUBJECT ARTS"), teacher(teaches_subject=False)), SILENT),
    ("R24", "no staff was filed", staff(SUBJECT), UNKNOWN),
    ("R24", "a body of arts", staff(ARTS, teacher(**MATHS)), SILENT),
    ("R25", "all have proof", staff(ARTS, teacher(professional_proof=True)), KEPT),
    ("R25", "one has none",
     both(ARTS, {"professional_proof": True}, {"professional_proof": False}), BROKEN),
    ("R25", "not known", staff(ARTS, teacher()), UNKNOWN),
    ("R25", "a body of subjects", staff(SUBJECT, teacher(professional_proof=False)), SILENT),
    ("R26", "nobody is in a school's roster", staff(None, teacher(in_service=False)), KEPT),
    ("R26", "one is", both(None, {"in_service": False}, {"in_service": True}), BROKEN),
    ("R26", "one without an identity number", both(None, {"in_service": False}, {}), UNKNOWN),
    ("R27", "nobody barred, asked a year ago",
     staff(None, teacher(barred=False, crime_query_on=D(2025, 3, 4))), KEPT),
    ("R27", "asked a year and a day ago",
     staff(None, teacher(barred=False, crime_query_on=D(2025, 3, 3))), BROKEN),
    ("R27", "one is barred",
     staff(None, teacher(barred=True, crime_query_on=D(2026, 3, 3))), BROKEN),
    ("R27", "one was never asked about",
     both(None, {"barred": False, "crime_query_on": D(2026, 3, 3)}, {"barred": False}), UNKNOWN),
    ("R28", "half of them teach", many(2, 2), KEPT),
    ("R28", "less than half", many(2, 3), BROKEN),
    ("R28", "research counts",
     staff(None, teacher(1, "RESEARCH"), teacher(2, "OTHER")), KEPT),
    ("R28", "no staff was filed", staff(None), UNKNOWN),
    ("R29", "two to a hundred", many(2, 0, learners=100, modes="OFFLINE"), KEPT),
    ("R29", "two to a hundred and one", many(2, 0, learners=101, modes="OFFLINE"), BROKEN),
    ("R29", "one to a hundred online", many(1, 0, learners=100, modes="ONLINE"), KEPT),
    ("R29", "one to a hundred and one online", many(1, 0, learners=101, modes="ONLINE"), BROKEN),
    ("R29", "six to a hundred small children", many(6, 0, learners=100, stages="PRE"), KEPT),
    ("R29", "five to a hundred small children", many(5, 0, learners=100, stages="PRE"), BROKEN),
    ("R29", "small children and pupils", many(5, 0, learners=100, stages="PRE PRIMARY"), KEPT),
    ("R29", "part-time does not count", many(9, 0, learners=10, full_time=False), BROKEN),
    ("R29", "learners are not known", many(2, 0), UNKNOWN),
    ("R29", "nobody learns yet", many(2, 0, learners=0), SILENT),
    ("R30", "no foreigner", staff(None, teacher(foreign=False)), KEPT),
    ("R30", "with permit, here",
     staff(None, teacher(foreign=True, abroad=False, permitted=True)), KEPT),
    ("R30", "from abroad",
     staff(None, teacher(foreign=True, abroad=True, permitted=True)), BROKEN),
    ("R30", "without permit",
     staff(None, teacher(foreign=True, abroad=False, permitted=False)), BROKEN),
    ("R30", "the permit is not known",
     staff(None, teacher(foreign=True, abroad=False)), UNKNOWN),
    ("R31", "all shown", staff(None, teacher(shown=True)), KEPT),
    ("R31", "one is not", both(None, {"shown": True}, {"shown": False}), BROKEN),
    ("R31", "not known", staff(None, teacher()), UNKNOWN),
]  # fmt: skip
