"""Names and addresses taken apart, and what speaks for two records being one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.duplicates import evidence, wording
from institutions.duplicates.evidence import PROPOSED, Place, Seen, compare
from institutions.duplicates.records import keys_of
from institutions.duplicates.wording import Regions

MINGCHUAN = Regions.of(["示范省", "示范市", "明川县"], ["城关街道", "清溪镇", "河山乡"])


def named(text):
    return wording.name(text, MINGCHUAN)


@pytest.mark.parametrize(
    ("text", "plain", "brand", "places"),
    [
        ("晨光教育(城关校区)", "晨光教育", "晨光", {"城关"}),
        ("晨光教育（明川）培训学校", "晨光教育培训学校", "晨光", set()),
        ("明川县清溪镇晨光艺术培训学校有限公司", "晨光艺术培训学校", "晨光", {"清溪"}),
        ("明川县城关晨光艺术培训学校", "晨光艺术培训学校", "晨光", {"城关"}),
        ("ＡＢＣ 英语（第二校区）", "abc英语", "abc", set()),
        ("明川", "明川", "明川", set()),
        ("培训学校", "培训学校", "培训学校", set()),
        ("", "", "", set()),
    ],
)
def test_a_name_comes_apart_into_brand_trade_and_place(text, plain, brand, places):
    found = named(text)
    assert (found.plain, found.brand, found.places) == (plain, brand, places)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("明川县城关街道人民路18号2楼", "人民路１８号二层"),
        ("城关街道人民路18号（超市旁）", "人民路18号"),
        ("人民路 18 号 3 楼 301室", "明川县人民路18号3层301室"),
    ],
)
def test_one_address_written_twice_is_one(one, other):
    assert wording.address(one, MINGCHUAN) == wording.address(other, MINGCHUAN)


def test_two_houses_of_one_road_are_two():
    one, other = (wording.address(f"人民路{n}号", MINGCHUAN) for n in (18, 180))
    assert one.road == other.road
    assert one.building != other.building


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_symmetric_and_stays_between_nothing_and_all(one, other):
    assert wording.likeness(one, other) == wording.likeness(other, one)
    assert 0 <= wording.likeness(one, other) <= 1


def seen(pk=1, name="", address="", **more):
    places = (Place("t", wording.address(address, MINGCHUAN), address),) if address else ()
    facts = {"kind": "TRAINING", "status": "OPERATING", "places": places} | more
    return Seen(pk, "990121", name, named(name), **facts)


def score(one, other):
    return compare(one, other)[0]


SAME = [
    ("晨光教育(城关校区)", "晨光教育（明川）培训学校", {}),
    ("明川县晨光艺术培训学校", "晨光艺术培训学校有限公司", {}),
    ("晨光艺术培训学校", "辰光艺术培训学校", {"address": "人民路18号"}),
    ("新东方画室", "大千书院", {"address": "人民路18号2层"}),
    ("", "阳光托管", {"address": "人民路18号"}),
    ("启明星艺术", "启明艺术中心", {"address": "人民路18号"}),
    ("一", "二", {"platform": "P1"}),
]
OTHERS = [
    ("明川县城关晨光艺术培训学校", "明川县清溪晨光艺术培训学校", {}),
    ("晨光教育(城关校区)", "晨光教育(清溪校区)", {}),
    ("晨光艺术培训学校", "晨光篮球俱乐部", {}),
    ("新东方画室", "大千书院", {"address": "人民路18号"}),
    ("新东方画室", "大千书院", {"phone": "x"}),
    ("晨光艺术培训学校", "晨星艺术培训学校", {}),
]


@pytest.mark.parametrize(("one", "other", "both"), SAME)
def test_records_of_one_body_are_proposed(one, other, both):
    assert score(seen(1, one, **both), seen(2, other, **both)) >= PROPOSED


@pytest.mark.parametrize(("one", "other", "both"), OTHERS)
def test_records_of_two_bodies_are_not(one, other, both):
    assert score(seen(1, one, **both), seen(2, other, **both)) < PROPOSED


def test_two_credit_codes_speak_against_it():
    one, other = seen(1, "晨光艺术", code="A"), seen(2, "晨光艺术", code="B")
    assert score(one, other) < PROPOSED <= score(one, seen(2, "晨光艺术"))


def test_a_place_given_up_and_taken_over_proves_nothing():
    closed = seen(1, "新东方画室", "人民路18号2层", status="CLOSED")
    assert score(closed, seen(2, "大千书院", "人民路18号2层")) < PROPOSED


def test_branches_of_one_head_are_no_duplicates():
    one, other = seen(1, "晨光艺术"), seen(2, "晨光艺术", head=1)
    assert score(one, other) == 0
    assert score(other, seen(3, "晨光艺术", head=1)) == 0


def test_a_registration_that_bears_the_code_of_another_record_gives_it_away():
    one = seen(1, "甲", code="91X")
    assert score(one, seen(2, "乙", registrations=frozenset({"91X"}))) >= 97


WORDS = ["", "晨光艺术", "晨光教育(城关校区)", "辰光艺术", "明川县清溪晨光艺术", "大千书院"]
PLACES = ["", "人民路18号", "人民路18号2楼", "人民路十八号", "育才街3号"]
RECORDS = st.builds(
    lambda pk, name, address, code, phone: seen(pk, name, address, code=code, phone=phone),
    st.integers(1, 99),
    st.sampled_from(WORDS),
    st.sampled_from(PLACES),
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["", "x"]),
)


@given(RECORDS, RECORDS)
def test_a_comparison_is_the_same_from_both_sides(one, other):
    if one.pk != other.pk:
        assert compare(one, other) == compare(other, one)


@given(RECORDS, RECORDS)
def test_what_is_proposed_has_a_key_in_common(one, other):
    """Otherwise the two would never be compared."""
    if score(one, other) >= PROPOSED:
        assert keys_of(one) & keys_of(other)


@pytest.mark.parametrize(
    ("known", "now", "new"),
    [
        ([("name", 65, "")], [("name", 65, "")], False),
        ([("name", 65, "")], [("name", 65, ""), ("phone", 45, "")], True),
        ([("like", 30, "")], [("like", 45, "")], True),
        ([("like", 30, "")], [("like", 33, "")], False),
        ([("site", 65, "人民路18")], [("site", 65, "育才街3")], True),
        ([("name", 65, ""), ("phone", 45, "")], [("name", 65, "")], False),
    ],
)
def test_evidence_is_new_when_it_was_not_there_or_weighed_less(known, now, new):
    def told(reasons):
        return [{"code": code, "score": weight, "value": value} for code, weight, value in reasons]

    assert evidence.is_new(told(now), told(known)) is new
