"""The re-check by other hands, and the next round."""

import datetime as dt

import pytest

from governance import deadlines, notifications
from governance.scoping import DutyMissing
from governance.workflow import Refused
from inspections import services
from inspections.models import RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import (
    CRITICAL,
    make_task,
    on_day,
    pass_recheck,
    prove,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world, school, chen):
    made = make_task(school, world.shi)
    prove(made, chen)
    return made


def reject(task, by, **more):
    return services.recheck(task, by=by, passed=False, note="公示栏仍为空", **more)


def test_passed_waits_for_closeout(world, task):
    row = pass_recheck(task, world.lin)
    assert (task.status, row.result, row.round) == ("rechecked", "passed", 1)
    assert not deadlines.find(task, "finding.recheck")
    assert RectificationTask.objects.awaiting_closeout().get() == task


def test_rejected_goes_back_with_a_new_round_and_a_new_term(world, task, chen):
    on_day(dt.date(2026, 3, 10))
    reject(task, world.lin, photos=[upload(7)])
    assert (task.status, task.round) == ("served", 2)
    assert deadlines.find(task, task.clock_rule).due_on == dt.date(2026, 3, 25)
    assert notifications.unread_count(chen) == 2
    prove(task, chen, seed=9)
    assert task.proofs.last().round == 2


def test_rounds_stay_within_the_longest_term(world, task):
    on_day(dt.date(2026, 5, 29))  # the whole matter ends on 4 June
    reject(task, world.lin)
    assert deadlines.find(task, task.clock_rule).due_on == dt.date(2026, 6, 4)


def test_who_proved_does_not_recheck(world, school):
    task = make_task(school, world.shi)
    prove(task, world.shi)
    with pytest.raises(services.SeparateHands):
        pass_recheck(task, world.shi)


def test_rechecking_twice_is_refused(world, task):
    pass_recheck(task, world.lin)
    with pytest.raises(Refused):
        pass_recheck(task, world.ning)
    assert task.rechecks.count() == 1


def test_a_stale_copy_loses(world, task):
    stale = RectificationTask.objects.get()
    pass_recheck(task, world.lin)
    with pytest.raises(Refused):
        services.recheck(stale, by=world.ning, passed=False, note="x", version=stale.version)


def test_critical_findings_are_rechecked_by_two(world, school, chen):
    task = make_task(school, world.shi, CRITICAL)
    prove(task, chen)
    with pytest.raises(Refused):
        pass_recheck(task, world.du)
    with pytest.raises(services.SeparateHands):
        pass_recheck(task, world.du, companion=world.du)
    assert pass_recheck(task, world.du, companion=world.dai).companion == world.dai


def test_the_township_may_look_for_the_department(world, task):
    pass_recheck(task, world.shi)


def test_strangers_do_not_recheck(world, task):
    with pytest.raises(DutyMissing):
        pass_recheck(task, world.ma)
    with pytest.raises(DutyMissing):
        pass_recheck(task, world.shen)


def test_words_are_needed(world, task):
    with pytest.raises(Refused):
        services.recheck(task, by=world.lin, passed=True, note="")


def test_without_proof_there_is_nothing_to_look_at(world, school):
    with pytest.raises(Refused):
        pass_recheck(make_task(school, world.shi), world.lin)


def test_the_recheck_is_due_five_working_days_after_the_proof(task):
    assert deadlines.find(task, "finding.recheck").due_on == dt.date(2026, 3, 11)
    assert dt.date(2026, 3, 4) == TODAY
