"""A dirty Excel goes in without fear: 500 rows, 17 wrong, mended, sent again, undone."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from governance.models import AuditEvent, ImportBatch
from institutions.models import Institution
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, bring_in, row, sheet

pytestmark = pytest.mark.django_db
KNOWN, NEW, WRONG = 13, 470, 17
HEADS = ("序号", "乡镇", "机构名称", "地址", "统一社会信用代码", "成立日期", "自编列")


def lines():
    """470 new, 13 with another number of learners, 17 wrong in four ways."""
    wrong = ("9.1E+17", "123", CODE[:-1] + "Q")
    for n in range(NEW + KNOWN + WRONG):
        line = {"序号": n + 1, "乡镇": "硒城街道", "机构名称": f"第{n}号文化学校", "地址": f"{n}号",
                "成立日期": ("2020-5-9", "2021年12月3日")[n % 2]}  # fmt: skip
        if n < KNOWN:
            line["成立日期"] = "2019-01-02"
        if n >= NEW + KNOWN:
            line["统一社会信用代码"] = wrong[n % 3]
        if n == NEW + KNOWN + WRONG - 1:
            line |= {"统一社会信用代码": None, "乡镇": "无此镇"}
        yield line


@pytest.fixture
def dirty(world, tmp_path):
    known = [row(f"第{n}号文化学校", f"{n}号") for n in range(KNOWN)]
    bring_in(sheet(*known), by=world.lin)
    Institution.objects.all().update(founded_on=None)
    book = openpyxl.load_workbook(sheet(*lines(), heads=HEADS))
    book.active.insert_rows(1)
    book.active["A1"] = "开阳县校外培训机构摸排台账"
    book.active.merge_cells("A1:G1")
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def counts(page, **expected):
    for word, number in expected.items():
        tile = page.locator("#import-tiles a", has_text=re.compile(rf"^\s*\d+\s*{word}$"))
        expect(tile).to_contain_text(str(number))


def upload(page, path):
    page.goto(page.url.split("/institutions")[0] + "/institutions/import/")
    page.set_input_files("#id_file", path)
    page.get_by_role("button", name="读取并预览").click()


def test_a_dirty_ledger_goes_in_without_fear(world, visit, dirty, tmp_path):
    clerk = visit(world.lin)
    page = clerk.go("/institutions/import/")
    upload(page, dirty)
    counts(page, 新增=NEW, 已修改=KNOWN, 错误=WRONG)
    expect(page.get_by_text("自编列")).to_have_count(1)
    first = page.locator("tbody[id^=row-]").first
    expect(first.locator("td").nth(1)).to_have_text(str(NEW + KNOWN + 3))
    assert_accessible(page)

    page.keyboard.press("F8")
    page.keyboard.type(CODE)
    page.keyboard.press("Tab")
    expect(first).to_contain_text("还剩 16 行错误")
    counts(page, 错误=WRONG - 1, 新增=NEW + 1)
    screenshot(page, "import-moment-mended")

    with page.expect_download() as caught:
        page.get_by_role("link", name="错误行").first.click()
    errors = tmp_path / "errors.xlsx"
    caught.value.save_as(errors)
    book = openpyxl.load_workbook(errors)
    assert book.active.max_row == WRONG
    heads = [cell.value for cell in book.active[1]]
    assert heads[: len(HEADS)] == list(HEADS)
    assert heads[-1] == "错误原因"

    page.get_by_label("跳过问题行").check()
    page.get_by_role("button", name=f"确认导入 {NEW + 1 + KNOWN} 条").click()
    expect(page.get_by_role("button", name="撤销本次导入")).to_be_visible()
    applied = page.url
    assert Institution.objects.filter(voided_at=None).count() == NEW + 1 + KNOWN

    for n in range(2, WRONG + 1):
        book.active.cell(n, 5).value = None
        book.active.cell(n, 2).value = "硒城街道"
    book.save(errors)
    upload(page, errors)
    counts(page, 新增=WRONG - 1)
    upload(page, dirty)
    expect(page.get_by_text("同一文件")).to_be_visible()

    page.goto(applied)
    undo = page.locator("form[action$='/undo/'] button[type=submit]")
    undo.click()
    expect(undo).to_have_class(re.compile("is-armed"))
    undo.click(timeout=120_000)  # 484 institutions go back in one request
    expect(page.get_by_text("本次导入已撤销").first).to_be_visible(timeout=120_000)
    assert Institution.objects.filter(voided_at=None).count() == KNOWN
    about = AuditEvent.objects.filter(object_id=re.search(r"/(\d+)/", applied)[1])
    assert about.filter(verb="import.applied").count() == 1
    assert about.filter(verb="import.undone").count() == 1
    clerk.assert_clean()


@pytest.mark.parametrize(
    ("width", "language"), [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (DESKTOP, "en")]
)
def test_the_columns_and_the_waiting_page_are_accessible(world, visit, width, language):
    make_institution(world)
    clerk = visit(world.lin, width=width, language=language)
    page = clerk.go("/institutions/import/")
    page.set_input_files(
        "#id_file",
        {"name": "a.xlsx", "mimeType": "", "buffer": sheet(row("新学校", "七号")).read()},
    )
    page.locator("form[enctype] [type=submit]").click()
    batch = ImportBatch.objects.latest("pk")
    clerk.go(f"/institutions/import/{batch.pk}/columns/")
    assert_accessible(page)
    screenshot(page, f"import-columns-{width}-{language}")
    ImportBatch.objects.filter(pk=batch.pk).update(**{"status": "reading"})
    clerk.go(f"/institutions/import/{batch.pk}/")
    assert_accessible(page)
    screenshot(page, f"import-working-{width}-{language}")
    clerk.assert_clean()
