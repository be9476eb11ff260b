"""Joining two records of one body, and taking that back."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import audit, daylight
from governance.workflow import Refused, StaleVersion
from inspections.services import plan
from institutions import services
from institutions.models import Category, DuplicatePair, Institution, InstitutionMerge, LicenceKind
from institutions.services import snapshots
from institutions.services.merging import IDENTITY_FACTS, Leaning
from institutions.services.periods import FACTS
from institutions.services.registration import CodeTaken
from tests.institutions.builders import (
    SHUANGLIU,
    make_institution,
    make_licence,
    valid_credit_code,
)

TAKEABLE = [*IDENTITY_FACTS, *FACTS]
CODE, OTHER_CODE = valid_credit_code(1), valid_credit_code(2)


@pytest.fixture
def two(world):
    """A licensed record, and one that the township entered a year later."""
    kept = make_institution(
        world, "晨光教育(硒城校区)", credit_code=CODE, principal="林一", learners=80
    )
    goes = make_institution(
        world, "晨光教育（开阳）培训学校", credit_code=OTHER_CODE, principal="罗二", learners=95,
        since=dt.date(2025, 3, 1), licences=(LicenceKind.FIRE,), address="人民路1号2楼",
        contact_phone="13800000000", categories=[Category.OTHER], township=SHUANGLIU,
    )  # fmt: skip
    return kept, goes


def joined(world, two, **options):
    kept, goes = two
    return services.merge(goes, kept, by=world.lin, reason="同一家", **options)


def undo(world, merge):
    services.undo_merge(merge, by=world.lin, reason="看错了")


def fresh(row):
    return Institution.objects.get(pk=row.pk)


def facts_of(row):
    """Everything on record about an institution but versions."""
    row = fresh(row)
    identity = {name: getattr(row, name) for name in (*IDENTITY_FACTS, "credit_code_pending")}
    sites = list(row.sites.order_by("pk").values_list("pk", "voided_at"))
    licences = list(row.licences.order_by("pk").values_list("pk", "voided_at"))
    place = (row.division_id, row.merged_into_id, row.duplicate_of_id)
    return identity, row.sources, snapshots.periods(row), sites, licences, place


def test_the_record_that_goes_leaves_the_register_and_stays_with_the_other(world, two):
    kept, goes = two
    joined(world, two)
    assert list(Institution.objects.registered()) == [fresh(kept)]
    assert set(fresh(kept).family()) == {kept.pk, goes.pk}


def test_facts_are_kept_unless_they_are_taken(world, two):
    kept, _goes = two
    joined(world, two, take=["name", "principal", "credit_code"])
    row = fresh(kept)
    assert (row.principal, row.credit_code) == ("罗二", OTHER_CODE)
    period = row.period()
    assert (period.name, period.learners) == (
        "晨光教育（开阳）培训学校".translate({0xFF08: "(", 0xFF09: ")"}),
        80,
    )
    assert period.during.lower == dt.date(2024, 1, 1)


def test_the_phone_is_taken_over_unread(world, two):
    kept, _goes = two
    merge = joined(world, two, take=["contact_phone"])
    assert fresh(kept).contact_phone == "13800000000"
    told = [event.facts for event in audit.history(fresh(kept))]
    assert "13800000000" not in str(told)
    assert (
        "13800000000"
        not in InstitutionMerge.objects.filter(pk=merge.pk)
        .extra(select={"raw": "before"})
        .values_list("raw", flat=True)[0]
    )


def test_both_records_tell_of_it(world, two):
    for row in two:
        assert audit.Verb.INSTITUTION_MERGED not in [e.verb for e in audit.history(row)]
    joined(world, two)
    for row in two:
        assert audit.Verb.INSTITUTION_MERGED in [e.verb for e in audit.history(row)]


def test_a_paper_and_a_site_that_stand_on_both_are_set_aside(world, two):
    _kept, goes = two
    paper, site = goes.licences.get(), goes.sites.get()
    merge = joined(world, two, aside=[paper, site])
    paper.refresh_from_db()
    site.refresh_from_db()
    assert paper.voided_at
    assert site.voided_at
    undo(world, merge)
    paper.refresh_from_db()
    site.refresh_from_db()
    assert (paper.voided_at, site.voided_at) == (None, None)


def test_a_paper_of_the_other_record_is_not_set_aside(world, two):
    kept, _goes = two
    with pytest.raises(Refused):
        joined(world, two, aside=[kept.licences.first()])


def test_a_pair_is_settled_and_open_again(world, two):
    kept, goes = two
    pair = DuplicatePair.objects.create(first=kept, second=goes, score=70)
    merge = joined(world, two)
    pair.refresh_from_db()
    assert (pair.status, merge.pair) == ("same", pair)
    undo(world, merge)
    pair.refresh_from_db()
    assert pair.status == "open"


@pytest.mark.parametrize("reason", ["", "  "])
def test_joining_needs_a_reason(world, two, reason):
    kept, goes = two
    with pytest.raises(Refused):
        services.merge(goes, kept, by=world.lin, reason=reason)


def test_joining_twice_is_refused(world, two):
    joined(world, two)
    with pytest.raises(Refused):
        joined(world, two)


def test_a_stale_copy_of_either_loses(world, two):
    with pytest.raises(StaleVersion):
        joined(world, two, version=99)
    with pytest.raises(StaleVersion):
        joined(world, two, into_version=99)


def test_what_was_joined_before_follows(world, two):
    kept, goes = two
    first = make_institution(world, "晨光", licences=())
    inner = services.merge(first, goes, by=world.lin, reason="同一家")
    outer = joined(world, two)
    assert fresh(first).merged_into == kept
    with pytest.raises(Leaning):
        undo(world, inner)
    undo(world, outer)
    assert fresh(first).merged_into == goes
    undo(world, inner)
    assert fresh(first).merged_into is None


def test_second_registrations_follow(world, two):
    kept, goes = two
    double = make_institution(world, "晨光二", licences=())
    services.mark_duplicate(double, goes, by=world.lin)
    merge = joined(world, (kept, fresh(goes)))
    assert fresh(double).duplicate_of == kept
    undo(world, merge)
    assert fresh(double).duplicate_of == goes


def test_undoing_leaves_a_trace_on_both_and_cannot_be_done_twice(world, two):
    merge = joined(world, two)
    undo(world, merge)
    for row in two:
        assert audit.history(row).filter(verb=audit.Verb.INSTITUTION_MERGE_UNDONE).exists()
    with pytest.raises(Refused):
        undo(world, InstitutionMerge.objects.get())


def test_two_that_were_parted_can_be_joined_again(world, two):
    undo(world, joined(world, two))
    joined(world, two)
    assert InstitutionMerge.objects.count() == 2


def test_undoing_is_refused_when_a_fact_taken_over_was_changed_since(world, two):
    kept, _goes = two
    merge = joined(world, two, take=["principal"])
    services.change_identity(fresh(kept), by=world.lin, principal="王三")
    with pytest.raises(Leaning):
        undo(world, merge)


def test_undoing_is_refused_when_the_periods_were_changed_since(world, two):
    kept, _goes = two
    merge = joined(world, two, take=["learners"])
    services.record_period(fresh(kept), by=world.lin, start=daylight.today(), learners=7)
    with pytest.raises(Leaning):
        undo(world, merge)


def test_other_facts_changed_since_stay_changed(world, two):
    kept, _goes = two
    merge = joined(world, two, take=["principal"])
    services.change_identity(fresh(kept), by=world.lin, note="核实过")
    undo(world, merge)
    assert (fresh(kept).note, fresh(kept).principal) == ("核实过", "林一")


def test_undoing_is_refused_when_the_code_was_given_away(world, two):
    merge = joined(world, two)
    make_institution(world, "另一家", credit_code=OTHER_CODE, licences=())
    with pytest.raises(CodeTaken):
        undo(world, merge)


def test_undoing_is_refused_while_an_inspection_rests_on_both(world, two):
    kept, goes = two
    merge = joined(world, two)
    day = daylight.today()
    plan(fresh(kept), by=world.lin, kind="PATROL", planned_for=day, site=goes.sites.get())
    with pytest.raises(Leaning):
        undo(world, merge)


def test_a_flag_of_the_record_that_goes_comes_back(world, two):
    kept, goes = two
    services.mark_duplicate(goes, kept, by=world.lin)
    merge = joined(world, (kept, fresh(goes)))
    assert fresh(goes).duplicate_of is None
    undo(world, merge)
    assert fresh(goes).duplicate_of == kept


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(take=st.sets(st.sampled_from(TAKEABLE)), aside=st.booleans(), other_way=st.booleans())
def test_joining_and_undoing_gives_the_same_facts_back(world, two, take, aside, other_way):
    pair = two[::-1] if other_way else two
    pair = tuple(fresh(row) for row in pair)
    before = [facts_of(row) for row in pair]
    rows = [*pair[1].sites.filter(voided_at=None), *pair[1].licences.filter(voided_at=None)]
    merge = joined(world, pair, take=take, aside=rows if aside else ())
    undo(world, merge)
    assert [facts_of(row) for row in pair] == before


def test_the_same_paper_on_both_records_stands_in_nobodys_way(world, two):
    kept, goes = two
    for row in two:
        make_licence(row, LicenceKind.SCHOOL_LICENCE, by=world.lin, number="教民1")
    joined(world, (kept, fresh(goes)))
    assert fresh(goes).licences.filter(number="教民1").exists()
