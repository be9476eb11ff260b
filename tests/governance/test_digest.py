"""The digest: one e-mail a day and person at eight, overdue first, made up when missed."""

import datetime as dt

import pytest
from django.core import mail

from governance import daylight, deadlines, delivery, digests, notifications, reminders
from governance.models import Notification
from tests.conftest import make_department, make_member
from tests.institutions.builders import make_institution

D = dt.date.fromisoformat
MAJOR = "finding.rectify.major"


@pytest.fixture
def clock_at(monkeypatch):
    """`clock_at(day, "08:00")`: what daylight says from now on."""

    def set_to(day, time):
        moment = dt.datetime.combine(D(day), dt.time.fromisoformat(time), tzinfo=daylight.ZONE)
        monkeypatch.setattr(daylight, "now", lambda: moment)

    return set_to


@pytest.fixture
def task(world):
    def begin(name, event_on):
        place = make_institution(world, name)
        return deadlines.start(MAJOR, place, event_on=D(event_on), by=world.lin, owner=world.du)

    return begin


def morning(clock_at, day, time="08:00"):
    clock_at(day, "00:05")
    reminders.sweep()
    clock_at(day, time)
    made = digests.make_digests()
    delivery.deliver()
    return made


def test_before_eight_nothing_goes_out(world, task, clock_at):
    task("甲", "2026-03-04")
    assert morning(clock_at, "2026-03-12", "07:59") == 0
    assert mail.outbox == []


def test_at_eight_each_person_gets_one_mail(world, task, clock_at):
    for name in ("甲", "乙", "丙"):
        task(name, "2026-03-04")
    assert morning(clock_at, "2026-03-12") == 1
    (letter,) = mail.outbox
    assert letter.to == ["du@test.invalid"]
    assert letter.subject == "明塾：逾期 0 件，今日到期 0 件，其他 3 件"
    assert all(name in letter.body for name in ("甲", "乙", "丙"))
    assert set(Notification.objects.filter(channel="email").values_list("state", flat=True)) == {
        "sent"
    }


def test_running_again_sends_nothing_more(world, task, clock_at):
    task("甲", "2026-03-04")
    morning(clock_at, "2026-03-12")
    for _time in range(3):
        assert digests.make_digests() == 0
        delivery.deliver()
    assert len(mail.outbox) == 1


def test_a_missed_eight_o_clock_is_made_up(world, task, clock_at):
    task("甲", "2026-03-04")
    assert morning(clock_at, "2026-03-12", "15:30") == 1


def test_what_comes_after_eight_waits_for_the_next_morning(world, task, clock_at):
    task("甲", "2026-03-04")
    morning(clock_at, "2026-03-12")
    clock_at("2026-03-12", "10:00")
    notifications.notify(world.du, key="late", text="later", kind="task")
    assert digests.make_digests() == 0
    clock_at("2026-03-13", "08:01")
    assert digests.make_digests() == 1
    delivery.deliver()
    assert "later" in mail.outbox[-1].body


def test_overdue_leads_and_what_is_done_is_left_out(world, task, clock_at):
    overdue = task("过期的", "2026-03-04")  # due 19 March
    today = task("今天的", "2026-03-05")  # due 20 March
    done = task("已办的", "2026-03-04")
    clock_at("2026-03-19", "09:00")
    reminders.sweep()  # after eight: these wait for the next morning
    deadlines.meet(done.subject, MAJOR, on=D("2026-03-19"), by=world.lin)
    morning(clock_at, "2026-03-20")
    body = [letter for letter in mail.outbox if letter.to == ["du@test.invalid"]][-1].body
    assert body.index(overdue.title) < body.index(today.title)
    assert done.title not in body


def test_a_digest_with_nothing_left_to_say_is_not_sent(world, task, clock_at):
    made = task("甲", "2026-03-04")
    clock_at("2026-03-12", "00:05")
    reminders.sweep()
    deadlines.meet(made.subject, MAJOR, on=D("2026-03-12"), by=world.lin)
    clock_at("2026-03-12", "08:00")
    digests.make_digests()
    delivery.deliver()
    assert mail.outbox == []
    states = Notification.objects.filter(channel="email").values_list("state", flat=True)
    assert set(states) == {"dropped"}


def test_two_posts_of_one_person_share_one_mail(world, task, clock_at):
    second = make_department("SPORT", "520121", "开阳县体育局")
    also = make_member("du2", second, "officer")
    also.user = world.du.user
    also.save()
    notifications.notify(world.du, key="one", text="first post", kind="task")
    notifications.notify(also, key="two", text="second post", kind="task")
    clock_at("2026-03-05", "08:00")
    assert digests.make_digests() == 1
    delivery.deliver()
    assert "first post" in mail.outbox[0].body
    assert "second post" in mail.outbox[0].body


def test_a_digest_killed_before_it_was_sent_goes_out_later(world, task, clock_at):
    task("甲", "2026-03-04")
    clock_at("2026-03-12", "00:05")
    reminders.sweep()
    clock_at("2026-03-12", "08:00")
    digests.make_digests()
    delivery._claim("email", 10)  # and the worker dies
    clock_at("2026-03-12", "08:30")
    assert delivery.return_stale() == 1
    assert delivery.deliver() == 1
    assert len(mail.outbox) == 1
