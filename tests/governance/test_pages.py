"""Rules that every template and style sheet keeps, checked by reading them."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError, engines

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
ICONS = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text()))
IDS = [path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES]

FORBIDDEN = {
    r"\bbadge bg-": "use .st-* badges",
    r"\btext-(warning|info)\b": "use .st-* or .dl-*",
    r"btn-outline-(warning|info)\b": "contrast",
    r"<script(?![^>]*\bsrc=)": "no inline script",
    r"<style(?![^>]*\bnonce=)": "no inline style",
    r"\sstyle=": "no inline style",
    r"\son[a-z]+=": "no inline handlers",
    r"\shx-on": "needs eval",
    r"hx-trigger=\"[^\"]*\[": "needs eval",
    r"\sjavascript:": "no inline script",
    r"https?://(?!www\.w3\.org)": "no request leaves for another host",
}
TOO_NEW = ["oklch(", "color-mix(", "light-dark(", "@layer", "@container", ":has(", "@import"]
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDS_IN_TAGS = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{% (?:block)?trans.*?%\}", re.S
)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_a_template_keeps_the_rules(path):
    text = path.read_text(encoding="utf-8")
    broken = [f"{why}: {m[0]}" for rule, why in FORBIDDEN.items() for m in re.finditer(rule, text)]
    assert not broken


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_words_come_from_the_catalogue(path):
    text = WORDS_IN_TAGS.sub("", path.read_text(encoding="utf-8"))
    assert not CHINESE.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_a_template_can_be_read_and_its_icons_exist(path):
    text = path.read_text(encoding="utf-8")
    try:
        engines["django"].from_string(text)
    except TemplateSyntaxError as error:
        pytest.fail(str(error))
    assert set(re.findall(r'{% icon "([^"]+)" %}', text)) <= ICONS


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_every_table_head_says_what_it_heads(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"<th(?![^>]*\bscope=)[ >]", text)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_works_in_browsers_of_the_floor(path):
    text = path.read_text(encoding="utf-8")
    assert not [word for word in TOO_NEW if word in text]
    assert not _nested(text)


def _nested(text: str) -> list[str]:
    """Rules inside rules; at-rules may hold rules."""
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", text, flags=re.S)
    stack: list[bool] = []
    found = []
    for part in re.finditer(r"([^{}]*)([{}])", bare):
        if part[2] == "}":
            stack.pop()
            continue
        head = part[1].rsplit(";", 1)[-1].strip()
        if stack and not stack[-1]:
            found.append(head)
        stack.append(head.startswith(("@media", "@supports", "@keyframes")))
    return found


def test_sheets_and_scripts_stay_small():
    assert (ROOT / "static/css/public.css").stat().st_size <= 12 * 1024
    assert (ROOT / "static/css/app.css").stat().st_size <= 40 * 1024
    assert (ROOT / "static/js/app.js").stat().st_size <= 12 * 1024
    assert (ROOT / "static/js/pick.js").stat().st_size <= 6 * 1024
    assert (ROOT / "static/js/peek.js").stat().st_size <= 6 * 1024
    assert (ROOT / "static/img/icons.svg").stat().st_size <= 16 * 1024


def _sent(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_what_a_staff_page_loads_stays_within_its_bytes():
    packages = Path(settings.NODE_MODULES)
    bootstrap = packages / "bootstrap/dist/css/bootstrap.min.css"
    htmx = packages / "htmx.org/dist/htmx.min.js"
    assert _sent(bootstrap, ROOT / "static/css/app.css") <= 42 * 1024
    assert _sent(htmx, ROOT / "static/js/app.js") <= 45 * 1024


def test_the_script_builds_no_markup_from_text():
    text = "".join(
        (ROOT / "static/js" / name).read_text() for name in ("app.js", "pick.js", "peek.js")
    )
    for word in ("innerHTML =", "eval(", "insertAdjacentHTML", "document.write"):
        assert word not in text
