"""What a parent reads who scans the wall: the verdict agrees with certificates and lists."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk import public_search
from desk.verify_views import UNKNOWN_TRIES
from governance import daylight
from institutions import services
from institutions.models import OperatingStatus, UnknownScan
from tests.institutions.builders import make_institution, make_licence
from tests.publiclists.builders import make_live


@pytest.fixture(autouse=True)
def no_tries_left_over():
    cache.clear()


@pytest.fixture
def school(world):
    return make_institution(world, valid_to=dt.date(2026, 6, 30))


@pytest.fixture
def code(world, school):
    return services.issue_wall_token(school, by=world.lin)


def scan(token, **more):
    return Client().get(f"/v/{token}/", **more)


def verdict(token):
    response = scan(token)
    content = response.content.decode()
    head = content[content.index("<h1>") : content.index("</h1>")]
    return response.status_code, head.rsplit("</span>", 1)[1]


def end(world, school, to):
    for licence in school.licences.all():
        services.change_licence_status(
            licence, to, by=world.lin, on=dt.date(2026, 3, 4), reason="决定"
        )


def test_a_licensed_place_is_valid(code):
    assert verdict(code.token) == (200, "有效")


def test_an_expired_licence_is_said_from_its_first_day_on(code):
    daylight.set_day(dt.date(2026, 6, 30))
    assert verdict(code.token)[1] == "有效"
    daylight.set_day(dt.date(2026, 7, 1))
    assert verdict(code.token) == (200, "已过期")


@pytest.mark.parametrize("to", ["cancelled", "revoked", "withdrawn"])
def test_an_ended_licence_is_said(world, school, code, to):
    end(world, school, to)
    assert verdict(code.token) == (200, "已注销")


def test_the_black_list_outweighs_the_licence(world):
    entry, _publication = make_live(world, "BLACK")
    make_licence(entry.institution, "school_licence", by=world.lin)
    code = services.issue_wall_token(entry.institution, by=world.lin)
    assert verdict(code.token) == (200, "列入黑名单")


def test_a_closed_school_with_a_running_licence_is_not_called_valid(world, school, code):
    services.record_period(
        school, by=world.lin, start=dt.date(2026, 3, 1), operating_status=OperatingStatus.CLOSED
    )
    assert verdict(code.token) == (200, "已停办")


def test_a_site_given_up_is_said(world, school):
    site = school.sites.get()
    code = services.issue_wall_token(school, by=world.lin, site=site)
    services.close_site(site, by=world.lin, on=dt.date(2026, 3, 1))
    assert verdict(code.token) == (200, "已不在此处办学")


def test_a_revoked_code_shows_no_data(world, school, code):
    services.revoke_wall_token(code, by=world.lin, reason="遗失")
    assert verdict(code.token) == (410, "此二维码已作废")
    assert "晨光" not in scan(code.token).content.decode()


def test_an_unknown_code_shows_no_data_and_is_counted(world, school):
    assert verdict("A" * 22) == (404, "不是本局发出")
    assert "晨光" not in scan("B" * 22).content.decode()
    assert UnknownScan.objects.get(on=daylight.today()).count == 2


def test_whoever_tries_many_codes_waits(world):
    for serial in range(UNKNOWN_TRIES):
        assert scan(f"guess{serial}").status_code == 404
    last = scan("guess")
    assert last.status_code == 429
    assert last["Retry-After"] == "600"
    assert UnknownScan.objects.get().count == UNKNOWN_TRIES


def test_a_place_taken_out_of_the_register_has_no_page(world, school, code):
    services.void(school, by=world.luo, reason="误录")
    assert verdict(code.token)[0] == 410


def test_a_record_that_was_joined_leads_to_the_other(world, school, code):
    other = make_institution(world, "晨光总校")
    services.merge(school, other, by=world.luo, reason="同一机构")
    assert "晨光总校" in scan(code.token).content.decode()


@pytest.mark.parametrize("state", ["valid", "expired", "ended", "closed"])
def test_the_verdict_agrees_with_the_public_search(world, school, code, state):
    if state == "expired":
        daylight.set_day(dt.date(2026, 7, 1))
    elif state == "ended":
        end(world, school, "cancelled")
    elif state == "closed":
        services.record_period(
            school, by=world.lin, start=dt.date(2026, 3, 1), operating_status="CLOSED"
        )
    [result] = public_search.results(list(public_search.find("晨光")))
    shown = scan(code.token)
    assert result.verdict.code == shown.context["found"].code
    assert result.verdict.tone == shown.context["found"].tone


def test_the_page_weighs_little_runs_no_script_and_is_not_indexed(code):
    response = scan(code.token)
    content = response.content.decode()
    assert len(response.content) < 20_000
    assert "<script" not in content
    assert '<link rel="stylesheet"' not in content
    assert content.count("<style nonce=") == 1
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "no-store"


def test_both_languages_are_said(code):
    assert 'lang="en"' in scan(code.token).content.decode()
    english = scan(code.token, headers={"accept-language": "en"}).content.decode()
    assert "Valid" in english
    assert "有效" in english


def test_a_scan_costs_few_questions(code):
    scan(code.token)
    with CaptureQueriesContext(connection) as queries:
        scan(code.token)
    assert len(queries) <= 12
