"""A filing in Chromium: filed, returned, put right, accepted; every page of it at two widths."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from institutions.filings import acts, identify
from institutions.models import Filing, StaffMember
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_change, make_draft, make_filing, make_record

pytestmark = pytest.mark.django_db
WIDTHS = pytest.mark.parametrize(
    ("width", "language"), [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (PHONE, "en")]
)


@pytest.fixture
def place(world):
    return make_institution(world, "晨光艺术培训学校")


@pytest.fixture
def chen(world, place):
    return make_institution_member(place.pk)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_filing_is_returned_put_right_and_accepted(world, place, chen, visit, javascript):
    school = visit(chen, width=PHONE, javascript=javascript)
    page = school.go("/my/filings/new/staff/")
    page.get_by_label("姓名", exact=False).first.fill("周敏")
    page.locator("[name=id_number]").fill("520121199001010017")
    page.locator("[name=certificate_kind]").select_option("TEACHER")
    page.locator("button[value=submit]").click()
    expect(page.locator("h1")).to_contain_text("待审核")

    office = visit(world.lin, javascript=javascript)
    desk = office.go("/institutions/filings/?queue=decide")
    desk.get_by_role("link", name="晨光艺术培训学校").click()
    desk.locator("[name=reason]").fill("请补填证书编号")
    desk.get_by_role("button", name="退回").click()
    expect(desk.locator("main")).to_contain_text("没有待本部门审核的备案")

    page = school.go("/my/")
    page.get_by_role("link", name="周敏").click()
    expect(page.locator("main")).to_contain_text("请补填证书编号")
    page.get_by_role("link", name="编辑").click()
    page.locator("[name=certificate_number]").fill("20215200112000001")
    page.locator("button[value=submit]").click()
    expect(page.locator("h1")).to_contain_text("待审核")

    desk = office.go("/institutions/filings/?queue=decide")
    desk.get_by_role("link", name="晨光艺术培训学校").click()
    desk.get_by_role("button", name="通过并登记").click()
    expect(desk.locator("main")).to_contain_text("已通过并登记")
    row = StaffMember.objects.get(institution=place)
    assert (row.name, row.certificate_number, row.id_number) == (
        "周敏", "20215200112000001", "520121199001010017",
    )  # fmt: skip
    school.assert_clean()
    office.assert_clean()


@WIDTHS
def test_pages_of_the_institution_are_accessible(world, place, chen, visit, width, language):
    row = make_record(place, world.lin)
    changed = make_change(row, chen, subjects="书法")
    draft = make_draft(place, chen, "course")
    returned = make_filing(place, chen, "fee")
    acts.give_back(returned, by=world.lin, reason="请说明收费依据")
    school = visit(chen, width=width, language=language)
    for name, path, status in (
        ("my-filings", "/my/filings/", 200),
        ("my-records", "/my/filings/records/staff/", 200),
        ("my-records-empty", "/my/filings/records/material/", 200),
        ("my-filing-new", "/my/filings/new/course/", 200),
        ("my-filing-draft", draft.get_party_url(), 200),
        ("my-filing-change", changed.get_party_url(), 200),
        ("my-filing-returned", returned.get_party_url(), 200),
        ("my-filing-edit", reverse("my_filing_edit", args=[returned.pk]), 200),
        ("my-filing-receipt", reverse("my_filing_receipt", args=[changed.pk]), 200),
        ("my-sheet", "/my/filings/sheet/staff/", 200),
    ):
        page = school.go(path, status)
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")
    page = school.go("/my/filings/sheet/contract/")
    page.locator("[name=rows]").fill("GF-2021-2604\t也许")
    page.locator("button[value=draft]").click()
    expect(page.locator("#h-wrong")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"my-sheet-wrong-{width}-{language}")
    school.assert_clean()


@WIDTHS
def test_pages_of_the_departments_are_accessible(world, place, chen, visit, width, language):
    course = make_record(place, world.lin, "course")
    changed = make_change(course, chen, class_size=30)
    added = make_filing(place, chen)
    asked = identify.ask(course, by=world.lin)
    office = visit(world.lin, width=width, language=language)
    for name, path in (
        ("filings", "/institutions/filings/"),
        ("filings-none", "/institutions/filings/?q=没有"),
        ("filing-change", changed.get_absolute_url()),
        ("filing-add", added.get_absolute_url()),
        ("records", "/institutions/records/course/"),
        ("record-new", reverse("record-new", args=[place.pk, "fee"])),
        ("record-edit", reverse("record-edit", args=["course", course.pk])),
        ("identifications", "/institutions/identifications/"),
        ("identification", reverse("identification", args=[asked.pk])),
        ("staff-lists", "/institutions/staff-lists/"),
    ):
        page = office.go(path)
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")
    acts.records.change(course, {"lessons": 48}, by=world.lin)
    page = office.go(changed.get_absolute_url())
    page.locator("form[action$='accept/'] button").click()
    expect(page.locator("section[role=alert]")).to_contain_text("48")
    assert_accessible(page)
    screenshot(page, f"filing-drift-{width}-{language}")
    page.locator("form[action$='accept/'] button").click()
    expect(page.locator(".say-ok, .toast, [role=status]").first).to_be_attached()
    course.refresh_from_db()
    assert (course.class_size, course.lessons) == (30, 48)
    assert Filing.objects.get(pk=changed.pk).status == "accepted"
    office.assert_clean()
