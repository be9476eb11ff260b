"""Clocks: started, stopped, extended, met, handed over, worked out anew, and their lights."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import translation

from governance import audit, calendars, daylight, deadlines
from governance.deadlines import light
from governance.models import CalendarNotice, Clock, ClockEvent, DeadlineRule, Role, Share
from governance.scoping import DutyMissing
from governance.workflow import TransitionRefused
from tests.conftest import TODAY, make_institution_member, make_member
from tests.institutions.builders import SHUANGLIU, make_institution

D = dt.date.fromisoformat
MAJOR, GENERAL = "finding.rectify.major", "licence.decide.general"


@pytest.fixture
def place(world):
    """Without certificates, whose own clocks would be counted too."""
    return make_institution(world, licences=())


def begin(place, world, code=MAJOR, event_on=TODAY, **more):
    return deadlines.start(code, place, event_on=event_on, by=world.lin, **more)


def kinds(clock):
    return list(clock.events.values_list("kind", flat=True))


# --- starting --------------------------------------------------------------------------------


def test_starting_sets_the_due_date_and_repeats_the_subject(world, place):
    clock = begin(place, world)
    assert (clock.started_on, clock.due_on) == (D("2026-03-04"), D("2026-03-19"))
    assert (clock.lead, clock.division_id) == (world.department("edu"), "520121001")
    assert clock.institution_id == place.pk  # the rule concerns the party
    assert clock.title == str(place)
    assert kinds(clock) == ["started"]
    assert audit.history(place).filter(verb=audit.Verb.CLOCK_STARTED).exists()


def test_a_rule_of_the_bureau_alone_stays_hidden_from_the_institution(world, place):
    clock = begin(place, world, GENERAL)
    chen = make_institution_member(place.pk)
    assert clock.institution_id is None
    assert clock not in Clock.objects.visible_to(chen)
    assert begin(place, world) in Clock.objects.visible_to(chen)


def test_a_second_running_clock_is_refused(world, place):
    begin(place, world)
    with pytest.raises(deadlines.AlreadyRuns):
        begin(place, world)
    assert Clock.objects.count() == 1


def test_the_database_refuses_a_second_running_clock_too(world, place):
    clock = begin(place, world)
    clock.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.save(force_insert=True)


def test_after_the_end_the_same_rule_may_run_again(world, place):
    begin(place, world)
    deadlines.meet(place, MAJOR, on=TODAY, by=world.lin)
    begin(place, world)
    assert Clock.objects.of(place).count() == 2


def test_an_unknown_rule_and_a_rule_without_clock_are_refused(world, place):
    with pytest.raises(deadlines.RuleUnknown, match=r"no\.such"):
        begin(place, world, "no.such")
    with pytest.raises(deadlines.TermRefused, match="surcharge"):
        begin(place, world, "fine.surcharge")


def test_a_county_version_comes_before_the_national_one_from_its_day_on(world, place):
    national = DeadlineRule.objects.get(code=MAJOR)
    national.pk, national.county, national.default_amount = None, "520121", 20
    national.valid_from = D("2026-03-01")
    national.save()
    assert deadlines.rule_for(MAJOR, "520121001", D("2026-02-28")).county == ""
    assert deadlines.rule_for(MAJOR, "341203001", TODAY).county == ""
    assert begin(place, world).due_on == D("2026-03-24")


def test_a_clock_keeps_the_version_of_its_day(world, place):
    clock = begin(place, world)
    DeadlineRule.objects.filter(pk=clock.rule_id).update(valid_to=D("2026-03-10"))
    newer = DeadlineRule.objects.get(pk=clock.rule_id)
    newer.pk, newer.valid_from, newer.valid_to = None, D("2026-03-11"), None
    newer.default_amount = 25
    newer.save()
    assert not deadlines.recompute(clock, by=world.lin, reason="check")
    assert deadlines.rule_for(MAJOR, place.division_id, D("2026-03-11")) == newer


def test_the_department_itself_may_be_the_subject(world):
    office = world.department("edu")
    clock = begin(office, world, "foi.yearReport", D("2026-01-01"))
    assert (clock.lead, clock.due_on) == (office, D("2026-01-31"))


def test_a_clock_is_seen_like_the_work_of_its_department(world):
    clock = begin(make_institution(world), world)
    seen = [
        name for name in world.members if clock in Clock.objects.visible_to(world.members[name])
    ]
    expected = {"lin", "luo", "ning", "du", "dai", "shi", "zhou", "shen", "system"}
    assert set(seen) == expected | {"ma", "mei"}  # market supervision shares in its registrant


def test_a_share_in_the_subject_opens_its_clocks(world, place):
    clock = begin(place, world)
    civil = make_member("min", world.department("civil"), Role.OFFICER)
    assert clock not in Clock.objects.visible_to(civil)
    share = Share.objects.create(
        subject=place, department=civil.department, part="read", created_by=world.lin
    )
    assert clock in Clock.objects.visible_to(civil)
    assert clock not in Clock.objects.editable_by(civil)
    Share.objects.filter(pk=share.pk).update(part="assist")
    assert clock in Clock.objects.editable_by(civil)


# --- ending ----------------------------------------------------------------------------------


def test_met_in_time_and_met_late(world, place):
    begin(place, world)
    assert deadlines.meet(place, MAJOR, on=TODAY, by=world.lin).status == "met"
    begin(place, world)
    daylight.set_day(D("2026-03-20"))
    late = deadlines.meet(place, MAJOR, on=D("2026-03-20"), by=world.lin)
    assert (late.status, late.ended_on) == ("missed", D("2026-03-20"))
    assert light(late).kind == "late"


def test_meeting_without_a_clock_or_in_the_future_is_refused(world, place):
    with pytest.raises(deadlines.NotRunning):
        deadlines.meet(place, MAJOR, on=TODAY, by=world.lin)
    begin(place, world)
    with pytest.raises(deadlines.DayRefused):
        deadlines.meet(place, MAJOR, on=TODAY + dt.timedelta(days=1), by=world.lin)


def test_a_stale_copy_loses(world, place):
    clock = begin(place, world)
    stale = Clock.objects.get(pk=clock.pk)
    deadlines.meet(place, MAJOR, on=TODAY, by=world.lin)
    with pytest.raises(TransitionRefused):
        deadlines.cancel(stale, by=world.lin, reason="too late")


def test_a_window_lapses_only_after_its_last_day(world, place):
    clock = begin(place, world, "list.objection")
    daylight.set_day(clock.due_on)
    with pytest.raises(deadlines.DayRefused):
        deadlines.lapse(clock, by=world.lin)
    daylight.set_day(clock.due_on + dt.timedelta(days=1))
    deadlines.lapse(clock, by=world.lin)
    assert (clock.status, clock.ended_on) == ("met", clock.due_on)


def test_a_cancelled_clock_says_why(world, place):
    clock = deadlines.cancel(begin(place, world), by=world.lin, reason="机构已关闭")
    assert clock.status == "cancelled"
    assert clock.events.get(kind="cancelled").reason == "机构已关闭"
    assert not clock.steps.exists()


# --- stopping --------------------------------------------------------------------------------


def test_stopping_adds_exactly_the_span(world, place):
    clock = begin(place, world, GENERAL)
    assert clock.due_on == D("2026-04-01")
    deadlines.suspend(clock, by=world.lin, reason="补正材料")
    assert light(clock).kind == "stop"
    assert "补正材料" in light(clock).words
    daylight.set_day(D("2026-03-11"))  # five working days later
    deadlines.resume(clock, by=world.lin)
    assert (clock.status, clock.due_on) == ("running", D("2026-04-09"))  # over 清明
    event = clock.events.get(kind="resumed")
    assert (event.due_before, event.due_after) == (D("2026-04-01"), D("2026-04-09"))


def test_a_stopped_clock_is_not_overdue_and_still_counts_as_open(world, place):
    clock = begin(place, world)
    deadlines.suspend(clock, by=world.lin, reason="听证")
    far = D("2026-12-01")
    assert not Clock.objects.overdue(far).exists()
    assert Clock.objects.open().get() == clock


@pytest.mark.parametrize("code", ["licence.renewApply", "campaign.milestones"])
def test_dates_that_are_not_counted_forward_cannot_be_stopped(world, place, code):
    clock = begin(place, world, code, D("2026-09-01"))
    with pytest.raises(deadlines.TermRefused):
        deadlines.suspend(clock, by=world.lin, reason="x")


def test_stopping_twice_or_after_the_end_is_refused(world, place):
    clock = begin(place, world)
    daylight.set_day(D("2026-03-25"))
    with pytest.raises(deadlines.DayRefused):
        deadlines.suspend(clock, by=world.lin, reason="x")
    deadlines.suspend(clock, by=world.lin, reason="x", on=D("2026-03-10"))
    with pytest.raises(TransitionRefused):
        deadlines.suspend(clock, by=world.lin, reason="x", on=D("2026-03-11"))
    with pytest.raises(deadlines.DayRefused):
        deadlines.resume(clock, by=world.lin, on=D("2026-03-09"))


# --- extending -------------------------------------------------------------------------------


def test_the_leader_in_charge_extends_within_the_cap(world, place):
    clock = begin(place, world)
    deadlines.extend(clock, by=world.luo, until=D("2026-04-10"), reason="装修需要时间")
    assert (clock.due_on, clock.extended) == (D("2026-04-10"), 22)
    assert deadlines.latest(clock) == D("2026-06-04")  # three months in all
    with pytest.raises(deadlines.TermRefused, match="2026-06-04"):
        deadlines.extend(clock, by=world.luo, until=D("2026-06-05"), reason="x")


@pytest.mark.parametrize("name", ["lin", "mei", "zhou", "du"])
def test_nobody_else_extends(world, place, name):
    clock = begin(place, world)
    with pytest.raises(DutyMissing):
        deadlines.extend(clock, by=world.members[name], amount=5, reason="x")
    assert not deadlines.may_grant(clock, world.members[name])


def test_extensions_together_stay_within_the_maximum(world, place):
    clock = begin(place, world, GENERAL)
    assert deadlines.latest(clock) == D("2026-04-16")
    deadlines.extend(clock, by=world.luo, amount=6, reason="x")
    with pytest.raises(deadlines.TermRefused, match="10"):
        deadlines.extend(clock, by=world.luo, amount=5, reason="x")
    clock.refresh_from_db()
    deadlines.extend(clock, by=world.luo, amount=4, reason="x")
    assert clock.due_on == D("2026-04-16")


def test_the_government_leader_extends_what_is_his(world, place):
    clock = begin(place, world, "licence.decide.joint")
    with pytest.raises(DutyMissing):
        deadlines.extend(clock, by=world.luo, amount=5, reason="x")
    deadlines.extend(clock, by=world.zhou, amount=15, reason="x")


def test_what_cannot_be_extended_is_refused(world, place):
    critical = begin(place, world, "finding.rectify.critical")
    assert not deadlines.can_be_extended(critical.rule)
    with pytest.raises(deadlines.TermRefused):
        deadlines.extend(critical, by=world.luo, amount=1, reason="x")
    major = begin(place, world)
    daylight.set_day(D("2026-03-20"))
    with pytest.raises(deadlines.DayRefused):
        deadlines.extend(major, by=world.luo, amount=1, reason="x")


# --- handing over ----------------------------------------------------------------------------


def test_a_transfer_repeats_the_subject_again(world, place):
    clock = begin(place, world, owner=world.lin)
    assert list(deadlines.strays()) == []
    type(place).objects.filter(pk=place.pk).update(
        lead=world.department("samr"), division_id=SHUANGLIU
    )
    place.refresh_from_db()
    assert {name for _clock, name in deadlines.strays()} == {"lead_id", "division_id"}
    assert deadlines.transfer(place, by=world.luo, owner=world.ma, reason="移送") == 1
    clock.refresh_from_db()
    assert (clock.lead, clock.division_id) == (world.department("samr"), SHUANGLIU)
    assert clock.owner == world.ma
    assert list(deadlines.strays()) == []
    assert deadlines.transfer(place, by=world.luo) == 0


# --- events ----------------------------------------------------------------------------------


def test_events_are_never_changed_or_deleted(world, place):
    event = begin(place, world).events.get()
    for act in (
        lambda: ClockEvent.objects.filter(pk=event.pk).update(reason="rewritten"),
        lambda: ClockEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            act()


# --- a new notice ----------------------------------------------------------------------------

NOTICE_2027 = """日期,名称,isOffDay,来源
2027-01-01,元旦,true,https://example.org/2027
2027-01-04,元旦,true,https://example.org/2027
2027-01-09,元旦,false,https://example.org/2027
"""


@pytest.fixture
def across_the_year(world, place):
    daylight.set_day(D("2026-12-30"))
    return begin(place, world, "publish.withdraw", D("2026-12-30"))


def test_a_date_beyond_the_notices_is_provisional_and_says_so(across_the_year):
    assert across_the_year.provisional
    assert across_the_year.due_on == D("2027-01-05")
    with translation.override("zh-hans"):
        assert "暂定" in light(across_the_year).words
    assert any("2027" in line for line in deadlines.explain(across_the_year)[-1:])


def test_the_notice_works_running_clocks_out_anew(world, across_the_year):
    notice = calendars.read_notice(NOTICE_2027.encode(), "holidays_2027.csv")
    done = calendars.import_notice(notice, by=world.xi)
    assert (done.year, done.changed, done.clocks) == (2027, True, 1)
    across_the_year.refresh_from_db()
    assert (across_the_year.due_on, across_the_year.provisional) == (D("2027-01-06"), False)
    event = across_the_year.events.get(kind="recomputed")
    assert (event.due_before, event.due_after) == (D("2027-01-05"), D("2027-01-06"))
    again = calendars.import_notice(notice, by=world.xi)
    assert (again.changed, again.clocks) == (False, 0)


def test_ended_clocks_stay_as_they_were(world, place, across_the_year):
    deadlines.meet(place, "publish.withdraw", on=D("2026-12-30"), by=world.lin)
    notice = calendars.read_notice(NOTICE_2027.encode(), "n.csv")
    assert calendars.import_notice(notice, by=world.xi).clocks == 0


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a,b\n1,2\n", "isOffDay"),
        ("日期,名称,isOffDay\n2027-13-01,x,true\n".encode(), "2"),
        ("日期,名称,isOffDay\n2027-01-04,x,false\n".encode(), "2027-01-04"),
        ("日期,名称,isOffDay\n2027-01-04,x,true\n2027-01-04,x,true\n".encode(), "2027-01-04"),
        ("日期,名称,isOffDay\n".encode(), "0"),
        ("日期,名称,isOffDay\n2027-01-04,x,true\n2030-01-04,x,true\n".encode(), "2030"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_with_the_place(content, word):
    with pytest.raises(calendars.BadNotice, match=word):
        calendars.read_notice(content, "n.csv")


def test_json_notices_are_read_too():
    body = (
        b'{"year": 2027, "papers": ["https://example.org"], '
        b'"days": [{"name": "x", "date": "2027-01-01", "isOffDay": true}]}'
    )
    notice = calendars.read_notice(body, "2027.json")
    assert (notice.year, len(notice.days)) == (2027, 1)
    with pytest.raises(calendars.BadNotice):
        calendars.read_notice(b"[]", "2027.json")


@pytest.mark.django_db
def test_the_import_remembers_who_and_whence(world):
    notice = calendars.read_notice(NOTICE_2027.encode(), "n.csv")
    calendars.import_notice(notice, by=world.xi)
    row = CalendarNotice.objects.get(year=2027)
    assert (row.imported_by, row.source) == (world.xi, "https://example.org/2027")
