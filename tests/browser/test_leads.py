"""A lead in Chromium: asked about, answered, dismissed or made a finding; at two widths."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import Finding
from institutions.leads import acts, checking
from institutions.models import Lead, LicenceKind
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.leads.rows import make_price, make_term

pytestmark = pytest.mark.django_db
WIDTHS = pytest.mark.parametrize(
    ("width", "language"),
    [(DESKTOP, "zh-hans"), (DESKTOP, "en"), (PHONE, "zh-hans"), (PHONE, "en")],
)
LICENCES = (LicenceKind.SCHOOL_LICENCE, LicenceKind.BUSINESS_LICENCE)


@pytest.fixture
def place(world):
    return make_institution(world, "晨光艺术培训学校", licences=LICENCES)


@pytest.fixture
def chen(world, place):
    return make_institution_member(place.pk)


@pytest.fixture
def lead(world, place, chen):
    checking.check([place.pk])
    return Lead.objects.get(code="R47")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_lead_is_asked_about_answered_and_dismissed(world, lead, chen, visit, javascript):
    office = visit(world.lin, javascript=javascript)
    desk = office.go("/desk/")
    desk.get_by_role("navigation").get_by_role("link", name="合规线索").first.click()
    desk.get_by_role("link", name="R47 全国平台标识").click()
    expect(desk.locator("h1")).to_contain_text("R47 全国平台标识")
    for fact in ("平台标识为无", "应具备", "起始日期", "2026-03-04", "依据"):
        expect(desk.locator("main")).to_contain_text(fact)
    desk.get_by_text("询问机构").first.click()
    desk.locator("#ask_question").fill("请说明未纳入全国平台的原因")
    desk.get_by_role("button", name="询问").click()
    expect(desk.locator("main")).to_contain_text("请说明未纳入全国平台的原因")

    school = visit(chen, width=PHONE, javascript=javascript)
    page = school.go("/my/")
    page.get_by_role("link", name="全国平台标识").first.click()
    expect(page.locator("main")).to_contain_text("请说明未纳入全国平台的原因")
    page.locator("[name=answer]").fill("已提交入驻申请，平台审核中")
    page.get_by_role("button", name="提交答复").click()
    expect(page.locator("main")).to_contain_text("你机构的答复")

    desk = office.go("/institutions/leads/?state=answered")
    desk.get_by_role("link", name="R47 全国平台标识").click()
    expect(desk.locator("main")).to_contain_text("已提交入驻申请，平台审核中")
    desk.locator("summary", has_text="排除线索").click()
    desk.locator("#dismiss_reason").fill("平台受理回执已核对")
    desk.locator("details[open]").get_by_role("button", name="排除线索").click()
    expect(desk.locator("main")).to_contain_text("平台受理回执已核对")
    lead.refresh_from_db()
    assert lead.status == "dismissed"
    office.assert_clean()
    school.assert_clean()


def test_a_finding_is_made_of_a_lead(world, lead, visit):
    office = visit(world.lin)
    desk = office.go(lead.get_absolute_url())
    desk.get_by_role("link", name="转为问题").click()
    expect(desk.locator("[name=note]")).to_have_value("平台标识为无，应填写全国平台标识。")
    assert_accessible(desk)
    desk.locator("form.form, main form").get_by_role("button").first.click()
    expect(desk.locator("main")).to_contain_text("平台标识为无")
    assert desk.url.endswith(Finding.objects.get(from_lead=lead).get_absolute_url())
    office.assert_clean()


@WIDTHS
def test_the_pages_of_leads_are_accessible(world, place, lead, chen, visit, width, language):
    make_term(world)
    make_price(world)
    other = make_institution(world, "星河艺术培训学校", licences=LICENCES)
    checking.check([other.pk])
    dismissed = Lead.objects.get(code="R47", institution=other)
    acts.dismiss(dismissed, by=world.lin, reason="平台维护")
    office = visit(world.lin, width=width, language=language)
    pages = [
        ("leads", reverse("leads")),
        ("leads-none", reverse("leads") + "?q=没有"),
        ("lead", lead.get_absolute_url()),
        ("lead-dismissed", dismissed.get_absolute_url()),
        ("lead-finding", reverse("lead_finding", args=[lead.pk])),
        ("leads-of-institution", reverse("institution-leads", args=[place.pk])),
        ("compliance", reverse("compliance")),
        ("compliance-rule", reverse("compliance-rule", args=["R02"])),
        ("guided-prices", reverse("guided-prices")),
        ("school-year", reverse("school-year")),
    ]
    for name, path in pages:
        page = office.go(path)
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")
    acts.ask(lead, by=world.lin, question="请说明未纳入全国平台的原因")
    school = visit(chen, width=width, language=language)
    for state in ("asked", "answered"):
        page = school.go(lead.get_party_url())
        assert_accessible(page)
        screenshot(page, f"my-lead-{state}-{width}-{language}")
        if state == "asked":
            page.locator("[name=answer]").fill("平台审核中")
            page.locator("main form button").first.click()
    office.assert_clean()
    school.assert_clean()
