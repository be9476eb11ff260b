"""The statistics page: sums add up and every figure leads to its rows."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.statistics import MAIN, Statistics
from governance import daylight
from institutions import services
from institutions.conditions import Conditions
from institutions.models import Category, Disposal
from tests.institutions.builders import SHUANGLIU, make_institution


@pytest.fixture
def some(world):
    first = make_institution(world, "晨光艺术")
    make_institution(world, "博学", categories=[Category.SUBJECT], licences=("business_licence",))
    second = make_institution(world, "博学二部", categories=[Category.SUBJECT], licences=())
    services.mark_duplicate(second, first, by=world.lin)
    closed = make_institution(world, "无名", categories=[], licences=(), township=SHUANGLIU)
    services.dispose(
        closed, by=world.luo, outcome=Disposal.Outcome.SHUT_DOWN, decided_on=date(2026, 2, 1)
    )
    return first, second, closed


def lines(part):
    return {line.value: line.figure.number for line in part.lines}


def test_each_way_of_parting_adds_up_to_all(world, some, sign_in):
    context = sign_in(world.lin).get("/stats/").context
    for part in context["one_way"]:
        assert sum(line.figure.number for line in part.lines) == part.total.number == 4
    assert sum(figure.number for _words, figure in context["groups"]) == 4
    crossed = context["crossed"]
    for line, figures in crossed.rows:
        assert sum(figure.number for figure in figures) == line.figure.number


def test_a_category_of_its_own_for_what_nobody_identified(world, some):
    counted = Statistics(world.lin, Conditions())
    assert lines(counted.one_way("category")) == {"ARTS": 1, "SUBJECT": 2, "UNCLEAR": 1}
    assert lines(counted.one_way("duplicate")) == {"no": 3, "yes": 1}
    assert lines(counted.one_way("disposal")) == {"SHUT_DOWN": 1, "none": 3}


def test_every_figure_leads_to_as_many_rows(world, some, sign_in):
    client = sign_in(world.lin)
    page = client.get("/stats/?rows=licensor&columns=disposal").content.decode()
    links = re.findall(r'href="(/institutions/\?[^"]+)">(?:<strong>)?(\d+)', page)
    assert len(links) > 20
    for url, number in set(links):
        rows = client.get(url.replace("&amp;", "&")).context["page"].paginator.count
        assert rows == int(number), url


def test_a_township_counts_its_own_places(world, some, sign_in):
    assert sign_in(world.he).get("/stats/").context["total"].number == 1
    assert sign_in(world.ying).get("/stats/").context["total"].number == 0


def test_the_day_decides(world, some):
    before = Statistics(world.lin, Conditions(on=date(2026, 1, 31)))
    assert lines(before.one_way("disposal")) == {"none": 4}
    assert lines(Statistics(world.lin, Conditions(on=date(2020, 1, 1))).one_way("cert")) == {}


def test_a_filtered_count_keeps_its_condition_in_the_links(world, some, sign_in):
    context = sign_in(world.lin).get(f"/stats/?township={SHUANGLIU}&on=2026-02-02").context
    assert context["total"].number == 1
    assert context["total"].url == f"/institutions/?township={SHUANGLIU}&on=2026-02-02"


def test_a_day_that_is_none_is_said(world, some, sign_in):
    assert sign_in(world.lin).get("/stats/?on=2026-13-01").status_code == 422


def test_the_workbook_has_the_groups_and_the_total(world, some, sign_in):
    response = sign_in(world.lin).get("/stats/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    last = [row for row in sheet.iter_rows(values_only=True) if any(row)][-1]
    assert last[-1] == 4


def test_counting_costs_the_same_whatever_is_counted(world, sign_in, monkeypatch):
    monkeypatch.setattr(daylight, "_KEPT_FOR", 3_600)
    make_institution(world, "甲")
    client = sign_in(world.lin)
    client.get("/stats/")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get("/stats/")
        return len(queries)

    one = cost()
    for serial in range(5):
        make_institution(world, f"乙{serial}", licences=(), categories=[Category.SPORT])
    assert cost() == one <= 8
    assert set(MAIN) == {"category", "cert", "duplicate", "licensor", "disposal"}
