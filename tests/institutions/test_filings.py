"""Filing: the institution proposes, the department accepts or returns, the record follows."""

import pytest
from django.db import connection

from governance import audit, deadlines
from governance.audit import Verb
from governance.models import AuditEvent, Clock, Notification
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion, TransitionRefused
from institutions.filings import acts, records, values
from institutions.filings.kinds import KINDS
from institutions.models import Filing, Source, StaffMember
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.filed import (
    EXAMPLES,
    STAFF,
    make_change,
    make_draft,
    make_filing,
    make_record,
    proposed,
)

pytestmark = pytest.mark.django_db
Status = Filing.Status


@pytest.fixture
def place(world):
    return make_institution(world, "晨光艺术培训学校")


@pytest.fixture
def chen(place):
    return make_institution_member(place.pk)


def fresh(filing):
    return Filing.objects.get(pk=filing.pk)


# --- the institution ---------------------------------------------------------------------------


def test_a_draft_goes_to_the_licensor_and_is_not_yet_handed_in(world, place, chen):
    filing = make_draft(place, chen)
    assert (filing.status, filing.lead) == (Status.DRAFTED, world.department("edu"))
    assert filing.title == "周敏"
    assert not Filing.objects.visible_to(world.lin).handed_in().exists()


def test_what_is_filed_is_unreadable_in_the_database(place, chen):
    filing = make_draft(place, chen)
    with connection.cursor() as cursor:
        cursor.execute("SELECT values, before FROM institutions_filing WHERE id = %s", [filing.pk])
        assert STAFF["id_number"] not in str(cursor.fetchone())


def test_audit_and_clock_keep_neither_name_nor_number(place, chen):
    filing = make_filing(place, chen)
    events = list(AuditEvent.objects.values_list("subject_label", "facts"))
    told = str(events) + str(list(Clock.objects.values_list("title")))
    assert filing.title not in told
    assert STAFF["id_number"] not in told


def test_only_the_institution_itself_files(world, place, chen):
    other = make_institution(world, "星河艺术培训学校")
    wanted = proposed("staff", place)
    for stranger in (world.lin, make_institution_member(other.pk, "bao")):
        with pytest.raises(DutyMissing):
            acts.draft(place, KINDS["staff"], "ADD", wanted, by=stranger)


def test_submitting_starts_the_term_and_tells_the_clerks(world, place, chen):
    filing = make_filing(place, chen)
    assert fresh(filing).status == Status.SUBMITTED
    assert deadlines.find(filing, acts.DECIDE_RULE).due_on.isoformat() == "2026-03-11"
    told = Notification.objects.filter(recipient=world.lin)
    assert [note.params["name"] for note in told] == ["晨光艺术培训学校"]


def test_a_sheet_of_rows_is_one_message(world, place, chen):
    rows = [
        make_draft(place, chen, name="甲", id_number="520121199001010025"),
        make_draft(place, chen, name="乙", id_number="520121199001010033"),
    ]
    acts.submit(rows, by=chen)
    assert Notification.objects.filter(recipient=world.lin).count() == 1
    assert Filing.objects.waiting().count() == 2


def test_a_change_keeps_only_what_differs(world, place, chen):
    row = make_record(place, world.lin)
    filing = make_change(row, chen, subjects="书法")
    assert filing.proposed == {"subjects": "书法"}
    [line] = values.lines(filing, KINDS["staff"])
    assert (line.name, line.was, line.now) == ("subjects", "美术", "书法")


def test_filing_what_is_on_record_already_is_refused(world, place, chen):
    row = make_record(place, world.lin)
    with pytest.raises(Refused):
        make_change(row, chen)


def test_two_open_filings_about_one_row_are_refused(world, place, chen):
    row = make_record(place, world.lin)
    make_change(row, chen, subjects="书法")
    with pytest.raises(Refused):
        make_change(row, chen, subjects="国画")


def test_withdrawing_stops_the_clock_and_frees_the_row(world, place, chen):
    row = make_record(place, world.lin)
    filing = make_change(row, chen, subjects="书法")
    acts.withdraw(filing, by=chen)
    assert fresh(filing).status == Status.WITHDRAWN
    assert deadlines.find(filing, acts.DECIDE_RULE) is None
    make_change(row, chen, subjects="国画")


def test_what_is_with_the_department_cannot_be_rewritten(place, chen):
    filing = make_filing(place, chen)
    with pytest.raises(Refused):
        acts.revise(filing, proposed("staff", place, name="周敏敏"), by=chen)


# --- the department ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_accepted_addition_stands_on_record(world, place, chen, kind):
    filing = make_filing(place, chen, kind)
    row = acts.accept(filing, by=world.lin)
    now = values.present(KINDS[kind], row.__class__.objects.get(pk=row.pk))
    assert (row.source, row.recorded_by, filing.status) == (
        Source.SELF, world.lin, Status.ACCEPTED,
    )  # fmt: skip
    assert all(values.same(now[name], value) for name, value in filing.proposed.items())
    assert fresh(filing).record == row.pk


def test_an_accepted_change_writes_only_what_was_filed(world, place, chen):
    row = make_record(place, world.lin)
    filing = make_change(row, chen, subjects="书法", employed_from="2026-03-01")
    acts.accept(filing, by=world.lin)
    row = StaffMember.objects.get(pk=row.pk)
    assert (row.subjects, str(row.employed_from), row.name) == ("书法", "2026-03-01", "周敏")
    told = audit.history(place).filter(verb=Verb.RECORD_CHANGED).first()
    assert told.facts["changes"]["subjects"] == ["美术", "书法"]


def test_a_new_timetable_replaces_the_old_one(world, place, chen):
    row = make_record(place, world.lin, "course")
    slots = [slot | {"heads": 12} for slot in values.present(KINDS["course"], row)["slots"][:1]]
    acts.accept(make_change(row, chen, slots=slots), by=world.lin)
    assert [slot.heads for slot in row.slots.all()] == [12]


def test_an_accepted_end_counts_from_its_day(world, place, chen):
    row = make_record(place, world.lin)
    wanted = {"ended_on": "2026-03-01"}
    filing = acts.draft(place, KINDS["staff"], "END", wanted, by=chen, record=row)
    acts.submit([filing], by=chen)
    acts.accept(filing, by=world.lin)
    row.refresh_from_db()
    assert not row.holds(TODAY)
    assert values.lines(filing, KINDS["staff"])[0].now == "2026-03-01"


def test_accepting_meets_the_clock_and_tells_the_institution(world, place, chen):
    filing = make_filing(place, chen)
    acts.accept(filing, by=world.lin)
    clock = Clock.objects.of(filing).get()
    assert clock.status == Clock.Status.MET
    assert Notification.objects.filter(recipient=chen).count() == 1


def test_accepting_twice_is_refused(world, place, chen):
    filing = make_filing(place, chen)
    acts.accept(fresh(filing), by=world.lin)
    with pytest.raises(Refused):
        acts.accept(filing, by=world.ning)
    assert StaffMember.objects.count() == 1


def test_a_stale_copy_loses(world, place, chen):
    filing = make_filing(place, chen)
    stale = filing.version - 1
    with pytest.raises(StaleVersion):
        acts.accept(filing, by=world.lin, version=stale)
    assert StaffMember.objects.count() == 0


def test_returning_needs_a_reason_and_tells_it(world, place, chen):
    filing = make_filing(place, chen)
    with pytest.raises(Refused):
        acts.give_back(filing, by=world.lin, reason=" ")
    acts.give_back(filing, by=world.lin, reason="证书编号有误")
    assert fresh(filing).reason == "证书编号有误"
    assert Notification.objects.get(recipient=chen).params == {"reason": "证书编号有误"}


def test_what_was_returned_is_put_right_and_submitted_again(world, place, chen):
    filing = make_filing(place, chen)
    acts.give_back(filing, by=world.lin, reason="证书编号有误")
    filing = fresh(filing)
    acts.revise(filing, proposed("staff", place, certificate_number="20215200112000002"), by=chen)
    acts.submit([filing], by=chen)
    row = acts.accept(filing, by=world.lin)
    assert row.certificate_number == "20215200112000002"
    assert Clock.objects.of(filing).count() == 2


def test_a_returned_filing_cannot_be_accepted(world, place, chen):
    filing = make_filing(place, chen)
    acts.give_back(filing, by=world.lin, reason="证书编号有误")
    with pytest.raises(TransitionRefused):
        acts.accept(fresh(filing), by=world.lin)


@pytest.mark.parametrize("who", ["ma", "shi", "ying", "shen", "xi", "chen"])
def test_nobody_but_the_competent_department_decides(world, place, chen, who):
    actor = chen if who == "chen" else world.members[who]
    filing = make_filing(place, chen)
    with pytest.raises(DutyMissing):
        acts.accept(filing, by=actor)
    with pytest.raises(DutyMissing):
        acts.give_back(filing, by=actor, reason="证书编号有误")


def test_a_record_that_changed_meanwhile_is_shown_first(world, place, chen):
    row = make_record(place, world.lin)
    filing = make_change(row, chen, subjects="书法")
    records.change(row, {"employed_from": TODAY}, by=world.lin)
    with pytest.raises(acts.RecordMoved) as refusal:
        acts.accept(filing, by=world.lin)
    [drift] = refusal.value.drift
    assert (drift["was"], drift["now"]) == ("", "2026-03-04")
    acts.accept(filing, by=world.lin, seen=refusal.value.version)
    row = StaffMember.objects.get(pk=row.pk)
    assert (row.subjects, row.employed_from) == ("书法", TODAY)


def test_what_fails_the_checks_of_today_is_not_accepted(world, place, chen):
    filing = make_filing(place, chen)
    make_record(place, world.lin)  # the same person came in at the window
    with pytest.raises(acts.NoLongerValid):
        acts.accept(filing, by=world.lin)
    assert StaffMember.objects.count() == 1


def test_accepting_many_tells_the_result_of_each(world, place, chen):
    good = make_filing(place, chen)
    bad = make_filing(place, chen, name="周敏", subjects="书法")  # the same person again
    results = acts.accept_each([good, bad], by=world.lin)
    assert [bool(why) for _filing, why in results] == [False, True]
    assert fresh(bad).status == Status.SUBMITTED


# --- the terms that follow ---------------------------------------------------------------------


def test_the_query_of_records_is_due_a_year_after_the_oldest(world, place, chen):
    acts.accept(make_filing(place, chen), by=world.lin)
    older = make_filing(
        place, chen, name="乙", id_number="520121199001010025", crime_query_on="2025-06-01"
    )
    acts.accept(older, by=world.lin)
    assert str(deadlines.find(place, "staff.crimeQuery").due_on) == "2026-06-01"


def test_staff_who_are_not_shown_start_the_term_to_show_them(world, place, chen):
    row = acts.accept(make_filing(place, chen, posted=False), by=world.lin)
    assert str(deadlines.find(place, "staff.publicize").due_on) == "2026-03-11"
    acts.accept(make_change(row, chen, posted=True), by=world.lin)
    assert deadlines.find(place, "staff.publicize") is None


def test_insurance_runs_out_with_its_last_policy(world, place, chen):
    acts.accept(make_filing(place, chen, "insurance"), by=world.lin)
    assert str(deadlines.find(place, "insurance.expiry").due_on) == "2026-12-31"
    later = make_filing(
        place, chen, "insurance", number="PZ002", valid_from="2027-01-01", valid_to="2027-12-31"
    )
    acts.accept(later, by=world.lin)
    assert str(deadlines.find(place, "insurance.expiry").due_on) == "2027-12-31"


# --- the forms ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("staff", {"id_number": "520121199001010011"}, "id_number"),
        ("staff", {"crime_query_on": "2026-03-05"}, "crime_query_on"),
        ("staff", {"crime_query_on": ""}, "crime_query_on"),
        ("staff", {"certificate_kind": "NONE"}, "certificate_kind"),
        ("staff", {"employed_from": "2026-02-01", "employed_until": "2026-01-01"},
         "employed_until"),
        ("course", {"slots": "随时"}, "slots"),
        ("course", {"slots": "周六 10:30-09:00"}, "slots"),
        ("material", {"external_review_on": "2026-01-01"}, "external_review_on"),
        ("fee", {"amount": "-1"}, "amount"),
        ("figure", {"as_of": "2026-03-05"}, "as_of"),
    ],
)  # fmt: skip
def test_a_form_names_the_field_that_is_wrong(place, kind, wrong, field):
    form = KINDS[kind].form(EXAMPLES[kind] | wrong, institution=place)
    assert field in form.errors


def test_the_teacher_of_a_course_works_there(world, place):
    other = make_institution(world, "星河艺术培训学校")
    stranger = make_record(other, world.lin)
    form = KINDS["course"].form(EXAMPLES["course"] | {"teacher": stranger.pk}, institution=place)
    assert "teacher" in form.errors


def test_an_empty_box_keeps_a_private_value(world, place):
    row = make_record(place, world.lin)
    kept = {"id_number": row.id_number}
    form = KINDS["staff"].form(STAFF | {"id_number": ""}, institution=place, record=row, kept=kept)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["id_number"] == row.id_number
