"""The import in Chromium: from the file to the register, with and without script."""

import pytest
from playwright.sync_api import expect

from institutions.models import Institution
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.governance.files import ledger
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, previewed, row, sheet

pytestmark = pytest.mark.django_db
TABS = ("new", "changed", "unchanged", "site", "duplicate", "error", "passed")


@pytest.fixture
def batch(world):
    """A workbook with a row for every tab but one."""
    make_institution(world, "晨光艺术培训学校", credit_code=CODE, address="一号")
    make_institution(world, "星河艺术培训学校", address="六号", licences=())
    rows = [
        row("晨光美术学校", "一号", 统一社会信用代码=CODE),
        row("星河艺术培训学校", "六号"),
        row("晨光艺术培训学校", "九号"),
        row("新学校", "二号"),
        row("坏学校", "三号", 统一社会信用代码="1"),
        ["合计"],
    ]
    return previewed(world, sheet(*rows))


@pytest.mark.parametrize(
    ("width", "language"), [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (PHONE, "en")]
)
def test_every_tab_of_a_preview_is_accessible(world, batch, visit, width, language):
    clerk = visit(world.lin, width=width, language=language)
    for tab in TABS:
        page = clerk.go(f"/institutions/import/{batch.pk}/?tab={tab}")
        assert_accessible(page)
        screenshot(page, f"import-{tab}-{width}-{language}")
    clerk.assert_clean()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_ledger_goes_from_the_file_into_the_register(world, visit, javascript):
    clerk = visit(world.lin, javascript=javascript)
    page = clerk.go("/institutions/import/")
    page.set_input_files("#id_file", ledger("jinzhou"))
    page.get_by_role("button", name="读取并预览").click()
    expect(page.get_by_label("“查处时间”列日期的年份")).to_be_visible()
    page.get_by_label("“查处时间”列日期的年份").fill("2020")
    page.get_by_role("button", name="按所填年份重新读取").click()
    page.get_by_role("button", name="确认导入 5 条").click()
    expect(page.get_by_role("button", name="撤销本次导入")).to_be_visible()
    assert Institution.objects.count() == 5
    clerk.assert_clean()


def test_a_bad_file_is_answered_beside_its_field(world, visit, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger("lanzhou").read_bytes()[:3000])
    page = visit(world.lin).go("/institutions/import/")
    page.set_input_files("#id_file", path)
    page.get_by_role("button", name="读取并预览").click()
    expect(page.locator("#error-summary")).to_contain_text("文件已损坏")
    assert_accessible(page)
