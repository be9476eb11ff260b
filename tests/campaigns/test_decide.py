"""Accepting and handing back, by the department that collects."""

import datetime as dt

import pytest

from campaigns import services
from campaigns.models import Return
from governance.models import AuditEvent, Clock, Notification
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from tests.campaigns.builders import (
    make_accepted,
    make_collection,
    make_drafted,
    make_submitted,
)

pytestmark = pytest.mark.django_db


def test_accepting_names_the_hand(world):
    owed = make_accepted(world)
    owed.refresh_from_db()
    assert (owed.status, owed.decided_by) == ("accepted", world.lin)
    assert AuditEvent.objects.filter(verb="return.accepted", by=world.lin).count() == 1


def test_what_goes_back_says_why_and_has_three_working_days(world):
    owed = make_submitted(world)
    services.give_back(owed, reason="检查数与台账不符", by=world.lin)
    owed.refresh_from_db()
    assert (owed.status, owed.return_reason) == ("returned", "检查数与台账不符")
    running = Clock.objects.of(owed).running().get()
    assert (running.code, running.due_on) == ("collection.again", dt.date(2026, 3, 9))
    told = Notification.objects.filter(key__startswith=f"return-back:{owed.pk}:1:")
    assert {note.recipient for note in told} == {world.shi}


def test_the_days_to_hand_it_in_again_are_chosen(world):
    owed = make_submitted(world)
    services.give_back(owed, reason="补报", days=1, by=world.lin)
    assert Clock.objects.of(owed).running().get().due_on == dt.date(2026, 3, 5)


def test_what_went_back_comes_again(world):
    owed = make_submitted(world)
    services.give_back(owed, reason="补报", by=world.lin)
    services.submit(owed, by=world.shi)
    services.accept(owed, by=world.lin)
    owed.refresh_from_db()
    assert (owed.status, owed.round) == ("accepted", 2)
    assert not Clock.objects.of(owed).open().exists()


def test_an_accepted_return_goes_back_for_a_correction(world):
    owed = make_accepted(world)
    services.give_back(owed, reason="更正", by=world.lin)
    assert owed.with_unit


def test_without_a_reason_nothing_goes_back(world):
    with pytest.raises(Refused):
        services.give_back(make_submitted(world), reason=" ", by=world.lin)


def test_what_was_not_handed_in_is_not_accepted(world):
    with pytest.raises(TransitionRefused):
        services.accept(make_drafted(world), by=world.lin)


def test_accepting_twice_is_refused(world):
    owed = make_submitted(world)
    copy = Return.objects.get(pk=owed.pk)
    services.accept(owed, by=world.lin)
    with pytest.raises(TransitionRefused):
        services.accept(copy, by=world.luo)


def test_a_stale_copy_loses(world):
    owed = make_submitted(world)
    read = owed.version
    services.withdraw(owed, by=world.shi)
    services.submit(owed, by=world.shi)
    with pytest.raises(StaleVersion):
        services.accept(Return.objects.get(pk=owed.pk), by=world.lin, version=read)


def test_only_the_department_that_collects_decides(world):
    owed = make_submitted(world, make_collection(world))
    for member in (world.shi, world.mei, world.zhou, world.shen):
        with pytest.raises(DutyMissing):
            services.accept(owed, by=member)
