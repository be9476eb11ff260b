"""What a licence allows, and what is taught below the category: in from a ledger, and back."""

import pytest

from governance import labels
from institutions.imports import acts, words
from institutions.models import Category, Institution, Stage, SubKind
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import bring_in, look, only_fault, row, sheet

pytestmark = pytest.mark.django_db
NAME = "晨光艺术培训学校"
HEADS = (
    "机构名称", "地址", "办学许可证号", "许可条件", "许可类别", "许可学段", "许可培训形式",
    "培训项目",
)  # fmt: skip
SAID = {
    "办学许可证号": "教民1号", "许可条件": "仅限周末", "许可类别": "体育类、文化艺术类",
    "许可学段": "小学", "许可培训形式": "线下", "培训项目": "钢琴、街舞、篮球",
}  # fmt: skip
GRANTED = ("仅限周末", ["ARTS", "SPORT"], ["PRIMARY"], "OFFLINE")


def granted(licence):
    licence.refresh_from_db()
    return licence.conditions, licence.categories, licence.stages, licence.mode


def test_a_new_institution_comes_in_with_what_its_licence_allows(world):
    bring_in(sheet(row(NAME, **SAID), heads=HEADS), by=world.lin)
    [institution] = Institution.objects.all()
    assert granted(institution.licences.get(number="教民1号")) == GRANTED
    assert institution.periods.get().sub_kinds == ["MUSIC", "DANCE", "BALL"]


def test_a_licence_on_record_is_corrected_and_the_undo_puts_it_back(world):
    known = make_institution(world, NAME)
    licence = known.licences.get(kind="school_licence")
    before = granted(licence)
    file = sheet(row(NAME, **SAID | {"办学许可证号": licence.number}), heads=HEADS)
    batch = bring_in(file, by=world.lin)
    assert granted(licence) == GRANTED
    assert known.licences.count() == 2
    acts.undo(batch, by=world.luo)
    assert granted(licence) == before


def test_the_preview_says_what_the_licence_would_allow_by_now(world):
    known = make_institution(world, NAME)
    number = known.licences.get(kind="school_licence").number
    [step] = look(sheet(row(NAME, **SAID | {"办学许可证号": number}), heads=HEADS), by=world.lin)
    assert step.changes["licence.conditions"] == ["", "仅限周末"]
    assert step.changes["licence.categories"] == [[], ["ARTS", "SPORT"]]


def test_with_two_licences_a_row_without_number_changes_neither(world):
    make_institution(world, NAME, licences=("school_licence", "vocational_licence"))
    said = {"许可条件": "仅限周末"}
    [step] = look(sheet(row(NAME, **said), heads=HEADS), by=world.lin)
    assert (step.result, step.changes) == ("unchanged", {})


def test_several_values_in_another_order_are_the_same(world):
    make_institution(world, NAME, categories=["SPORT", "ARTS"])
    file = sheet(row(NAME, 类别="文化艺术类、体育类"), heads=("机构名称", "地址", "类别"))
    [step] = look(file, by=world.lin)
    assert step.result == "unchanged"


def test_conditions_that_are_too_long_are_a_fault_of_their_cell(world):
    steps = look(sheet(row(NAME, 许可条件="长" * 301), heads=HEADS), by=world.lin)
    assert only_fault(steps).code == "too_long"


@pytest.mark.parametrize(
    ("read", "domain", "values"),
    [
        (words.sub_kinds, "Institution.sub_kind", SubKind),
        (words.categories, "Institution.category", Category),
        (words.stages, "Institution.stage", Stage),
    ],
)
def test_every_word_that_goes_out_is_read_when_it_comes_back(read, domain, values):
    for value in values:
        assert read(labels.table()[domain][str(value)].zh) == [str(value)]


def test_learning_culture_is_not_chemistry():
    assert words.sub_kinds("文化学习") is None
