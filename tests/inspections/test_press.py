"""Overdue is a question; pressing reaches whoever can move it."""

import datetime as dt

import pytest

from governance import audit, notifications
from governance.scoping import DutyMissing
from governance.workflow import Refused
from inspections import services
from inspections.models import RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import make_task, on_day, prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world, school):
    return make_task(school, world.shi)


def test_overdue_begins_the_day_after_the_last(world, task):
    rows = RectificationTask.objects.visible_to(world.shi)
    on_day(dt.date(2026, 3, 19))
    assert not rows.overdue()
    assert rows.due_on().get() == task
    on_day(dt.date(2026, 3, 20))
    assert rows.overdue().get() == task
    assert rows.overdue(TODAY).count() == 0


def test_department_township_and_institution_are_told(world, task, chen):
    before = {who: notifications.unread_count(who) for who in (world.lin, world.shi, chen)}
    services.press(task, by=world.luo, text="三日内务必完成")
    for who, count in before.items():
        assert notifications.unread_count(who) == count + 1
    assert task.clock.pressed_at
    assert audit.history(task).filter(verb="task.pressed").exists()


def test_the_leading_group_presses_too(world, task):
    services.press(task, by=world.zhou, text="请尽快")


def test_clerks_do_not_press(world, task):
    with pytest.raises(DutyMissing):
        services.press(task, by=world.lin, text="x")


def test_leaders_of_strangers_do_not_press(world, task):
    with pytest.raises(DutyMissing):
        services.press(task, by=world.mei, text="x")


def test_it_may_be_pressed_again_and_in_the_recheck(world, task, chen):
    services.press(task, by=world.luo, text="一")
    prove(task, chen)
    fresh = RectificationTask.objects.get()
    assert fresh.clock.code == "finding.recheck"
    services.press(fresh, by=world.luo, text="二")


def test_a_notice_that_was_not_served_has_no_term_to_press(world, school):
    task = make_task(school, world.shi, served=False)
    with pytest.raises(Refused):
        services.press(task, by=world.luo, text="x")
