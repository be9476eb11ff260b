"""The drawer beside the ledger: one step of the history, keys inside it, focus given back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
LIST = "/institutions/?tab=all"


@pytest.fixture
def places(world):
    return [make_institution(world, f"第{n:02d}号培训学校") for n in range(30)]


def drawer(page):
    return page.locator("#peek")


def name(page):
    return page.locator("#peek-name")


def opened_by_keys(clerk):
    page = clerk.go(LIST)
    for key in ("j", " ", "j", "Shift+Enter"):
        page.keyboard.press("Space" if key == " " else key)
    expect(name(page)).to_have_text("第01号培训学校")
    return page


def test_keys_open_step_and_close_and_the_list_stays_as_it_was(world, places, visit):
    clerk = visit(world.lin)
    page = opened_by_keys(clerk)
    steps = page.evaluate("history.length")
    page.keyboard.press("j")
    expect(name(page)).to_have_text("第02号培训学校")
    assert page.url.endswith(f"peek={places[2].pk}")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(name(page)).to_have_text("第00号培训学校")
    assert page.evaluate("history.length") == steps
    page.keyboard.press("Escape")
    expect(drawer(page)).to_be_hidden()
    page.wait_for_url(re.compile(r"tab=all$"))
    assert page.is_checked("[data-pick] >> nth=0")
    assert page.evaluate("document.activeElement.closest('tr').id") == f"row-{places[0].pk}"
    clerk.assert_clean()


def test_back_closes_it_where_the_list_was_and_forward_opens_it_again(world, places, visit):
    page = visit(world.lin).go(LIST)
    opener = page.locator(f"#row-{places[25].pk} [data-peek]")
    opener.scroll_into_view_if_needed()
    where = page.evaluate("document.querySelector('.table-scroll').scrollTop")
    opener.click()
    expect(name(page)).to_have_text("第25号培训学校")
    page.go_back()
    expect(drawer(page)).to_be_hidden()
    assert "peek" not in page.url
    assert page.evaluate("document.querySelector('.table-scroll').scrollTop") == where
    expect(opener).to_be_focused()
    page.go_forward()
    expect(name(page)).to_have_text("第25号培训学校")


def test_an_address_with_a_look_opens_it_and_closing_keeps_the_page(world, places, visit):
    clerk = visit(world.lin)
    page = clerk.go(f"{LIST}&peek={places[3].pk}")
    expect(name(page)).to_have_text("第03号培训学校")
    page.click("#peek-close")
    expect(drawer(page)).to_be_hidden()
    assert page.url.endswith(LIST)
    assert "peek" not in page.locator("th a").first.get_attribute("href")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_drawer_is_accessible_at_both_widths(world, places, visit, width, language):
    page = visit(world.lin, width=width, language=language).go(f"{LIST}&peek={places[3].pk}")
    expect(name(page)).to_be_visible()
    screenshot(page, f"peek-{width}-{language}")
    assert_accessible(page)


def test_what_is_out_of_scope_is_refused_on_the_page(world, places, visit):
    page = visit(world.he).go(f"{LIST}&peek={places[0].pk}")
    expect(drawer(page)).to_be_hidden()
    expect(page.locator("#notice")).not_to_be_empty()


def test_without_script_the_look_is_a_page(world, places, visit):
    page = visit(world.lin, javascript=False).go(LIST)
    page.click(f"#row-{places[0].pk} [data-peek]")
    assert page.inner_text("#peek-name") == "第00号培训学校"
    assert page.inner_text("h1") == "速览"


def test_a_past_ledger_says_so_and_leads_back_to_today(world, places, visit):
    page = visit(world.lin).go("/institutions/?on=2026-01-15&cert=FULL")
    expect(page.locator("#past")).to_contain_text("2026-01-15")
    expect(page.get_by_role("link", name="登记机构")).to_have_count(0)
    screenshot(page, "ledger-past")
    page.click("#past a")
    expect(page.locator("#past")).to_have_count(0)
    assert page.url.endswith("?cert=FULL")
