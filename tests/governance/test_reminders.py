"""Steps, the sweep, escalation, pressing and the heartbeat."""

import datetime as dt
import time

import pytest
from django.utils import translation

from governance import audit, daylight, deadlines, people, reminders
from governance.models import Clock, ClockStep, DeadlineRule, Heartbeat, Membership, Notification
from governance.scoping import DutyMissing
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import make_institution

D = dt.date.fromisoformat
MAJOR = "finding.rectify.major"  # reminds 7, 3, 1 days ahead; leader after 1, leading group after 7
WORKERS = {"lin", "ning", "du", "dai"}


@pytest.fixture
def place(world):
    return make_institution(world)


@pytest.fixture
def clock(world, place):
    """Due on 19 March."""
    return deadlines.start(MAJOR, place, event_on=TODAY, by=world.lin)


def on(day):
    daylight.set_day(D(day))
    return reminders.sweep()


def told(world, **what):
    rows = Notification.objects.filter(channel="inapp", **what).values_list("recipient", flat=True)
    names = {member.pk: name for name, member in world.members.items()}
    return sorted(names[pk] for pk in rows)


# --- steps -----------------------------------------------------------------------------------


def test_a_clock_knows_its_steps(clock):
    steps = clock.steps.order_by("fire_on", "id").values_list("name", "fire_on", "send_to")
    assert [(name, str(day), to) for name, day, to in steps] == [
        ("before:7", "2026-03-12", "owner"),
        ("before:3", "2026-03-16", "owner"),
        ("before:1", "2026-03-18", "owner"),
        ("due", "2026-03-19", "owner"),
        ("after:1", "2026-03-20", "leader"),
        ("after:7", "2026-03-26", "LEADGROUP"),
    ]


def test_steps_of_working_day_rules_count_working_days(world, place):
    clock = deadlines.start("licence.deliver", place, event_on=D("2026-02-10"), by=world.lin)
    assert clock.due_on == D("2026-03-02")
    step = clock.steps.get(name="after:1")
    assert step.fire_on == D("2026-03-03")


def test_steps_already_behind_are_left_out(world, place):
    clock = deadlines.start("licence.decide.general", place, event_on=D("2026-02-10"), by=world.lin)
    assert not clock.steps.filter(name="before:10").exists()
    assert clock.steps.filter(name="before:5").exists()


def test_a_right_of_the_party_is_not_reminded_of(world, place):
    clock = deadlines.start("case.hearingAsk", place, event_on=TODAY, by=world.lin)
    assert not clock.steps.exists()


def test_an_extension_replaces_the_steps_that_were_not_taken(world, clock):
    on("2026-03-12")
    deadlines.extend(clock, by=world.luo, until=D("2026-04-10"), reason="x")
    assert set(clock.steps.filter(swept_at=None).values_list("due_on", flat=True)) == {
        D("2026-04-10")
    }
    assert clock.steps.filter(swept_at__isnull=False, due_on=D("2026-03-19")).count() == 1


# --- the sweep -------------------------------------------------------------------------------


def test_each_step_speaks_once_on_its_day(world, clock):
    assert on("2026-03-11").messages == 0
    assert on("2026-03-12").messages == len(WORKERS)
    assert on("2026-03-12").messages == 0
    assert on("2026-03-15").messages == 0
    assert on("2026-03-16").messages == len(WORKERS)
    assert set(told(world)) == WORKERS


def test_the_owner_alone_is_told_when_there_is_one(world, place):
    deadlines.start(MAJOR, place, event_on=TODAY, by=world.lin, owner=world.shi)
    on("2026-03-12")
    assert told(world) == ["shi"]


def test_an_owner_who_left_is_replaced_by_the_department(world, place):
    clock = deadlines.start(MAJOR, place, event_on=TODAY, by=world.lin, owner=world.shi)
    people.end_membership(world.shi, by=world.luo, reason="调离")
    assert {member.pk for member in reminders.addressees(clock)} == {
        world.members[name].pk for name in WORKERS
    }
    on("2026-03-12")
    assert set(told(world)) == WORKERS


def test_a_department_without_workers_tells_its_leader(world, place):
    for name in WORKERS:
        people.end_membership(world.members[name], by=world.luo, reason="x")
    deadlines.start(MAJOR, place, event_on=TODAY, by=world.luo)
    on("2026-03-12")
    assert told(world) == ["luo"]


def test_a_department_with_nobody_is_named_in_the_heartbeat(world, place):
    for name in [*WORKERS, "luo"]:
        people.end_membership(world.members[name], by=world.luo, reason="x")
    deadlines.start(MAJOR, place, event_on=TODAY, by=world.luo)
    assert on("2026-03-12").unheard == 1
    assert "without anybody" in Heartbeat.objects.get(name=reminders.SWEEP).note


def test_the_institution_is_reminded_of_its_own_task(world, place):
    chen = make_institution_member(place.pk)
    other = make_institution_member(place.pk + 1, "wang")
    deadlines.start(MAJOR, place, event_on=TODAY, by=world.lin)
    deadlines.start("finding.recheck", place, event_on=TODAY, by=world.lin)
    on("2026-03-16")
    row = Notification.objects.get(recipient=chen, channel="inapp")
    assert row.clock.code == MAJOR
    assert not Notification.objects.filter(recipient=other).exists()


def test_sql_and_python_agree_on_who_works_on_a_clock(world, clock):
    on("2026-03-12")
    sent = Notification.objects.filter(channel="inapp").values_list("recipient", flat=True)
    assert set(sent) == {member.pk for member in reminders.addressees(clock)}


def test_overdue_goes_to_the_leader_and_then_to_the_leading_group(world, clock):
    on("2026-03-19")
    assert told(world, kind="escalation") == []
    on("2026-03-20")
    assert told(world, kind="escalation") == ["luo"]
    on("2026-03-26")
    assert told(world, kind="escalation") == ["luo", "zhou"]


def test_a_missed_beat_is_made_up_and_only_the_last_step_ahead_speaks(world, clock):
    done = on("2026-03-18")  # 12 and 16 March were missed
    assert (done.steps, done.messages) == (3, len(WORKERS))
    assert set(Notification.objects.values_list("step", flat=True)) == {"before:1"}


def test_a_long_silence_still_escalates_every_step(world, clock):
    on("2026-04-01")
    assert told(world, kind="escalation") == ["luo", "zhou"]
    words = Notification.objects.filter(kind="reminder", channel="inapp").first().words
    with translation.override("en"):
        assert "overdue" in Notification.objects.filter(kind="reminder").first().words
    assert words


@pytest.mark.parametrize("end", ["meet", "cancel", "suspend"])
def test_a_clock_that_does_not_run_says_nothing(world, place, clock, end):
    if end == "meet":
        deadlines.meet(place, MAJOR, on=TODAY, by=world.lin)
    else:
        getattr(deadlines, end)(clock, by=world.lin, reason="x")
    assert on("2026-04-01").steps == 0


def test_after_an_extension_the_new_date_reminds_again(world, clock):
    on("2026-03-18")
    deadlines.extend(clock, by=world.luo, until=D("2026-03-26"), reason="x")
    assert on("2026-03-19").messages == len(WORKERS)  # seven days ahead of the new date
    assert on("2026-03-20").steps == 0  # the old date no longer escalates


def test_turning_a_rule_on_never_floods(world, place, clock):
    rule = DeadlineRule.objects.get(code=MAJOR)
    deadlines.turn_reminders_off(rule, by=world.xi)
    assert on("2026-03-12").steps == 0
    deadlines.turn_reminders_on(rule, by=world.xi)
    assert on("2026-03-26").steps == 0  # what ran before stays silent
    clock.refresh_from_db()
    other = make_institution(world, "星海")
    deadlines.start(MAJOR, other, event_on=D("2026-03-20"), by=world.lin)
    assert on("2026-04-03").steps > 0
    assert audit.history(rule).count() == 2


def test_a_run_stops_at_its_cap_and_the_next_one_goes_on(world, place):
    for number in range(5):
        deadlines.start(
            MAJOR, make_institution(world, f"机构{number}"), event_on=TODAY, by=world.lin
        )
    daylight.set_day(D("2026-03-12"))
    first = reminders.sweep(most=3, batch=2)
    assert (first.steps, first.more) == (3, True)
    assert reminders.sweep(most=3).steps == 2
    assert Notification.objects.filter(channel="inapp").count() == 5 * len(WORKERS)


def test_the_words_follow_the_reader(world, clock):
    on("2026-03-12")
    row = Notification.objects.filter(channel="inapp").first()
    with translation.override("zh-hans"):
        assert row.words == "“晨光艺术培训学校”的较重问题整改将于 2026-03-19 到期。"
    with translation.override("en"):
        assert "Rectify a major finding is due on 2026-03-19" in row.words


def test_a_same_day_limit_and_an_escalation_do_not_wait_for_the_digest(world, place):
    deadlines.start("finding.rectify.critical.stop", place, event_on=TODAY, by=world.lin)
    on("2026-03-04")
    mail = Notification.objects.filter(channel="email")
    assert set(mail.values_list("kind", "in_digest")) == {
        ("reminder", False),
        ("escalation", False),
    }


def test_many_clocks_take_one_statement_each_thousand(world, clock, django_assert_max_num_queries):
    daylight.set_day(D("2026-03-12"))
    daylight.today()
    with django_assert_max_num_queries(16):
        reminders.sweep()


# --- the heartbeat ---------------------------------------------------------------------------


def test_the_sweep_leaves_a_heartbeat(world):
    Heartbeat.objects.all().delete()
    assert reminders.seconds_since_beat() is None
    assert reminders.is_late()
    reminders.sweep()
    assert reminders.seconds_since_beat() < 60
    assert not reminders.is_late()


def test_after_a_silence_the_administrators_are_told_once(world):
    reminders.beat(reminders.SWEEP, 0)
    Heartbeat.objects.update(beat_at=time.time() - 3_600)
    reminders.sweep()
    reminders.sweep()
    assert told(world, kind="system") == ["xi"]


# --- pressing --------------------------------------------------------------------------------


def test_a_leader_presses_and_whoever_works_on_it_is_told_at_once(world, clock):
    reminders.press(clock, by=world.luo, text="三日内办结")
    assert set(told(world, kind="press")) == WORKERS
    assert not Notification.objects.filter(channel="email", in_digest=True).exists()
    row = Notification.objects.filter(kind="press", channel="inapp").first()
    with translation.override("zh-hans"):
        assert row.words == "罗 督办：“晨光艺术培训学校”，2026-03-19 到期。三日内办结"
    clock.refresh_from_db()
    assert clock.pressed_at is not None
    assert clock.events.get(kind="pressed").reason == "三日内办结"


def test_the_leading_group_presses_too_and_each_press_arrives(world, clock):
    reminders.press(clock, by=world.zhou, text="一")
    reminders.press(clock, by=world.zhou, text="二")
    assert len(told(world, kind="press")) == 2 * len(WORKERS)


@pytest.mark.parametrize("name", ["lin", "mei", "shi"])
def test_others_do_not_press(world, clock, name):
    with pytest.raises(DutyMissing):
        reminders.press(clock, by=world.members[name], text="x")


def test_an_ended_clock_is_not_pressed(world, place, clock):
    deadlines.meet(place, MAJOR, on=TODAY, by=world.lin)
    with pytest.raises(deadlines.NotRunning):
        reminders.press(Clock.objects.get(pk=clock.pk), by=world.luo, text="x")


def test_steps_belong_to_running_clocks_only(world, clock):
    assert ClockStep.objects.filter(swept_at=None).exclude(clock__status="running").count() == 0
    assert Membership.objects.active().filter(pk=world.lin.pk).exists()
