"""The form goes out as a workbook and comes back: whatever was in it, cell by cell."""

import datetime as dt
import io

import pytest

from campaigns import imports, services
from campaigns.exports import ReturnSheet
from campaigns.models import CollectionTemplate
from governance.workbooks import BadWorkbook
from institutions.models import LicenceKind
from tests.campaigns.builders import make_collection, make_drafted, return_of
from tests.governance.files import xlsx
from tests.institutions.builders import make_institution, valid_credit_code

pytestmark = pytest.mark.django_db
HEAD = ["序号", "执法日期", "参加部门", "出动人次", "检查机构数"]


def columns(code="annex8"):
    return list(CollectionTemplate.objects.get(code=code).newest.columns.all())


def test_dirty_cells_are_read_as_people_write_them():
    rows = [
        ["联合执法台账"],
        HEAD,
        [1, "2026年3月2日", "教育 局", "12人次", "５家"],
        ["合计", "", "", 12],
    ]
    read = imports.reading(xlsx(rows), columns())
    assert read.faults == []
    assert read.rows == [
        {"DAY": "2026-03-02", "DEPARTMENTS": "教育局", "PEOPLE": "12", "CHECKED": "5"}
    ]


def test_a_cell_that_cannot_be_taken_is_named_with_row_column_and_reason():
    rows = [HEAD, [1, dt.date(2026, 3, 2), "教育局", "若干", 5], [2, "2月30日", "x", 1, 1]]
    read = imports.reading(xlsx(rows), columns())
    assert [(number, fault.column, fault.value, fault.code) for number, fault in read.faults] == [
        (2, "出动人次", "若干", "not_a_number"),
        (3, "执法日期", "2月30日", "no_such_day"),
    ]


def test_words_outside_the_list_are_refused_and_heads_unknown_are_named():
    rows = [["机构名称", "类别", "校长电话"], ["甲学校", "学科", "13812345678"]]
    read = imports.reading(xlsx(rows), columns("annex2"))
    assert [fault.code for _number, fault in read.faults] == ["unknown_word"]
    assert read.unknown == ["校长电话"]


def test_a_workbook_without_the_heads_is_refused():
    with pytest.raises(BadWorkbook):
        imports.reading(xlsx([["甲", "乙"], [1, 2]]), columns())


def test_a_whole_phone_number_is_kept_masked():
    rows = [["机构名称", "地址", "联系电话"], ["甲学校", "人民路", "13812345678"]]
    read = imports.reading(xlsx(rows), columns("annex1"))
    assert read.rows[0]["PHONE"] == "138****5678"


@pytest.mark.parametrize("code", [f"annex{n}" for n in range(1, 9)] + ["monthly"])
def test_every_form_comes_back_as_it_went_out(world, code):
    make_institution(world, "甲学校", credit_code=valid_credit_code(7), learners=12)
    make_institution(world, "乙学校", licences=[LicenceKind.BUSINESS_LICENCE])
    make_institution(world, "丙学校", licences=[])
    owed = return_of(make_collection(world, code), world.shi)
    services.begin(owed, by=world.shi)
    out = io.BytesIO()
    ReturnSheet(world.shi, owed).write("xlsx", out)
    out.seek(0)
    sent = [row.cells for row in owed.rows.all()]
    read = imports.reading(out, columns(code))
    assert (read.faults, read.unknown) == ([], [])
    assert read.rows == sent


def test_an_upload_replaces_the_rows_and_keeps_where_they_came_from(world):
    make_institution(world, "甲学校", licences=[LicenceKind.BUSINESS_LICENCE])
    owed = return_of(make_collection(world, "annex3"), world.shi)
    services.begin(owed, by=world.shi)
    [row] = owed.rows.all()
    told = row.cells | {"GUIDED": "已约谈"}
    services.replace(owed, [told], by=world.shi, name="附件3.xlsx")
    fresh = owed.rows.get()
    assert (fresh.cells["GUIDED"], fresh.origin) == ("已约谈", row.origin)


def test_rows_are_seen_in_the_scope_of_their_return(world):
    owed = make_drafted(world)
    assert ReturnSheet(world.shi, owed).rows().count() == 1
    assert ReturnSheet(world.lin, owed).rows().count() == 1
    assert ReturnSheet(world.he, owed).rows().count() == 0
