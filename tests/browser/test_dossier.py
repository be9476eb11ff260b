"""The dossier, the table of a year and the page behind a code on the wall, in Chromium with axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from governance import daylight
from institutions import services
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution, make_licence
from tests.publiclists.builders import make_live

pytestmark = pytest.mark.django_db
WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE])
WEIGHT = 20_000  # bytes of the whole page


@pytest.fixture
def school(world):
    made = make_institution(world, principal="周")
    services.record_annual_result(made, by=world.lin, year=2025, result="PASS")
    return made


@WIDTHS
def test_every_tab_of_the_dossier_is_accessible(world, school, visit, width):
    reader = visit(world.lin, width=width)
    for tab in ("overview", "licences", "sites", "results", "lists", "acts"):
        page = reader.go(f"/institutions/{school.pk}/?tab={tab}")
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-current", "page")
        assert_accessible(page)
        screenshot(page, f"dossier-{tab}-{width}")
    reader.assert_clean()


@WIDTHS
def test_the_record_its_print_the_year_and_the_wall_are_accessible(world, school, visit, width):
    code = services.issue_wall_token(school, by=world.lin)
    reader = visit(world.lin, width=width)
    for name, path in (
        ("record", f"/institutions/{school.pk}/record/"),
        ("print", f"/institutions/{school.pk}/print/"),
        ("annual", "/institutions/results/?year=2025"),
        ("wall", f"/institutions/{school.pk}/wall/"),
        ("wall-paper", f"/institutions/walls/{code.pk}/print/"),
        ("guidance", "/institutions/guidance/"),
    ):
        page = reader.go(path)
        assert_accessible(page)
        screenshot(page, f"dossier-{name}-{width}")
    reader.assert_clean()


def _codes(world):
    """A code for every verdict."""
    valid = make_institution(world, "有效的学校")
    expired = make_institution(world, "过期的学校", valid_to=dt.date(2026, 3, 10))
    gone = make_institution(world, "注销的学校")
    for licence in gone.licences.all():
        services.change_licence_status(
            licence, "cancelled", by=world.lin, on=dt.date(2026, 3, 1), reason="申请注销"
        )
    entry, _publication = make_live(world, "BLACK", name="黑名单学校")
    make_licence(entry.institution, "school_licence", by=world.lin)
    made = {
        name: services.issue_wall_token(place, by=world.lin).token
        for name, place in [
            ("有效", valid), ("已过期", expired), ("已注销", gone),
            ("列入黑名单", entry.institution),
        ]
    }  # fmt: skip
    daylight.set_day(max(daylight.today(), dt.date(2026, 3, 11)))
    return made | {"不是本局发出": "f" * 22}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whoever_scans_the_wall_knows_at_once(world, visit, language):
    """Moment 9: verdicts in words and shape, light, without script, nothing about forged codes."""
    codes = _codes(world)
    reader = visit(width=PHONE, language=language)
    shapes = set()
    for word, token in codes.items():
        page = reader.go(f"/v/{token}/", 404 if word == "不是本局发出" else 200)
        if language == "zh-hans":
            expect(page.locator("h1")).to_contain_text(word)
        else:
            expect(page.locator("[lang=zh-Hans]")).to_contain_text(word)
        shapes.add(
            (page.locator(".shape").inner_text(), page.locator(".verdict").get_attribute("class"))
        )
        assert len(page.content().encode()) < WEIGHT
        assert page.locator("script").count() == 0
        assert_accessible(page)
        screenshot(page, f"verify-{token[:4]}-{language}")
        if word == "不是本局发出":
            assert page.locator("dl").count() == 0
        else:
            expect(page.locator("dl")).to_contain_text("学校")
    assert len(shapes) >= 3
    reader.assert_clean()
