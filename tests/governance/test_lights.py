"""The deadline light on each day, and the sum behind a due date."""

import datetime as dt

import pytest
from django.utils import translation

from governance import deadlines, workdays
from governance.deadlines import light
from tests.conftest import TODAY
from tests.institutions.builders import make_institution

D = dt.date.fromisoformat
MAJOR, GENERAL = "finding.rectify.major", "licence.decide.general"


@pytest.fixture
def place(world):
    return make_institution(world)


def begin(place, world, code=MAJOR, event_on=TODAY):
    return deadlines.start(code, place, event_on=event_on, by=world.lin)


# --- the light -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        ("2026-03-04", "green", "剩 20 个工作日"),
        ("2026-03-26", "green", "剩 4 个工作日"),
        ("2026-03-27", "amber", "剩 3 个工作日"),  # three days come later than a fifth
        ("2026-03-31", "amber", "剩 1 个工作日"),
        ("2026-04-01", "red", "今日到期"),
        ("2026-04-02", "red", "逾期 1 天"),
        ("2026-04-07", "red", "逾期 6 天"),
    ],
)
def test_the_light_on_each_day(world, place, day, kind, words):
    clock = begin(place, world, GENERAL)
    with translation.override("zh-hans"):
        shown = light(clock, D(day))
    assert (shown.kind, shown.words) == (kind, words)


def test_a_short_term_turns_amber_only_with_its_last_fifth(world, place):
    clock = begin(place, world, "licence.correctionNotice")  # five working days
    assert clock.due_on == D("2026-03-11")
    assert light(clock, D("2026-03-09")).kind == "green"
    assert light(clock, D("2026-03-10")).kind == "amber"


def test_a_weekend_before_a_due_day_that_does_not_roll(world, place):
    clock = begin(place, world, "lease.expiry", D("2026-03-22"))  # a Sunday
    with translation.override("en"):
        assert "no working day left" in light(clock, D("2026-03-21")).words


def test_lights_ask_no_database(world, place, django_assert_num_queries):
    clock = begin(place, world)
    workdays.current()
    with django_assert_num_queries(0):
        assert light(clock, D("2026-03-10")).days == 7


# --- the sum ---------------------------------------------------------------------------------


def test_the_sum_names_every_part(world, place):
    clock = begin(place, world, GENERAL, D("2026-02-10"))
    with translation.override("zh-hans"):
        text = "\n".join(deadlines.explain(clock))
    for part in (
        "许可决定（一般）", "《行政许可法》第42条", "受理申请", "2026-02-11", "20 个工作日",
        "春节 2026-02-15 – 2026-02-23", "2026-02-14", "2026-02-28", "2026-03-16",
    ):  # fmt: skip
        assert part in text


def test_the_sum_names_pauses_extensions_and_the_move_from_a_rest_day(world, place):
    clock = begin(place, world, MAJOR, D("2026-02-26"))
    deadlines.suspend(clock, by=world.lin, reason="鉴定", on=D("2026-02-27"))
    deadlines.resume(clock, by=world.lin, on=D("2026-03-03"))
    deadlines.extend(clock, by=world.luo, amount=4, reason="客观原因")
    with translation.override("en"):
        text = "\n".join(deadlines.explain(clock))
    assert "15 calendar days (limit 30 calendar days)" in text
    assert "Stopped from 2026-02-27 to 2026-03-03; 4 calendar days do not count" in text
    assert "Extended by 4 calendar days on 2026-03-04: 客观原因" in text
    assert "2026-03-21 is a rest day; the term ends on the next working day, 2026-03-23" in text
