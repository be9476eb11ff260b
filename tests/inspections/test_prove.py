"""Proof: statement, pictures, five assurances; from the institution or its township."""

import uuid as uuids

import pytest

from governance import deadlines, notifications
from governance.errors import WrongType
from governance.scoping import DutyMissing
from governance.workflow import Refused
from inspections import services
from inspections.models import Proof, RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import ASSURANCES, make_task, on_day, prove, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world, school):
    return make_task(school, world.shi)


def test_proof_ends_the_institutions_clock_and_starts_the_recheck(world, task, chen):
    proof = prove(task, chen)
    assert (task.status, proof.round, proof.submitted_on) == ("submitted", 1, TODAY)
    assert proof.attachments.count() == 1
    assert task.clocks.get(code=task.clock_rule).status == "met"
    assert deadlines.find(task, "finding.recheck")
    assert notifications.unread_count(world.lin) >= 1


def test_a_township_hands_in_for_an_institution(world, task):
    prove(task, world.shi)
    assert task.status == "submitted"


def test_departments_do_not_hand_in_proof(world, task):
    with pytest.raises(DutyMissing):
        prove(task, world.lin)


def test_all_five_assurances_are_needed(world, task, chen):
    with pytest.raises(Refused, match=r"assurances|五落实|五项"):
        prove(task, chen, funds=" ")
    services.set_assurances(task, by=chen, **ASSURANCES)
    services.submit_proof(task, by=chen, statement="已改", photos=[upload()])


def test_a_picture_is_needed_where_the_item_says_so(world, task, chen):
    with pytest.raises(Refused, match=r"photo|照片"):
        prove(task, chen, photos=[])


def test_a_statement_is_needed(world, task, chen):
    with pytest.raises(Refused):
        prove(task, chen, statement="")


def test_pressing_the_button_twice_is_one_proof(world, task, chen):
    uuid = uuids.uuid4()
    assert prove(task, chen, uuid=uuid) == prove(task, chen, uuid=uuid)
    assert Proof.objects.count() == 1


def test_a_second_proof_of_the_round_is_refused(world, task, chen):
    prove(task, chen)
    with pytest.raises(Refused):
        prove(task, chen)


def test_a_stale_form_is_refused(world, task, chen):
    with pytest.raises(Refused):
        prove(task, chen, version=task.version - 1)
    assert RectificationTask.objects.get().status == "served"


def test_before_service_nothing_is_handed_in(world, school):
    task = make_task(school, world.shi, served=False)
    with pytest.raises(Refused):
        prove(task, world.shi)


def test_late_proof_is_marked_late(world, task, chen):
    on_day(TODAY.replace(day=25))
    assert RectificationTask.objects.overdue().get() == task
    prove(task, chen)
    assert task.clocks.get(code=task.clock_rule).status == "missed"
    assert not RectificationTask.objects.overdue()


def test_an_executable_is_no_photo(world, task, chen):
    bad = upload(name="photo.jpg")
    bad.file.seek(0)
    bad.file.write(b"MZ" + b"\0" * 200)
    bad.file.seek(0)
    with pytest.raises(WrongType):
        prove(task, chen, photos=[bad])
