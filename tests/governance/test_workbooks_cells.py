"""One cell as a value: width, padding, counts, dates, codes. Nothing is guessed."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.workbooks import Yearless, cells
from governance.workbooks.cells import CellError

HALF = "0123456789ABCXYZabcxyz"
WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))})


def code_of(parse, value, **more) -> str:
    with pytest.raises(CellError) as caught:
        parse(value, **more)
    assert str(caught.value)
    return caught.value.code


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  乐学堂(河南星空教育) ", "乐学堂(河南星空教育)"),
        ("学 校 名 称", "学校名称"),
        ("\u3000晨光\u00a0教育\u200b", "晨光教育"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("金河小区６号楼（东）", "金河小区6号楼（东）"),
        ("New Oriental 英语", "New Oriental 英语"),
        (None, ""),
        (12.0, "12"),
    ],
)
def test_names_lose_their_padding_and_keep_their_brackets(dirty, clean):
    assert cells.name(dirty) == clean


@given(st.text(alphabet=HALF + "教育培训中心()- "))
def test_width_never_changes_what_a_text_is(text):
    assert cells.key(text) == cells.key(text.translate(WIDE))
    assert cells.folded(text) == cells.folded(text.translate(WIDE))


@given(st.text())
def test_tidying_twice_is_tidying_once(text):
    assert cells.tidy(cells.tidy(text)) == cells.tidy(text)


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2021-5-9", "2021-05-9", "2021/5/9", "2021.5.9", "2021年5月9日", "2021年05月09号",
        "20210509",
        "２０２１年５月９日", " 2021 年 5 月 9 日 ", "二〇二一年五月九日", "2021-05-09 10:20:30",
        "2021-05-09T10:20", "截至2021年5月9日", 44325, "44325", 44325.5,
        dt.date(2021, 5, 9), dt.datetime(2021, 5, 9, 8),
    ],
)  # fmt: skip
def test_every_way_to_write_a_date_is_understood(written):
    assert cells.day(written) == dt.date(2021, 5, 9)


@pytest.mark.parametrize(
    "written",
    [
        "1月5日",
        "年2月9日",
        "截至1月6日",
        "６月１３日",
        "6/13",
        "截止6月25日",
        Yearless(dt.date(2026, 1, 5)),
    ],
)
def test_a_date_without_a_year_is_asked_and_never_guessed(written):
    assert code_of(cells.day, written) == "no_year"


def test_a_date_without_a_year_takes_the_year_that_was_stated():
    assert cells.day("截至1月6日", year=2022) == dt.date(2022, 1, 6)
    assert cells.day("2021年1月6日", year=2022) == dt.date(2021, 1, 6)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2021年5月", "no_day"), ("2021", "no_day"), ("21.5.9", "short_year"),
        ("5月28日至5月30日", "date_range"), ("2021-02-30", "no_such_day"),
        ("2月30日", "no_such_day"), ("2022年3月前", "not_a_date"), ("待定", "not_a_date"),
        (5.9, "not_a_date"), ("1" * 5000, "not_a_date"), (True, "not_a_date"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_told_apart(written, code):
    assert code_of(cells.day, written) == code


def test_the_29th_of_february_needs_a_leap_year():
    assert code_of(cells.day, "2月29日", year=2023) == "no_such_day"


FORMS = ["{y}-{m}-{d}", "{y}/{m:02}/{d:02}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}{m:02}{d:02}"]


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(FORMS), st.booleans())
def test_a_date_comes_back_from_every_form_in_both_widths(day, form, wide):
    written = form.format(y=day.year, m=day.month, d=day.day)
    assert cells.day(written.translate(WIDE) if wide else written) == day


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)))
def test_chinese_numerals_say_the_same_day(day):
    digits = "〇一二三四五六七八九"

    def small(number):
        tens, ones = divmod(number, 10)
        ten = {0: "", 1: "十"}.get(tens, digits[tens] + "十")
        return ten + (digits[ones] if ones or not tens else "")

    year = "".join(digits[int(c)] for c in str(day.year))
    assert cells.day(f"{year}年{small(day.month)}月{small(day.day)}日") == day


@given(st.one_of(st.text(), st.floats(allow_nan=False), st.integers(), st.booleans()))
def test_any_value_is_a_date_or_a_cell_error(value):
    with contextlib.suppress(CellError):
        assert isinstance(cells.day(value, year=2024), dt.date)


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "amount", "exact"),
    [
        (17, 17, True), ("５", 5, True), ("300㎡", 300, True),
        ("1,111.05(万元)", 1111.05, True), ("20余名", 20, False), ("50余人", 50, False),
        ("约300平方米", 300, False), ("30+", 30, False),
    ],
)  # fmt: skip
def test_counts_say_whether_they_are_exact(written, amount, exact):
    found = cells.count(written)
    assert (float(found.amount), found.exact) == (amount, exact)


@pytest.mark.parametrize("written", ["", "若干", "3-4", "一", True, "两处共退14.3646万元"])
def test_what_is_no_number_is_refused(written):
    assert code_of(cells.count, written) == "not_a_number"


# --- codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["52520121MJ0000001P", " 52520121mj 0000001p", "52520121MJ0000001P".translate(WIDE)],
)
def test_a_credit_code_is_taken_in_any_width_and_case(written):
    assert cells.credit_code(written) == ("52520121MJ0000001P", False)


@pytest.mark.parametrize("written", ["办理中", "正在办理", "是"])
def test_in_process_is_no_error(written):
    assert cells.credit_code(written) == ("", True)


@pytest.mark.parametrize("written", [None, "", "无", "/", "——"])
def test_no_code_is_no_error(written):
    assert cells.credit_code(written) == ("", False)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("52520121MJ0000001A", "code_check"), ("5252012", "code_length"),
        ("52520121MI0000001P", "code_characters"), (5.2520121e17, "digits_lost"),
        ("5.2520121E+17", "digits_lost"),
    ],
)  # fmt: skip
def test_a_bad_credit_code_says_what_is_wrong(written, code):
    assert code_of(cells.credit_code, written) == code


def test_a_licence_number_keeps_its_zeros_and_loses_its_blanks():
    assert cells.identifier("教民 ０５２0121 号") == "教民0520121号"
    assert cells.identifier(152010070000011) == "152010070000011"
