"""Take the pictures of the README and of the page for clerks from a running demo county:
`docs/images/{en,zh}/*.png`.

    python3 run.py                              # in one terminal
    .venv/bin/python docs/make_screenshots.py [ADDRESS [NAME …]]

Signs in with the demo accounts and works the pages as a person would; the workbook that it uploads
is made up here and its preview is discarded again. Everything in the pictures is fictional.
"""

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
ADDRESS = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
LANGUAGES = {"en": "en", "zh": "zh-hans"}
DESK, PHONE, SHEET = (1366, 800), (360, 720), (900, 1180)
COLOURS = 256
MARGIN = 40  # of the sheet of paper
MOST_BYTES = 120 * 1024
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HEADS = ["序号", "乡镇", "机构名称", "地址", "统一社会信用代码", "证照情况", "学生数", "检查日期"]
# New places, some without a certificate, one with a wrong code, one with a date without its year.
ROWS: list[list[Any]] = [
    [1, "城关街道", "星禾美术培训中心", "书院路18号2层", "办理中", "有证有照", 46, "2026-10-12"],
    [2, "城关街道", "小画童托管", "学府巷3号", "", "无证无照", 12, "2026-10-12"],
    [3, "河山镇", "启明星围棋社", "河山街77号", "91520121MA6DXXXX1X", "有照无证", 23, "2026-10-13"],
    [4, "河山镇", "无名（居民楼内）", "河山街9号3单元", "", "无证无照", 8, "2026-10-13"],
    [5, "东湖街道", "青苔书法工作室", "湖滨路5号", "", "有照无证", 31, "10月14日"],
]  # fmt: skip


def password() -> str:
    """The one given to the start, or the one it made and kept."""
    given = os.environ.get("MINGSHU_DEMO_PASSWORD")
    return given or (ROOT / "var" / "keys" / "demo_password").read_text().strip()


class Guest:
    """One person's browser in one language."""

    def __init__(self, context: BrowserContext, account: str) -> None:
        self.page = context.new_page()
        if account:
            self.page.goto(f"{ADDRESS}/accounts/login/")
            self.page.fill("#id_username", account)
            self.page.fill("#id_password", password())
            self.page.click("main button[type=submit]")
            self.page.wait_for_load_state()

    def go(self, path: str) -> Page:
        answer = self.page.goto(ADDRESS + path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path}: {answer and answer.status}")
        return self.page

    def first(self, path: str, pattern: str) -> str:
        """The first address on a page that looks like this."""
        for link in self.go(path).locator("main a[href]").all():
            address = link.get_attribute("href") or ""
            if re.fullmatch(pattern, address.partition("?")[0]):
                return address
        raise SystemExit(f"{path}: no link like {pattern}")


# --- the pictures ----------------------------------------------------------------------------


def desk(guest: Guest) -> None:
    guest.go("/desk/")


def ledger(guest: Guest) -> None:
    guest.go("/institutions/?sort=-due")


def dossier(guest: Guest) -> None:
    """Of the place whose rectification is overdue: it has the longest story."""
    task = guest.first("/rectification/?view=table&state=overdue", r"/rectification/\d+/")
    finding = guest.first(task, r"/rectification/findings/\d+/")
    guest.go(guest.first(finding, r"/institutions/\d+/"))


def import_start(guest: Guest) -> None:
    guest.go("/institutions/import/")


def import_columns(guest: Guest) -> None:
    """What the columns were taken for."""
    import_preview(guest)
    guest.go(guest.page.url.removeprefix(ADDRESS).partition("?")[0] + "columns/")


def import_mended(guest: Guest) -> None:
    """The wrong cells, each with its reason."""
    import_preview(guest)
    guest.page.mouse.wheel(0, 320)
    guest.page.wait_for_timeout(300)


def import_preview(guest: Guest) -> None:
    book = openpyxl.Workbook()
    book.active.title = "排查台账"
    for row in [HEADS, *ROWS]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    page = guest.go("/institutions/import/")
    page.set_input_files(
        "#id_file",
        {
            "name": "2026年10月排查台账.xlsx",
            "mimeType": "application/zip",
            "buffer": file.getvalue(),
        },
    )
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/institutions/import/\d+/"))
    guest.go(page.url.removeprefix(ADDRESS).partition("?")[0] + "?tab=error")


def discard(guest: Guest) -> None:
    button = guest.page.locator("button[form='import-drop']")
    button.click()
    button.click()
    guest.page.wait_for_load_state()


def discard_from_columns(guest: Guest) -> None:
    guest.go(guest.page.url.removeprefix(ADDRESS).removesuffix("columns/"))
    discard(guest)


def phone(guest: Guest) -> None:
    """A section of a visit that is not handed in yet."""
    visit = guest.first("/field/", r"/field/check/[0-9a-f-]+/")
    guest.go(guest.first(visit, rf"{visit}[A-Z]/"))


def board(guest: Guest) -> None:
    guest.go("/rectification/")


def list_entry(guest: Guest) -> None:
    guest.go(guest.first("/lists/?status=noticed", r"/lists/\d+/"))


def public_home(guest: Guest) -> None:
    guest.go("/")


def verify(guest: Guest) -> None:
    page = guest.go("/public/verify/")
    page.locator("main select").select_option(index=1)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".verdict")


def leader(guest: Guest) -> None:
    """As it comes out of the printer."""
    guest.go("/desk/leader/").emulate_media(media="print")


Shot = tuple[str, str, tuple[int, int], Callable[[Guest], None]]
SHOTS: list[Shot] = [
    ("desk", "edu_clerk", DESK, desk),
    ("ledger", "edu_clerk", DESK, ledger),
    ("dossier", "edu_clerk", DESK, dossier),
    ("import", "edu_clerk", DESK, import_preview),
    ("phone", "town_chengguan", PHONE, phone),
    ("board", "edu_clerk", DESK, board),
    ("list-entry", "edu_clerk", DESK, list_entry),
    ("public", "", DESK, public_home),
    ("verify", "", DESK, verify),
    ("leader", "edu_leader", SHEET, leader),
]
IN_CHINESE: list[Shot] = [  # for docs/from-excel.zh-CN.md
    ("excel-start", "edu_clerk", DESK, import_start),
    ("excel-columns", "edu_clerk", DESK, import_columns),
    ("excel-errors", "edu_clerk", DESK, import_mended),
]
AFTERWARDS = {"import": discard, "excel-columns": discard_from_columns, "excel-errors": discard}
WANTED = set(sys.argv[2:])  # none: all


# --- taking and keeping ----------------------------------------------------------------------


@contextmanager
def browser() -> Iterator[Browser]:
    names = [os.environ.get("MINGSHU_CHROMIUM", ""), "chromium", "chromium-browser"]
    path = next(filter(None, (shutil.which(name) for name in names if name)), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


def context(running: Browser, language: str, size: tuple[int, int]) -> BrowserContext:
    made = running.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    cookie: Any = {"name": "django_language", "value": LANGUAGES[language], "url": ADDRESS}
    made.add_cookies([cookie])
    return made


def keep(picture: bytes, path: Path, margin: int = 0) -> None:
    """Few colours are enough for a page; a picture that is still too large is refused."""
    image = ImageOps.expand(Image.open(io.BytesIO(picture)).convert("RGB"), margin, "white")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path}: {size} bytes")
    print(f"{path.relative_to(ROOT)}  {size // 1024} KB")


def main() -> None:
    with browser() as running:
        for language in LANGUAGES:
            for name, account, size, work in SHOTS + (IN_CHINESE if language == "zh" else []):
                if WANTED and name not in WANTED:
                    continue
                place = context(running, language, size)
                guest = Guest(place, account)
                work(guest)
                margin = MARGIN if name == "leader" else 0
                keep(guest.page.screenshot(), FOLDER / language / f"{name}.png", margin)
                AFTERWARDS.get(name, lambda _guest: None)(guest)
                place.close()


if __name__ == "__main__":
    main()
