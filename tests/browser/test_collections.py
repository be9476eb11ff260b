"""Collections in Chromium: a clerk issues, townships report from their phones, sums come out."""

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns import services
from campaigns.models import Collection, CollectionTemplate, Return
from governance import daylight
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.campaigns.builders import (
    make_accepted,
    make_collection,
    make_district,
    make_submitted,
    return_of,
)
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize(
    ("width", "language"),
    [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (DESKTOP, "en"), (PHONE, "en")],
)


def issue(page) -> None:
    page.select_option("[name=template]", label="联合执法台账")
    page.fill("[name=title]", "联合执法情况")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_test_id("units")).to_be_visible()


def test_a_collection_from_issue_to_the_merged_workbook(world, visit, tmp_path):
    """The clerk issues; one township fills in on a phone, one reports nothing; it is pressed for,
    handed back, accepted, and comes out as one sheet."""
    lin = visit(world.lin)
    issue(lin.go(reverse("collection-new")))
    collection = Collection.objects.get()

    shi = visit(world.shi, width=PHONE)
    page = shi.go(reverse("desk"))
    page.get_by_role("link", name="填报").first.click()
    assert_accessible(page)
    page.locator("[name=c-n0-DAY]").fill("2026年3月3日")
    page.locator("[name=c-n0-DEPARTMENTS]").fill("教育、市监")
    page.locator("[name=c-n0-CHECKED]").fill("若干")
    page.locator("button[value=submit]").click()
    expect(page.locator(".summary-box")).to_contain_text("检查机构数")
    assert_accessible(page)
    page.locator("[name=c-n0-CHECKED]").fill("5家")
    page.locator("button[value=submit]").click()
    expect(page.locator(".say-ok").first).to_contain_text("审核前可以撤回")

    daylight.set_day(daylight.today().replace(day=23))
    page = lin.go(collection.get_absolute_url())
    page.get_by_role("button", name="一键催报").click()
    expect(page.locator("[data-testid=units]")).to_contain_text("今日已催报")

    he = visit(world.he, width=PHONE)
    page = he.go(return_of(collection, world.he).get_absolute_url())
    page.get_by_role("button", name="零报告").click()
    expect(page.locator("#rows")).to_contain_text("本期无情况")

    back_and_forth(lin, shi, collection, world)
    for member in (world.shi, world.he):
        accept(lin, return_of(collection, member))

    page = lin.go(collection.get_absolute_url())
    expect(page.get_by_test_id("sums")).to_contain_text("6")
    assert_accessible(page)
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载汇总表").click()
    path = tmp_path / "merged.xlsx"
    caught.value.save_as(path)
    cells = [cell for row in openpyxl.load_workbook(path).active.values for cell in row]
    assert 6 in cells
    assert "零报告：双流镇人民政府" in cells
    for visitor in (lin, shi, he):
        visitor.assert_clean()


def back_and_forth(lin, shi, collection, world) -> None:
    """Handed back with a reason, corrected on the phone, handed in again."""
    owed = return_of(collection, world.shi)
    page = lin.go(owed.get_absolute_url())
    page.get_by_role("link", name="退回").click()
    page.fill("[name=reason]", "检查数与台账不符")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_test_id("units")).to_contain_text("已退回")
    page = shi.go(owed.get_absolute_url())
    expect(page.locator(".say-bad")).to_contain_text("检查数与台账不符")
    page.locator(f"[name=c-{owed.rows.get().pk}-CHECKED]").fill("6")
    page.locator("button[value=submit]").click()
    expect(page.locator(".say-ok").first).to_be_visible()


def accept(lin, owed: Return) -> None:
    page = lin.go(reverse("return-act", args=[owed.pk, "accept"]))
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_test_id("units")).to_be_visible()


@pytest.fixture
def everything(world):
    """Collections in every state, with late units, a 学区 and a correction."""
    make_district()
    for name in ("晨光艺术培训学校", "星河书画培训中心", "云帆体育俱乐部"):
        make_institution(world, name, learners=40)
    closed = make_collection(world, title="上月联合执法情况")
    owed = make_accepted(world, closed)
    services.close(closed, reason="双流镇因汛情缓报", by=world.lin)
    services.give_back(owed, reason="更正检查数", by=world.lin)
    annex = make_collection(world, "annex1", title="摸底排查登记表")
    begun = return_of(annex, world.shi)
    services.begin(begun, by=world.shi)
    monthly = make_collection(world, "monthly", title="工作进展月报")
    figures = return_of(monthly, world.shi)
    services.begin(figures, by=world.shi)
    running = make_collection(world)
    make_submitted(world, running)
    daylight.set_day(daylight.today().replace(day=23))
    return {
        "closed": closed, "annex": annex, "begun": begun, "figures": figures, "running": running,
        "submitted": return_of(running, world.shi), "owed": return_of(running, world.he),
    }  # fmt: skip


@LANGUAGES
def test_pages_of_the_issuer_are_accessible(world, everything, visit, width, language):
    lin = visit(world.lin, width=width, language=language)
    annex = CollectionTemplate.objects.get(code="annex3").pk
    for name, path in (
        ("collections", reverse("collections")),
        ("collections-none", reverse("collections") + "?q=没有"),
        ("matrix", reverse("collection-matrix") + "?all=1"),
        ("issue", reverse("collection-new")),
        ("collection", everything["running"].get_absolute_url()),
        ("collection-closed", everything["closed"].get_absolute_url()),
        ("collection-close", reverse("collection-act", args=[everything["running"].pk, "close"])),
        ("return-submitted", everything["submitted"].get_absolute_url()),
        ("templates", reverse("collection-templates")),
        ("template", reverse("collection-template", args=[annex])),
        ("template-edit", f"{reverse('collection-template-new')}?copy={annex}"),
    ):
        page = lin.go(path)
        assert_accessible(page)
        screenshot(page, f"collections/{name}-{width}-{language}")
    lin.assert_clean()


@LANGUAGES
def test_pages_of_the_unit_are_accessible(world, everything, visit, width, language):
    shi = visit(world.shi, width=width, language=language)
    for name in ("begun", "figures", "submitted"):
        page = shi.go(everything[name].get_absolute_url())
        assert_accessible(page)
        screenshot(page, f"collections/unit-{name}-{width}-{language}")
    page = shi.go(reverse("returns"))
    assert_accessible(page)
    screenshot(page, f"collections/unit-returns-{width}-{language}")
    he = visit(world.he, width=width, language=language)
    page = he.go(everything["owed"].get_absolute_url())
    assert_accessible(page)
    screenshot(page, f"collections/unit-owed-{width}-{language}")
    shi.assert_clean()


def test_a_return_is_filled_in_without_script(world, visit):
    owed = return_of(make_collection(world), world.shi)
    shi = visit(world.shi, width=PHONE, javascript=False)
    page = shi.go(owed.get_absolute_url())
    for name, words in (("DAY", "2026-03-03"), ("DEPARTMENTS", "教育"), ("CHECKED", "2")):
        page.locator(f"[name=c-n0-{name}]").fill(words)
    page.locator("button[value=submit]").click()
    expect(page.locator(".say-ok").first).to_be_visible()
    owed.refresh_from_db()
    assert owed.status == "submitted"
