"""Checking: leads are raised once, follow the facts, and close when the facts are right."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from governance import audit, daylight
from institutions import services
from institutions.leads import (
    acts,
    checking,
    due,
    gather,
    prices,
    running,
    school_terms,
    versions,
    wording,
)
from institutions.models import (
    AnnualResult,
    Category,
    ComplianceRule,
    Course,
    FeeItem,
    InServiceTeacher,
    InsurancePolicy,
    Lead,
    LeadCheck,
    LicenceKind,
    StaffMember,
)  # fmt: skip
from tests.conftest import TODAY
from tests.institutions.builders import make_institution
from tests.institutions.leads.rows import make_price, make_term

pytestmark = pytest.mark.django_db
Status = Lead.Status


def found(institution, *codes):
    """What a check leaves on the institution, by rule."""
    checking.check([institution.pk])
    rows = Lead.objects.filter(institution=institution).order_by("pk")
    return [row for row in rows if not codes or row.code in codes]


def fee_of(institution, world, **facts):
    facts = {"name": "学费", "amount": Decimal(4000), "lessons": 61} | facts
    return FeeItem.objects.create(institution=institution, recorded_by=world.lin, **facts)


def test_a_check_raises_a_lead_with_what_it_measured(world, school):
    fee = fee_of(school, world)
    [lead] = found(school, "R02")
    assert (lead.subject_kind, lead.subject_id) == ("fee", fee.pk)
    assert wording.from_json(lead.value) == 61
    assert wording.from_json(lead.threshold) == 60
    assert (lead.severity, lead.problem_code, lead.lead.kind) == ("critical", "FEE_SPAN", "EDU")
    assert lead.since == lead.institution.created_at.date() == TODAY
    assert audit.history(lead).filter(verb="lead.raised").count() == 1


def test_the_competent_department_leads_it(world, school):
    school.custody_account = ""
    services.change_identity(school, by=world.lin, credit_code="52520121MJ0000001P")
    [lead] = found(school, "R34")  # a company with the code of a non-profit body
    assert lead.lead == world.department("samr")


def test_the_same_check_again_raises_nothing(world, school):
    fee_of(school, world)
    first = found(school)
    assert found(school) == first
    assert {row.status for row in first} == {Status.OPEN}


def test_two_leads_of_a_rule_and_subject_cannot_hold_at_once(world, school):
    [lead] = found(school, "R47")
    lead.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        lead.save()


def test_a_fixed_input_closes_it_with_the_day(world, school):
    [lead] = found(school, "R47")
    services.change_identity(school, by=world.lin, platform_id="P-1")
    daylight.set_day(TODAY + dt.timedelta(days=3))
    [lead] = found(school, "R47")
    assert (lead.status, lead.closed_how) == (Status.CLOSED, "fixed")
    assert lead.ended_on == TODAY + dt.timedelta(days=3)


def test_a_lead_follows_a_value_that_changes(world, school):
    fee = fee_of(school, world)
    found(school)
    FeeItem.objects.filter(pk=fee.pk).update(lessons=70)
    [lead] = found(school, "R02")
    assert wording.from_json(lead.value) == 70


def test_a_subject_that_is_no_longer_on_record_closes_it(world, school):
    fee = fee_of(school, world)
    found(school)
    FeeItem.objects.filter(pk=fee.pk).update(voided_at=daylight.now())
    [lead] = found(school, "R02")
    assert (lead.status, lead.closed_how) == (Status.CLOSED, "gone")


def test_an_input_that_vanished_leaves_the_lead_open(world, school):
    fee = fee_of(school, world)
    found(school)
    FeeItem.objects.filter(pk=fee.pk).update(lessons=None)
    [lead] = found(school, "R02")
    assert lead.status == Status.OPEN


def test_a_dismissed_lead_is_not_raised_again_unless_it_gets_worse(world, school):
    fee = fee_of(school, world)
    [lead] = found(school, "R02")
    acts.dismiss(lead, by=world.lin, reason="分两次收取")
    assert [row.status for row in found(school, "R02")] == [Status.DISMISSED]
    FeeItem.objects.filter(pk=fee.pk).update(lessons=62)
    assert [row.status for row in found(school, "R02")] == [Status.DISMISSED, Status.OPEN]


def test_a_lead_of_which_a_finding_was_made_holds_until_the_facts_are_right(world, school):
    [lead] = found(school, "R47")
    acts.made_finding(lead, by=world.lin, finding=1)
    assert [row.status for row in found(school, "R47")] == [Status.FINDING]
    services.change_identity(school, by=world.lin, platform_id="P-1")
    assert [row.status for row in found(school, "R47")] == [Status.CLOSED]


def test_an_institution_that_closed_has_no_leads(world, school):
    assert found(school)
    services.record_period(school, by=world.lin, start=TODAY, operating_status="CLOSED")
    assert {row.status for row in found(school)} == {Status.CLOSED}


def test_an_institution_that_left_the_register_has_no_leads(world, school):
    assert found(school)
    services.void(school, by=world.lin, reason="误录")
    assert {row.status for row in found(school)} == {Status.CLOSED}


def test_a_licence_that_runs_out_is_found_on_the_day_after(world):
    last = TODAY + dt.timedelta(days=5)
    place = make_institution(world, valid_to=last)
    daylight.set_day(last)
    assert found(place, "R32") == []
    daylight.set_day(last + dt.timedelta(days=1))
    [lead] = found(place, "R32")
    assert lead.since == last + dt.timedelta(days=1)


def test_a_person_in_the_roster_of_a_school_is_found_by_the_keyed_hash(world, school):
    person = StaffMember.objects.create(
        institution=school, name="某", id_number="11010519491231002X", recorded_by=world.lin
    )
    person.refresh_from_db()
    InServiceTeacher.objects.create(
        county_id="520121", id_hash=person.id_number_hash, as_of=TODAY, recorded_by=world.lin
    )
    [lead] = found(school, "R26")
    assert (wording.from_json(lead.value), lead.rows) == (1, [["staff", person.pk]])
    assert "某" not in str(lead.value) + str(lead.rows)


def test_the_verdict_of_experts_and_the_kind_of_a_course_are_read(world, school):
    Course.objects.create(
        institution=school, name="幼小衔接", category=Category.OTHER, recorded_by=world.lin
    )
    assert [row.code for row in found(school, "R39")] == ["R39"]


def test_the_last_round_of_a_review_and_the_newest_policy_count(world, school):
    for number, result in ((1, "FAIL"), (2, "PASS")):
        AnnualResult.objects.create(
            institution=school, year=2025, round=number, result=result, recorded_by=world.lin
        )
    for until in (dt.date(2026, 1, 31), dt.date(2027, 1, 31)):
        InsurancePolicy.objects.create(
            institution=school, insurer="甲", number=str(until), valid_to=until,
            recorded_by=world.lin,
        )  # fmt: skip
    assert found(school, "R42", "R46") == []


# --- versions of rules -------------------------------------------------------------------------


def rule(code, county=""):
    return ComplianceRule.objects.get(code=code, county=county)


def set_rule(world, code, *thresholds, **facts):
    return versions.set_threshold(
        rule(code), by=world.lin, county="520121", valid_from=facts.pop("valid_from", TODAY),
        thresholds=list(thresholds), reason="县文件", **facts,
    )  # fmt: skip


def test_a_county_has_its_own_threshold_from_its_day_on(world, school):
    fee_of(school, world)
    tomorrow = TODAY + dt.timedelta(days=1)
    own = set_rule(world, "R02", "65", valid_from=tomorrow)
    [lead] = found(school, "R02")
    assert lead.rule == rule("R02")
    daylight.set_day(tomorrow)
    [lead] = found(school, "R02")
    assert (lead.status, own.county) == (Status.CLOSED, "520121")


def test_an_old_lead_keeps_the_version_of_its_day(world, school):
    fee_of(school, world, lessons=70)
    [before] = found(school, "R02")
    versions.set_threshold(
        rule("R02"), by=world.lin, county="520121", valid_from=TODAY, thresholds=["60"],
        reason="重申",
    )  # fmt: skip
    [after] = found(school, "R02")
    assert after.rule == before.rule == rule("R02")


def test_a_rule_that_is_switched_off_closes_its_leads(world, school):
    assert found(school, "R47")
    set_rule(world, "R47", "platform_id", enabled=False)
    assert [row.status for row in found(school, "R47")] == [Status.CLOSED]


def test_another_countys_threshold_does_not_count_here(world, school):
    fee_of(school, world)
    versions.set_threshold(
        rule("R02"), by=world.ying, county="341203", valid_from=TODAY, thresholds=["100"],
        reason="县文件",
    )  # fmt: skip
    assert len(found(school, "R02")) == 1


# --- the queue ---------------------------------------------------------------------------------


def waiting():
    return set(LeadCheck.objects.values_list("pk", flat=True))


def test_a_change_puts_the_institution_in_the_queue_once(world, school):
    LeadCheck.objects.all().delete()
    services.change_identity(school, by=world.lin, platform_id="P-1")
    services.change_identity(school, by=world.lin, platform_id="P-2")
    assert waiting() == {school.pk}
    assert running.check_changed().institutions == 1
    assert waiting() == set()


def test_one_message_wakes_a_worker_for_all_changes_of_a_transaction(world, school):
    before = len(connection.run_on_commit)
    due.mark([school.pk])
    due.mark([school.pk])
    assert len(connection.run_on_commit) - before <= 1


@pytest.mark.parametrize("act", ["licence", "site", "period", "result"])
def test_each_act_that_changes_an_input_asks_for_a_check(world, school, act):
    LeadCheck.objects.all().delete()
    if act == "licence":
        services.record_licence(school, by=world.lin, kind=LicenceKind.FIRE, number="X")
    elif act == "site":
        services.add_site(school, by=world.lin, address="新址")
    elif act == "period":
        services.record_period(school, by=world.lin, start=TODAY, learners=30)
    else:
        services.record_annual_result(school, by=world.lin, year=2025, result="PASS")
    assert waiting() == {school.pk}


COUNTY_ACTS = {
    "a term is set": lambda world: make_term(world, stages=("PRIMARY",)),
    "a term is taken out": lambda world: school_terms.remove_term(world.term, by=world.lin),
    "terms are imported": lambda world: school_terms.import_terms(
        world.term.division, [AUTUMN], by=world.lin
    ),
    "school hours are set": lambda world: school_terms.set_hours(
        world.term.division, [MORNING], by=world.lin
    ),
    "a price is set": lambda world: make_price(world, stage="JUNIOR"),
    "a price is ended": lambda world: prices.end_price(world.price, by=world.lin),
    "a rule is set": lambda world: set_r02(world, TODAY),
}
AUTUMN = school_terms.TermRow(
    "2026-2027", "AUTUMN", dt.date(2026, 9, 1), dt.date(2027, 1, 22), ("PRIMARY",)
)
MORNING = school_terms.HourRow("PRIMARY", dt.time(8), dt.time(11, 40))


def set_r02(world, day):
    return versions.set_threshold(
        rule("R02"), by=world.lin, county="520121", valid_from=day, thresholds=["50"],
        reason="县文件",
    )  # fmt: skip


@pytest.mark.parametrize("act", COUNTY_ACTS)
def test_the_county_is_checked_at_once_when(world, school, act):
    world.term, world.price = make_term(world, stages=("JUNIOR",)), make_price(world)
    elsewhere = make_institution(world, "颍东学校", township="341203001")
    LeadCheck.objects.all().delete()
    connection.run_on_commit.clear()
    COUNTY_ACTS[act](world)
    assert waiting() == {school.pk}
    assert elsewhere.pk not in waiting()
    assert [entry[1] for entry in connection.run_on_commit] == [due.wake]


def test_a_changed_school_year_reaches_the_lead_with_the_next_look(world, school):
    course = Course.objects.create(
        institution=school, name="数学", category="SUBJECT", stages=["PRIMARY"], mode="OFFLINE",
        recorded_by=world.lin,
    )  # fmt: skip
    course.slots.create(weekday=2, starts_at=dt.time(10), ends_at=dt.time(11))
    running.check_changed()
    assert not Lead.objects.filter(code="R16").exists()
    school_terms.set_hours(make_term(world).division, [MORNING], by=world.lin)
    running.check_changed()
    assert Lead.objects.filter(code="R16", institution=school).count() == 1


def test_a_version_set_for_a_later_day_is_checked_on_that_day(world, school):
    set_r02(world, TODAY + dt.timedelta(days=2))
    LeadCheck.objects.all().delete()
    assert running.begin_the_day() == set()
    daylight.set_day(TODAY + dt.timedelta(days=2))
    assert running.begin_the_day() == {"520121"}
    assert waiting() == {school.pk}


def test_a_price_that_ended_yesterday_is_checked_today(world, school):
    make_price(world, valid_to=TODAY)
    daylight.set_day(TODAY + dt.timedelta(days=1))
    LeadCheck.objects.all().delete()
    assert running.begin_the_day() == {"520121"}
    assert waiting() == {school.pk}


def test_the_night_looks_at_the_whole_register(world):
    places = [make_institution(world, f"甲{n}学校") for n in range(3)]
    [(first, last)] = running.stretches()
    assert first <= places[0].pk <= places[2].pk <= last
    counts = running.check_stretch(first, last)
    assert (counts.institutions, counts.raised) == (3, 3)


def test_a_check_costs_the_same_for_two_institutions_and_for_ten(world):
    places = [make_institution(world, f"乙{n}学校").pk for n in range(12)]
    ContentType.objects.get_for_model(Lead)

    def cost(keys):
        with CaptureQueriesContext(connection) as queries:
            checking.check(keys)
        return len(queries)

    cost(places[:1])
    assert cost(places[2:12]) == cost(places[1:2]) + 0


def test_gathering_costs_the_same_for_two_institutions_and_for_ten(world):
    places = [make_institution(world, f"丙{n}学校").pk for n in range(10)]
    gather.of(places[:1])

    def cost(keys):
        with CaptureQueriesContext(connection) as queries:
            assert len(gather.of(keys)) == len(keys)
        return len(queries)

    assert cost(places) == cost(places[:2])
