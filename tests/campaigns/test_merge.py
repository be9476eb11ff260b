"""The merged workbook: all rows in one sheet, and sums that agree with the units' sums."""

import io
import os
from decimal import Decimal

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import services
from campaigns.exports import MergedReturns
from campaigns.merging import ROWS, Merged, total
from campaigns.services.filling import Edit
from governance.models import Division
from tests.campaigns.builders import (
    ACTION,
    make_accepted,
    make_collection,
    make_district,
    make_plan,
    make_zero,
    return_of,
)
from tests.conftest import make_department

pytestmark = pytest.mark.django_db
EFFORT = int(os.environ.get("MINGSHU_EFFORT", "25"))


def sheet_of(collection, member) -> list[list]:
    out = io.BytesIO()
    MergedReturns(member, collection).write("xlsx", out)
    out.seek(0)
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 1
    return [[cell for cell in row if cell is not None] for row in book.active.values]


def test_one_sheet_holds_every_row_with_its_unit_and_the_sums(world):
    collection = make_collection(world)
    make_accepted(world, collection)
    rows = sheet_of(collection, world.lin)
    text = "\n".join(str(cell) for row in rows for cell in row)
    assert "缺报：双流镇人民政府" in text
    assert "应报2个单位，已审核1个，共1行" in text
    [line] = [row for row in rows if row and row[0] == "硒城街道办事处"]
    assert "教育、市监" in line
    assert 5 in line
    [over_all] = [row for row in rows if row and row[0] == "合计"]
    assert 5 in over_all


def test_only_what_was_accepted_is_merged(world):
    collection = make_collection(world)
    make_zero(collection, world.he)
    assert Merged(collection).accepted == []
    assert Merged(collection).total[ROWS] == 0


def test_sums_by_school_district_leave_nobody_out(world):
    district = make_district("城区学区中心校", "520121001", "520121002")
    collection = make_collection(world)
    for member in (world.shi, world.he):
        owed = return_of(collection, member)
        services.save(owed, Edit(added=[ACTION]), by=member)
        services.submit(owed, by=member)
        services.accept(owed, by=world.lin)
    merged = Merged(collection)
    found = [(part.name, part.sums["CHECKED"]) for part in merged.by_district]
    assert found == [(district.name, 5), ("", 5)]
    assert total(part.sums for part in merged.by_district) == merged.total


def test_a_school_district_that_reports_itself_is_its_own_group(world):
    district = make_district()
    collection = make_collection(world, units=[district])
    [owed] = collection.returns.all()
    assert owed.lead == district


NUMBERS = st.decimals(0, 10**9, places=2, allow_nan=False)
CELLS = st.fixed_dictionaries(
    {}, optional={key: NUMBERS.map(str) for key in ("PEOPLE", "CHECKED", "CASES", "FINES")}
)
RETURNS = st.lists(st.none() | st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5)


@settings(
    max_examples=EFFORT,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=RETURNS)
def test_merged_sums_equal_the_sum_of_the_units(world, asked):
    """None is a unit that did not report; whoever reports is accepted."""
    with transaction.atomic():
        _check(world, asked)
        transaction.set_rollback(True)


def _check(world, asked) -> None:
    places = Division.objects.filter(code__regex=r"^520121\d{3}$").order_by("-code")
    units = [make_department("SCHOOL", place.pk, place.name) for place in places[: len(asked)]]
    make_district("北片学区", *(place.pk for place in places[:2]))
    collection = services.issue(make_plan(world, units=units), by=world.lin)
    for owed, rows in zip(collection.returns.order_by("lead__code"), asked, strict=True):
        if rows is not None:
            _report(world, owed, rows)
    merged = Merged(collection)
    told = [cells for rows in asked if rows for cells in rows]
    for column in merged.summed:
        by_hand = sum((Decimal(cells.get(column.key, "0")) for cells in told), Decimal())
        assert merged.total[column.key] == by_hand
    assert merged.total[ROWS] == len(told)
    assert {ROWS: Decimal()} | total(part.sums for part in merged.by_district) == (
        merged.total if told else {ROWS: Decimal()}
    )


def _report(world, owed, rows) -> None:
    """As the unit and the issuer would, without asking for cells that do not matter here."""
    owed.rows.all().delete()
    services.filling._add(owed, [(None, dict(cells)) for cells in rows], 1)
    services.filling._hand_in(owed, world.shi, None, is_zero=False)
    services.accept(owed, by=world.lin)
