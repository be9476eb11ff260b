"""More time: asked before the term runs out, decided by the issuing leader."""

import datetime as dt

import pytest

from governance import deadlines, notifications
from governance.scoping import DutyMissing
from governance.workflow import Refused
from inspections import services
from inspections.models import ExtensionRequest, RectificationTask
from tests.conftest import TODAY
from tests.inspections.builders import CRITICAL, make_task, on_day, prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world, school):
    return make_task(school, world.shi)


def ask(task, by, days=10, reason="设备到货延迟"):
    return services.ask_extension(task, by=by, days=days, reason=reason)


def due(task):
    return deadlines.find(task, task.clock_rule).due_on


def test_the_leader_grants_and_the_clock_moves(world, task, chen):
    request = ask(task, chen)
    assert notifications.unread_count(world.luo) >= 1
    services.grant_extension(request, by=world.luo, note="同意")
    assert (request.status, request.decided_by) == ("granted", world.luo)
    assert due(task) == dt.date(2026, 3, 30)  # 15 + 10 days end on Sunday 29 March
    assert notifications.unread_count(chen) == 1


def test_it_is_decided_once(world, task, chen):
    request = ask(task, chen)
    services.grant_extension(request, by=world.luo)
    with pytest.raises(Refused):
        services.refuse_extension(request, by=world.luo, note="x")


def test_a_stale_copy_loses(world, task, chen):
    request = ask(task, chen)
    stale = ExtensionRequest.objects.get()
    services.refuse_extension(request, by=world.luo, note="可以按期完成")
    with pytest.raises(Refused):
        services.grant_extension(stale, by=world.luo)
    assert due(task) == dt.date(2026, 3, 19)


def test_refusing_needs_a_reason(world, task, chen):
    request = ask(task, chen)
    with pytest.raises(Refused):
        services.refuse_extension(request, by=world.luo, note=" ")


def test_only_one_request_waits(world, task, chen):
    ask(task, chen)
    with pytest.raises(Refused):
        ask(task, world.shi)
    assert RectificationTask.objects.with_open_extension().get() == task


def test_only_the_issuing_leader_decides(world, task, chen):
    request = ask(task, chen)
    for member in (world.lin, world.mei, world.zhou):
        with pytest.raises(DutyMissing):
            services.grant_extension(request, by=member)


def test_departments_do_not_ask_for_the_institution(world, task):
    with pytest.raises(DutyMissing):
        ask(task, world.lin)


def test_after_the_term_it_is_too_late(world, task, chen):
    on_day(TODAY + dt.timedelta(days=16))
    with pytest.raises(Refused):
        ask(task, chen)


def test_danger_is_not_extended(world, school, chen):
    with pytest.raises(Refused):
        ask(make_task(school, world.shi, CRITICAL), chen)


def test_the_whole_never_passes_three_months(world, task, chen):
    request = ask(task, chen, days=90)
    with pytest.raises(Refused, match="2026-06-04"):
        services.grant_extension(request, by=world.luo)


def test_proof_overtakes_a_request(world, task, chen):
    request = ask(task, chen)
    prove(task, chen)
    request.refresh_from_db()
    assert request.status == "withdrawn"
