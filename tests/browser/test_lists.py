"""The lists in Chromium: staff and public pages at two widths, and a reader without script."""

from pathlib import Path

import pytest
from django.conf import settings as conf
from django.urls import reverse
from playwright.sync_api import expect

from publiclists import services
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, screenshot
from tests.conftest import make_institution_member
from tests.publiclists.builders import make_decided, make_live, make_noticed, make_proposal

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize(
    ("width", "language"),
    [(DESKTOP, "zh-hans"), (PHONE, "zh-hans"), (DESKTOP, "en"), (PHONE, "en")],
)
KILOBYTE = 1024


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MINGSHU_KEYS_DIR = tmp_path / "keys"
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "public"


@pytest.fixture
def lists(world):
    """An entry in every step, seen by people of every hand."""
    proposed = make_proposal(world, "BLACK", name="待告知的辅导班")
    noticed = make_noticed(world, "BLACK", name="城南午托辅导点")
    services.record_objection(noticed, "正在补办许可证", by=world.lin)
    live, publication = make_live(world)
    gone, _second = make_live(world, name="已注销的学校")
    services.withdraw(gone, reason="许可证注销", by=world.luo)
    decided = make_decided(world, name="等待公布的学校")
    return {
        "proposed": proposed, "noticed": noticed, "live": live, "gone": gone,
        "decided": decided, "publication": publication,
    }  # fmt: skip


@LANGUAGES
def test_public_pages_are_accessible(lists, visit, width, language):
    reader = visit(width=width, language=language)
    for name, path, status in (
        ("lists", "/public/lists/", 200),
        ("list", "/public/lists/white/", 200),
        ("list-search", "/public/lists/white/?q=没有", 200),
        ("list-unpublished", "/public/lists/watch/", 200),
        ("list-entry", lists["live"].public_url, 200),
        ("list-entry-gone", lists["gone"].public_url, 410),
        ("verify", "/public/verify/", 200),
    ):
        page = reader.go(path, status)
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")
    reader.assert_clean()


@LANGUAGES
def test_staff_pages_are_accessible(world, lists, visit, width, language):
    luo = visit(world.luo, width=width, language=language)
    for name, path in (
        ("staff-lists", reverse("lists")),
        ("staff-lists-empty", reverse("lists") + "?q=没有"),
        ("staff-find", reverse("list-propose") + "?institution=没有"),
        ("staff-propose", f"{reverse('list-propose')}?kind=black&institution=520121-000001"),
        ("staff-proposed", lists["proposed"].get_absolute_url()),
        ("staff-noticed", lists["noticed"].get_absolute_url()),
        ("staff-live", lists["live"].get_absolute_url()),
        ("staff-gone", lists["gone"].get_absolute_url()),
        ("staff-withdraw", reverse("list-act", args=[lists["live"].pk, "withdraw"])),
        ("staff-publish", reverse("list-publish", args=["white"])),
        ("staff-publications", reverse("publications")),
        ("staff-publication", lists["publication"].get_absolute_url()),
    ):
        page = luo.go(path)
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")
    luo.assert_clean()


@LANGUAGES
def test_the_page_of_the_institution_is_accessible(world, lists, visit, width, language):
    chen = visit(make_institution_member(lists["noticed"].institution_id), width=width)
    for name in ("my_lists", "my_list"):
        arguments = [lists["noticed"].pk] if name == "my_list" else []
        page = chen.go(reverse(name, args=arguments))
        assert_accessible(page)
        screenshot(page, f"{name}-{width}-{language}")


def test_a_stranger_without_script_verifies_a_file(lists, visit, tmp_path):
    reader = visit(width=PHONE, javascript=False)
    page = reader.go("/public/lists/white/")
    with page.expect_download() as caught:
        page.locator("a[href$='.json']").first.click()
    path = tmp_path / "white.json"
    caught.value.save_as(path)
    assert _verdict(reader, path) == "verdict-ok"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert _verdict(reader, path) == "verdict-bad"


def _verdict(reader, path: Path) -> str:
    page = reader.go("/public/verify/")
    page.set_input_files("input[type=file]", path)
    page.locator("form.panel button[type=submit]").click()
    shown = page.locator("section.verdict")
    expect(shown).to_be_visible()
    return (shown.get_attribute("class") or "").split()[-1]


def test_public_pages_stay_under_their_weight(lists, visit):
    """ux.md 4.3, on the wire: 20 KB for an entry, 55 KB for a list, no script."""
    reader = visit(width=PHONE)
    for path, most in ((lists["live"].public_url, 20), ("/public/lists/white/", 55)):
        sizes = []
        page = reader.new_page()
        page.on("response", lambda response, sizes=sizes: sizes.append(_weight(response)))
        page.goto(reader.site.url + path)
        page.wait_for_load_state("networkidle")
        assert sum(sizes) <= most * KILOBYTE, path
        page.close()


def _weight(response) -> int:
    assert not response.url.endswith(".js")
    return len(response.body())


def test_files_are_kept_where_the_reader_gets_them(lists, visit):
    visit().go("/public/lists/white/")
    assert list(Path(conf.MINGSHU_PUBLIC_DIR).rglob("page-1.*.html"))
