"""Many rows filed at once: heads are understood, cells are read or named as wrong."""

import io

import openpyxl
import pytest
from django import forms
from django.utils import translation

from governance import workbooks
from governance.workflow import Refused
from institutions.filings import sheets, timetable
from institutions.filings.kinds import KINDS
from institutions.models import Filing
from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_record

pytestmark = pytest.mark.django_db
HEADS = ["姓名", "身份证号码", "岗位", "任教学科", "专兼职", "证书类型", "证书编号", "任教学段",
         "犯罪记录查询日期", "查询结果"]  # fmt: skip
GOOD = ["周敏", "520121199001010017", "教学人员", "美术", "专职", "教师资格证", "2021520011",
        "小学、初中", "2026年2月1日", "无异常"]  # fmt: skip
OTHER = ["吴强", "520121199001010025", "其他", "", "兼职", "无证书", "", "", "", ""]
STAFF = KINDS["staff"]


@pytest.fixture
def place(world):
    return make_institution(world, "晨光艺术培训学校")


@pytest.fixture
def chen(place):
    return make_institution_member(place.pk)


def book(*rows, heads=HEADS, title="从业人员花名册"):
    made = openpyxl.Workbook()
    made.active.append([title])
    for row in (heads, *rows):
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return workbooks.read(out)


def read(place, *rows, kind=STAFF, **more):
    return sheets.read(kind, place, book(*rows, **more))


def test_a_staff_list_as_people_keep_it_is_understood(place):
    [row] = read(place, GOOD)
    assert row.faults == []
    assert (row.outcome, row.title, row.values["role"]) == ("new", "周敏", "TEACHING")
    assert row.values["stages"] == ["PRIMARY", "JUNIOR"]
    assert (row.values["crime_query_on"], row.values["crime_query_clear"]) == ("2026-02-01", True)
    assert row.values["full_time"] is True


def test_each_wrong_cell_is_named_by_its_column(place):
    wrong = [*GOOD]
    wrong[1], wrong[2], wrong[8] = "520121199001010018", "外星人", "去年"
    [row] = read(place, wrong)
    assert {column for column, _sentence in row.faults} >= {
        "人员类别", "违法犯罪记录查询日期", "身份证号",
    }  # fmt: skip
    assert row.outcome == "error"


def test_nothing_is_filed_while_a_row_is_wrong_unless_it_is_left_out_openly(place, chen):
    rows = read(place, GOOD, [*OTHER[:1], "12", *OTHER[2:]], ["", *GOOD[1:]])
    with pytest.raises(Refused):
        sheets.draft_all(STAFF, place, rows, by=chen)
    assert Filing.objects.count() == 0
    drafts = sheets.draft_all(STAFF, place, rows, by=chen, leave_out_wrong=True)
    assert len(drafts) == len([row for row in rows if not row.faults])
    assert len({draft.sheet for draft in drafts}) == 1


def test_the_same_person_twice_in_one_sheet_is_a_slip(place):
    _first, second = read(place, GOOD, GOOD)
    assert second.outcome == "error"


def test_a_list_sent_again_changes_and_does_not_add(world, place, chen):
    make_record(place, world.lin)
    rows = read(place, GOOD, OTHER)
    assert [row.outcome for row in rows] == ["changed", "new"]
    changed, new = sheets.draft_all(STAFF, place, rows, by=chen)
    assert (changed.action, new.action) == ("CHANGE", "ADD")
    assert changed.proposed["certificate_number"] == "2021520011"
    assert "posted" not in changed.proposed  # a column that the sheet lacks stays as it is


def test_rows_may_be_pasted_without_their_heads(place):
    order = list(sheets.columns()["contract"])
    line = {"form_code": "GF-2021-2604", "signed_before_charging": "是"}
    text = "\t".join(line.get(name, "") for name in order)
    [row] = sheets.read(KINDS["contract"], place, sheets.pasted(text))
    assert row.values["form_code"] == "GF-2021-2604"
    assert row.values["signed_before_charging"] is True


def test_what_is_shown_to_be_put_right_reads_back_the_same(place):
    given = book(GOOD, OTHER)
    again = sheets.read(STAFF, place, sheets.pasted(sheets.as_text(STAFF, given)))
    assert [row.values for row in again] == [row.values for row in sheets.read(STAFF, place, given)]


def test_a_timetable_and_its_teacher_stand_in_cells(world, place):
    teacher = make_record(place, world.lin)
    heads = ["课程名称", "课程类别", "招生对象", "培训形式", "任课教师", "上课时间"]
    line = [
        "少儿素描",
        "文化艺术类",
        "小学",
        "线下",
        "周敏",
        "周六 09:00-10:30 20人；周三 18:00-19:30",
    ]
    [row] = read(place, line, kind=KINDS["course"], heads=heads)
    assert row.faults == []
    assert row.values["teacher"] == teacher.pk
    assert [slot["weekday"] for slot in row.values["slots"]] == [3, 6]


def test_the_template_has_the_heads_that_are_read(place):
    for kind in KINDS.values():
        assert set(sheets.columns()[kind.code]) == set(kind.fields)
        shown = workbooks.read(sheets.template(kind))
        assert len(shown.sheets[0].rows[0].cells) == len(kind.fields)


def test_wrong_rows_go_out_with_what_is_wrong_beside_them(place):
    given = book(["", *GOOD[1:]])
    rows = sheets.read(STAFF, place, given)
    out = workbooks.read(sheets.mended(STAFF, rows, given)).sheets[0]
    assert len(out.rows) == 2
    assert out.rows[1].cells[-1].startswith("姓名")


# --- the timetable -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周六 09:00-10:30 20人", [6]),
        ("周一、三、五 18:00-19:30", [1, 3, 5]),
        ("周一至周五 18：00－19：30", [1, 2, 3, 4, 5]),
        ("星期天 9:00~10:00", [7]),
        ("Mon, Wed 18:00-19:30 20", [1, 3]),
        ("周六 09:00-10:30\n周日 09:00-10:30", [6, 7]),
    ],
)
def test_a_timetable_is_read_as_people_write_it(text, days):
    assert [slot["weekday"] for slot in timetable.parse(text)] == days


def test_days_heads_and_holidays_are_read():
    [slot] = timetable.parse("2026-07-06、2026年7月8日 9:00-10:30 15人 节假日照常")
    assert slot["dates"] == ["2026-07-06", "2026-07-08"]
    assert (slot["heads"], slot["on_rest_days"], slot["weekday"]) == (15, True, None)


@pytest.mark.parametrize("text", ["周六", "周六 25:00-26:00", "09:00-10:00", "周六 10:00-09:00"])
def test_a_line_that_says_no_lesson_is_named(text):
    with pytest.raises(forms.ValidationError, match=text[:2]):
        timetable.parse(text)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_timetable_shown_is_read_back_the_same(language):
    slots = timetable.parse("周六 09:00-10:30 20人 节假日照常\n2026-07-06 9:00-10:30")
    with translation.override(language):
        assert timetable.parse(timetable.text(slots)) == slots
