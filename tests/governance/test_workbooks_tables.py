"""The table inside a sheet: heads, sections, footers, merged sites, and not one row lost."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import workbooks
from governance.workbooks import BadWorkbook, Merge, Row, Sheet, tables
from governance.workbooks.heads import Vocabulary
from tests.governance.files import ledger, xlsx

WORDS = Vocabulary(
    {
        "ordinal": ["序号"],
        "name": ["机构名称", "学校名称"],
        "township": ["属地", "所在区"],
        "address": ["地址", "教学点", "办学地点"],
        "cert_status": ["证照情况"],
        "area": ["面积", "建筑面积"],
        "learners": ["学生数"],
        "found_on": ["查处日期", "查处时间"],
        "problem": ["问题", "存在问题"],
        "result": ["处理结果", "处理"],
    }
)


def table_of(rows, merges=(), **more):
    return tables.find(workbooks.read(xlsx(rows, merges)).sheets[0], WORDS, **more)


def real(name):
    return tables.find(workbooks.read(ledger(name)).sheets[0], WORDS)


def passed(table):
    return {row.number: row.reason for row in table.passed}


def texts(table, field):
    index = table.column(field).index
    return [line.cells.get(index) for line in table.lines]


# --- the four real ledgers --------------------------------------------------------------------


def test_zhengzhou_has_a_two_row_head_and_a_footer():
    table = real("zhengzhou")
    assert table.head.rows == [3, 4]
    assert [line.number for line in table.lines] == list(range(5, 20))
    assert passed(table) == {1: "title", 2: "title", 3: "head", 4: "head", 21: "footer"}
    assert [(c.group, c.title) for c in table.columns[5:7]] == [
        ("规模", "学生数"),
        ("规模", "教职员工数"),
    ]


def test_beijing_has_sites_below_merged_names():
    table = real("beijing")
    sites = {line.number: line.continues for line in table.lines if line.continues}
    assert sites == {13: 12, 21: 20}
    assert texts(table, "name")[10] == "北京壹佳城培训学校有限公司(北外壹佳英语)"
    assert table.column("township").hidden


def test_jinzhou_has_a_section_title_inside():
    table = real("jinzhou")
    assert passed(table)[3] == "section"
    assert {line.section for line in table.lines} == {"一、证照齐全违规办学机构"}


def test_lanzhou_has_padded_heads_and_an_empty_row_above():
    table = real("lanzhou")
    assert table.title == "2020年度民办学校年检结果"
    assert [column.field for column in table.columns] == ["ordinal", "name", None, "result"]
    assert len(table.lines) == 14


# --- heads ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["机构名称", "机 构 名 称", "*机构名称", "机构名称:", "机构名称（全称）", "机构\n名称"]
)
def test_a_head_is_known_in_every_spelling(title):
    assert table_of([[title, "地址"], ["甲", "乙"]]).column("name").index == 0


def test_a_unit_in_brackets_does_not_hide_a_head():
    assert table_of([["机构名称", "面积(㎡)"], ["甲", 300]]).column("area").index == 1


def test_a_two_row_head_that_lost_its_merges_is_found():
    content = "序号,属地,机构情况,\n,,机构名称,地址\n1,金水区,甲,乙\n".encode()
    table = tables.find(workbooks.read(io.BytesIO(content)).sheets[0], WORDS)
    assert table.head.rows == [1, 2]
    assert [line.number for line in table.lines] == [3]


def test_of_two_columns_with_one_meaning_both_are_kept():
    table = table_of([["机构名称", "地址", "地址"], ["甲", "乙", "丙"]])
    assert [column.field for column in table.columns] == ["name", "address", None]
    assert table.lines[0].cells == {0: "甲", 1: "乙", 2: "丙"}


def test_a_head_repeated_on_every_page_is_no_data():
    rows = [
        ["序号", "机构名称", "地址"],
        [1, "甲", "乙"],
        ["序号", "机构名称", "地址"],
        [2, "丙", "丁"],
    ]
    table = table_of(rows)
    assert passed(table)[3] == "head"
    assert texts(table, "name") == ["甲", "丙"]


def test_a_sheet_without_a_table_is_refused():
    with pytest.raises(BadWorkbook) as caught:
        table_of([["说明"], ["5月28日至5月30日检查"]])
    assert caught.value.code == "no_table"


def test_a_stated_head_row_is_taken_whatever_its_words():
    table = table_of([["甲", "乙"], ["名字", "地方"], ["丙", "丁"]], at=2)
    assert [line.number for line in table.lines] == [3]


# --- rows that are no data --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["填表人:张  审核人:李"], "footer"),
        (["单位负责人：", None, "填报日期：2026年1月"], "footer"),
        (["备注:本表一式两份"], "footer"),
        (["合计", None, None, 45], "total"),
        ([None, "小计", None, 12], "total"),
        (["二、无证无照机构"], "section"),
        (["（一）学科类"], "section"),
        (["已注销机构"], "section"),
        ([3], "number"),
        (["4."], "number"),
    ],
)
def test_what_stands_around_the_data_is_passed_over_with_its_reason(row, reason):
    table = table_of([["序号", "机构名称", "地址", "学生数"], [1, "甲", "乙", 5], row])
    assert passed(table)[3] == reason
    assert len(table.lines) == 1


def test_an_institution_named_like_a_footer_is_still_data():
    rows = [["机构名称", "地址", "学生数"], ["联系人:英语角", "乙", 5], ["合计英语", "丙", 6]]
    assert len(table_of(rows).lines) == 2


def test_a_row_with_only_a_name_is_data():
    assert texts(table_of([["序号", "机构名称", "地址"], [None, "甲"]]), "name") == ["甲"]


def test_a_section_ends_where_the_next_begins():
    rows = [["序号", "机构名称"], ["一、有证"], [1, "甲"], ["二、无证"], [2, "乙"]]
    assert [line.section for line in table_of(rows).lines] == ["一、有证", "二、无证"]


def test_a_merged_place_is_filled_down_without_making_sites():
    rows = [["属地", "机构名称", "地址"], ["金水区", "甲", "一"], [None, "乙", "二"]]
    table = table_of(rows, ["A2:A3"])
    assert texts(table, "township") == ["金水区", "金水区"]
    assert [line.continues for line in table.lines] == [None, None]


def test_a_csv_without_merges_still_shows_further_sites():
    content = "序号,机构名称,地址\n1,甲,一号\n,,二号\n2,乙,三号\n".encode()
    table = tables.find(workbooks.read(io.BytesIO(content)).sheets[0], WORDS)
    assert [line.continues for line in table.lines] == [None, 2, None]


# --- the law: not one row lost ----------------------------------------------------------------

CELL = st.one_of(
    st.none(),
    st.sampled_from(["序号", "机构名称", "地址", "一、有证", "合计", "填表人:", " ", "1", "无"]),
    st.text(max_size=6),
    st.integers(0, 99),
)


@st.composite
def sheets(draw):
    """Any rows below some head, with any merges."""
    rows = draw(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12))
    numbered = [Row(n, [cell or None for cell in row]) for n, row in enumerate(rows, 3)]
    head = [Row(2, ["序号", "机构名称", "地址", "学生数", "问题"])]
    body = [row for row in numbered if any(cell is not None for cell in row.cells)]
    place = st.tuples(st.integers(1, 14), st.integers(0, 4), st.integers(0, 3), st.integers(0, 4))
    merges = [
        Merge(top, left, top + down, min(left + right, 4))
        for top, left, down, right in draw(st.lists(place, max_size=4))
    ]
    return Sheet("s", rows=head + body, merges=merges)


@given(sheets())
def test_every_row_is_data_or_passed_over_with_a_reason_and_never_both(sheet):
    try:
        table = tables.find(sheet, WORDS)
    except BadWorkbook:
        return
    lines = [line.number for line in table.lines]
    others = [row.number for row in table.passed]
    assert sorted(lines + others) == [row.number for row in sheet.rows]
    assert all(row.reason for row in table.passed)


@given(sheets())
def test_a_further_site_always_points_at_a_row_above(sheet):
    try:
        table = tables.find(sheet, WORDS)
    except BadWorkbook:
        return
    assert all(line.continues is None or line.continues < line.number for line in table.lines)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=4), min_size=1, max_size=8))
def test_csv_and_back_loses_no_row(rows):
    out = io.StringIO()
    csv.writer(out).writerow(["机构名称", "地址", "甲", "乙"])
    csv.writer(out).writerows(rows)
    text = out.getvalue()
    if "\0" in text:
        return
    kept = [row for row in csv.reader(io.StringIO(text)) if any(row)]
    read = [
        [cell or "" for cell in row.cells]
        for row in workbooks.read(io.BytesIO(text.encode("utf-8", "replace"))).sheets[0].rows
    ]
    assert len(read) == len(kept)
