"""Picks over pages become inspections, and the page says what became of each."""

import pytest
from playwright.sync_api import expect

from inspections.models import Inspection
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-hans"), (PHONE, "en")])
def test_inspections_of_the_rows_picked(world, visit, width, language):
    for n in range(52):
        make_institution(world, f"第{n:02d}号学校", licences=())
    visitor = visit(world.lin, width=width, language=language)
    page = visitor.go("/institutions/?tab=all")
    page.check("[data-pick] >> nth=0")
    page.click("a[rel=next]")
    page.check("[data-pick] >> nth=1")
    page.click("[data-bulk-bar] [formaction]")
    expect(page.locator("main h2").first).to_contain_text("2")
    screenshot(page, f"bulk-form-{width}")
    assert_accessible(page)
    page.fill("[name=planned_for]", "2026-03-20")
    page.click("main form [type=submit]")
    expect(page.locator("#outcome")).to_be_focused()
    expect(page.locator("main tbody tr")).to_have_count(2)
    screenshot(page, f"bulk-result-{width}")
    assert_accessible(page)
    assert Inspection.objects.count() == 2
    visitor.assert_clean()
