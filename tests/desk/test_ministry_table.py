"""The ministry's table: its lines add up to its total, and each day comes out as it was."""

import io
from datetime import timedelta

import openpyxl
import pytest

from desk.ministry_table import MinistryTable, rate
from inspections import services
from tests.conftest import TODAY, make_institution_member
from tests.inspections.builders import make_finding, make_task, on_day, pass_recheck, prove
from tests.institutions.builders import SHUANGLIU, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(world):
    """Three in 硒城, one of them with a problem put right today; one in 双流镇 with a problem."""
    for name in ("晨光艺术", "博学书院"):
        make_institution(world, name)
    good = make_institution(world, "星河美术")
    bad = make_institution(world, "云帆舞蹈", township=SHUANGLIU)
    on_day(TODAY - timedelta(days=9))
    task = make_task(good, world.shi)
    make_finding(bad, world.he)
    on_day(TODAY)
    task.refresh_from_db()
    prove(task, make_institution_member(good.pk))
    pass_recheck(task, world.du, world.dai)
    services.close_out(task, by=world.lin, note="资料齐全")
    return task


def lines(world, on=None):
    return {record[1]: record[2:] for record in MinistryTable(world.lin, on).records()}


def test_the_total_stands_first_and_is_the_sum_of_its_lines(world, some):
    total, *rest = [record[2:] for record in MinistryTable(world.lin).records()]
    for at in (0, 1, 2, 4, 5, 6):
        assert total[at] == sum(line[at] for line in rest)
    assert total[4:] == [4, 2, 1, "50.00%"]


def test_a_place_is_done_when_all_its_problems_are_put_right(world, some):
    found = lines(world)
    assert found["硒城街道"][1:4] == [1, 1, "100.00%"]
    assert found["双流镇"][1:4] == [1, 0, "0.00%"]
    assert sum(line[1] for name, line in found.items() if name not in ("合计",)) == 2


def test_a_past_day_comes_out_as_it_was(world, some):
    assert lines(world, TODAY - timedelta(days=1))["合计"][4:] == [4, 2, 0, "0.00%"]
    assert lines(world, TODAY - timedelta(days=10))["合计"][4:] == [4, 0, 0, "—"]


def test_a_township_has_its_own_line_only(world, some):
    records = list(MinistryTable(world.he).records())
    assert [record[1] for record in records] == ["合计", "双流镇"]


def test_the_workbook_opens_with_the_day_in_its_head(world, some, sign_in):
    answer = sign_in(world.lin).get("/stats/ministry/?on=2026-03-01")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    text = "\n".join(str(cell) for line in sheet.values for cell in line if cell is not None)
    assert "2026-03-01" in text
    assert "发现问题的机构数" in text


def test_the_share_of_the_ministry_comes_out():
    assert rate(269_911, 272_842) == "98.93%"
