"""What everybody sees: pages, files, feeds; and that a withdrawn name is nowhere."""

import csv
import gzip
import io
import re
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from governance import daylight
from publiclists import format1, public_pages, publicfiles, services, tasks, verification
from publiclists.models import ListChain
from tests.publiclists.builders import COUNTY, make_decided, make_live, make_noticed, publish
from tests.publiclists.files import KEY

NAME = "晨光艺术培训学校"
KB = 1024


@pytest.fixture
def reader():
    return Client(HTTP_ACCEPT_LANGUAGE="zh-hans")


def everything_public(reader: Client) -> dict[str, bytes]:
    """Every public address that is linked from the front of the lists, in both languages."""
    seen: dict[str, bytes] = {}
    todo = ["/public/lists/", "/public/verify/", "/public/keys.json", "/public/institutions/"]
    while todo:
        url = todo.pop()
        for language in ("zh-hans", "en"):
            response = reader.get(url, HTTP_ACCEPT_LANGUAGE=language)
            seen[f"{language} {url}"] = bytes(response.content)
        links = re.findall(r'href="(/public/lists/[^"#]*)"', seen[f"zh-hans {url}"].decode())
        todo += [link for link in set(links) if f"zh-hans {link}" not in seen and link not in todo]
    return seen


def kept_files() -> dict[str, bytes]:
    root = Path(conf.MINGSHU_PUBLIC_DIR)
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_list_shows_day_number_and_names(world, reader):
    make_live(world)
    page = reader.get("/public/lists/white/").content.decode()
    assert NAME in page
    assert "2026-03-18" in page
    assert "W-2026-000001" in page


def test_nothing_before_its_publication_is_public(
    world, reader, django_capture_on_commit_callbacks
):
    make_noticed(world, "BLACK", name="待定机构")
    make_decided(world, name="已定机构")
    pages = everything_public(reader)
    for page in pages.values():
        assert "待定机构" not in page.decode()
        assert "已定机构" not in page.decode()


def test_a_removed_name_is_found_nowhere(world, reader, django_capture_on_commit_callbacks):
    entry, _first = make_live(world)
    publish(world)
    tasks.rebuild_files()
    before = everything_public(reader)
    assert any(NAME in page.decode() for page in before.values())
    assert any(NAME in data.decode(errors="ignore") for data in kept_files().values())
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(entry, reason="决定撤销", annulled=True, by=world.luo)
    known = everything_public(reader)
    known |= {url: reader.get(url.split(" ")[1]).content for url in before}
    known |= {f"{url}?q": reader.get(f"/public/lists/white/?q={NAME}").content for url in [""]}
    found = [url for url, page in known.items() if NAME in page.decode(errors="ignore")]
    assert found == [""] or found == ["?q"]  # the question itself, shown back in the search box
    assert [path for path, data in kept_files().items() if NAME in data.decode()] == []


def test_a_file_of_an_older_state_is_never_served(world, reader):
    """Even when the old folder could not be removed: the generation is part of the address."""
    entry, _publication = make_live(world)
    assert NAME in reader.get("/public/lists/white/").content.decode()
    old = ListChain.objects.get().generation
    services.withdraw(entry, reason="撤销", by=world.luo)  # on_commit does not run in this test
    chain = ListChain.objects.get()
    assert chain.generation == old + 1
    assert (publicfiles.folder_of(chain) / str(old)).exists()
    assert NAME not in reader.get("/public/lists/white/").content.decode()
    publicfiles.clear_old(chain.pk)
    assert not (publicfiles.folder_of(chain) / str(old)).exists()


def test_pages_are_served_from_their_files(world, reader, django_assert_max_num_queries):
    make_live(world)
    tasks.rebuild_files()
    with django_assert_max_num_queries(6):
        reader.get("/public/lists/white/")
    assert any("page-1.zh-hans" in path for path in kept_files())
    assert any("page-1.en" in path for path in kept_files())


def test_an_unchanged_file_costs_nothing(world, reader):
    make_live(world)
    first = reader.get("/public/lists/white/1.json")
    again = reader.get("/public/lists/white/1.json", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert "no-cache" in first["Cache-Control"]


def test_the_json_file_verifies_with_the_public_keys(world, reader):
    make_live(world)
    keys = format1.parse_keys(reader.get("/public/keys.json").content)
    data = reader.get("/public/lists/white/1.json").content
    assert verification.verify_file(data, keys).ok


def test_the_csv_says_what_the_page_says(world, reader):
    entry, _publication = make_live(world, name="=HYPERLINK(1)")
    rows = list(
        csv.reader(
            io.StringIO(reader.get("/public/lists/white/list.csv").content.decode("utf-8-sig"))
        )
    )
    assert rows[1][0] == entry.number
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert len(rows) == 2


def test_the_feed_names_the_newest(world, reader):
    make_live(world)
    feed = reader.get("/public/lists/white/feed.xml")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert NAME in feed.content.decode()


def test_an_entry_has_its_page(world, reader):
    entry, _publication = make_live(world)
    page = reader.get(entry.public_url).content.decode()
    assert NAME in page
    assert entry.basis in page
    assert "/public/lists/white/1.json" in page


def test_the_page_of_an_ended_entry_says_so_without_a_name(world, reader):
    entry, _publication = make_live(world)
    services.withdraw(entry, reason="撤销", by=world.luo)
    response = reader.get(entry.public_url)
    assert response.status_code == 410
    assert NAME not in response.content.decode()
    assert "2026-03-18" in response.content.decode()


def test_a_suspended_entry_has_no_page(world, reader):
    entry, _publication = make_live(world)
    services.suspend(entry, reason="核查", by=world.luo)
    assert reader.get(entry.public_url).status_code == 410
    assert NAME not in reader.get("/public/lists/white/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/public/lists/grey/",
        "/public/lists/white/entries/W-2026-000009/",
        "/public/lists/white/7.json",
        "/public/lists/grey/1.json",
        "/public/lists/white/list.csv?county=999999",
    ],
)
def test_what_does_not_exist_is_not_found(world, reader, path):
    assert reader.get(path).status_code == 404


def test_a_list_that_was_never_published_says_so(world, reader):
    response = reader.get("/public/lists/white/")
    assert response.status_code == 200
    assert "1.json" not in response.content.decode()


def test_searching_finds_by_name_code_place_and_number(world, reader):
    entry, _publication = make_live(world)
    for term in (NAME[:3], entry.number, entry.division.name):
        assert NAME in reader.get("/public/lists/white/", {"q": term}).content.decode()
    assert entry.number not in reader.get("/public/lists/white/", {"q": "没有"}).content.decode()


def test_other_display_settings_get_a_page_of_their_own(world, reader):
    make_live(world)
    reader.cookies["display"] = "large"
    assert 'class="large' in reader.get("/public/lists/white/").content.decode()
    reader.cookies.clear()
    assert 'class="large' not in reader.get("/public/lists/white/").content.decode()


def test_another_county_has_its_own_lists(world, reader):
    make_live(world)
    assert public_pages.home_county() == COUNTY
    other = reader.get("/public/lists/white/?county=341203").content.decode()
    assert NAME not in other


def test_pages_stay_under_their_budgets(world, reader):
    """ux.md 4.3: 12 KB of HTML for lists and verify, 8 for an entry, no script, one style sheet."""
    entry, _publication = make_live(world)
    for path, most in (
        ("/public/lists/", 12),
        ("/public/lists/white/", 12),
        ("/public/verify/", 12),
        (entry.public_url, 8),
    ):
        body = reader.get(path).content
        assert len(gzip.compress(body)) <= most * KB, path
        assert b"<script" not in body
        assert body.count(b'rel="stylesheet"') == 1
    style = Path(conf.BASE_DIR, "static/css/public.css").read_bytes()
    assert len(gzip.compress(style)) <= 12 * KB


def test_a_hundred_entries_stay_under_the_budget(world):
    chain = ListChain(division_id=COUNTY, kind="WHITE", generation=1)
    assert public_pages.PAGE == 100
    rows = [
        {
            "number": f"W-2026-{n:06}",
            "name": f"明川县第{n}艺术培训学校有限公司",
            "place": "城关镇",
            "listed_on": "2026-03-18",
            "ends_on": "2027-03-18",
            "url": f"/public/lists/white/entries/W-2026-{n:06}/",
        }
        for n in range(100)
    ]
    make_live(world)
    context = public_pages.list_context(ListChain.objects.get()) | {"rows": rows, "chain": chain}
    page = public_pages._render("publiclists/public_list.html", context, "/public/lists/white/")
    assert len(gzip.compress(page)) <= 12 * KB


# --- verify --------------------------------------------------------------------------------------


def upload(reader, data, name="white-1.json"):
    return reader.post("/public/verify/", {"file": SimpleUploadedFile(name, data)})


def test_a_stranger_verifies_a_file(world, reader):
    make_live(world)
    data = reader.get("/public/lists/white/1.json").content
    page = upload(reader, data).content.decode()
    assert "verdict-ok" in page


def test_one_flipped_byte_does_not_verify(world, reader):
    make_live(world)
    data = bytearray(reader.get("/public/lists/white/1.json").content)
    data[len(data) // 3] ^= 1
    page = upload(reader, bytes(data)).content.decode()
    assert "verdict-bad" in page
    assert "verdict-ok" not in page


@pytest.mark.parametrize("data", [b"", b"hello", b"[" * 5000, b"\x00\xff", b"{}"])
def test_anything_else_is_answered_in_words(world, reader, data):
    make_live(world)
    response = upload(reader, data)
    assert response.status_code == 200
    assert "verdict-bad" in response.content.decode()


def test_one_of_ours_is_checked_with_its_chain(world, reader):
    make_live(world)
    publish(world)
    page = reader.post("/public/verify/", {"publication": "WHITE:2"}).content.decode()
    assert "verdict-ok" in page
    assert page.count("✓") >= 11


def test_a_good_file_of_another_bureau_is_not_ours(world, reader, settings, tmp_path):
    make_live(world)
    data = reader.get("/public/lists/white/1.json").content
    row = public_pages.Publication.objects.get()
    header = dict(row.header) | {"number": 99}
    forged = format1.build_file(header, format1.sign(header, KEY), [], KEY)
    assert forged != data
    assert "verdict-bad" in upload(reader, forged).content.decode()


def test_choosing_nothing_is_said_beside_the_form(world, reader):
    response = reader.post("/public/verify/", {})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_an_oversized_file_is_refused_at_the_door(world, reader):
    response = upload(reader, b"x" * (7 * KB * KB))
    assert response.status_code == 413


def test_the_published_keys_are_kept_as_a_file(world, reader, django_capture_on_commit_callbacks):
    """A verifier on this machine finds them although nobody has opened the page yet."""
    with django_capture_on_commit_callbacks(execute=True):
        make_live(world)
    assert (Path(conf.MINGSHU_PUBLIC_DIR) / "keys.json").exists()
    assert daylight.today().isoformat() in reader.get("/public/keys.json").content.decode()
