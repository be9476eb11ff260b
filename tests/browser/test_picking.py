"""Rows of the ledger stay picked from page to page, by mouse and by keyboard."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
COUNT = 53
BAR = "[data-bulk-bar]"


@pytest.fixture
def many(world):
    return [make_institution(world, f"第{n:02d}号培训学校", licences=()) for n in range(COUNT)]


def said(page):
    return page.locator(f"{BAR} output")


def taken(page, button="导出所选"):
    """Numbers in the workbook that a button of the bar makes."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=button, exact=True).click()
    book = load_workbook(io.BytesIO(caught.value.path().read_bytes()))
    cells = [row[0] for row in book.active.iter_rows(values_only=True)]
    return [cell for cell in cells if isinstance(cell, str) and cell.startswith("520121-")]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_picks_outlast_paging_and_end_with_the_act(world, many, visit, width):
    clerk = visit(world.lin, width=width)
    page = clerk.go("/institutions/?tab=all")
    expect(page.locator(BAR)).to_be_hidden()
    page.check("[data-pick] >> nth=0")
    page.check("[data-pick] >> nth=1")
    expect(said(page)).to_have_text("已选 2 项")
    page.click("a[rel=next]")
    expect(said(page)).to_have_text("已选 2 项，其中 2 项在其他页")
    page.check("[data-pick] >> nth=0")
    expect(said(page)).to_have_text("已选 3 项，其中 2 项在其他页")
    assert_accessible(page)
    screenshot(page, f"ledger-picked-{width}")
    assert len(taken(page)) == 3
    expect(page.locator(BAR)).to_be_hidden()
    page.go_back()
    assert not page.is_checked("[data-pick] >> nth=0")
    clerk.assert_clean()


def test_everything_that_meets_the_conditions_but_one(world, many, visit):
    page = visit(world.lin).go("/institutions/?tab=all")
    page.check("[data-pick-all]")
    expect(said(page)).to_have_text("已选 50 项")
    page.get_by_role("button", name="选择全部 53 条").click()
    expect(said(page)).to_have_text("已选全部 53 项")
    page.click("a[rel=next]")
    page.uncheck("[data-pick] >> nth=1")
    expect(said(page)).to_have_text("已选 52 项，其中 50 项在其他页")
    assert len(taken(page)) == COUNT - 1


def test_space_and_shift_pick_a_range_without_a_mouse(world, many, visit):
    page = visit(world.lin).go("/institutions/?tab=all")
    for key in ("j", " ", "j", "j", "Shift+ "):
        page.keyboard.press(key.replace("Shift+ ", "Shift+Space"))
    expect(said(page)).to_have_text("已选 3 项")
    page.get_by_role("button", name="取消全部选择").press("Enter")
    expect(page.locator(BAR)).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('[data-pick-all]')")


def test_each_tab_and_each_set_of_conditions_has_picks_of_its_own(world, many, visit):
    clerk = visit(world.lin)
    page = clerk.go("/institutions/?tab=all")
    page.check("[data-pick] >> nth=0")
    other = clerk.new_page()
    other.goto(page.url)
    expect(other.locator(BAR)).to_be_hidden()
    clerk.go("/institutions/?cert=NONE")
    expect(page.locator(BAR)).to_be_hidden()
    clerk.go("/institutions/?tab=all&sort=-name")
    expect(said(page)).to_have_text("已选 1 项，其中 1 项在其他页")
