"""Publishing: a third hand orders, the worker builds, the chain holds."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from governance import audit, daylight
from governance.models.clocks import Clock
from governance.scoping import DutyMissing
from governance.workflow import Refused
from institutions.models import Licence
from publiclists import format1, public_pages, services, signing, tasks, verification
from publiclists import keys as key_files
from publiclists.duties import SameHand
from publiclists.models import ListEntry, Publication, PublicationEntry, SigningKey
from publiclists.services.publishing import draft
from tests.publiclists.builders import COUNTY, make_decided, make_live, publish


def file_of(publication):
    return signing.file_of(publication, daylight.today())


def keys():
    return format1.parse_keys(public_pages.keys_file())


def chain(kind="WHITE"):
    rows = Publication.objects.published().of_list(COUNTY, kind)
    files = [(row.file_name, file_of(row)) for row in rows]
    return verification.verify_files(files, keys())


def test_publishing_brings_the_entry_onto_the_list(world):
    entry, publication = make_live(world)
    assert entry.status == "live"
    assert entry.listed_on == publication.as_of == daylight.today()
    assert publication.status == "published"
    assert publication.number == 1
    assert verification.verify_file(file_of(publication), keys()).ok


def test_the_file_says_what_was_decided_and_nothing_of_the_proposal(world):
    entry, publication = make_live(world)
    [item] = json.loads(file_of(publication))["entries"]
    assert item["entry"] == {
        "number": "W-2026-000001",
        "county": COUNTY,
        "kind": "WHITE",
        "name": "晨光艺术培训学校",
        "credit_code": None,
        "place": entry.division.name,
        "address": "人民路1号",
        "grounds": [{"code": "white.certified", "text": entry.grounds.get().statement}],
        "basis": entry.basis,
        "decision": "开教名单〔2026〕1号",
        "decided_on": "2026-03-18",
        "listed_on": "2026-03-18",
        "ends_on": "2027-03-18",
        "authority": "开阳县教育局",
    }


def test_the_header_carries_the_audit_head(world):
    audit.seal()
    head = audit.head()
    _entry, publication = make_live(world)
    assert publication.header["audit_head"] == head
    assert publication.header["published_at"] == f"{publication.published_at:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("hand", ["lin", "luo"])
def test_proposer_and_decider_do_not_publish(world, hand):
    make_decided(world)
    with pytest.raises(SameHand, match="宁"):
        services.order(COUNTY, "WHITE", by=getattr(world, hand))
    assert not Publication.objects.exists()


def test_the_proposer_may_publish_a_list_without_own_new_entries(world):
    make_live(world)
    assert services.order(COUNTY, "WHITE", by=world.lin).number == 2


@pytest.mark.parametrize("name", ["shi", "ma", "shen", "xi"])
def test_who_has_no_such_duty_cannot_publish(world, name):
    make_decided(world)
    with pytest.raises(DutyMissing):
        services.order(COUNTY, "WHITE", by=getattr(world, name))


def test_another_county_does_not_publish_ours(world):
    make_decided(world)
    with pytest.raises(Refused):
        services.order(COUNTY, "WHITE", by=world.ying)


def test_a_ground_that_fell_away_stops_the_publication(world):
    entry = make_decided(world)
    Licence.objects.filter(institution=entry.institution).update(valid_to=dt.date(2026, 3, 5))
    with pytest.raises(Refused, match="W-2026-000001"):
        services.order(COUNTY, "WHITE", by=world.ning)


def test_one_publication_is_made_at_a_time(world):
    make_decided(world)
    services.order(COUNTY, "WHITE", by=world.ning)
    with pytest.raises(Refused):
        services.order(COUNTY, "WHITE", by=world.ning)


def test_building_twice_changes_nothing(world):
    make_decided(world)
    ordered = services.order(COUNTY, "WHITE", by=world.ning)
    first = services.build(ordered)
    again = services.build(ordered)
    assert first.header == again.header
    assert Publication.objects.count() == 1


def test_the_sweep_builds_what_the_broker_lost(world):
    make_decided(world)
    services.order(COUNTY, "WHITE", by=world.ning)
    tasks.build_waiting()
    tasks.build_waiting()
    assert Publication.objects.get().status == "published"


def test_an_entry_dropped_between_order_and_building_stays_out(world):
    entry = make_decided(world)
    ordered = services.order(COUNTY, "WHITE", by=world.ning)
    services.drop(entry, reason="撤销", by=world.luo)
    assert services.build(ordered).header["entry_count"] == 0


def test_several_publications_are_one_chain(world):
    make_live(world)
    make_live(world, name="第二家")
    daylight.set_day(daylight.today() + dt.timedelta(days=1))
    third = publish(world)
    assert third.number == 3
    assert third.header["entry_count"] == 2
    assert all(report.ok for report in chain())
    assert chain()[-1].checks[-1].code == "chain"


def test_a_chain_does_not_go_back_in_time(world):
    make_live(world)
    daylight.set_day(daylight.today() - dt.timedelta(days=1))
    with pytest.raises(Refused, match="2026-03-18"):
        services.order(COUNTY, "WHITE", by=world.ning)


def test_each_kind_is_a_chain_of_its_own(world):
    make_live(world)
    _entry, black = make_live(world, "BLACK", name="黑户")
    assert black.number == 1
    assert black.header["previous"] is None


def test_one_flipped_byte_of_a_real_file_fails(world):
    _entry, publication = make_live(world)
    data = bytearray(file_of(publication))
    data[len(data) // 2] ^= 1
    assert not verification.verify_file(bytes(data), keys()).ok


def test_every_entry_gets_a_new_salt_in_every_publication(world):
    make_live(world)
    publish(world)
    salts = {bytes(salt) for salt in PublicationEntry.objects.values_list("salt", flat=True)}
    assert len(salts) == 2


def test_the_draft_says_who_comes_stays_and_leaves(world):
    entry, _publication = make_live(world)
    make_decided(world, name="第二家")
    services.withdraw(entry, reason="失效", by=world.luo)
    plan = draft(COUNTY, "WHITE")
    assert [row.number for row in plan.entering] == ["W-2026-000002"]
    assert plan.staying == []
    assert [row.number for row in plan.leaving] == ["W-2026-000001"]


def test_listing_starts_the_yearly_look(world):
    entry, _publication = make_live(world)
    assert Clock.objects.of(entry).running().get().code == "list.whiteReconfirm"


def test_a_published_row_cannot_be_changed_or_deleted(world):
    _entry, publication = make_live(world)
    for tamper in (
        lambda: Publication.objects.filter(pk=publication.pk).update(signature="0" * 128),
        lambda: publication.entries.update(text={}),
        lambda: publication.entries.all().delete(),
        lambda: Publication.objects.filter(pk=publication.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            tamper()


def test_a_new_key_signs_and_the_old_files_still_verify(world, settings):
    _entry, first = make_live(world)
    key_files.make(settings.MINGSHU_KEYS_DIR)
    second = publish(world)
    assert first.header["key_id"] != second.header["key_id"]
    assert SigningKey.objects.filter(until=None).count() == 1
    assert all(report.ok for report in chain())


def test_an_empty_list_can_be_published(world):
    assert publish(world).header["entry_count"] == 0


def test_the_register_of_a_publication_is_seen_in_the_county_only(world):
    make_live(world)
    assert Publication.objects.visible_to(world.ma).exists()
    assert not Publication.objects.visible_to(world.ying).exists()


def test_ordered_and_built_leave_a_trace(world):
    _entry, publication = make_live(world)
    verbs = [event.verb for event in audit.history(publication)]
    assert verbs == ["publication.built", "publication.ordered"]
    entry = ListEntry.objects.get()
    assert audit.history(entry)[1].verb in ("list.listed", "clock.started")
