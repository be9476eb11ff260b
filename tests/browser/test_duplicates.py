"""Comparing two records in Chromium: what differs is seen without colour, joining and undoing."""

import pytest

from institutions.duplicates import search
from institutions.models import DuplicatePair, Institution, LicenceKind
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(playwright, world):
    make_institution(world, "晨光教育(硒城校区)", principal="林一", address="人民路8号2楼")
    make_institution(
        world, "晨光教育（开阳）培训学校", licences=(LicenceKind.FIRE,), principal="罗二",
        address="人民路8号二层", contact_phone="13800000000",
    )  # fmt: skip
    search.look_at_all()
    return DuplicatePair.objects.get()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_accessible_and_fit(world, visit, pair, width, language):
    visitor = visit(world.lin, width=width, language=language)
    assert_accessible(visitor.go("/institutions/duplicates/"))
    assert_accessible(visitor.go(pair.get_absolute_url()))
    visitor.assert_clean()


def test_what_differs_is_said_in_words_and_underlined(world, visit, pair):
    page = visit(world.lin).go(pair.get_absolute_url())
    row = page.locator("tr.differs", has=page.locator("[name=fact-principal]"))
    assert "不一致" in row.inner_text()
    mark = row.locator("mark").first
    assert "underline" in mark.evaluate("el => getComputedStyle(el).textDecorationLine")


@pytest.mark.parametrize("javascript", [True, False])
def test_two_records_are_joined_with_a_chosen_fact_and_parted_again(world, visit, pair, javascript):
    visitor = visit(world.lin, javascript=javascript)
    page = visitor.go(pair.get_absolute_url())
    page.check("[name=fact-principal][value=second]")
    join = page.locator("#merge button[type=submit]")
    join.click()
    if javascript:
        join.click()  # two presses for what is not taken back lightly
    page.wait_for_url(f"**{pair.first.get_absolute_url()}")
    assert Institution.objects.get(pk=pair.first_id).principal == "罗二"
    page.click("a[href*=undo]")
    page.fill("[name=reason]", "现场核实为两家")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**{pair.get_absolute_url()}")
    assert Institution.objects.get(pk=pair.first_id).principal == "林一"
    visitor.assert_clean()


def test_they_are_told_apart_by_keyboard_alone(world, visit, pair):
    page = visit(world.lin).go(pair.get_absolute_url())
    page.focus("#difference")
    page.keyboard.type("两家法人")
    page.keyboard.press("Enter")
    page.wait_for_url("**/institutions/duplicates/")
    assert DuplicatePair.objects.get().decision == "两家法人"
