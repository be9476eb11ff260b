"""Finding pairs in the register and keeping what was decided about them."""

import datetime as dt
import random

import pytest

from governance import audit, daylight
from governance.workflow import Refused, StaleVersion
from institutions import services
from institutions.duplicates import records, search
from institutions.models import DuplicateKey, DuplicatePair, Institution, LicenceKind
from tests.institutions.builders import SHUANGLIU, make_institution, make_licence, valid_credit_code


def place(world, name, address="人民路18号", **facts):
    facts.setdefault("licences", ())
    return make_institution(world, name, address=address, **facts)


def pairs():
    return {
        frozenset((pair.first_id, pair.second_id))
        for pair in DuplicatePair.objects.filter(status="open")
    }


def two_alike(world):
    return place(world, "晨光教育(硒城校区)"), place(world, "晨光教育（开阳）培训学校", "育才街3号")


def the_pair(world):
    two_alike(world)
    search.look_at_all()
    return DuplicatePair.objects.get()


def codes(pair):
    return [reason["code"] for reason in pair.reasons]


def test_brands_in_brackets_are_one_candidate(world):
    one, other = two_alike(world)
    place(world, "大千书院", "环城路9号")
    assert search.look_at_all() == 1
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second) == (one, other)
    assert codes(pair) == ["brackets"]


def test_looking_twice_finds_the_same(world):
    pair = the_pair(world)
    search.look_at_all()
    assert [row.pk for row in DuplicatePair.objects.all()] == [pair.pk]


def test_one_site_under_two_names(world):
    place(world, "新东方画室", "开阳县硒城街道人民路18号2楼")
    place(world, "大千书院", "人民路18号二层")
    search.look_at_all()
    assert codes(DuplicatePair.objects.get()) == ["site"]


def test_a_registration_with_the_code_of_another_record(world):
    code = valid_credit_code(1)
    place(world, "晨光艺术", credit_code=code)
    other = place(world, "大千书院", "环城路9号")
    make_licence(other, LicenceKind.BUSINESS_LICENCE, by=world.lin, number=code)
    search.look_at_all()
    pair = DuplicatePair.objects.get()
    assert codes(pair)[0] == "code"
    assert pair.reasons[0]["first"] == code


def test_records_of_two_counties_are_not_compared(world):
    place(world, "晨光教育")
    make_institution(world, "晨光教育", township="341203001", by=world.ying, licences=())
    assert search.look_at_all() == 0


def test_what_is_flagged_already_is_not_proposed(world):
    one, other = two_alike(world)
    services.mark_duplicate(other, one, by=world.lin)
    assert search.look_at_all() == 0
    assert not DuplicateKey.objects.filter(institution=other).exists()


def test_a_name_of_the_whole_town_tells_nothing(world, monkeypatch):
    monkeypatch.setattr(records, "CROWD", 3)
    for number in range(4):
        place(world, "晨光教育", f"文昌路{number + 1}号", township=SHUANGLIU)
    assert search.look_at_all() == 0


def test_looking_at_one_finds_what_looking_at_all_finds(world):
    one, other = two_alike(world)
    search.look_at([one.pk, other.pk])
    alone = pairs()
    search.look_at_all()
    assert pairs() == alone == {frozenset((one.pk, other.pk))}


NAMES = [
    ("晨光教育(硒城校区)", "人民路18号"), ("晨光教育（开阳）培训学校", "育才街3号"),
    ("辰光教育", "人民路18号"), ("新东方画室", "文昌路1号2楼"), ("大千书院", "文昌路1号二层"),
    ("", "文昌路1号"), ("大千艺术", "环城路9号"), ("小博士", "环城路10号"),
]  # fmt: skip


def found_in(world, order, one_by_one):
    """Names of the pairs when the records are entered in this order."""
    numbers = {}
    for at in order:
        row = place(world, *NAMES[at])
        numbers[row.pk] = at
        if one_by_one:
            search.look_at([row.pk])
    if not one_by_one:
        search.look_at_all()
    return {frozenset(numbers[pk] for pk in pair) for pair in pairs() if pair <= numbers.keys()}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_entry_does_not_matter(world, seed):
    order = list(range(len(NAMES)))
    straight = found_in(world, order, one_by_one=False)
    assert len(straight) >= 4
    for row in Institution.objects.registered():
        services.void(row, by=world.lin, reason="另起")
    random.Random(seed).shuffle(order)
    assert found_in(world, order, one_by_one=True) == straight


def test_what_was_entered_since_is_looked_at(world):
    search.look_at_changed()
    one, other = two_alike(world)
    assert search.look_at_changed() >= 2
    assert pairs() == {frozenset((one.pk, other.pk))}
    assert search.look_at_changed() == 0


def test_what_was_renamed_since_is_looked_at(world):
    pair = the_pair(world)
    search.look_at_changed()
    services.record_period(pair.second, by=world.lin, start=daylight.today(), name="大千书院")
    search.look_at_changed()
    assert not DuplicatePair.objects.exists()


# --- decisions --------------------------------------------------------------------------------


def test_told_apart_is_remembered_with_who_and_why(world):
    pair = the_pair(world)
    services.tell_apart(pair, by=world.lin, reason="两家法人，两处场所")
    search.look_at_all()
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by, pair.decision) == (
        "different", world.lin, "两家法人，两处场所",
    )  # fmt: skip
    assert pairs() == set()
    for row in (pair.first, pair.second):
        assert audit.Verb.DUPLICATE_TOLD_APART in [event.verb for event in audit.history(row)]


def test_a_new_fact_brings_it_up_again(world):
    pair = the_pair(world)
    services.tell_apart(pair, by=world.lin, reason="两家")
    for row in (pair.first, pair.second):
        services.change_identity(row, by=world.lin, contact_phone="13800000000")
    search.look_at_changed()
    pair.refresh_from_db()
    assert pair.status == "open"
    assert pair.decision == "两家"
    assert "phone" in codes(pair)


def test_a_fact_that_tells_nothing_new_does_not(world):
    pair = the_pair(world)
    services.tell_apart(pair, by=world.lin, reason="两家")
    services.change_identity(pair.first, by=world.lin, note="电话核实过")
    services.record_period(pair.first, by=world.lin, start=daylight.today(), learners=30)
    search.look_at_changed()
    pair.refresh_from_db()
    assert pair.status == "different"


def test_telling_apart_needs_a_reason_and_the_present_state(world):
    pair = the_pair(world)
    with pytest.raises(Refused):
        services.tell_apart(pair, by=world.lin, reason=" ")
    with pytest.raises(StaleVersion):
        services.tell_apart(pair, by=world.lin, reason="两家", version=9)


def test_what_was_told_apart_can_be_taken_up_again(world):
    pair = the_pair(world)
    services.tell_apart(pair, by=world.lin, reason="两家")
    services.look_again(pair, by=world.lin, reason="再看")
    assert pair.is_open


def test_flagging_one_as_second_registration_settles_the_pair(world):
    pair = the_pair(world)
    services.mark_duplicate(pair.second, pair.first, by=world.lin, reason="重复登记")
    pair.refresh_from_db()
    assert pair.status == "same"
    services.clear_duplicate(pair.second, by=world.lin)
    pair.refresh_from_db()
    assert pair.status == "open"


def test_a_pair_of_a_voided_record_waits_for_nobody(world):
    pair = the_pair(world)
    services.void(pair.second, by=world.lin, reason="录错")
    assert not DuplicatePair.objects.open().exists()
    search.look_at_all()
    assert not DuplicatePair.objects.exists()


def test_a_pair_is_known_to_who_knows_both_records(world):
    two = the_pair(world)
    assert DuplicatePair.objects.visible_to(world.lin).get() == two
    assert DuplicatePair.objects.visible_to(world.shi).exists()
    assert not DuplicatePair.objects.visible_to(world.he).exists()
    assert not DuplicatePair.objects.visible_to(world.ying).exists()
    assert not DuplicatePair.objects.editable_by(world.shi).exists()


def test_a_closed_place_taken_over_is_no_candidate(world):
    old = place(world, "新东方画室", "人民路18号2楼", since=dt.date(2024, 1, 1))
    services.record_period(old, by=world.lin, start=daylight.today(), operating_status="CLOSED")
    place(world, "大千书院", "人民路18号2楼")
    assert search.look_at_all() == 0
