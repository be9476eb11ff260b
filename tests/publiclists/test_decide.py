"""The decision: after the window, by another person, on grounds that still hold."""

import datetime as dt

import pytest
from django.utils import translation

from governance import daylight, numbers
from governance.models import Number, Role
from governance.scoping import DutyMissing
from governance.workflow import Refused, TransitionRefused
from institutions.models import Licence
from publiclists import services
from publiclists.duties import SameHand
from publiclists.models import ListEntry
from publiclists.services.deciding import WindowOpen
from publiclists.services.proposing import GroundMissing
from tests.conftest import make_member
from tests.publiclists.builders import after_window, make_decided, make_noticed, make_proposal


def decide(entry, by):
    services.decide(entry, decision="同意", number="1号", by=by)


def test_deciding_gives_number_and_term(world):
    entry = make_decided(world)
    assert entry.status == "decided"
    assert entry.number == "W-2026-000001"
    assert entry.decided_on == dt.date(2026, 3, 18)
    assert entry.ends_on == dt.date(2027, 3, 18)


def test_a_black_entry_has_a_least_period(world):
    entry = make_decided(world, "BLACK")
    assert entry.number == "B-2026-000001"
    assert entry.least_until == dt.date(2026, 9, 18)
    assert entry.ends_on == dt.date(2029, 3, 18)


def test_the_number_has_its_row(world):
    entry = make_decided(world)
    number = Number.objects.get(text=entry.number)
    assert (number.state, number.object_id) == ("used", entry.pk)
    assert numbers.gaps() == []


def test_while_the_window_is_open_nothing_is_decided(world):
    entry = make_noticed(world)
    with translation.override("en"), pytest.raises(WindowOpen, match="2026-03-11"):
        decide(entry, world.luo)


def test_the_last_day_of_the_window_still_belongs_to_the_party(world):
    entry = make_noticed(world)
    daylight.set_day(dt.date(2026, 3, 11))
    with pytest.raises(WindowOpen):
        decide(entry, world.luo)
    daylight.set_day(dt.date(2026, 3, 12))
    decide(entry, world.luo)


def test_an_open_objection_stops_the_decision(world):
    entry = make_noticed(world)
    services.record_objection(entry, "不服", by=world.lin)
    after_window()
    with pytest.raises(Refused):
        decide(entry, world.luo)


def test_without_a_notice_nothing_is_decided(world):
    with pytest.raises(Refused):
        decide(make_proposal(world), world.luo)


def test_the_proposer_does_not_decide(world):
    entry = make_noticed(world)
    ListEntry.objects.filter(pk=entry.pk).update(created_by=world.luo)
    entry.refresh_from_db()
    after_window()
    make_member("feng", world.department("edu"), Role.LEADER, name="冯")
    with pytest.raises(SameHand, match="冯"):
        decide(entry, world.luo)


def test_another_membership_of_the_same_person_is_the_same_hand(world):
    entry = make_noticed(world)
    again = make_member("zeng", world.department("edu"), Role.LEADER, name="曾")
    again.user = world.lin.user
    again.save()
    after_window()
    with pytest.raises(SameHand):
        decide(entry, again)


def test_a_clerk_does_not_decide(world):
    entry = make_noticed(world)
    after_window()
    with pytest.raises(DutyMissing):
        decide(entry, world.ning)


def test_a_ground_that_fell_away_stops_the_decision(world):
    entry = make_noticed(world)
    after_window()
    Licence.objects.filter(institution=entry.institution).update(valid_to=dt.date(2026, 3, 5))
    with pytest.raises(GroundMissing):
        decide(entry, world.luo)


def test_deciding_twice_is_refused_and_gives_no_second_number(world):
    entry = make_decided(world)
    with pytest.raises(TransitionRefused):
        decide(entry, world.luo)
    assert Number.objects.filter(text__startswith="W-").count() == 1


def test_a_decided_entry_is_dropped_by_who_may_decide(world):
    entry = make_decided(world)
    with pytest.raises(DutyMissing):
        services.drop(entry, reason="x", by=world.lin)
    services.drop(entry, reason="撤销决定", by=world.luo)
    assert entry.status == "dropped"
