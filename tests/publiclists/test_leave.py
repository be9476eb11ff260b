"""Ways off the list: suspension, removal, expiry, withdrawal; and the nightly check."""

import datetime as dt
import json

import pytest

from governance import audit, daylight
from governance.models.clocks import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from institutions.models import Licence
from publiclists import public_pages, services, tasks, verification
from publiclists.models import ListEntry, Publication, PublicationEntry
from publiclists.services.proposing import GroundMissing
from tests.publiclists.builders import COUNTY, make_live, make_noticed, publish
from tests.publiclists.test_publish import file_of, keys


def lose_licence(entry):
    past = daylight.today() - dt.timedelta(days=1)
    Licence.objects.filter(institution=entry.institution).update(valid_to=past)


def test_a_removal_leaves_number_and_leaf_in_every_older_file(world):
    entry, first = make_live(world)
    second = publish(world)
    services.withdraw(entry, reason="失效", by=world.luo)
    for publication in (first, second):
        data = file_of(publication)
        assert verification.verify_file(data, keys()).ok
        [item] = json.loads(data)["entries"]
        assert set(item) == {"number", "leaf", "withdrawn_on"}
        assert "晨光" not in data.decode()


def test_the_chain_holds_over_removals(world):
    entry, _first = make_live(world)
    make_live(world, name="第二家")
    services.withdraw(entry, reason="失效", by=world.luo)
    publish(world)
    rows = Publication.objects.published().of_list(COUNTY, "WHITE")
    reports = verification.verify_files([(row.file_name, file_of(row)) for row in rows], keys())
    assert all(report.ok for report in reports)


def test_removal_keeps_the_text_inside_and_says_why(world):
    entry, _publication = make_live(world)
    services.withdraw(entry, reason="决定撤销", annulled=True, by=world.luo)
    assert (entry.status, entry.ended) == ("removed", "annulled")
    assert PublicationEntry.objects.get().text["name"] == "晨光艺术培训学校"
    assert audit.history(entry)[0].verb in ("list.withdrawn", "clock.cancelled")


def test_removal_needs_a_reason(world):
    entry, _publication = make_live(world)
    with pytest.raises(Refused):
        services.withdraw(entry, reason="", by=world.luo)


def test_a_black_entry_stays_for_its_least_period(world):
    entry, _publication = make_live(world, "BLACK")
    with pytest.raises(Refused, match="2026-09-18"):
        services.remove(entry, reason="已整改", by=world.luo)
    daylight.set_day(dt.date(2026, 9, 18))
    services.remove(entry, reason="已整改", by=world.luo)
    assert entry.ended == "put_right"


def test_a_clerk_does_not_remove(world):
    entry, _publication = make_live(world)
    with pytest.raises(DutyMissing):
        services.withdraw(entry, reason="x", by=world.lin)


def test_removing_twice_is_refused(world):
    entry, _publication = make_live(world)
    services.withdraw(entry, reason="失效", by=world.luo)
    with pytest.raises(TransitionRefused):
        services.withdraw(entry, reason="失效", by=world.luo)


def test_a_stale_copy_does_not_remove(world):
    entry, _publication = make_live(world)
    with pytest.raises(StaleVersion):
        services.withdraw(entry, reason="失效", by=world.luo, version=entry.version - 1)


def test_a_proposal_is_not_removed(world):
    with pytest.raises(TransitionRefused):
        services.withdraw(make_noticed(world), reason="x", by=world.luo)


def test_a_removed_institution_can_be_listed_again_under_a_new_number(world):
    entry, _publication = make_live(world)
    services.withdraw(entry, reason="失误", by=world.luo)
    again = services.propose(
        entry.institution, "WHITE", ["white.certified"], reason="x", by=world.lin
    )
    assert again.pk != entry.pk


def test_a_suspended_entry_leaves_the_current_list_and_comes_back(world):
    entry, publication = make_live(world)
    chain = public_pages.chain_of(COUNTY, "WHITE")
    services.suspend(entry, reason="正在核查", by=world.luo)
    assert not public_pages.found(chain).exists()
    assert publish(world).header["entry_count"] == 0
    services.reinstate(entry, reason="核查无误", by=world.luo)
    assert publish(world).header["entry_count"] == 1
    assert verification.verify_file(file_of(publication), keys()).ok


def test_without_its_ground_an_entry_is_not_put_back(world):
    entry, _publication = make_live(world)
    services.suspend(entry, reason="核查", by=world.luo)
    lose_licence(entry)
    with pytest.raises(GroundMissing):
        services.reinstate(entry, reason="x", by=world.luo)


def test_the_nightly_check_starts_the_time_for_a_withdrawal(world):
    entry, _publication = make_live(world)
    lose_licence(entry)
    tasks.check_lists()
    tasks.check_lists()
    entry.refresh_from_db()
    clock = Clock.objects.of(entry).running().get(code="publish.withdraw")
    assert entry.basis_lost_on == daylight.today()
    assert clock.due_on == dt.date(2026, 3, 23)  # three working days after Wednesday 18 March
    assert entry.status == "live"
    assert ListEntry.objects.basis_fell().get() == entry


def test_withdrawing_meets_the_clock(world):
    entry, _publication = make_live(world)
    lose_licence(entry)
    tasks.check_lists()
    entry.refresh_from_db()
    services.withdraw(entry, reason="许可到期", by=world.luo)
    assert Clock.objects.of(entry).get(code="publish.withdraw").status == "met"


def test_when_the_ground_holds_again_the_clock_stops(world):
    entry, _publication = make_live(world)
    lose_licence(entry)
    tasks.check_lists()
    Licence.objects.filter(institution=entry.institution).update(valid_to=dt.date(2028, 1, 1))
    tasks.check_lists()
    entry.refresh_from_db()
    assert entry.basis_lost_on is None
    assert Clock.objects.of(entry).get(code="publish.withdraw").status == "cancelled"


def test_an_entry_ends_the_day_after_its_last(world):
    entry, _publication = make_live(world)
    daylight.set_day(entry.ends_on)
    tasks.check_lists()
    entry.refresh_from_db()
    assert entry.status == "live"
    daylight.set_day(entry.ends_on + dt.timedelta(days=1))
    tasks.check_lists()
    entry.refresh_from_db()
    assert (entry.status, entry.ended) == ("removed", "expired")


def test_an_entry_does_not_expire_early(world):
    entry, _publication = make_live(world)
    with pytest.raises(Refused):
        services.expire(entry, by=world.system)


def test_reconfirming_gives_another_year(world):
    entry, _publication = make_live(world)
    daylight.set_day(dt.date(2027, 3, 1))
    services.reconfirm(entry, by=world.luo)
    assert entry.ends_on == dt.date(2028, 3, 1)
    assert Clock.objects.of(entry).running().get().event_on == dt.date(2027, 3, 1)


def test_reconfirming_without_the_ground_is_refused(world):
    entry, _publication = make_live(world)
    lose_licence(entry)
    with pytest.raises(GroundMissing):
        services.reconfirm(entry, by=world.luo)


def test_a_withdrawn_text_is_shown_to_staff_with_a_reason(world):
    entry, _publication = make_live(world)
    services.withdraw(entry, reason="失效", by=world.luo)
    row = PublicationEntry.objects.get()
    assert services.reveal(row, reason="信访核查", by=world.luo)["name"] == "晨光艺术培训学校"
    assert audit.history(entry)[0].facts["reason"] == "信访核查"
    with pytest.raises(Refused):
        services.reveal(row, reason=" ", by=world.luo)
    with pytest.raises(DutyMissing):
        services.reveal(row, reason="好奇", by=world.lin)
