"""Close-out by a third hand; the parents follow; what else may end a task."""

import pytest

from governance import audit
from governance.models import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from inspections import services
from inspections.models import Finding, RectificationTask
from tests.inspections.builders import (
    CRITICAL,
    MAJOR,
    MINOR,
    make_signed,
    make_task,
    no,
    pass_recheck,
    prove,
)

pytestmark = pytest.mark.django_db


def rechecked(world, school, chen, item=MAJOR):
    task = make_task(school, world.shi, item)
    prove(task, chen)
    pass_recheck(task, world.du, world.dai)
    return task


@pytest.fixture
def task(world, school, chen):
    return rechecked(world, school, chen)


def test_a_third_hand_closes_and_finding_and_inspection_follow(world, task):
    services.close_out(task, by=world.lin, note="资料齐全")
    task.refresh_from_db()
    assert (task.status, task.closed_by) == ("closed", world.lin)
    finding = Finding.objects.get()
    assert (finding.status, finding.inspection.status) == ("closed", "closed")
    assert not Clock.objects.of(task).open().exists()
    assert audit.history(task).filter(verb="task.closed").get().by == world.lin


def test_an_inspection_closes_with_its_last_finding(world, school, chen):
    row = make_signed(school, world.shi, no(MAJOR), no(MINOR), serve_now=True)
    for task, status in zip(
        RectificationTask.objects.order_by("pk"), ("pending_closure", "closed"), strict=True
    ):
        prove(task, chen)
        pass_recheck(task, world.du)
        services.close_out(task, by=world.lin)
        row.refresh_from_db()
        assert row.status == status


def test_closing_twice_is_refused(world, task):
    services.close_out(task, by=world.lin)
    with pytest.raises(TransitionRefused):
        services.close_out(task, by=world.ning)


def test_a_stale_copy_loses(world, task):
    with pytest.raises(StaleVersion):
        services.close_out(task, by=world.lin, version=task.version - 1)


def test_proof_recheck_and_closeout_are_different_people(world, school, chen):
    task = make_task(school, world.shi)
    prove(task, chen)
    pass_recheck(task, world.lin)
    with pytest.raises(services.SeparateHands, match="教育局"):
        services.close_out(task, by=world.lin)
    services.close_out(task, by=world.ning)


def test_critical_findings_are_closed_by_the_leader(world, school, chen):
    task = rechecked(world, school, chen, CRITICAL)
    with pytest.raises(DutyMissing):
        services.close_out(task, by=world.lin)
    services.close_out(task, by=world.luo)


def test_the_issuing_department_closes(world, task):
    for member in (world.mei, world.zhou, world.shi):
        with pytest.raises(DutyMissing):
            services.close_out(task, by=member)


def test_without_a_recheck_nothing_is_closed(world, school, chen):
    task = make_task(school, world.shi)
    prove(task, chen)
    with pytest.raises(Refused):
        services.close_out(task, by=world.lin)


def test_a_task_is_superseded_when_a_case_is_filed(world, school):
    task = make_task(school, world.shi)
    services.supersede(task, by=world.lin, why="case_filed", reason="已立案查处")
    task.refresh_from_db()
    assert (task.status, task.superseded_for) == ("superseded", "case_filed")
    assert not task.clocks.open().exists()
    assert Finding.objects.get().status == "closed"


def test_superseding_needs_a_reason_and_the_department(world, school):
    task = make_task(school, world.shi)
    with pytest.raises(Refused):
        services.supersede(task, by=world.lin, why="shut_down", reason="")
    with pytest.raises(DutyMissing):
        services.supersede(task, by=world.mei, why="shut_down", reason="x")


def test_a_finding_handed_over_waits_for_the_other_department(world, school):
    task = make_task(school, world.shi)
    services.transfer(task, to=world.department("samr"), by=world.lin, reason="属价格问题")
    finding = Finding.objects.get()
    assert (finding.status, finding.lead) == ("open", world.department("samr"))
    assert Finding.objects.visible_to(world.ma).awaiting_notice().get() == finding
    new = services.issue([finding], by=world.ma)[0]
    assert new.lead == world.department("samr")


def test_it_is_not_handed_to_another_county(world, school):
    task = make_task(school, world.shi)
    with pytest.raises(Refused):
        services.transfer(task, to=world.department("edu_other"), by=world.lin, reason="x")
