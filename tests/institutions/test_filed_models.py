"""What institutions file holds between two days and is found only in scope."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from governance import private_fields
from institutions.models import Course, LessonSlot, StaffMember
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
ID = "520121199001010011"
DAY = dt.timedelta(days=1)


@pytest.fixture
def place(world):
    return make_institution(world, "晨光艺术培训学校")


def make_staff(place, by, **facts):
    return StaffMember.objects.create(
        institution=place, recorded_by=by, **({"name": "周敏", "id_number": ID} | facts)
    )


def test_an_id_number_is_unreadable_in_the_database_and_found_by_its_hash(world, place):
    row = make_staff(place, world.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM institutions_staffmember WHERE id = %s", [row.pk])
        assert ID not in cursor.fetchone()[0]
    assert StaffMember.objects.get(id_number_hash=private_fields.search_hash(ID, "id")) == row


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"employed_from": TODAY}, True),
        ({"employed_from": TODAY + DAY}, False),
        ({"employed_until": TODAY}, True),
        ({"employed_until": TODAY - DAY}, False),
        ({"ended_on": TODAY + DAY}, True),
        ({"ended_on": TODAY}, False),
        ({"voided_at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}, False),
    ],
)
def test_a_row_holds_from_its_first_to_its_last_day(world, place, facts, holds):
    row = make_staff(place, world.lin, **facts)
    assert StaffMember.objects.in_force(TODAY).filter(pk=row.pk).exists() is holds
    assert row.holds(TODAY) is holds


def test_the_same_person_stands_once_in_an_institution(world, place):
    make_staff(place, world.lin)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_staff(place, world.lin, name="周 敏", id_number=ID.lower())


def test_a_person_who_left_may_come_back(world, place):
    make_staff(place, world.lin, ended_on=TODAY)
    make_staff(place, world.lin)
    assert place.staff.in_force(TODAY).count() == 1


def test_rows_are_seen_by_the_jurisdiction_and_their_own_institution(world, place):
    make_staff(place, world.lin)
    other = make_institution(world, "星河艺术培训学校")
    chen, shen = make_institution_member(place.pk), make_institution_member(other.pk, "bao")
    seen = {
        name: StaffMember.objects.visible_to(actor).count()
        for name, actor in {
            "clerk": world.lin, "market": world.ma, "town": world.shi, "far town": world.he,
            "far county": world.ying, "administrator": world.xi, "own": chen, "other": shen,
        }.items()
    }  # fmt: skip
    assert seen == {
        "clerk": 1, "market": 1, "town": 1, "far town": 0,
        "far county": 0, "administrator": 0, "own": 1, "other": 0,
    }  # fmt: skip


def test_a_lesson_has_a_weekday_or_days_and_goes_forward(world, place):
    course = Course.objects.create(
        institution=place, name="素描", category="ARTS", recorded_by=world.lin
    )
    nine, ten = dt.time(9), dt.time(10)
    LessonSlot.objects.create(course=course, weekday=6, starts_at=nine, ends_at=ten)
    LessonSlot.objects.create(course=course, dates=[TODAY], starts_at=nine, ends_at=ten)
    for wrong in (
        {"starts_at": nine, "ends_at": ten},
        {"weekday": 8, "starts_at": nine, "ends_at": ten},
        {"weekday": 6, "starts_at": ten, "ends_at": nine},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LessonSlot.objects.create(course=course, **wrong)
    assert LessonSlot.objects.visible_to(world.lin).count() == 2
