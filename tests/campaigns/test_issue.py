"""Issuing: every unit gets a return, a clock and a message."""

import datetime as dt

import pytest

from campaigns import services
from campaigns.models import Collection, Return
from governance import deadlines
from governance.models import AuditEvent, Clock, Notification
from governance.scoping import DutyMissing
from governance.workflow import Refused
from tests.campaigns.builders import make_collection, make_district, make_plan, return_of

pytestmark = pytest.mark.django_db


def test_every_unit_gets_a_return_with_its_clock_and_a_message(world):
    collection = make_collection(world)
    assert {owed.lead for owed in collection.returns.all()} == {
        world.department("xicheng"),
        world.department("shuangliu"),
    }
    owed = return_of(collection, world.shi)
    assert (owed.status, owed.clock.due_on) == ("owed", dt.date(2026, 3, 20))
    told = Notification.objects.filter(key__startswith=f"return-issued:{owed.pk}:")
    assert {note.recipient for note in told} == {world.shi}
    assert AuditEvent.objects.filter(verb="collection.issued", object_id=collection.pk).exists()


@pytest.mark.parametrize(
    ("rule", "day", "due"),
    [
        ("collection.due", "2026-03-21", "2026-03-21"),  # a Saturday
        ("collection.due.next", "2026-03-21", "2026-03-23"),
        ("collection.due.previous", "2026-03-21", "2026-03-20"),
    ],
)
def test_a_given_day_rolls_as_its_rule_says(world, rule, day, due):
    collection = make_collection(world, due_rule=rule, due_day=dt.date.fromisoformat(day))
    assert return_of(collection, world.he).clock.due_on == dt.date.fromisoformat(due)


def test_the_20th_moves_to_the_next_working_day(world):
    june = {"period_from": dt.date(2026, 6, 1), "period_to": dt.date(2026, 6, 30)}
    clock = return_of(make_collection(world, **june), world.shi).clock
    assert clock.due_on == dt.date(2026, 6, 22)  # the 20th is the Saturday of the Dragon Boat days


def test_a_school_district_sees_what_it_owes_although_it_sits_in_town(world):
    district = make_district()
    collection = make_collection(world, units=[district])
    [owed] = collection.returns.all()
    assert district.covers(owed.division_id)


def test_a_day_that_is_over_is_refused(world):
    plan = make_plan(world, due_rule="collection.due", due_day=dt.date(2026, 3, 3))
    with pytest.raises(Refused, match="2026-03-03"):
        services.issue(plan, by=world.lin)


def test_a_collection_without_units_or_from_itself_is_refused(world):
    with pytest.raises(Refused):
        services.issue(make_plan(world, units=[]), by=world.lin)
    with pytest.raises(Refused):
        services.issue(make_plan(world, units=[world.department("edu")]), by=world.lin)


def test_a_township_and_an_auditor_do_not_issue(world):
    for member in (world.shi, world.shen):
        with pytest.raises(DutyMissing):
            services.issue(make_plan(world), by=member)


def test_units_see_their_own_return_only_and_the_issuer_all_of_them(world):
    collection = make_collection(world)
    seen = {
        name: Return.objects.visible_to(world.members[name]).filter(collection=collection).count()
        for name in ("lin", "shi", "he", "ma", "zhou", "shen", "ying", "xi")
    }
    assert seen == {
        "lin": 2, "shi": 1, "he": 1, "ma": 0, "zhou": 2, "shen": 2, "ying": 0, "xi": 0,
    }  # fmt: skip
    assert not Collection.objects.visible_to(world.shi).exists()
    assert not Return.objects.editable_by(world.lin).exists()


# --- every month again -----------------------------------------------------------------------


def monthly(world):
    return make_collection(world, repeats_until=dt.date(2026, 5, 31))


def test_the_next_month_is_issued_when_it_has_begun_and_once(world, set_day):
    first = monthly(world)
    assert services.issue_next(first, by=world.system) is None
    set_day("2026-04-01")
    second = services.issue_next(first, by=world.system)
    assert (second.period_from, second.period_to) == (dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    assert {owed.lead for owed in second.returns.all()} == {
        owed.lead for owed in first.returns.all()
    }
    assert services.issue_next(first, by=world.system) is None


def test_a_month_that_was_missed_is_issued_late(world, set_day):
    first = monthly(world)
    set_day("2026-04-25")  # a Saturday: the 20th of April is over
    second = services.issue_next(first, by=world.system)
    assert return_of(second, world.shi).clock.due_on == dt.date(2026, 4, 27)


def test_nothing_is_issued_after_the_last_day_or_when_it_was_stopped(world, set_day):
    first = monthly(world)
    set_day("2026-06-01")
    services.stop_repeating(first, by=world.lin)
    assert services.issue_next(first, by=world.system) is None
    with pytest.raises(Refused):
        services.stop_repeating(first, by=world.lin)


def test_a_unit_that_no_longer_exists_is_left_out(world, set_day):
    first = monthly(world)
    office = world.department("shuangliu")
    office.is_active = False
    office.save(update_fields=["is_active"])
    set_day("2026-04-01")
    second = services.issue_next(first, by=world.system)
    assert [owed.lead for owed in second.returns.all()] == [world.department("xicheng")]


def test_clocks_repeat_their_return(world):
    make_collection(world)
    assert list(deadlines.strays(Clock.objects.filter(code="campaign.monthly"))) == []
