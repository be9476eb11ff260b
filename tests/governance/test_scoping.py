"""Who sees which rows of the registry, and who may change them."""

import datetime as dt

import pytest

from governance import daylight
from governance.models import Membership, Role, Share
from governance.scoping import Duty, DutyMissing, require
from institutions.models import Institution, Licence
from tests.conftest import make_department, make_institution_member, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(world):
    """An institution in 硒城街道, led by the education bureau, with one licence."""
    institution = Institution.objects.create(
        number="520121-000001",
        division_id="520121001",
        lead=world.department("edu"),
        created_by=world.lin,
    )
    Licence.objects.create(institution=institution, kind="school_licence", recorded_by=world.lin)
    return institution


SEES = ["lin", "luo", "du", "ma", "shi", "zhou", "shen", "system"]
SEES_NOT = ["he", "xi", "an", "ying", "public"]


@pytest.mark.parametrize("name", SEES)
def test_the_registry_is_seen_by_the_departments_of_the_place(world, place, name):
    assert Institution.objects.visible_to(world.members[name]).get() == place
    assert Licence.objects.visible_to(world.members[name]).count() == 1


@pytest.mark.parametrize("name", SEES_NOT)
def test_others_see_nothing_of_it(world, place, name):
    assert not Institution.objects.visible_to(world.members[name]).exists()
    assert not Licence.objects.visible_to(world.members[name]).exists()


@pytest.mark.parametrize("name", ["lin", "luo", "du", "system"])
def test_the_leading_department_may_change_it(world, place, name):
    assert Institution.objects.editable_by(world.members[name]).exists()
    assert Licence.objects.editable_by(world.members[name]).exists()


@pytest.mark.parametrize("name", ["ma", "shi", "zhou", "shen", "xi", "public"])
def test_whoever_only_sees_it_may_not(world, place, name):
    assert not Institution.objects.editable_by(world.members[name]).exists()


def share(world, place, part, **period):
    return Share.objects.create(
        subject=place,
        department=world.department("samr"),
        part=part,
        created_by=world.lin,
        **period,
    )


def test_an_assisting_share_lets_a_department_change_it(world, place):
    share(world, place, Share.Part.ASSIST)
    assert Institution.objects.editable_by(world.ma).exists()
    assert Licence.objects.editable_by(world.ma).exists()


def test_a_reading_share_does_not(world, place):
    share(world, place, Share.Part.READ)
    assert not Institution.objects.editable_by(world.ma).exists()


def test_a_share_ends_with_its_last_day(world, place):
    share(world, place, Share.Part.ASSIST, until=daylight.today())
    assert Institution.objects.editable_by(world.ma).exists()
    daylight.set_day(daylight.today() + dt.timedelta(days=1))
    assert not Institution.objects.editable_by(world.ma).exists()


def test_a_superior_bureau_reads_and_does_not_edit(world, place):
    city = make_department("EDU", "5201", "贵阳市教育局")
    superior = make_member("superior", city, Role.CLERK)
    assert Institution.objects.visible_to(superior).exists()
    assert not Institution.objects.editable_by(superior).exists()


def test_a_school_district_covers_several_townships(world, place):
    district = make_department("TOWN", "520121102", "双流学区")
    district.jurisdictions = ["520121101", "520121001"]
    district.save()
    assert Institution.objects.visible_to(make_member("district", district, Role.OFFICER)).exists()


def test_an_institution_sees_itself_alone(world, place):
    assert Institution.objects.visible_to(make_institution_member(place.pk)).get() == place
    stranger = make_institution_member(place.pk + 1, "stranger")
    assert not Institution.objects.visible_to(stranger).exists()


def test_a_voided_row_is_seen_by_nobody(world, place):
    Institution.objects.filter(pk=place.pk).update(voided_at=daylight.now())
    assert not Institution.objects.visible_to(world.lin).exists()


def test_a_membership_counts_from_its_first_to_its_last_day(world):
    today = daylight.today()
    Membership.objects.filter(pk=world.lin.pk).update(valid_from=today, valid_to=today)
    active = Membership.objects.active
    assert active().filter(pk=world.lin.pk).exists()
    assert not active(today + dt.timedelta(days=1)).filter(pk=world.lin.pk).exists()
    assert not active(today - dt.timedelta(days=1)).filter(pk=world.lin.pk).exists()


def test_a_switched_off_account_has_no_membership(world):
    world.lin.user.is_active = False
    world.lin.user.save()
    assert not Membership.objects.active().filter(pk=world.lin.pk).exists()


CLOSE = Duty("thing.close", "Close", frozenset({Role.LEADER}), frozenset({"EDU"}))


@pytest.mark.parametrize(("name", "may"), [("luo", True), ("lin", False), ("mei", False)])
def test_a_duty_asks_for_role_and_kind_of_department(world, name, may):
    if may:
        require(world.members[name], CLOSE)
    else:
        with pytest.raises(DutyMissing):
            require(world.members[name], CLOSE)
