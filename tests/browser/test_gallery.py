"""Every fragment in every state: what axe says, and how the script behaves."""

from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.institutions.builders import make_institution

HERE = Path(__file__).parent
pytestmark = pytest.mark.urls("tests.browser.gallery")


@pytest.fixture(autouse=True)
def gallery_templates(settings):
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], HERE / "templates"]
    settings.TEMPLATES = templates


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", ["staff", "my", "public", "phone"])
def test_every_fragment_is_accessible(world, visit, page, width):
    visitor = visit(world.lin, width=width)
    shown = visitor.go(f"/gallery/{page}/?q=晨&town=城关街道&page=3")
    screenshot(shown, f"gallery-{page}-{width}")
    assert_accessible(shown)
    visitor.assert_clean()


@pytest.mark.parametrize("cookie", ["large", "xlarge", "contrast.dense"])
def test_larger_letters_and_high_contrast_stay_accessible(world, visit, cookie):
    visitor = visit(world.lin, width=PHONE)
    visitor.context.add_cookies([{"name": "display", "value": cookie, "url": visitor.site.url}])
    shown = visitor.go("/gallery/staff/")
    screenshot(shown, f"gallery-{cookie}")
    assert_accessible(shown)


def test_english_is_accessible_too(world, visit):
    shown = visit(world.lin, language="en").go("/gallery/staff/")
    assert shown.get_attribute("html", "lang") == "en"
    assert_accessible(shown)


def test_mistakes_are_summed_up_and_take_the_focus(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    shown.click("text=提交登记")
    shown.wait_for_selector("#error-summary")
    assert shown.evaluate("document.activeElement.id") == "error-summary"
    assert shown.title().startswith("错误")
    assert_accessible(shown)
    shown.click("#error-summary a >> nth=0")
    assert shown.evaluate("document.activeElement.id") == "id_name"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("20261122", "2026-11-22"),
        ("2026.1.2", "2026-01-02"),
        ("2026年11月22日", "2026-11-22"),
        ("２０２６－１１－２２", "2026-11-22"),
    ],
)
def test_dates_are_read_as_people_write_them(world, visit, typed, understood):
    shown = visit(world.lin).go("/gallery/staff/")
    shown.fill("#id_found_on", typed)
    assert understood in shown.inner_text("output[for=id_found_on]")
    shown.press("#id_found_on", "Tab")
    assert shown.input_value("#id_found_on") == understood


def test_a_date_that_is_none_is_said_to_be_none(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    shown.fill("#id_found_on", "2026-02-30")
    shown.press("#id_found_on", "Tab")
    assert "2026-11-22" in shown.inner_text("output.echo.is-bad")


def test_rows_are_walked_chosen_and_counted_by_keyboard(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    assert shown.is_hidden("[data-bulk-bar]")
    shown.keyboard.press("j")
    shown.keyboard.press("j")
    assert shown.evaluate("document.activeElement.closest('tr').id") == "row-2"
    shown.keyboard.press("x")
    assert shown.inner_text("[data-bulk-bar] output") == "已选 1 项"
    shown.keyboard.press("/")
    assert shown.evaluate("document.activeElement.id") == "find"
    shown.keyboard.press("j")
    assert shown.input_value("#find") == "j"


def test_single_keys_can_be_switched_off(world, visit):
    visitor = visit(world.lin)
    visitor.context.add_cookies([{"name": "display", "value": "nokeys", "url": visitor.site.url}])
    shown = visitor.go("/gallery/staff/")
    shown.keyboard.press("/")
    assert shown.evaluate("document.activeElement.id") != "find"
    shown.keyboard.press("Control+k")
    assert shown.evaluate("document.activeElement.id") == "find"


def test_what_cannot_be_taken_back_needs_two_presses(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    shown.check("[data-pick] >> nth=0")
    button = shown.locator("[data-confirm]")
    button.click()
    assert "is-armed" in button.get_attribute("class")
    assert "/gallery/staff/" in shown.url
    shown.mouse.move(5, 5)
    assert "is-armed" not in button.get_attribute("class")


def test_composing_pinyin_sends_one_event(world, visit):
    visitor = visit(world.lin)
    shown = visitor.go("/gallery/staff/")
    shown.evaluate(
        "() => { window.heard = []; document.querySelector('#id_q')"
        ".addEventListener('input', e => window.heard.push(e.target.value)); }"
    )
    shown.focus("#id_q")
    keyboard = visitor.context.new_cdp_session(shown)
    for part in ("c", "ch", "chen"):
        keyboard.send(
            "Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1}
        )
    assert shown.evaluate("window.heard") == []
    keyboard.send("Input.insertText", {"text": "晨光"})
    shown.wait_for_function("window.heard.length > 0")
    shown.wait_for_timeout(80)
    assert shown.evaluate("window.heard") == ["晨光"]


def test_a_search_in_the_bar_needs_no_mouse(world, visit):
    make_institution(world, "晨光艺术培训学校")
    shown = visit(world.lin).go("/gallery/staff/")
    shown.keyboard.press("Control+k")
    shown.keyboard.type("cgys")
    shown.wait_for_selector("#found a")
    assert "晨光艺术" in shown.inner_text("#found a >> nth=0")
    assert_accessible(shown)
    shown.keyboard.press("ArrowDown")
    assert shown.evaluate("document.activeElement.closest('#found') !== null")
    shown.keyboard.press("Escape")
    assert shown.evaluate("document.activeElement.id") == "find"
    assert shown.locator("#found a").count() == 0


def test_leaving_with_unsent_text_asks_first(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    asked = []
    shown.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    shown.fill("#id_name", "晨光")
    shown.click(".side a >> nth=0")
    shown.wait_for_load_state()
    assert asked == ["beforeunload"]


def test_pages_work_without_script(world, visit):
    shown = visit(world.lin, javascript=False).go("/gallery/staff/")
    shown.fill("#id_q", "晨")
    shown.click("#filters button[type=submit]")
    shown.wait_for_url("**?q=%E6%99%A8**")
    assert shown.is_visible("[data-bulk-bar]")
    shown.click("text=提交登记")
    shown.wait_for_selector("#error-summary")


def test_the_paper_has_no_menus(world, visit):
    shown = visit(world.lin).go("/gallery/staff/")
    shown.emulate_media(media="print")
    assert shown.is_hidden(".topbar")
    assert shown.is_hidden(".side")
    assert shown.is_visible(".print-only")
    pdf = shown.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
