"""Chromium for the tests that need a browser; where there is none they say so and are skipped."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

from governance.models import Membership
from tests.browser.site import Site

# Playwright's loop runs in this thread; Django would take its calls for asynchronous ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SHOTS = Path(settings.MINGSHU_VAR) / "screenshots"
DESKTOP, PHONE = 1366, 360
HEIGHTS = {DESKTOP: 768, PHONE: 740}
TOLERATED = re.compile(r"status of (4\d\d)")  # an answer that a test asked for, not a fault


def chromium() -> str | None:
    """The browser of this machine: `MINGSHU_CHROMIUM`, or the first of the usual names."""
    wanted = os.environ.get("MINGSHU_CHROMIUM")
    return wanted or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Started before any row is made: its loop changes which connection Django takes for ours."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    try:
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    except Error:
        pytest.skip("no Chromium: install it or set MINGSHU_CHROMIUM")
    yield running
    running.close()


@pytest.fixture
def site(db) -> Iterator[Site]:
    """The product on a port of its own, within this test's transaction."""
    with Site() as running:
        yield running


class Visitor:
    """One browser of one person: `visitor.go("/desk/")`, then `visitor.page`."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.faults: list[str] = []
        self.outside: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("request", self._asked)
        return page

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not TOLERATED.search(message.text):
            self.faults.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.outside.append(request.url)

    def go(self, path: str, status: int = 200) -> Page:
        """Open a page of the product, which must answer with this status."""
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        return self.page

    def assert_clean(self) -> None:
        """No script error, no refusal by the content policy, no request to another host."""
        assert not self.faults
        assert not self.outside


def session_of(member: Membership) -> str:
    """The cookie of somebody who has signed in and acts in this membership."""
    client = Client()
    assert member.user is not None
    client.force_login(member.user, backend="governance.accounts.ActiveUserBackend")
    session = client.session
    session["membership"] = member.pk
    session.save()
    return client.cookies["sessionid"].value


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Any]:
    """`visit(world.lin, width=PHONE, language="en", javascript=False)` → a `Visitor`."""
    visitors: list[Visitor] = []

    def enter(
        member: Membership | None = None,
        *,
        width: int = DESKTOP,
        language: str = "zh-hans",
        **options: Any,
    ) -> Visitor:
        cookies = {"django_language": language}
        if member:
            cookies["sessionid"] = session_of(member)
        if "javascript" in options:
            options["java_script_enabled"] = options.pop("javascript")
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 768)},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": k, "value": v, "url": site.url} for k, v in cookies.items()])
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, one line per fault, with the place.

    From the top of the page: what a sticky bar covers in the middle of scrolling is no fault.
    """
    page.evaluate("window.scrollTo(0, 0)")
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS
    )
    return [
        f"{rule['id']}: {node['html'][:160]} {(node.get('failureSummary') or '')[:240]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA, and no sideways scrolling of the whole page."""
    assert not violations(page), page.url
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], f"{page.url}: {width[0]} wide on a screen of {width[1]}"


def screenshot(page: Page, name: str) -> Path:
    """A picture of the whole page under `var/screenshots`, for people to look at."""
    path = SHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path), full_page=True)
    return path
