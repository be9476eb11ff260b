"""The end of a collection: frozen figures, corrections beside them, or called off."""

import pytest

from campaigns import merging, services
from campaigns.merging import Merged
from campaigns.services.closing import frozen
from campaigns.services.filling import Edit
from governance import frozen_reports
from governance.models import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, TransitionRefused
from tests.campaigns.builders import (
    ACTION,
    make_accepted,
    make_collection,
    make_submitted,
    make_zero,
    return_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(world):
    """硒城 reports one action with five checks, 双流 nothing; both are accepted."""
    collection = make_collection(world)
    make_accepted(world, collection)
    services.accept(make_zero(collection, world.he), by=world.lin)
    return collection


def test_closing_freezes_the_sums_by_unit_and_over_all(world, complete):
    report = services.close(complete, by=world.lin)
    assert report.values["total"]["CHECKED"] == "5"
    assert report.values["units"]["硒城街道办事处"]["CHECKED"] == "5"
    assert report.values["zero"] == ["双流镇人民政府"]
    assert report.values["missing"] == []
    assert frozen_reports.is_intact(report)
    complete.refresh_from_db()
    assert (complete.status, complete.closed_by) == ("closed", world.lin)


def test_a_later_correction_is_shown_beside_the_frozen_figure(world, complete):
    services.close(complete, by=world.lin)
    owed = return_of(complete, world.shi)
    services.give_back(owed, reason="漏报一次", by=world.lin)
    services.save(owed, Edit(added=[ACTION | {"CHECKED": "3"}]), by=world.shi)
    services.submit(owed, by=world.shi)
    services.accept(owed, by=world.lin)
    report = frozen(complete)
    assert report.values["total"]["CHECKED"] == "5"
    changed = merging.corrections(report.values, Merged(complete))
    told = {(one.unit, one.column): (one.then, one.now) for one in changed}
    assert told == {
        ("硒城街道办事处", "rows"): ("1", "2"),
        ("硒城街道办事处", "CHECKED"): ("5", "8"),
        ("", "rows"): ("1", "2"),
        ("", "CHECKED"): ("5", "8"),
    }


def test_without_a_change_there_is_no_correction(world, complete):
    report = services.close(complete, by=world.lin)
    assert merging.corrections(report.values, Merged(complete)) == []


def test_missing_units_are_named_and_ask_for_a_reason(world):
    collection = make_collection(world)
    make_accepted(world, collection)
    with pytest.raises(Refused):
        services.close(collection, by=world.lin)
    report = services.close(collection, reason="双流镇因汛情缓报", by=world.lin)
    assert report.values["missing"] == ["双流镇人民政府"]
    owed = return_of(collection, world.he)
    assert Clock.objects.of(owed).get().status == "cancelled"
    services.zero(owed, by=world.he)  # late, and a correction when it is accepted
    services.accept(owed, by=world.lin)
    [added] = merging.corrections(report.values, Merged(collection))[:1]
    assert added.unit == "双流镇人民政府"


def test_what_waits_to_be_checked_is_checked_first(world):
    collection = make_collection(world)
    make_submitted(world, collection)
    with pytest.raises(Refused):
        services.close(collection, reason="x", by=world.lin)


def test_closing_twice_is_refused(world, complete):
    services.close(complete, by=world.lin)
    with pytest.raises(TransitionRefused):
        services.close(complete, by=world.lin)


def test_calling_off_ends_every_clock_and_asks_for_a_reason(world):
    collection = make_collection(world)
    with pytest.raises(Refused):
        services.cancel(collection, reason=" ", by=world.lin)
    services.cancel(collection, reason="并入月报", by=world.lin)
    assert not Clock.objects.filter(code="campaign.monthly").open().exists()
    with pytest.raises(Refused):
        services.zero(return_of(collection, world.shi), by=world.shi)


def test_only_the_department_that_collects_closes(world, complete):
    for member in (world.shi, world.mei, world.shen):
        with pytest.raises(DutyMissing):
            services.close(complete, by=member)
        with pytest.raises(DutyMissing):
            services.cancel(complete, reason="x", by=member)
