"""Courses, timetable, staff, materials and fees of the register as plain facts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from governance import reference
from institutions.leads import facts as plain
from institutions.leads.facts import NOTHING
from institutions.leads.kinds import bare
from institutions.models import Course, FeeItem, LessonSlot, Material, StaffMember

DIVIDERS = re.compile(r"[;,/、，；\s]+")
SUBJECT, TRUE_TEACHER = "SUBJECT", StaffMember.Certificate.TEACHER


def slots_of(institutions: Sequence[int]) -> Mapping[int, list[LessonSlot]]:
    """The lines of the timetable by course."""
    found: dict[int, list[LessonSlot]] = defaultdict(list)
    rows = LessonSlot.objects.standing().filter(course__institution__in=institutions)
    for row in rows.order_by("pk"):
        found[row.course_id].append(row)
    return found


def lesson(row: Course, verdict: str) -> plain.Lesson:
    kinds = {row.sub_kind} | ({"FOREIGN_LANGUAGE"} if row.foreign_language else set())
    return plain.Lesson(
        pk=row.pk,
        name=row.name,
        categories=frozenset({row.category}) - {"", "UNCLEAR"},
        sub_kinds=frozenset(kinds) - {""},
        stages=frozenset(row.stages),
        modes=frozenset({row.mode}) - {""},
        minutes=row.lesson_minutes,
        class_size=row.class_size,
        identified=verdict,
    )


def slot(course: Course, row: LessonSlot) -> plain.Slot:
    """Heads that the line does not tell are those of a full class."""
    return plain.Slot(
        pk=row.pk,
        course=course.pk,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        site=course.site_id,
        weekday=None if row.weekday is None else row.weekday - 1,
        dates=tuple(sorted(row.dates)),
        on_rest_days=row.on_rest_days,
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        heads=course.class_size if row.heads is None else row.heads,
    )


def text(row: Material, courses: Iterable[Course]) -> plain.Text:
    """A review that did not take place, or was not passed, is none."""
    return plain.Text(
        pk=row.pk,
        courses=frozenset(one.pk for one in courses if one.material_id == row.pk),
        inside=bool(row.internal_review_passed),
        outside=bool(row.external_review_passed),
        foreign=row.origin == Material.Origin.FOREIGN,
    )


def lesson_prices(items: Iterable[FeeItem]) -> dict[int | None, Decimal]:
    """The lowest price of a lesson of each course, by its charges that tell their lessons."""
    found: dict[int | None, Decimal] = {}
    for item in items:
        if item.lessons and item.course_id:
            price = item.amount / item.lessons
            found[item.course_id] = min(price, found.get(item.course_id, price))
    return found


def fee(item: FeeItem, custody: str, prices: Mapping[int | None, Decimal]) -> plain.Fee:
    account = None
    if item.payee_account_hash:
        account = "dedicated_account" if item.payee_account_hash == custody else "other_account"
    left = item.lessons_left_when_charged
    return plain.Fee(
        pk=item.pk,
        name=item.name,
        course=item.course_id,
        amount=item.amount,
        lessons=None if item.lessons is None else Decimal(item.lessons),
        unit_price=None if item.lessons else prices.get(item.course_id),
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        charged_on=item.charged_from,
        lessons_left=None if left is None else Decimal(left),
        payee_account=account,
        pay_methods=frozenset(item.pay_methods) if item.pay_methods else None,
        posted=item.posted,
    )


def teacher(person: StaffMember, *, in_service: bool | None, barred: bool | None) -> plain.Teacher:
    subjects, certified = _subjects(person.subjects), _subjects(person.certificate_subject)
    certificate = person.certificate_kind == TRUE_TEACHER
    return plain.Teacher(
        pk=person.pk,
        role=person.role,
        full_time=person.full_time,
        teaches_subject=SUBJECT in person.teaches if person.teaches else None,
        subjects=subjects,
        stages=frozenset(person.stages),
        certificate_known=not certificate or bool(person.certificate_stage and certified),
        certificate_stage=person.certificate_stage if certificate else "",
        certificate_subjects=_reached(subjects, certified) if certificate else NOTHING,
        professional_proof=person.certificate_kind != StaffMember.Certificate.NONE,
        in_service=in_service,
        barred=barred,
        crime_query_on=person.crime_query_on,
        foreign=person.foreign,
        abroad=person.overseas,
        permitted=person.foreign_qualified,
        shown=person.posted,
        cook=person.role == StaffMember.Role.OTHER and _handles_food(person.what),
        health_until=person.health_certificate_until,
    )


def _subjects(words: str) -> frozenset[str]:
    return frozenset(bare(word) for word in DIVIDERS.split(words) if bare(word))


def _reached(taught: frozenset[str], certified: frozenset[str]) -> frozenset[str]:
    """The subjects taught that a certificate names, in whatever longer or shorter words."""
    return frozenset(
        one for one in taught if any(one in other or other in one for other in certified)
    )


@cache
def _food_words() -> tuple[str, ...]:
    [row] = [row for row in reference.rows("compliance_words") if row["kind"] == "cook"]
    return tuple(word for word in f"{row['zh']};{row['en']}".split(";") if word)


def _handles_food(work: str) -> bool:
    return any(word in work.casefold() for word in _food_words())
