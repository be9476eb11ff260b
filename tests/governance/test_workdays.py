"""Working days against the three real calendars, with a slow model that shares no code."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings as product
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import calendars, workdays
from governance.models import CalendarNotice
from governance.workdays import Calendar, NoCalendar

DATA = Path(workdays.__file__).parent / "data"
YEARS = (2024, 2025, 2026)
EFFORT = settings(max_examples=100 * product.MINGSHU_EFFORT, deadline=None, derandomize=True)


def rows():
    for year in YEARS:
        with (DATA / f"holidays_{year}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield dt.date.fromisoformat(row["日期"]), row["名称"], row["isOffDay"] == "true"


LISTED = {day: off for day, _name, off in rows()}
REAL = Calendar.of(YEARS, rows())


def slow_is_workday(day):
    """The notice says so, else Monday to Friday."""
    if day in LISTED:
        return not LISTED[day]
    return day.strftime("%a") not in ("Sat", "Sun")


def slow_add(day, count):
    step = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= slow_is_workday(day)
    return day


def slow_count(start, end):
    days = (end - start).days
    return sum(slow_is_workday(start + dt.timedelta(days=n)) for n in range(1, days + 1))


noticed_days = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
inner_days = st.dates(dt.date(2024, 7, 1), dt.date(2026, 6, 30))


@EFFORT
@given(noticed_days)
def test_every_day_is_what_the_notices_say(day):
    assert REAL.is_workday(day) == slow_is_workday(day)


@EFFORT
@given(inner_days, st.integers(-110, 110))
def test_adding_agrees_with_counting_day_by_day(day, count):
    assert REAL.add(day, count) == slow_add(day, count)


@EFFORT
@given(noticed_days, noticed_days)
def test_counting_agrees_with_walking(one, other):
    start, end = sorted((one, other))
    assert REAL.count_between(start, end) == slow_count(start, end)
    assert REAL.count_between(end, start) == -slow_count(start, end)


@EFFORT
@given(inner_days, st.integers(1, 110))
def test_adding_and_counting_undo_each_other(day, count):
    end = REAL.add(day, count)
    assert REAL.is_workday(end)
    assert REAL.count_between(day, end) == count
    assert REAL.add(end, -count) <= day


@EFFORT
@given(inner_days, inner_days, st.integers(0, 60))
def test_adding_is_monotone(one, other, count):
    early, late = sorted((one, other))
    assert REAL.add(early, count) <= REAL.add(late, count)
    assert REAL.add(early, count) <= REAL.add(early, count + 1)


@EFFORT
@given(noticed_days)
def test_the_next_and_previous_workday_are_the_nearest(day):
    following, before = REAL.next_workday(day), REAL.previous_workday(day)
    assert before <= day <= following
    assert slow_count(day - dt.timedelta(days=1), following) == 1
    assert slow_count(before, day) == 0


@pytest.mark.parametrize(("year", "workdays_of_year"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_workdays_as_counted_by_hand(year, workdays_of_year):
    assert REAL.count_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == workdays_of_year


def test_a_make_up_saturday_counts_and_the_long_holiday_does_not():
    friday = dt.date(2026, 2, 13)
    assert REAL.add(friday, 1) == dt.date(2026, 2, 14)  # 调休上班, a Saturday
    assert REAL.add(friday, 2) == dt.date(2026, 2, 24)  # after 春节
    assert REAL.holiday(dt.date(2026, 2, 14)) == "春节"


def test_a_year_without_a_notice_counts_statutory_days_and_is_provisional():
    assert not REAL.is_workday(dt.date(2027, 1, 1))
    assert REAL.is_workday(dt.date(2027, 1, 4))
    assert REAL.is_provisional(dt.date(2027, 1, 4))
    assert not REAL.is_provisional(dt.date(2026, 12, 31))
    assert REAL.holiday(dt.date(2027, 2, 6)) == "春节"


@pytest.mark.parametrize("year", [1949, 2101])
def test_a_year_that_no_source_covers_is_refused(year):
    with pytest.raises(NoCalendar):
        REAL.is_workday(dt.date(year, 6, 1))


def test_counting_across_many_years_is_exact():
    start, end = dt.date(2024, 3, 5), dt.date(2026, 11, 22)
    assert REAL.count_between(start, end) == slow_count(start, end)


@pytest.mark.django_db
def test_the_loaded_calendar_is_the_one_of_the_files():
    calendars.load_calendar()
    assert workdays.current() == REAL
    assert list(CalendarNotice.objects.values_list("year", flat=True)) == list(YEARS)
    assert "gov.cn" in CalendarNotice.objects.get(year=2026).source


@pytest.mark.django_db
def test_loading_again_changes_nothing():
    before = CalendarNotice.objects.get(year=2026).imported_at
    calendars.load_calendar()
    assert CalendarNotice.objects.get(year=2026).imported_at == before
