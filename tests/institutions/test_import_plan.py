"""What a row would do: new, changed, unchanged, a site, a likely duplicate, an error."""

import datetime as dt

import pytest

from governance.imports import Answers, BadAnswers
from institutions import services
from institutions.models import Institution
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import (
    CODE,
    OTHER_CODE,
    look,
    only_fault,
    results,
    row,
    sheet,
)

NAME = "晨光艺术培训学校"


# --- matching ---------------------------------------------------------------------------------


def test_looking_writes_nothing(world):
    look(sheet(row(NAME)), by=world.lin)
    assert not Institution.objects.exists()


def test_the_credit_code_finds_an_institution_under_another_name(world):
    known = make_institution(world, NAME, credit_code=CODE)
    (step,) = look(sheet(row("晨光美术学校", 统一社会信用代码=CODE)), by=world.lin)
    assert (step.result, step.target_id) == ("changed", known.pk)
    assert step.changes["name"] == [NAME, "晨光美术学校"]


def test_name_and_address_find_an_institution_in_any_width(world):
    known = make_institution(world, NAME, address="人民路1号")
    (step,) = look(sheet(row(" 晨光 艺术培训学校", "人民路１号")), by=world.lin)
    assert (step.result, step.target_id) == ("unchanged", known.pk)


def test_a_name_alone_finds_the_only_institution_of_that_name(world):
    known = make_institution(world, NAME)
    (step,) = look(sheet(row(NAME, None)), by=world.lin)
    assert (step.result, step.target_id) == ("unchanged", known.pk)


def test_the_same_name_at_another_place_is_a_likely_duplicate(world):
    known = make_institution(world, NAME, address="人民路1号")
    (step,) = look(sheet(row(NAME, "解放路9号")), by=world.lin)
    assert (step.result, step.target_id, step.reason) == ("duplicate", known.pk, "same_name")


@pytest.mark.parametrize(
    "alike", ["晨光艺术培训学校(本部)", "晨光艺术培训学校有限公司", "晨广艺术培训学校"]
)
def test_a_name_that_looks_or_sounds_the_same_is_a_likely_duplicate(world, alike):
    make_institution(world, NAME)
    (step,) = look(sheet(row(alike, "解放路9号")), by=world.lin)
    assert (step.result, step.reason) == ("duplicate", "near_name")


def test_two_credit_codes_are_two_bodies_whatever_their_names(world):
    make_institution(world, NAME, credit_code=CODE)
    found = row(f"{NAME}有限公司", "解放路9号", 统一社会信用代码=OTHER_CODE)
    assert results(look(sheet(found), by=world.lin)) == ["new"]


def test_the_same_row_twice_in_one_file_is_a_likely_duplicate(world):
    steps = look(sheet(row(NAME), row(NAME)), by=world.lin)
    assert results(steps) == ["new", "duplicate"]
    assert steps[1].target_row == 2


def test_a_nameless_place_is_found_by_its_address(world):
    make_institution(world, "", address="人民路1号", licences=())
    steps = look(sheet(row("无名"), row("无名", "解放路9号")), by=world.lin)
    assert results(steps) == ["unchanged", "new"]


def test_a_nameless_place_without_address_is_an_error(world):
    assert only_fault(look(sheet(row("无名", None)), by=world.lin)).code == "nameless_without_place"


def test_an_institution_of_another_county_is_not_meant(world):
    make_institution(world, NAME, township="341203", by=world.ying, licences=())
    assert results(look(sheet(row(NAME)), by=world.lin)) == ["new"]


# --- decisions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "result"), [("new", "new"), ("same", "changed"), ("site", "site")]
)
def test_the_user_decides_about_a_likely_duplicate(world, decision, result):
    make_institution(world, NAME, address="人民路1号")
    file = sheet(row(NAME, "解放路9号"))
    assert results(look(file, by=world.lin, rows={"2": decision})) == [result]


def test_one_decision_may_count_for_all(world):
    file = sheet(row(NAME), row(NAME, "解放路9号"))
    assert results(look(file, by=world.lin, duplicates="site")) == ["new", "site"]


# --- changes ----------------------------------------------------------------------------------


def test_an_empty_cell_takes_nothing_away(world):
    make_institution(world, NAME, credit_code=CODE, note="旧")
    assert results(look(sheet(row(NAME)), by=world.lin)) == ["unchanged"]


def test_changes_say_what_was_and_what_comes(world):
    make_institution(world, NAME, categories=["ARTS"])
    heads = ("机构名称", "地址", "类别", "经营状态", "面积(平方米)")
    (step,) = look(sheet([NAME, "人民路1号", "体育类", "停业", 320], heads=heads), by=world.lin)
    assert step.changes == {
        "categories": [["ARTS"], ["SPORT"]],
        "operating_status": ["OPERATING", "SUSPENDED"],
        "site.area": [None, 320],
    }


def test_another_address_of_the_only_site_is_its_new_address(world):
    make_institution(world, NAME, credit_code=CODE, address="人民路1号")
    (step,) = look(sheet(row(NAME, "解放路9号", 统一社会信用代码=CODE)), by=world.lin)
    assert step.changes == {"site.address": ["人民路1号", "解放路9号"]}


def test_persons_are_never_shown_in_a_change(world):
    make_institution(world, NAME, principal="张三")
    heads = ("机构名称", "地址", "负责人", "联系电话")
    (step,) = look(sheet([NAME, "人民路1号", "李四", "13800000000"], heads=heads), by=world.lin)
    assert step.changes == {"principal": ["", ""], "contact_phone": ["", ""]}
    assert step.row.cells == {0: NAME, 1: "人民路1号"}


def test_a_certificate_that_the_ledger_lacks_is_not_taken_away(world):
    make_institution(world, NAME)
    (step,) = look(sheet(row(NAME, 证照情况="无证无照")), by=world.lin)
    assert step.result == "unchanged"
    assert "certs_differ" in step.row.notes


def test_a_certificate_that_the_register_lacks_is_added(world):
    make_institution(world, NAME, licences=())
    (step,) = look(sheet(row(NAME, 证照情况="有证有照")), by=world.lin)
    assert [licence["kind"] for licence in step.licences] == ["school_licence", "business_licence"]


def test_an_institution_of_another_department_is_an_error(world):
    make_institution(world, NAME, lead=world.department("hrss"), licences=())
    (step,) = look(sheet(row(NAME, 备注="新", 统一社会信用代码=CODE)), by=world.lin)
    assert only_fault([step]).code == "kept_by_other"


def test_a_second_row_of_one_institution_is_a_further_site(world):
    make_institution(world, NAME, credit_code=CODE)
    rows = [row(NAME, place, 统一社会信用代码=CODE) for place in ("人民路1号", "解放路9号")]
    assert results(look(sheet(*rows), by=world.lin)) == ["unchanged", "site"]


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"统一社会信用代码": "52520121MJ0000001A"}, "code_check"),
        ({"统一社会信用代码": "123"}, "code_length"),
        ({"证照情况": "有办学许可证，无证无照"}, "contradiction"),
        ({"机构名称": None, "备注": "x"}, "required"),
        ({"机构名称": "长" * 121}, "too_long"),
    ],
)
def test_a_bad_cell_is_an_error_of_its_row_only(world, cells, code):
    steps = look(sheet(row("好学校", "解放路2号"), row(NAME) | cells), by=world.lin)
    assert results(steps) == ["new", "error"]
    assert (only_fault(steps).code, steps[1].row.number) == (code, 3)


@pytest.mark.parametrize("word", ["办理中", "是", "无", None])
def test_a_code_that_is_not_there_yet_is_no_error(world, word):
    (step,) = look(sheet(row(NAME, 统一社会信用代码=word)), by=world.lin)
    assert step.result == "new"
    assert step.identity.get("credit_code_pending", False) == (word in ("办理中", "是"))


def test_an_error_names_column_value_and_message(world):
    fault = only_fault(look(sheet(row(NAME, 统一社会信用代码="123")), by=world.lin))
    assert (fault.column, fault.value) == ("统一社会信用代码", "123")
    assert fault.message


def test_a_day_that_has_not_come_is_an_error(world):
    heads = ("机构名称", "地址", "成立日期")
    steps = look(sheet([NAME, "人民路1号", dt.date(2027, 1, 1)], heads=heads), by=world.lin)
    assert only_fault(steps).code == "future"


def test_a_site_below_a_row_with_an_error_is_an_error_too(world):
    lines = [["1", None, NAME, "一号", "123", None, None], [None, None, None, "二号"]]
    steps = look(sheet(*lines, merges=["C2:C3"]), by=world.lin)
    assert [fault.code for step in steps for fault in step.row.faults] == [
        "code_length", "head_row",
    ]  # fmt: skip


# --- places -----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["硒城街道", "硒城街道办事处", "硒城", "520121001"])
def test_a_township_is_known_by_name_or_code(world, said):
    (step,) = look(sheet(row(NAME, 乡镇=said)), by=world.lin)
    assert step.facts["township_id"] == "520121001"


def test_an_unknown_township_among_known_ones_is_an_error(world):
    file = sheet(row("甲学校", 乡镇="硒城街道"), row("乙学校", "二号", 乡镇="硒诚街道"))
    assert only_fault(look(file, by=world.lin)).code == "unknown_place"


def test_a_ledger_of_foreign_places_goes_to_the_county_itself(world):
    steps = look(
        sheet(row("甲学校", 乡镇="金水区"), row("乙学校", "二号", 乡镇="中原区")), by=world.lin
    )
    assert results(steps) == ["new", "new"]
    assert {step.facts["township_id"] for step in steps} == {"520121"}


def test_a_section_title_may_name_the_township(world):
    lines = [["一、双流镇"], {"机构名称": NAME, "地址": "一号"}]
    heads = ("序号", "机构名称", "地址")
    (step,) = look(sheet(*lines, heads=heads, merges=["A2:C2"]), by=world.lin)
    assert step.facts["township_id"] == "520121101"


def test_a_township_officer_cannot_place_rows_elsewhere(world):
    steps = look(sheet(row(NAME, 乡镇="双流镇")), by=world.shi)
    assert only_fault(steps).code == "outside"


# --- answers ----------------------------------------------------------------------------------


def test_a_year_may_be_stated_for_one_column_only(world):
    heads = ("机构名称", "地址", "查处日期", "成立日期")
    file = sheet([NAME, "一号", "1月5日", "3月1日"], heads=heads)
    assert only_fault(look(file, by=world.lin, years={"查处日期": 2025})).column == "成立日期"


def test_a_cell_may_be_mended(world):
    file = sheet(row(NAME, 统一社会信用代码="123"))
    steps = look(file, by=world.lin, cells={"2": {"统一社会信用代码": CODE}})
    assert steps[0].identity["credit_code"] == CODE


def test_a_column_may_be_given_its_meaning_or_none(world):
    file = sheet(["甲学校", "x"], heads=("叫什么", "统一社会信用代码"))
    said = {"叫什么": "name", "B": "-"}
    assert results(look(file, by=world.lin, columns=said)) == ["new"]


@pytest.mark.parametrize(
    "said",
    [
        {"yaer": 2022}, {"year": "2022"}, {"year": 99}, {"years": {"查处日期": "x"}},
        {"duplicates": "x"}, {"rows": {"2": "x"}}, {"as_of": "2022"}, {"cells": {"5": "x"}},
    ],
)  # fmt: skip
def test_answers_that_make_no_sense_are_refused(said):
    with pytest.raises(BadAnswers):
        Answers.of(said)


def test_personal_columns_without_a_field_never_leave_the_door(world):
    heads = ("机构名称", "地址", "身份证号", "教师姓名")
    (step,) = look(sheet([NAME, "一号", "520121199001011234", "王五"], heads=heads), by=world.lin)
    assert set(step.row.cells) == {0, 1}
    assert not step.row.private_cells


def test_merged_institutions_keep_their_duplicates_apart(world):
    first = make_institution(world, NAME, credit_code=CODE)
    second = make_institution(world, "旧名培训学校", address="二号", licences=())
    services.merge(second, first, by=world.lin, reason="同一机构")
    assert results(look(sheet(row("旧名培训学校", "二号")), by=world.lin)) == ["new"]
