"""The tabs of the dossier, what is missing, what changed since the last look, and its print."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import dossier_tabs
from governance import daylight
from institutions import services
from institutions.models import Source
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_record


@pytest.fixture
def school(world):
    return make_institution(world, principal="周")


def _tab(client, institution, query=""):
    return client.get(f"/institutions/{institution.pk}/{query}")


def _facts(response):
    return {str(fact.label): fact for fact in response.context["facts"]}


# One statement for each of the six kinds of row on one tab, where others have one or two.
MOST = {"teaching": 20}


@pytest.mark.parametrize("tab", [tab.code for tab in dossier_tabs.TABS])
def test_every_tab_is_shown_at_a_small_cost(world, school, sign_in, tab, monkeypatch):
    monkeypatch.setattr(daylight, "_KEPT_FOR", 3_600)
    client = sign_in(world.lin)
    _tab(client, school, f"?tab={tab}")
    with CaptureQueriesContext(connection) as queries:
        response = _tab(client, school, f"?tab={tab}")
    assert response.status_code == 200
    assert response.context["tab"].code == tab
    assert len(queries) <= MOST.get(tab, 15)


def test_what_was_filed_stands_on_its_tabs(world, school, sign_in):
    make_record(school, world.lin, "staff", name="钱多")
    make_record(school, world.lin, "course", name="少儿国画")
    client = sign_in(world.lin)
    shown = {tab: _tab(client, school, f"?tab={tab}") for tab in ("staff", "teaching")}
    assert "钱多" in shown["staff"].content.decode()
    assert "少儿国画" in shown["teaching"].content.decode()
    tabs = {tab["code"]: tab["count"] for tab in shown["staff"].context["tabs"]}
    assert (tabs["staff"], tabs["teaching"]) == (1, 1)


def test_acts_say_what_they_were_about(world, school, sign_in):
    services.record_annual_result(
        school, by=world.lin, year=2025, result="NOT_TAKEN", reason="NOT_RESUMED"
    )
    make_record(school, world.lin, "course")
    page = _tab(sign_in(world.lin), school, "?tab=acts").content.decode()
    for words in ("2025 · 未参加 · 未复课", "办学许可证 · ", "课程"):
        assert words in page
    assert "NOT_RESUMED" not in page


def test_bedrooms_are_asked_for_only_where_somebody_boards(world, school, sign_in):
    client, site = sign_in(world.lin), school.sites.get()
    services.record_site_period(site, by=world.lin, start=daylight.today(), boarding=False)
    assert "每间寝室人数" not in _tab(client, school, "?tab=sites").content.decode()
    services.record_site_period(site, by=world.lin, start=daylight.today(), boarding=True)
    assert "每间寝室人数" in _tab(client, school, "?tab=sites").content.decode()


def test_the_lawful_measure_names_its_basis_in_words(world, school, sign_in):
    page = _tab(sign_in(world.lin), school)
    assert "各省校外培训机构设置标准" in page.content.decode()
    assert "合规线索" in page.content.decode()


def test_there_is_no_other_tab(world, school, sign_in):
    assert _tab(sign_in(world.lin), school, "?tab=secrets").status_code == 404


def test_tabs_count_what_they_show(world, school, sign_in):
    services.record_annual_result(school, by=world.lin, year=2025, result="PASS")
    tabs = {tab["code"]: tab["count"] for tab in _tab(sign_in(world.lin), school).context["tabs"]}
    assert (tabs["licences"], tabs["sites"], tabs["results"]) == (2, 1, 1)
    assert tabs["overview"] is None


def test_a_tab_keeps_the_place_in_the_list(world, school, sign_in):
    response = _tab(sign_in(world.lin), school, "?at=0&list=cert%3DFULL&show=facts")
    url = next(tab["url"] for tab in response.context["tabs"] if tab["code"] == "sites")
    assert "list=cert%3DFULL" in url
    assert "show" not in url


def test_a_field_says_who_gave_it_and_when(world, school, sign_in):
    services.change_identity(school, by=world.lin, source=Source.INSPECTION, sponsor="某公司")
    fact = _facts(_tab(sign_in(world.lin), school))["举办者"]
    assert fact.source == "检查核实 2026-03-04"


def test_a_gap_leads_to_the_form_that_fills_it(world, school, sign_in):
    client = sign_in(world.lin)
    fact = _facts(_tab(client, school))["实际控制人"]
    assert fact.fill == f"/institutions/{school.pk}/identity/?section=people"
    form = client.get(fact.fill)
    assert "controller" in form.context["form"].fields
    assert "custody_bank" not in form.context["form"].fields
    assert _facts(_tab(sign_in(world.shi), school))["实际控制人"].fill == ""


def test_completeness_counts_and_names_what_is_missing(world, school, sign_in):
    done = _tab(sign_in(world.lin), school).context["dossier"].completeness
    before = done.filled
    services.change_identity(school, by=world.lin, controller="周", custody_bank="农商行")
    done = _tab(sign_in(world.lin), school).context["dossier"].completeness
    assert done.filled == before + 2
    assert 0 < done.percent < 100
    assert "building" in {part.section.code for part in done.lacking}


def test_the_first_look_marks_nothing(world, school, sign_in):
    assert _tab(sign_in(world.lin), school).context["since"] is None


def test_what_others_changed_since_the_last_look_is_told(world, school, sign_in):
    client = sign_in(world.lin)
    _tab(client, school)
    daylight.set_day(dt.date(2026, 3, 5))
    services.change_identity(school, by=world.luo, sponsor="某公司")
    services.change_identity(school, by=world.lin, controller="周")
    response = _tab(client, school)
    assert [event.by for event in response.context["since"].events] == [world.luo]
    facts = _facts(response)
    assert (facts["举办者"].changed, facts["实际控制人"].changed) == (True, False)
    assert "自您上次查看以来" in response.content.decode()


def test_coming_back_at_once_is_still_the_same_look(world, school, sign_in):
    client = sign_in(world.lin)
    _tab(client, school)
    daylight.set_day(dt.date(2026, 3, 5))
    services.change_identity(school, by=world.luo, sponsor="某公司")
    first = _tab(client, school).context["since"]
    again = _tab(client, school).context["since"]
    assert again.at == first.at
    assert len(again.events) == 1


def test_each_reader_has_a_last_look_of_their_own(world, school, sign_in):
    _tab(sign_in(world.luo), school)
    daylight.set_day(dt.date(2026, 3, 5))
    assert _tab(sign_in(world.lin), school).context["since"] is None


def test_the_print_has_a_cover_every_section_and_no_forms(world, school, sign_in):
    response = sign_in(world.lin).get(f"/institutions/{school.pk}/print/")
    content = response.content.decode()
    printed = [tab.code for tab, _part in response.context["parts"]]
    assert printed == [tab.code for tab in dossier_tabs.TABS if tab.printed][1:]
    assert "一机构一档" in content
    assert f"/institutions/{school.pk}/facts/" not in content
    assert sign_in(world.he).get(f"/institutions/{school.pk}/print/").status_code == 404


def test_a_branch_of_the_same_licensor_is_called_a_change_of_address(world, school, sign_in):
    branch = make_institution(world, "晨光艺术双流分校")
    services.set_branch(branch, school, by=world.lin)
    client = sign_in(world.lin)
    assert "按变更办学地址办理" in _tab(client, branch, "?tab=sites").content.decode()
    assert branch.number in _tab(client, school, "?tab=sites").content.decode()


def test_a_branch_of_another_licensor_waits_for_its_filing(world, school, sign_in):
    branch = make_institution(world, "晨光艺术双流分校", licences=("vocational_licence",))
    services.set_branch(branch, school, by=world.lin)
    client = sign_in(world.lin)
    assert "未备案" in _tab(client, branch, "?tab=sites").content.decode()
    services.file_branch(branch, by=world.lin, on=dt.date(2026, 3, 2))
    assert "已备案" in _tab(client, branch, "?tab=sites").content.decode()
