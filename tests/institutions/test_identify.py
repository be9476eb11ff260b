"""Identification of subject nature: three independent experts, then a verdict."""

import pytest

from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from institutions.filings import identify
from institutions.models import Identification
from tests.conftest import TODAY
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(world):
    return make_record(make_institution(world, "晨光艺术培训学校"), world.lin, "course")


def opine(row, by, expert, verdict="SUBJECT", **other):
    facts = {
        "employer": "开阳县教师进修学校", "independent": True, "purpose": "以提高学科成绩为目的",
        "content": "语文教材内容", "evaluation": "以学科考试评价", "given_on": TODAY,
    }  # fmt: skip
    return identify.give_opinion(row, by=by, expert=expert, verdict=verdict, **(facts | other))


def test_a_verdict_needs_three_opinions(world, course):
    row = identify.ask(course, by=world.lin)
    for expert in ("张老师", "李老师"):
        opine(row, world.lin, expert)
    with pytest.raises(Refused):
        identify.decide(row, by=world.lin, verdict="SUBJECT", reason="一致认定")
    opine(row, world.lin, "王老师", "UNCLEAR")
    identify.decide(row, by=world.lin, verdict="SUBJECT", reason="两名专家认定为学科类")
    row.refresh_from_db()
    assert (row.verdict, row.decided_on, row.decided_by) == ("SUBJECT", TODAY, world.lin)
    assert identify.tally(row) == {"SUBJECT": 2, "UNCLEAR": 1}


def test_an_expert_of_a_training_body_is_refused(world, course):
    row = identify.ask(course, by=world.lin)
    with pytest.raises(Refused):
        opine(row, world.lin, "张老师", independent=False)


def test_an_expert_is_heard_once(world, course):
    row = identify.ask(course, by=world.lin)
    opine(row, world.lin, "张老师")
    with pytest.raises(Refused):
        opine(row, world.lin, " 张老师 ")


def test_a_course_is_identified_one_at_a_time_and_may_be_again(world, course):
    row = identify.ask(course, by=world.lin)
    with pytest.raises(Refused):
        identify.ask(course, by=world.lin)
    for expert in ("张老师", "李老师", "王老师"):
        opine(row, world.lin, expert)
    identify.decide(row, by=world.lin, verdict="NON_SUBJECT", reason="一致认定")
    with pytest.raises(Refused):
        opine(row, world.lin, "赵老师")
    identify.ask(course, by=world.lin)
    assert Identification.objects.count() == 2


def test_a_stale_copy_loses(world, course):
    row = identify.ask(course, by=world.lin)
    for expert in ("张老师", "李老师", "王老师"):
        opine(row, world.lin, expert)
    with pytest.raises(StaleVersion):
        identify.decide(
            row, by=world.lin, verdict="SUBJECT", reason="一致认定", version=row.version - 1
        )


@pytest.mark.parametrize("who", ["ma", "shi", "ying", "shen"])
def test_the_education_bureau_identifies_and_nobody_else(world, course, who):
    with pytest.raises(DutyMissing):
        identify.ask(course, by=world.members[who])
