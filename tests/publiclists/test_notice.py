"""Serving the notice, objections and their review."""

import datetime as dt

import pytest

from governance import daylight
from governance.models import Notification
from governance.models.clocks import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from publiclists import services
from publiclists.duties import SameHand
from publiclists.models import ListEntry
from publiclists.services.noticing import window
from tests.conftest import TODAY, make_institution_member
from tests.publiclists.builders import after_window, attach_photo, make_noticed, make_proposal


def test_serving_starts_the_objection_window(world):
    entry = make_noticed(world)
    clock = window(entry)
    assert (entry.status, entry.served_on) == ("noticed", TODAY)
    assert clock.event_on == TODAY
    assert clock.due_on == dt.date(2026, 3, 11)  # five working days after Wednesday 4 March


def test_serving_twice_is_refused(world):
    entry = make_noticed(world)
    with pytest.raises(TransitionRefused):
        services.serve_notice(entry, way="paper", by=world.lin)


def test_a_stale_copy_loses(world):
    entry = make_proposal(world)
    stale = entry.version
    services.serve_notice(ListEntry.objects.get(pk=entry.pk), way="paper", by=world.lin)
    entry = ListEntry.objects.get(pk=entry.pk)
    with pytest.raises(StaleVersion):
        services.drop(entry, reason="x", by=world.lin, version=stale)


def test_a_black_entry_without_evidence_is_not_served(world):
    entry = make_proposal(world, "BLACK")
    with pytest.raises(Refused):
        services.serve_notice(entry, way="paper", by=world.lin)
    entry.refresh_from_db()
    assert entry.status == "proposed"


def test_a_file_is_evidence_too(world):
    entry = make_proposal(world, "BLACK")
    attach_photo(world, entry)
    services.serve_notice(entry, way="public", by=world.lin)
    assert entry.status == "noticed"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_notice_is_served_between_proposal_and_today(world, days):
    entry = make_proposal(world)
    day = TODAY + dt.timedelta(days=days)
    with pytest.raises(Refused):
        services.serve_notice(entry, way="paper", served_on=day, by=world.lin)


def test_the_institution_is_told(world):
    entry = make_proposal(world)
    chen = make_institution_member(entry.institution_id)
    services.serve_notice(entry, way="online", by=world.lin)
    assert Notification.objects.filter(recipient=chen).exists()


def test_an_objection_starts_its_review(world):
    entry = make_noticed(world)
    objection = services.record_objection(entry, "已整改", by=world.lin)
    assert Clock.objects.of(objection).get().code == "list.objectionReview"


def test_the_institution_objects_itself(world):
    entry = make_noticed(world)
    chen = make_institution_member(entry.institution_id)
    assert services.record_objection(entry, "不服", by=chen).recorded_by == chen


def test_an_objection_after_the_window_is_refused(world):
    entry = make_noticed(world)
    after_window()
    with pytest.raises(Refused):
        services.record_objection(entry, "晚了", by=world.lin)


def test_an_objection_received_in_time_is_taken_later(world):
    entry = make_noticed(world)
    after_window()
    made = services.record_objection(entry, "按时寄出", received_on=TODAY, by=world.lin)
    assert made.received_on == TODAY


def test_an_upheld_objection_drops_the_entry(world):
    entry = make_noticed(world)
    objection = services.record_objection(entry, "不是我们", by=world.lin)
    services.review_objection(objection, upheld=True, review="查实", by=world.luo)
    entry.refresh_from_db()
    assert entry.status == "dropped"
    assert not Clock.objects.of(entry).open().exists()


def test_the_proposer_does_not_review(world):
    entry = make_proposal(world)
    ListEntry.objects.filter(pk=entry.pk).update(created_by=world.luo)
    entry.refresh_from_db()
    services.serve_notice(entry, way="paper", by=world.lin)
    objection = services.record_objection(entry, "不服", by=world.lin)
    with pytest.raises(SameHand):
        services.review_objection(objection, upheld=False, review="x", by=world.luo)


def test_a_review_twice_is_refused(world):
    objection = services.record_objection(make_noticed(world), "不服", by=world.lin)
    services.review_objection(objection, upheld=False, review="不成立", by=world.luo)
    with pytest.raises(TransitionRefused):
        services.review_objection(objection, upheld=True, review="成立", by=world.luo)


def test_a_clerk_does_not_review(world):
    objection = services.record_objection(make_noticed(world), "不服", by=world.lin)
    with pytest.raises(DutyMissing):
        services.review_objection(objection, upheld=False, review="x", by=world.ning)


def test_a_window_that_ran_out_is_not_overdue_work(world):
    entry = make_noticed(world)
    after_window()
    services.close_window(entry, by=world.system)
    services.close_window(entry, by=world.system)
    assert not Clock.objects.of(entry).overdue(daylight.today()).exists()
    assert window(entry).status == "met"
