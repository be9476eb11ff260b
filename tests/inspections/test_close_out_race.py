"""Two officers close one task at the same moment."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from benchmarks._storm import database_of_its_own
from governance import audit
from governance.models import Membership
from governance.workflow import TransitionRefused
from inspections import services
from inspections.models import RectificationTask
from institutions.models import Institution
from tests.conftest import World, make_institution_member, make_world
from tests.inspections.builders import make_task, pass_recheck, prove
from tests.institutions.builders import make_institution

PATIENCE = 30  # seconds until a thread that never meets the other one fails


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """The cast and a re-checked task, seen by every connection."""
    with django_db_blocker.unblock(), database_of_its_own(f"mingshu_race_{os.getpid()}"):
        world = make_world()
        school = make_institution(world)
        yield world, rechecked(world, school, make_institution_member(school.pk))


def rechecked(world: World, school: Institution, chen: Membership) -> RectificationTask:
    task = make_task(school, world.shi)
    prove(task, chen)
    pass_recheck(task, world.du, world.dai)
    return task


def close(task_id: int, by: Membership, looked: threading.Barrier) -> str:
    """Open the page, wait until the other has it open too, press."""
    try:
        task = RectificationTask.objects.get(pk=task_id)
        looked.wait(PATIENCE)
        services.close_out(task, by=by)
    except TransitionRefused:
        return "refused"
    finally:
        connection.close()
    return "closed"


def both(world: World, task: RectificationTask) -> dict[str, str]:
    looked = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        pressed: dict[str, Future[str]] = {
            name: pool.submit(close, task.pk, world.members[name], looked)
            for name in ("lin", "ning")
        }
        return {name: job.result() for name, job in pressed.items()}


@pytest.mark.django_db
def test_of_two_open_pages_the_second_is_refused(world, school, chen):
    """Neither sent a version."""
    task = rechecked(world, school, chen)
    one, other = (RectificationTask.objects.get(pk=task.pk) for _ in range(2))
    services.close_out(one, by=world.lin)
    with pytest.raises(TransitionRefused):
        services.close_out(other, by=world.ning)
    task.refresh_from_db()
    assert task.closed_by == world.lin


def test_one_of_two_closes_and_the_other_is_told(committed):
    world, task = committed
    outcome = both(world, task)
    assert sorted(outcome.values()) == ["closed", "refused"]
    [winner] = [world.members[name] for name, word in outcome.items() if word == "closed"]
    task.refresh_from_db()
    assert (task.status, task.closed_by) == ("closed", winner)
    assert audit.history(task).filter(verb="task.closed").count() == 1


def test_whoever_comes_while_the_first_is_at_it_waits_and_is_refused(committed):
    world, task = committed
    alone = threading.Barrier(1)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.close_out(task, by=world.lin)
            second = pool.submit(close, task.pk, world.ning, alone)
            with pytest.raises(TimeoutError):
                second.result(timeout=1)
        assert second.result(timeout=PATIENCE) == "refused"
    task.refresh_from_db()
    assert task.closed_by == world.lin
