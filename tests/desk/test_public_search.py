"""Is this place legal? The public's answer in words, from what is published alone."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from desk import public_search
from governance import daylight
from institutions import services
from institutions.models import LicenceKind
from tests.institutions.builders import make_institution
from tests.publiclists.builders import make_live

pytestmark = pytest.mark.django_db


def verdict(term: str) -> str:
    [result] = public_search.results(list(public_search.find(term)))
    return result.verdict.code


def test_a_licensed_and_registered_place_is_in_order(world):
    make_institution(world)
    assert verdict("晨光") == "full"


def test_the_white_list_is_said(world):
    make_live(world)
    assert verdict("晨光") == "white"


def test_an_expired_licence_is_said(world):
    make_institution(world, valid_to=daylight.today() - dt.timedelta(days=1))
    assert verdict("晨光") == "expired"


def test_a_revoked_licence_is_said(world):
    place = make_institution(world)
    licence = place.licences.get(kind=LicenceKind.SCHOOL_LICENCE)
    services.change_licence_status(
        licence, "revoked", by=world.lin, on=daylight.today(), reason="吊销"
    )
    assert verdict("晨光") == "ended"


def test_a_missing_registration_is_said(world):
    make_institution(world, licences=[LicenceKind.SCHOOL_LICENCE])
    assert verdict("晨光") == "registration_missing"


def test_a_place_without_any_licence_is_not_shown_and_not_called_unlawful(world):
    make_institution(world, licences=[])
    page = Client().get(reverse("public-institutions"), {"q": "晨光"}).content.decode()
    assert "未查到不等于违法" in page
    assert "晨光艺术" not in page


def test_a_voided_and_a_duplicate_record_are_not_public(world):
    first, second = make_institution(world), make_institution(world, "星河艺术培训学校")
    third = make_institution(world, "云帆艺术培训学校")
    services.mark_duplicate(second, first, by=world.lin, reason="重复")
    services.void(third, by=world.lin, reason="误录")
    assert [period.institution for period in public_search.find("艺术")] == [first]


@pytest.mark.parametrize("term", ["晨光", "人民路1号"])
def test_name_and_address_find_it(world, term):
    make_institution(world)
    assert public_search.find(term).count() == 1


def test_the_detail_shows_no_person(world):
    place = make_institution(world, principal="陈某某", contact_phone="13900000000")
    url = reverse("public-institution", args=[place.number])
    page = Client().get(url).content.decode()
    assert "陈某某" not in page
    assert "13900000000" not in page


def test_an_unknown_number_is_not_found(world):
    assert Client().get(reverse("public-institution", args=["520121-999999"])).status_code == 404


def test_shared_caches_keep_nothing(world):
    response = Client().get(reverse("public-institutions"), {"q": "晨光"})
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["home", "public-institutions"])
def test_public_pages_are_light_and_ask_nobody_who_they_are(world, name):
    response = Client().get(reverse(name))
    assert len(response.content) < 12_000
    assert "sessionid" not in response.cookies
