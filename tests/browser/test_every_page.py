"""Every page that a person of the demo county can reach by links: it opens, and axe finds nothing.

First without a browser: no link of a page may lead its reader to a refusal. Then one page of each
name is opened in Chromium, in Chinese, at two widths; `MINGSHU_SCREENSHOTS=1` keeps pictures.
"""

import os
import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page

from governance.models import Membership
from tests.browser.conftest import DESKTOP, HEIGHTS, PHONE, screenshot, violations
from tests.browser.site import Site
from tests.demo_county import PASSWORD, demo_county

pytestmark = pytest.mark.django_db  # each test rolls back to the seeded county
STARTS = {
    "edu_clerk": "/desk/",
    "edu_leader": "/desk/",
    "edu_legal": "/desk/",
    "samr_officer": "/desk/",
    "town_chengguan": "/desk/",
    "auditor": "/desk/",
    "sysadmin": "/desk/",
    "security_admin": "/desk/",
    "inst_demo": "/my/",
    "": "/",
}
LINK = re.compile(r'\shref="(/[^"#]*)')
PER_NAME = 2  # addresses tried of one page name
NOT_PAGES = ("/static/", "/metrics", "/healthz", "/readyz", "/api/")


@pytest.fixture(scope="module")
def county(playwright, django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo county, seeded once for this file and rolled back after it."""
    with django_db_blocker.unblock(), demo_county():
        yield


@pytest.fixture
def site(county) -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="module")
def pages(county) -> dict[str, dict[str, str]]:
    """For each account: an address for every page name it can reach; filled as tests ask."""
    return {}


def member_of(account: str) -> Membership | None:
    return (
        Membership.objects.select_related("user").get(user__username=account) if account else None
    )


def client_of(account: str) -> Client:
    client = Client(raise_request_exception=False)
    member = member_of(account)
    if member:
        client.force_login(member.user, backend="governance.accounts.ActiveUserBackend")
    return client


def reach(account: str) -> tuple[dict[str, str], list[str]]:
    """Follow links from the start page: page names with an address, and the links that fail."""
    client, found, wrong = client_of(account), {}, []
    waiting, tried = deque([(STARTS[account], "start")]), {}
    while waiting:
        address, came_from = waiting.popleft()
        name = resolve(address.partition("?")[0]).url_name or address
        if tried.setdefault(name, set()) >= {address} or len(tried[name]) >= PER_NAME:
            continue
        tried[name].add(address)
        answer = client.get(address)
        if answer.status_code not in (200, 302):
            wrong.append(f"{answer.status_code} {address} (linked from {came_from})")
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        found.setdefault(name, address)
        links = (unescape(link) for link in LINK.findall(answer.content.decode()))
        waiting.extend((link, address) for link in links if not link.startswith(NOT_PAGES))
    return found, wrong


@pytest.mark.parametrize("account", STARTS)
def test_no_link_leads_its_reader_to_a_refusal(county, pages, account):
    pages[account], wrong = reach(account)
    assert not wrong
    assert len(pages[account]) >= 2


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page at both widths."""
    faults = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if os.environ.get("MINGSHU_SCREENSHOTS"):
            screenshot(page, f"pages/{width}/{name.rpartition(' ')[0].replace(' ', '-')}")
        faults += [f"{name} at {width}: {line}" for line in violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{name} at {width}: {wide} wide")
    return faults


@pytest.mark.parametrize("account", STARTS)
def test_every_page_is_accessible(site, visit, pages, account):
    """Each page name once, by the first account that reaches it."""
    if account not in pages:
        pages[account], _wrong = reach(account)
    shown = pages.setdefault("shown", {})
    visitor = visit(member_of(account))
    faults = []
    for name, address in sorted(pages[account].items()):
        if shown.setdefault(name, account) == account:
            faults += look(visitor.go(address), f"{account or 'public'} {name} {address}")
    assert not faults + visitor.faults + visitor.outside


@pytest.mark.parametrize("account", ["edu_clerk", "inst_demo", ""])
def test_pages_open_in_english(county, pages, account):
    if account not in pages:
        pages[account], _wrong = reach(account)
    client = client_of(account)
    client.cookies["django_language"] = "en"
    for address in pages[account].values():
        answer = client.get(address)
        assert answer.status_code == 200
        assert '<html lang="en"' in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_comes_back(site, visit):
    visitor = visit()
    page = visitor.go("/institutions/")
    assert "/accounts/login/" in page.url
    page.fill("#id_username", "edu_clerk")
    page.fill("#id_password", PASSWORD + "x")
    page.click("main button[type=submit]")
    page.wait_for_selector(".summary-box")
    assert page.input_value("#id_username") == "edu_clerk"
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/institutions/")
