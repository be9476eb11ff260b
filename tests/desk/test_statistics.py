"""The statistics page: sums add up and every figure leads to its rows."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.statistics import MAIN, ROWS, Statistics
from governance import daylight
from governance.models import FrozenReport
from institutions import services
from institutions.conditions import Conditions
from institutions.models import Category, Disposal
from tests.conftest import TODAY
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


@pytest.mark.parametrize("asked", ["rows=licensor&columns=disposal", "rows=township&columns=kind",
                                   "rows=status&columns=duplicate&on=2026-02-02"])  # fmt: skip
def test_every_figure_leads_to_as_many_rows(world, some, sign_in, asked):
    client = sign_in(world.lin)
    page = client.get(f"/stats/?{asked}").content.decode()
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
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[-1], int)]
    assert sum(row[-1] for row in rows[:-1]) == 4


def test_the_five_ways_of_the_report_cross_row_for_row(world, some):
    counted = Statistics(world.lin, Conditions())
    rows = {tuple(words): figure.number for words, figure in counted.row_for_row()}
    assert sum(rows.values()) == 4
    [closed] = [words for words in rows if "双流镇" in words]
    assert closed == ("校外培训机构", "无证无照", "双流镇", "无", "已终止办学")


# --- as reported ------------------------------------------------------------------------------


def frozen(client, query=""):
    answer = client.post("/stats/freeze/", {"query": query}, follow=True)
    assert answer.status_code == 200
    return answer


def test_reported_figures_stay_and_what_changed_since_is_named(world, some, sign_in):
    client = sign_in(world.lin)
    url = frozen(client, "on=2026-02-02").request["PATH_INFO"]
    report = FrozenReport.objects.get()
    assert (report.day, report.values["total"], len(report.row_keys)) == (date(2026, 2, 2), 4, 4)
    new = make_institution(world, "后来补登的", since=date(2026, 1, 1))
    services.void(some[2], by=world.luo, reason="误录")
    page = client.get(url)
    assert page.context["report"].values["total"] == 4
    assert [row.pk for row in page.context["changes"]["added"]] == [new.pk]
    assert page.context["intact"]


def test_each_part_of_a_report_adds_up_to_its_total(world, some, sign_in):
    values = frozen(sign_in(world.lin)).context["report"].values
    assert {sum(n for _word, n in part["lines"]) for part in values["parts"]} == {4}
    assert sum(n for _words, n in values["rows"]) == values["total"] == 4


def test_a_report_of_today_is_held_against_its_own_day_later(world, some, sign_in):
    url = frozen(sign_in(world.lin)).request["PATH_INFO"]
    daylight.set_day(TODAY + timedelta(days=30))
    make_institution(world, "下月才有的", since=TODAY + timedelta(days=20))
    changes = sign_in(world.lin).get(url).context["changes"]
    assert changes == {"added": [], "gone": []}


def test_a_report_is_read_where_its_places_are_and_nowhere_else(world, some, sign_in):
    url = frozen(sign_in(world.lin)).request["PATH_INFO"]
    assert sign_in(world.ma).get(url).status_code == 200
    assert sign_in(world.ying).get(url).status_code == 404
    assert sign_in(world.he).get(url).status_code == 404
    assert "stats/reports" not in sign_in(world.he).get("/stats/").content.decode()


def test_who_keeps_no_register_freezes_nothing(world, some, sign_in):
    assert sign_in(world.shi).post("/stats/freeze/", {"query": ""}).status_code == 403
    assert not FrozenReport.objects.exists()


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
    assert set(ROWS) <= set(MAIN)
