"""A long export in the browser: asked for, left alone, fetched."""

import pytest
from playwright.sync_api import expect

from desk import ledger_exports, ledger_orders
from governance.models import ExportOrder
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-hans"), (PHONE, "en")])
def test_the_page_waits_and_then_hands_the_file_over(world, visit, monkeypatch, width, language):
    monkeypatch.setattr(ledger_exports, "AT_ONCE", 1)
    for n in range(3):
        make_institution(world, f"第{n}号学校")
    visitor = visit(world.lin, width=width, language=language)
    page = visitor.go("/institutions/export/?tab=all")
    screenshot(page, f"order-new-{width}")
    assert_accessible(page)
    page.click("main form [type=submit]")
    expect(page.locator("#order progress")).to_be_visible()
    screenshot(page, f"order-waits-{width}")
    assert_accessible(page)
    with visitor.site.busy:
        ledger_orders.run(ExportOrder.objects.get().pk)
    link = page.locator("#order a.btn-primary")
    expect(link).to_be_visible()
    screenshot(page, f"order-ready-{width}")
    assert_accessible(page)
    with page.expect_download() as caught:
        link.click()
    assert caught.value.suggested_filename.endswith(".xlsx")
    visitor.assert_clean()
