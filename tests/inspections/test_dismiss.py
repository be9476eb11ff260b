"""A finding that does not stand: proposed by one, decided by another."""

import pytest

from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion
from inspections import services
from inspections.models import Finding
from tests.inspections.builders import MAJOR, make_finding, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(world, school):
    return make_finding(school, world.shi)


def propose(finding, by, reason="证件当场补交"):
    services.propose_dismissal(finding, by=by, reason=reason)


def test_two_people_dismiss_and_the_inspection_closes(world, finding):
    propose(finding, world.lin)
    services.confirm_dismissal(finding, by=world.ning)
    finding.refresh_from_db()
    assert (finding.status, finding.dismissed_by) == ("dismissed", world.ning)
    finding.inspection.refresh_from_db()
    assert finding.inspection.status == "closed"


def test_the_proposer_does_not_decide(world, finding):
    propose(finding, world.lin)
    with pytest.raises(services.SeparateHands, match="教育局"):
        services.confirm_dismissal(finding, by=world.lin)


def test_proposing_twice_is_refused(world, finding):
    propose(finding, world.lin)
    with pytest.raises(Refused):
        propose(finding, world.ning)


def test_a_stale_copy_loses(world, finding):
    stale = Finding.objects.get()
    propose(finding, world.lin)
    with pytest.raises(StaleVersion):
        propose(stale, world.ning)


def test_the_finding_stands_when_the_second_person_disagrees(world, finding):
    propose(finding, world.lin)
    services.reject_dismissal(finding, by=world.luo)
    assert (finding.status, finding.dismissal_reason) == ("open", "")
    propose(finding, world.ning)


def test_another_department_does_not_decide(world, finding):
    propose(finding, world.shi)
    with pytest.raises(DutyMissing):
        services.confirm_dismissal(finding, by=world.ma)


def test_an_order_ends_with_its_finding(world, school):
    task = make_task(school, world.shi, MAJOR)
    finding = task.finding
    propose(finding, world.lin)
    services.confirm_dismissal(finding, by=world.ning)
    task.refresh_from_db()
    assert (task.status, task.superseded_for) == ("superseded", "dismissed")
    assert not task.clocks.open().exists()


def test_a_reason_is_needed(world, finding):
    with pytest.raises(Refused):
        propose(finding, world.lin, " ")
