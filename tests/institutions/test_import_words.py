"""Words of ledgers: certificates, kinds, states, names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.workbooks.cells import CellError
from institutions.imports import words
from institutions.imports.words import Certs


@pytest.mark.parametrize(
    ("said", "licence", "registration"),
    [
        ("有证有照", True, True), ("证照齐全", True, True), ("有照无证", False, True),
        ("无证有照", False, True), ("有证无照", True, False), ("无证无照", False, False),
        ("未取得办学许可证,有营业执照", False, True),
        ("未办理营业执照和办学许可证,无证无照", False, False),
        ("有营业执照，无办学许可证", False, True), ("有办学许可证和营业执照", True, True),
        ("持有办学许可证，无营业执照", True, False), ("无办学许可证", False, None),
        ("民办非企业单位登记证书已办理", None, None), ("已办理民办非企业单位登记证书", None, True),
        ("办学许可证办理中", None, None), ("", None, None), ("待核实", None, None),
    ],
)  # fmt: skip
def test_what_a_ledger_says_of_certificates(said, licence, registration):
    assert words.certs(said) == Certs(licence, registration)


def test_a_cell_that_says_yes_and_no_is_an_error():
    with pytest.raises(CellError) as caught:
        words.certs("有办学许可证，无证无照")
    assert caught.value.code == "contradiction"


@pytest.mark.parametrize(
    ("title", "certs"),
    [
        ("一、证照齐全违规办学机构", Certs(True, True)),
        ("二、无证无照机构", Certs(False, False)),
        ("三、有证机构", None),
    ],
)
def test_a_section_title_speaks_only_in_fixed_words(title, certs):
    assert words.section_certs(title) == certs


@pytest.mark.parametrize(
    ("said", "kind", "categories"),
    [
        ("学科类", "TRAINING", ["SUBJECT"]), ("非学科类", "TRAINING", ["OTHER"]),
        ("文化艺术类、体育类", "TRAINING", ["ARTS", "SPORT"]), ("美术", "TRAINING", ["ARTS"]),
        ("学科类/非学科类", "TRAINING", ["OTHER", "SUBJECT"]), ("校外托管", "AFTERCARE", []),
        ("职业技能", "TRAINING", ["VOCATIONAL"]), ("幼儿园", "KINDERGARTEN", []),
    ],
)  # fmt: skip
def test_kinds_and_categories(said, kind, categories):
    assert words.kind(said) == (kind, categories)


def test_a_word_that_is_not_known_is_nothing():
    assert words.kind("综合性") is None
    assert words.operating_status("不详") is None
    assert words.department_kind("总部") is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("正常经营", "OPERATING"), ("停业整顿", "SUSPENDED"), ("已注销", "DEREGISTERED"),
        ("失联", "LOST_CONTACT"), ("未复课", "NOT_RESUMED"), ("已关停", "CLOSED"),
    ],
)  # fmt: skip
def test_operating_states(said, status):
    assert words.operating_status(said) == status


def test_only_a_one_word_decision_ends_an_institution():
    assert words.end("注销") == "DEREGISTERED"
    assert words.end("注销办学许可、取消办学资格") is None


@pytest.mark.parametrize(
    "said", ["无名", "无名机构", "无名（全日制学科类培训机构）", "无招牌", "无名称"]
)
def test_nameless(said):
    assert words.nameless(said)


@pytest.mark.parametrize("said", ["无名小站教育", "无锡培训学校", "名"])
def test_not_nameless(said):
    assert not words.nameless(said)


def test_two_spellings_of_one_company_meet():
    assert words.core("北京龙举云兴教育科技有限公司(龙文教育)") == words.core(
        "北京龙举云兴教育科技有限责任公司"
    )


@pytest.mark.parametrize(
    ("said", "stages"),
    [
        ("小学、初中", ["PRIMARY", "JUNIOR"]), ("义务教育阶段", ["PRIMARY", "JUNIOR"]),
        ("学前", ["PRE"]), ("中小学", ["PRIMARY", "JUNIOR", "SENIOR"]), ("成人", None),
    ],
)  # fmt: skip
def test_school_stages(said, stages):
    assert words.stages(said) == stages


@given(st.text(alphabet="有无未证照许可办理和,，营业执照"))
def test_any_words_give_certificates_or_a_cell_error(said):
    try:
        found = words.certs(said)
    except CellError:
        return
    assert {found.licence, found.registration} <= {True, False, None}
