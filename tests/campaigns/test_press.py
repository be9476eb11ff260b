"""Pressing: at once, once a day, one unit or all that are late."""

import pytest

from campaigns import services
from campaigns.services.pressing import PressedToday
from governance import reminders
from governance.models import Notification
from governance.scoping import DutyMissing
from governance.workflow import Refused
from tests.campaigns.builders import make_accepted, make_collection, return_of

pytestmark = pytest.mark.django_db


def told(owed):
    return Notification.objects.filter(key__startswith=f"return-press:{owed.pk}:", channel="inapp")


def test_the_unit_hears_it_at_once(world):
    owed = return_of(make_collection(world), world.shi)
    services.press(owed, by=world.lin)
    [note] = told(owed)
    assert (note.recipient, note.kind) == (world.shi, "press")


def test_nobody_is_pressed_twice_on_one_day(world, set_day):
    owed = return_of(make_collection(world), world.shi)
    services.press(owed, by=world.lin)
    with pytest.raises(PressedToday):
        services.press(return_of(owed.collection, world.shi), by=world.luo)
    assert told(owed).count() == 1
    set_day("2026-03-05")
    services.press(return_of(owed.collection, world.shi), by=world.lin)
    owed.refresh_from_db()
    assert (told(owed).count(), owed.presses) == (2, 2)


def test_pressing_all_reaches_those_that_are_late(world, set_day):
    collection = make_collection(world)
    assert services.press_late(collection, by=world.lin) == 0
    make_accepted(world, collection)
    set_day("2026-03-23")
    assert services.press_late(collection, by=world.lin) == 1
    assert told(return_of(collection, world.he)).count() == 1
    assert services.press_late(collection, by=world.lin) == 0


def test_what_was_handed_in_is_not_pressed_for(world):
    with pytest.raises(Refused):
        services.press(make_accepted(world), by=world.lin)


def test_only_the_department_that_collects_presses(world):
    owed = return_of(make_collection(world), world.shi)
    for member in (world.he, world.mei, world.shen):
        with pytest.raises(DutyMissing):
            services.press(owed, by=member)


def test_the_sweep_reminds_three_days_and_one_day_ahead(world, set_day):
    owed = return_of(make_collection(world), world.shi)
    for day in ("2026-03-17", "2026-03-19"):
        set_day(day)
        reminders.sweep()
    reminded = Notification.objects.filter(clock=owed.clock, step__startswith="before:")
    assert sorted(note.step for note in reminded) == ["before:1", "before:3"]
