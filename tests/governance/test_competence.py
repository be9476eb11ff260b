"""谁审批谁监管: the table's answer for a problem at a place."""

import pytest

from governance import competence
from governance.models import Division

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Division.objects.get(pk="520121001")


def test_the_first_candidate_leads_where_nobody_licensed(world, town):
    answer = competence.for_problem("LICENSE_NONE", town)
    assert (answer.lead, answer.assist) == (world.department("edu"), [world.department("xicheng")])


def test_whoever_licensed_the_institution_leads(world, town):
    answer = competence.for_problem("LICENSE_SCOPE", town, licensed_by=["HRSS"])
    assert answer.lead == world.department("hrss")


def test_the_registrar_leads_for_registration(world, town):
    assert competence.for_problem("REG_NONE", town, licensed_by=["CIVIL"]).lead.kind == "CIVIL"


def test_a_kind_without_department_is_passed_over(world, town):
    """SECURITY_EQUIPMENT asks for SPORT or SCI, and this county has neither."""
    with pytest.raises(competence.NobodyCompetent):
        competence.for_problem("SECURITY_EQUIPMENT", town)


def test_every_problem_code_of_the_table_has_candidates(world):
    assert not competence.ProblemCode.objects.filter(lead_kinds=[]).exists()
    assert competence.ProblemCode.objects.count() == 97


@pytest.mark.parametrize(
    ("category", "status", "can", "situation"),
    [
        ("SUBJECT", "FULL", "any", "FULL_SUBJECT"),
        ("ARTS", "FULL", "any", "FULL_ARTS"),
        ("VOCATIONAL", "REG_ONLY", "Y", "REG_ONLY_CAN_VOC"),
        ("SUBJECT", "REG_ONLY", "Y", "REG_ONLY_CAN"),
        ("SUBJECT", "REG_ONLY", "N", "REG_ONLY_CANNOT"),
        ("SPORT", "NONE", "N", "NONE_CANNOT"),
        ("SPORT", "LICENSE_ONLY", "any", "LICENSE_ONLY"),
    ],
)
def test_the_most_specific_row_wins(world, town, category, status, can, situation):
    rule, answer = competence.for_institution(category, status, town, can_qualify=can)
    assert rule.situation == situation
    assert answer.lead.is_active
