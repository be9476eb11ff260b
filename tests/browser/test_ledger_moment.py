"""The ledger behaves like their Excel, only truer: filter, pick, hide, share, export, print."""

import io
import re
import unicodedata
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from governance.models import SavedView
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import SHUANGLIU, make_institution, valid_credit_code

pytestmark = pytest.mark.django_db
COUNT = 52
CODE = valid_credit_code(7)


@pytest.fixture
def county(world):
    """52 places of 硒城街道 whose licence ends soon; others that meet one condition only."""
    soon = {"valid_to": date(2026, 5, 1)}
    for n in range(COUNT):
        code = {"credit_code": CODE} if n == 0 else {}
        make_institution(world, f"第{n:02d}号培训学校", **soon, **code)
    make_institution(world, "双流书院", township=SHUANGLIU, **soon)
    make_institution(world, "长期学校")


def filtered(visitor):
    """硒城街道 and near their end, by the filter panel."""
    page = visitor.go("/institutions/?tab=all")
    page.click("#open-filters")
    page.get_by_label("硒城街道").check()
    page.fill("#filters [name=expires]", "90")
    page.click("#filters [type=submit]")
    expect(page.locator("#result-count")).to_have_text(f"共 {COUNT} 条")
    return page


def names(page):
    return page.locator("#ledger tbody a[data-open]").all_inner_texts()


def heads(page):
    return page.locator("#ledger thead th").all_inner_texts()


def sheet(page):
    with page.expect_download() as caught:
        page.get_by_role("link", name="导出Excel", exact=True).click()
    book = load_workbook(io.BytesIO(caught.value.path().read_bytes()))
    return list(book.active.iter_rows())


def test_the_third_moment(world, county, visit):
    lin, ning = visit(world.lin), visit(world.ning)
    page = filtered(lin)
    assert re.search(r"township=520121\d+", page.url)
    assert "expires=90" in page.url
    expect(page.locator(".chip")).to_have_count(2)

    page.check("[data-pick-all]")
    page.get_by_role("button", name=f"选择全部 {COUNT} 条").click()
    page.click("a[rel=next]")
    expect(page.locator("[data-bulk-bar] output")).to_have_text(f"已选全部 {COUNT} 项")
    assert page.locator("[data-pick]:checked").count() == COUNT - 50
    page.get_by_role("button", name="取消全部选择").click()

    page.get_by_role("link", name="100", exact=True).click()
    page.get_by_role("link", name="列设置").click()
    page.get_by_label("校长（负责人）").uncheck()
    page.get_by_label("统一社会信用代码").check()
    page.get_by_role("button", name="保存", exact=True).click()
    for _look in range(2):
        assert "校长（负责人）" not in heads(page)
        assert len(names(page)) == COUNT
        page.reload()

    page.click("#views-menu summary")
    page.click("#views-menu a:has-text('另存')")
    page.fill("#view-name", "硒城临期")
    page.get_by_label("本部门").check()
    page.get_by_role("button", name="保存视图").click()
    expect(page.locator("#ledger")).to_be_visible()
    view = SavedView.objects.get(name="硒城临期")

    theirs = ning.page
    theirs.goto(page.url)
    assert (names(theirs), heads(theirs)) == (names(page), heads(page))
    expect(theirs.locator("#result-count")).to_have_text(f"共 {COUNT} 条")
    expect(theirs.locator("#view-changed")).to_have_count(0)
    theirs.locator(".chip").first.click()
    expect(theirs.locator("#view-changed")).to_contain_text("已修改")
    expect(theirs.locator("#view-changed button")).to_have_count(0)
    screenshot(theirs, "ledger-view-changed")
    assert_accessible(theirs)
    assert SavedView.objects.get(pk=view.pk).query == view.query
    theirs.get_by_role("link", name="还原").click()
    expect(theirs.locator("#result-count")).to_have_text(f"共 {COUNT} 条")

    rows = sheet(page)
    first = next(at for at, row in enumerate(rows) if row[0].value == "编号")
    *data, last = rows[first + 1 :]
    assert [row[1].value for row in data] == names(page)
    at = [cell.value for cell in rows[first]].index("统一社会信用代码")
    assert (data[0][at].value, data[0][at].data_type) == (CODE, "s")
    assert "硒城街道" in last[0].value
    assert "90" in last[0].value

    page.get_by_role("link", name="打印", exact=True).click()
    expect(page.locator("#ledger tbody tr")).to_have_count(COUNT)
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) > 1
    for one in pages:
        text = unicodedata.normalize("NFKC", one.extract_text())  # the font's radicals
        assert "统一社会信用代码" in re.sub(r"\s", "", text)
    for visitor in (lin, ning):
        visitor.assert_clean()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_columns_are_put_in_order_by_keyboard(world, county, visit, width):
    page = visit(world.lin, width=width).go("/institutions/columns/?tab=all")
    button = page.locator("#up-cert")
    button.focus()
    for place in (1, 0):
        page.keyboard.press("Enter")
        expect(page.locator("[name=order]").nth(place)).to_have_value("cert")
        expect(button).to_be_focused()
    screenshot(page, f"ledger-columns-{width}")
    assert_accessible(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#ledger")).to_be_visible()
    assert heads(page)[2] == "证照"


def test_columns_are_put_in_order_without_script(world, county, visit):
    page = visit(world.lin, javascript=False).go("/institutions/columns/?tab=all")
    page.click("#up-cert")
    page.click("#up-cert")
    page.get_by_role("button", name="保存", exact=True).click()
    assert heads(page)[2].startswith("证照")
