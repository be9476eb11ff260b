"""The notice: issued, approved where it suspends, served, and the clock from service on."""

import datetime as dt

import pytest

from governance import deadlines, notifications, papers
from governance.models import Clock, Paper
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from inspections import services
from inspections.models import RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import FIRE, MAJOR, MINOR, make_signed, make_task, no

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(world, school):
    return make_signed(school, world.shi, no(MAJOR, "课表未公示"), no("D02"), no(MINOR))


def issue(inspection, by, **more):
    return services.issue(list(inspection.findings.order_by("pk")), by=by, **more)


def serve(tasks, by, **more):
    facts = {"on": TODAY, "way": "direct"} | more
    services.serve(tasks, by=by, **facts)


def test_findings_of_one_term_share_a_numbered_notice(world, inspection):
    tasks = issue(inspection, world.lin)
    assert len(tasks) == 3
    assert len({task.paper_id for task in tasks}) == 2
    paper = next(task.paper for task in tasks if task.finding.item.code == MAJOR)
    assert paper.department == world.department("edu")
    assert papers.verify(paper) == []
    assert "课表未公示" in paper.facts["problems"][0]["text"]
    assert paper.facts["contact_person"] == "林"
    inspection.refresh_from_db()
    assert inspection.status == "pending_closure"


def test_issuing_twice_is_refused(world, inspection):
    issue(inspection, world.lin)
    with pytest.raises(Refused):
        issue(inspection, world.ning)
    assert Paper.objects.count() == 2


def test_only_the_competent_department_issues(world, inspection):
    with pytest.raises(DutyMissing):
        issue(inspection, world.ma)
    with pytest.raises(DutyMissing):
        issue(inspection, world.shen)


def test_findings_of_two_departments_are_not_mixed(world, school):
    mixed = make_signed(school, world.shi, no(FIRE), no(MAJOR))
    with pytest.raises(Refused):
        issue(mixed, world.lin)


def test_the_term_is_chosen_within_the_rule(world, school):
    row = make_signed(school, world.shi, no(MAJOR))
    with pytest.raises(Refused):
        issue(row, world.lin, term=31)
    task = issue(row, world.lin, term=20)[0]
    serve([task], world.lin)
    assert deadlines.find(task, task.clock_rule).due_on == dt.date(2026, 3, 24)


def test_the_clock_starts_with_service_not_with_the_paper(world, school):
    task = make_task(school, world.shi, served=False)
    assert not task.clocks.exists()
    serve([task], world.lin)
    clock = deadlines.find(task, "finding.rectify.major")
    # fifteen days from the day after; the 19th is a Thursday
    assert (clock.event_on, clock.due_on) == (TODAY, dt.date(2026, 3, 19))
    assert deadlines.find(task, "finding.rectify.max").due_on == dt.date(2026, 6, 4)


def test_serving_tells_the_institution_and_shows_it_the_task(world, school, chen):
    task = make_task(school, world.shi, served=False)
    assert not RectificationTask.objects.visible_to(chen)
    serve([task], world.lin)
    assert RectificationTask.objects.visible_to(chen).get() == task
    assert notifications.unread_count(chen) == 1


def test_serving_twice_is_refused(world, school):
    task = make_task(school, world.shi)
    with pytest.raises(Refused):
        serve([task], world.lin)
    assert Clock.objects.of(task).count() == 2


def test_a_stale_copy_does_not_serve(world, school):
    task = make_task(school, world.shi, served=False)
    with pytest.raises(StaleVersion):
        serve([task], world.lin, version=task.version + 1)


def test_service_lies_between_inspection_and_today(world, school):
    task = make_task(school, world.shi, served=False)
    for day in (TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)):
        with pytest.raises(Refused):
            serve([task], world.lin, on=day)


def test_left_or_posted_notices_name_the_witness_or_waybill(world, school):
    task = make_task(school, world.shi, served=False)
    with pytest.raises(Refused):
        serve([task], world.lin, way="left")
    serve([task], world.lin, way="left", note="见证人王某")


def test_other_departments_do_not_serve(world, school):
    task = make_task(school, world.shi, served=False)
    with pytest.raises(DutyMissing):
        serve([task], world.ma)


class TestSuspension:
    """A notice that suspends waits for the leader."""

    @pytest.fixture
    def task(self, world, school):
        row = make_signed(school, world.shi, no(MAJOR))
        return issue(row, world.lin, mode="RECTIFY_SUSPENDED")[0]

    def test_it_has_no_number_and_is_not_served_before(self, world, task):
        assert task.paper is None
        assert RectificationTask.objects.awaiting_approval().get() == task
        assert not RectificationTask.objects.awaiting_service()
        with pytest.raises(Refused):
            serve([task], world.lin)

    def test_the_leader_approves_once_and_it_is_numbered(self, world, task):
        assert notifications.unread_count(world.luo) == 1
        services.approve(task, by=world.luo)
        assert task.paper.number_text
        with pytest.raises(Refused):
            services.approve(task, by=world.luo)
        serve([task], world.lin)

    def test_others_do_not_approve(self, world, task):
        for member in (world.lin, world.mei, world.zhou):
            with pytest.raises(DutyMissing):
                services.approve(task, by=member)

    def test_a_leader_does_not_approve_a_notice_of_the_leaders_own(self, world, school):
        row = make_signed(school, world.shi, no(MAJOR))
        task = issue(row, world.luo, mode="RECTIFY_SUSPENDED")[0]
        with pytest.raises(services.SeparateHands):
            services.approve(task, by=world.luo)
