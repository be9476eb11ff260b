"""What people make of a lead: asking, answering, dismissing, a finding."""

import pytest

from governance import audit
from governance.models import Clock, Notification, Paper
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from inspections import crew
from inspections import services as inspecting
from inspections.models import Finding
from institutions import services
from institutions.leads import acts, checking
from institutions.models import Lead
from tests.conftest import TODAY, make_institution_member

pytestmark = pytest.mark.django_db
Status = Lead.Status


@pytest.fixture
def lead(world, school) -> Lead:
    checking.check([school.pk])
    world.members["chen"] = make_institution_member(school.pk)
    return Lead.objects.select_related("institution", "rule", "lead").get(code="R47")


def test_an_institution_knows_nothing_of_a_lead_until_it_is_asked(world, lead):
    assert not Lead.objects.visible_to(world.chen).exists()
    acts.ask(lead, by=world.lin, question="请说明")
    assert Lead.objects.visible_to(world.chen).get() == lead


def test_a_question_starts_a_clock_and_tells_the_institution(world, lead):
    acts.ask(lead, by=world.lin, question="请说明是否已纳入全国平台")
    clock = Clock.objects.of(lead).get()
    assert (clock.code, clock.institution_id, clock.is_open) == (
        "lead.answer", lead.institution_id, True,
    )  # fmt: skip
    note = Notification.objects.get(recipient=world.chen)
    assert note.url == lead.get_party_url()


def test_an_answer_meets_the_clock_and_tells_who_asked(world, lead):
    acts.ask(lead, by=world.lin, question="请说明")
    acts.answer(lead, by=world.chen, text="已申请，正在办理")
    lead.refresh_from_db()
    assert (lead.status, lead.answer) == (Status.ASKED, "已申请，正在办理")
    assert Clock.objects.of(lead).get().status == "met"
    assert Notification.objects.filter(recipient=world.lin).count() == 1


def test_an_answered_lead_can_be_asked_again(world, lead):
    acts.ask(lead, by=world.lin, question="一")
    with pytest.raises(Refused):
        acts.ask(lead, by=world.lin, question="二")
    acts.answer(lead, by=world.chen, text="答")
    acts.ask(lead, by=world.lin, question="二")
    assert (lead.question, lead.answer, lead.status) == ("二", "", Status.ASKED)


def test_answering_twice_is_refused(world, lead):
    acts.ask(lead, by=world.lin, question="请说明")
    acts.answer(lead, by=world.chen, text="答")
    with pytest.raises(Refused):
        acts.answer(lead, by=world.chen, text="再答")


def test_a_question_needs_an_account_that_can_answer(world, lead):
    services.end_member(lead.institution, world.chen, by=world.lin, reason="离职")
    with pytest.raises(Refused):
        acts.ask(lead, by=world.lin, question="请说明")


def test_a_fact_put_right_closes_an_asked_lead_with_its_clock(world, lead):
    acts.ask(lead, by=world.lin, question="请说明")
    services.change_identity(lead.institution, by=world.lin, platform_id="P-1")
    checking.check([lead.institution_id])
    lead.refresh_from_db()
    assert lead.status == Status.CLOSED
    assert Clock.objects.of(lead).get().status == "cancelled"


@pytest.mark.parametrize("act", ["ask", "dismiss"])
def test_another_department_decides_nothing(world, lead, act):
    given = {"question": "请说明"} if act == "ask" else {"reason": "无"}
    with pytest.raises(Refused):
        getattr(acts, act)(lead, by=world.ma, **given)


def test_an_auditor_lacks_the_duty(world, lead):
    with pytest.raises(DutyMissing):
        acts.dismiss(lead, by=world.shen, reason="无")


def test_a_dismissal_needs_its_reason_and_leaves_a_trace(world, lead):
    with pytest.raises(Refused):
        acts.dismiss(lead, by=world.lin, reason="  ")
    acts.dismiss(lead, by=world.lin, reason="平台维护期间")
    assert (lead.status, lead.reason, lead.ended_on) == (Status.DISMISSED, "平台维护期间", TODAY)
    assert audit.history(lead).first().facts["reason"] == "平台维护期间"


def test_a_stale_copy_loses(world, lead):
    acts.ask(lead, by=world.lin, question="请说明")
    with pytest.raises(StaleVersion):
        acts.dismiss(lead, by=world.lin, reason="无", version=1)


def test_many_are_dismissed_each_on_its_own(world, lead):
    stale = Lead.objects.select_related("institution", "rule", "lead").get(pk=lead.pk)
    found = list(acts.dismiss_many([lead, stale], by=world.lin, reason="无"))
    assert [bool(why) for _lead, why in found] == [False, True]


# --- a finding ---------------------------------------------------------------------------------


def test_a_finding_carries_the_problem_the_severity_and_the_basis_of_the_rule(world, lead):
    finding = inspecting.make_finding(lead, by=world.lin)
    assert (finding.problem_code, finding.severity) == ("PLATFORM_MISSING", "major")
    assert finding.lead == world.department("edu")
    assert finding.inspection.kind == "DESK"
    assert finding.inspection.can_be_evidence is False
    assert finding.from_lead == lead
    assert "全国平台标识" in finding.description
    assert "依据" in finding.description
    lead.refresh_from_db()
    assert lead.status == Status.FINDING


def test_the_finding_goes_its_usual_way(world, lead):
    finding = inspecting.make_finding(lead, by=world.lin, note="未纳入平台")
    [task] = inspecting.issue([finding], by=world.lin)
    assert task.status == "issued"
    assert Paper.objects.filter(pk=task.paper_id).exists()


def test_a_lead_makes_one_finding_only(world, lead):
    inspecting.make_finding(lead, by=world.lin)
    with pytest.raises(Refused):
        inspecting.make_finding(lead, by=world.lin)
    assert Finding.objects.count() == 1


def test_nobody_is_sent_on_a_check_of_records():
    assert "DESK" not in dict(crew.visits())
