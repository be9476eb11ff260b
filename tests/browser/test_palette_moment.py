"""Any record in three seconds, typed the way people type: Ctrl+K, initials, codes, IME."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import make_institution_member
from tests.institutions.builders import SHUANGLIU, make_institution, valid_credit_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(world):
    make_institution(world, "博学文化")
    make_institution(world, "春光舞蹈", township=SHUANGLIU)
    return make_institution(world, "晨光艺术培训学校", credit_code=valid_credit_code(1))


def asked(page):
    """Every question the palette asks from now on."""
    questions = []

    def heard(request):
        if "/search/" in request.url:
            questions.append(request.url)

    page.on("request", heard)
    return questions


def opened(visitor):
    page = visitor.go("/desk/")
    page.keyboard.press("Control+k")
    expect(page.locator("[data-find]")).to_be_focused()
    return page


def test_initials_find_the_school_first_and_enter_opens_it(world, school, visit):
    visitor = visit(world.lin)
    page = opened(visitor)
    page.keyboard.type("cgys")
    expect(page.locator("#found .title").first).to_have_text("晨光艺术培训学校")
    screenshot(page, "palette")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("晨光艺术培训学校")
    assert page.url.split("?")[0].endswith(f"/institutions/{school.pk}/")
    visitor.assert_clean()


def test_an_eighteen_digit_code_finds_it_too(world, school, visit):
    page = opened(visit(world.lin))
    page.keyboard.type(valid_credit_code(1))
    expect(page.locator("#found .title")).to_have_text(["晨光艺术培训学校"])
    page.keyboard.press("Escape")
    expect(page.locator("#found .title")).to_have_count(0)
    expect(page.locator("[data-find]")).to_be_focused()


def compose(page, *parts):
    """An input method shows its candidates one after the other."""
    keyboard = page.context.new_cdp_session(page)
    for part in parts:
        end = len(part)
        keyboard.send(
            "Input.imeSetComposition", {"text": part, "selectionStart": end, "selectionEnd": end}
        )
        page.wait_for_timeout(350)  # longer than the box waits
    return keyboard


def test_nothing_is_asked_or_sent_while_a_name_is_composed(world, school, visit):
    page = opened(visit(world.lin))
    questions, where = asked(page), page.url
    keyboard = compose(page, "c", "ch", "che", "chen")
    enter = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    page.wait_for_timeout(400)
    assert (questions, page.url) == ([], where)
    keyboard.send("Input.insertText", {"text": "晨光"})
    expect(page.locator("#found .title")).to_have_text(["晨光艺术培训学校"])
    page.wait_for_timeout(700)
    assert len(questions) == 1


@pytest.mark.parametrize("who", ["he", "ying"])
def test_who_has_no_right_finds_nothing(world, school, visit, who):
    page = opened(visit(getattr(world, who)))
    page.keyboard.type("cgys")
    expect(page.locator("#found .empty")).to_be_visible()
    expect(page.locator("#found .title")).to_have_count(0)


def test_an_institution_has_no_palette_and_the_address_refuses(world, school, visit):
    visitor = visit(make_institution_member(school.pk))
    page = visitor.go("/my/")
    expect(page.locator("[data-find]")).to_have_count(0)
    visitor.go("/search/?q=cgys", status=403)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_open_palette_is_accessible(world, school, visit, width):
    page = visit(world.lin, width=width).go("/desk/")
    page.locator("[data-find]").click()
    page.keyboard.type("cg")
    expect(page.locator("#found .title").first).to_be_visible()
    screenshot(page, f"palette-{width}")
    assert_accessible(page)


def test_without_script_the_palette_is_a_page(world, school, visit):
    page = visit(world.lin, javascript=False).go("/desk/")
    page.fill("[data-find]", "cgys")
    page.press("[data-find]", "Enter")
    expect(page.locator("main a.title")).to_have_text(["晨光艺术培训学校"])
