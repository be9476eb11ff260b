"""Every row of the deadline table with a due date worked out by hand, and the laws of the sum."""

import csv
import datetime as dt
from dataclasses import dataclass, replace

import pytest
from django.conf import settings as product
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from governance import deadlines
from governance.deadlines import TermRefused, due_on, reckon
from governance.deadlines.rules import TABLE
from governance.models import DeadlineRule
from governance.workdays import NoCalendar
from tests.governance.test_workdays import LISTED, REAL, slow_is_workday

EFFORT = settings(max_examples=100 * product.MINGSHU_EFFORT, deadline=None, derandomize=True)
D = dt.date.fromisoformat

# rule: (event, amount, due). Worked out by hand on the calendars of 2024-2026.
EXPECTED = {
    "licence.correctionNotice": ("2026-03-02", None, "2026-03-09"),
    "licence.decide.general": ("2026-02-10", None, "2026-03-16"),
    "licence.decide.joint": ("2026-03-02", None, "2026-05-08"),
    "licence.decide.establish": ("2026-02-04", None, "2026-05-06"),
    "licence.decide.prepare": ("2026-03-05", None, "2026-04-07"),
    "licence.deliver": ("2026-09-24", None, "2026-10-15"),
    "licence.hearing.hold": ("2026-03-02", None, "2026-03-30"),
    "licence.renewApply": ("2026-06-20", None, "2026-05-21"),
    "licence.renewDecide": ("2026-06-21", None, "2026-06-18"),
    "licence.expiry": ("2026-06-21", None, "2026-06-21"),
    "sponsor.change": ("2025-11-30", None, "2026-06-01"),
    "closure.notice": ("2026-08-31", None, "2026-02-28"),
    "npo.register": ("2026-03-03", None, "2026-05-06"),
    "npo.yearReport": ("2026-01-01", None, "2026-03-31"),
    "npo.yearCheck": ("2026-01-01", None, "2026-06-01"),
    "company.yearReport": ("2026-01-01", None, "2026-06-30"),
    "price.yearReport": ("2026-06-30", None, "2027-06-30"),
    "annualReview.submit": ("2026-11-28", None, "2026-11-28"),
    "annualReview.review": ("2026-12-05", None, "2026-12-05"),
    "annualReview.rectify": ("2026-01-31", None, "2026-02-28"),
    "finding.rectify.critical.stop": ("2026-02-21", None, "2026-02-21"),
    "finding.rectify.critical": ("2026-02-09", None, "2026-02-24"),
    "finding.rectify.major": ("2026-02-05", None, "2026-02-24"),
    "finding.rectify.minor": ("2026-04-01", None, "2026-05-06"),
    "finding.rectify.max": ("2026-07-01", None, "2026-10-08"),
    "finding.recheck": ("2026-02-12", None, "2026-02-26"),
    "random.publish": ("2026-04-30", None, "2026-06-01"),
    "complaint.samr.accept": ("2026-02-13", None, "2026-03-02"),
    "complaint.samr.mediate": ("2026-05-06", None, "2026-07-08"),
    "complaint.samr.endNotice": ("2026-09-30", None, "2026-10-15"),
    "report.check": ("2026-03-06", None, "2026-03-27"),
    "report.tellNamed": ("2026-04-03", None, "2026-04-13"),
    "petition.accept": ("2026-02-03", None, "2026-02-24"),
    "petition.finish": ("2026-03-04", None, "2026-05-06"),
    "case.file": ("2026-12-31", None, "2027-01-22"),
    "case.decide": ("2026-01-05", None, "2026-04-07"),
    "case.preserve": ("2024-02-01", None, "2024-02-09"),
    "case.hearingAsk": ("2024-04-30", None, "2024-05-10"),
    "case.hearingNotice": ("2026-03-02", None, "2026-02-13"),
    "case.statement": ("2025-01-23", None, "2025-02-06"),
    "case.serve": ("2025-09-26", None, "2025-10-13"),
    "fine.pay": ("2026-09-18", None, "2026-10-08"),
    "fine.cashHandIn": ("2026-02-13", None, "2026-02-24"),
    "fine.cashToBank": ("2026-02-27", None, "2026-03-02"),
    "remedy.review": ("2026-02-20", None, "2026-04-21"),
    "remedy.sue": ("2025-08-31", None, "2026-02-28"),
    "remedy.sueAfterReview": ("2026-06-05", None, "2026-06-22"),
    "enforce.urge": ("2026-01-29", None, "2026-02-12"),
    "enforce.apply": ("2026-02-14", None, "2026-05-14"),
    "review.answer": ("2024-09-12", None, "2024-09-27"),
    "review.forward": ("2024-09-27", None, "2024-10-10"),
    "limitation.case": ("2024-02-29", None, "2026-02-28"),
    "limitation.case.serious": ("2021-05-01", None, "2026-05-01"),
    "seizure.limit": ("2026-01-22", None, "2026-02-21"),
    "publish.dual": ("2026-06-18", None, "2026-06-30"),
    "publish.samr.own": ("2026-03-02", None, "2026-03-30"),
    "publish.samr.transfer": ("2026-03-02", None, "2026-03-16"),
    "publish.general": ("2025-12-31", None, "2026-01-29"),
    "publish.withdraw": ("2026-12-30", None, "2027-01-05"),
    "publish.expire.minor": ("2026-11-30", None, "2027-02-28"),
    "publish.expire.general": ("2026-02-28", None, "2027-02-28"),
    "publish.expire.serious": ("2024-02-29", None, "2027-02-28"),
    "publish.repairFrom.general": ("2026-01-31", None, "2026-04-30"),
    "publish.repairFrom.serious": ("2025-05-03", None, "2026-05-03"),
    "foi.answer": ("2026-09-17", None, "2026-10-21"),
    "foi.correct": ("2026-03-02", None, "2026-03-11"),
    "foi.thirdParty": ("2026-03-02", None, "2026-03-23"),
    "foi.yearReport": ("2026-01-01", None, "2026-01-31"),
    "list.objection": ("2026-02-13", None, "2026-02-27"),
    "list.objectionReview": ("2026-03-02", None, "2026-03-16"),
    "list.whiteReconfirm": ("2025-06-20", None, "2026-06-22"),
    "campaign.monthly": ("2026-09-01", None, "2026-09-20"),
    "campaign.milestones": ("2026-07-10", None, "2026-07-10"),
    "collection.due": ("2026-10-03", None, "2026-10-03"),
    "collection.due.next": ("2026-10-03", None, "2026-10-08"),
    "collection.due.previous": ("2026-10-03", None, "2026-09-30"),
    "collection.again": ("2026-09-30", None, "2026-10-10"),
    "staff.crimeQuery": ("2025-06-20", None, "2026-06-20"),
    "staff.publicize": ("2026-02-27", None, "2026-03-05"),
    "fire.check": ("2026-01-31", None, "2026-02-28"),
    "fire.drill": ("2026-01-15", None, "2026-07-15"),
    "kitchen.ductClean": ("2026-02-28", None, "2026-05-28"),
    "food.healthCert": ("2025-02-15", None, "2026-02-15"),
    "lease.expiry": ("2026-10-03", None, "2026-10-03"),
    "insurance.expiry": ("2026-10-03", None, "2026-10-03"),
    "contract.expiry": ("2026-10-03", None, "2026-10-03"),
    "minors.dataAudit": ("2025-10-03", None, "2026-10-08"),
    "material.retain": ("2023-10-03", None, "2026-10-03"),
    "lead.answer": ("2026-09-30", None, "2026-10-13"),
    "filing.decide": ("2026-09-30", None, "2026-10-13"),
}
WITHOUT_CLOCK = {"fine.surcharge", "fire.patrol"}


@pytest.fixture
def rules(db):
    return {rule.code: rule for rule in DeadlineRule.objects.all()}


def test_every_row_of_the_table_is_named_here(rules):
    with TABLE.open(encoding="utf-8", newline="") as file:
        in_file = {row["code"] for row in csv.DictReader(file)}
    assert set(rules) == in_file == set(EXPECTED) | WITHOUT_CLOCK
    assert {rule.row_no for rule in rules.values()} - {None} == set(range(1, 72))


@pytest.mark.parametrize("code", EXPECTED)
def test_the_due_date_is_the_one_worked_out_by_hand(rules, code):
    event, amount, due = EXPECTED[code]
    assert due_on(rules[code], D(event), amount) == D(due)


@pytest.mark.parametrize("code", EXPECTED)
def test_the_due_date_is_the_one_of_the_slow_model(rules, code):
    event, amount, _due = EXPECTED[code]
    assert due_on(rules[code], D(event), amount) == slow_due(rules[code], D(event))


def slow_due(rule, event):
    """An independent walk, day by day and month by month."""
    one = dt.timedelta(days=1)
    step = -one if rule.direction == "before" else one
    day, left = event, rule.default_amount
    if rule.unit == "wd":
        while left:
            day += step
            left -= slow_workday(day)
    elif rule.unit == "cd":
        day += step * left
    elif rule.unit in ("month", "year"):
        day = slow_months(event, left * (12 if rule.unit == "year" else 1), step)
    elif rule.unit == "date_of_year":
        day += one
        while f"{day:%m-%d}" != rule.month_day:
            day += one
    elif rule.unit == "day_of_month":
        day += one
        while day.day != rule.default_amount:
            day += one
    while rule.rolls != "none" and not slow_workday(day):
        day += one if rule.rolls == "next" else -one
    return day


def slow_months(event, count, step):
    month, year = event.month, event.year
    for _ in range(count):
        month += 1 if step.days > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    for number in range(event.day, 27, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    return dt.date(year, month, event.day)


def slow_workday(day):
    if day.year <= 2026:
        return slow_is_workday(day)
    return REAL.is_workday(day)  # no notice of that year: the library speaks for itself


@pytest.mark.parametrize("code", sorted(WITHOUT_CLOCK))
def test_rules_without_a_clock_are_refused_with_a_reason(rules, code):
    with pytest.raises(TermRefused, match=code):
        due_on(rules[code], D("2026-03-02"))


def test_a_given_amount_stays_within_the_range(rules):
    major = rules["finding.rectify.major"]
    assert due_on(major, D("2026-03-02"), 20) == D("2026-03-23")
    for amount in (0, 31):
        with pytest.raises(TermRefused, match="30"):
            due_on(major, D("2026-03-02"), amount)


def test_counting_back_may_be_longer_but_not_shorter(rules):
    notice = rules["case.hearingNotice"]
    assert due_on(notice, D("2026-03-12"), 8) == D("2026-03-02")
    with pytest.raises(TermRefused):
        due_on(notice, D("2026-03-12"), 6)


def test_a_promise_shortens_the_term(rules):
    rule = rules["licence.decide.general"]
    rule.promised = 10
    assert due_on(rule, D("2026-03-02")) == D("2026-03-16")


def test_a_set_date_takes_no_amount(rules):
    with pytest.raises(TermRefused):
        due_on(rules["annualReview.submit"], D("2026-03-02"), 3)


def test_a_term_into_a_year_without_a_notice_is_provisional(rules):
    assert reckon(rules["publish.withdraw"], D("2026-12-30")).provisional
    assert not reckon(rules["publish.withdraw"], D("2026-12-20")).provisional
    # A month that does not roll asks no calendar.
    assert not reckon(rules["publish.expire.minor"], D("2026-11-30")).provisional
    assert reckon(rules["finding.rectify.max"], D("2026-11-30")).provisional


def test_a_year_that_no_calendar_covers_is_refused(rules):
    with pytest.raises(NoCalendar):
        due_on(rules["case.file"], D("2100-12-30"))


@pytest.mark.parametrize(
    ("event", "due"),
    [("2026-03-01", "2026-03-20"), ("2026-03-20", "2026-04-20"), ("2026-02-19", "2026-02-24")],
)
def test_a_monthly_date_is_the_next_one_after_the_event(rules, event, due):
    assert due_on(rules["campaign.monthly"], D(event)) == D(due)


# --- laws ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    unit: str
    amount: int
    rolls: str = "none"
    direction: str = "after"
    code: str = "law"
    promised: int | None = None
    month_day: str = ""

    @property
    def default_amount(self):
        return self.amount


days = st.dates(dt.date(2024, 1, 1), dt.date(2026, 3, 1))
rolls = st.sampled_from(["none", "next"])
terms = st.one_of(
    st.builds(Term, st.just("wd"), st.integers(1, 60)),
    st.builds(Term, st.just("cd"), st.integers(0, 90), rolls),
    st.builds(Term, st.just("month"), st.integers(1, 6), rolls),
)


def due(term, event, **more):
    return due_on(term, event, calendar=REAL, **more)


@EFFORT
@given(terms, days, days)
def test_a_later_event_never_ends_earlier(term, one, other):
    early, late = sorted((one, other))
    assert due(term, early) <= due(term, late)


@EFFORT
@given(terms, days)
def test_a_longer_term_never_ends_earlier(term, event):
    assert due(term, event) <= due(replace(term, amount=term.amount + 1), event)
    assert due(term, event, extension=1) == due(replace(term, amount=term.amount + 1), event)


@EFFORT
@given(terms, days)
def test_a_term_ends_on_or_after_its_event_and_where_it_rolls_on_a_workday(term, event):
    end = due(term, event)
    assert end >= event
    if term.unit == "wd" or term.rolls == "next":
        assert slow_is_workday(end)


@EFFORT
@given(terms, days, st.integers(0, 100), st.integers(0, 60))
def test_a_pause_adds_exactly_its_span(term, event, offset, span):
    plain = reckon(term, event, calendar=REAL)
    since = event + dt.timedelta(days=offset)
    assume(since <= plain.due_on)
    until = since + dt.timedelta(days=span)
    paused = reckon(term, event, pauses=[(since, until)], calendar=REAL)
    if term.unit == "wd":
        assert walked(plain.raw, paused.raw) == walked(since, until)
    else:
        assert paused.raw - plain.raw == until - since


def walked(start, end):
    """Working days after `start` up to `end`, counted on the fingers."""
    return sum(slow_is_workday(start + dt.timedelta(days=n + 1)) for n in range((end - start).days))


@EFFORT
@given(terms, days, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4))
def test_pauses_add_up(term, event, spans):
    pauses, day = [], event
    for gap, span in spans:
        since = day + dt.timedelta(days=gap)
        day = since + dt.timedelta(days=span)
        pauses.append((since, day))
    together = reckon(term, event, pauses=pauses, calendar=REAL).raw
    if term.unit == "wd":
        span = sum(walked(*pause) for pause in pauses)
        assert together == due(replace(term, amount=term.amount + span), event)
    else:
        span = sum((until - since for since, until in pauses), dt.timedelta())
        assert together == reckon(term, event, calendar=REAL).raw + span


@EFFORT
@given(st.sampled_from(sorted(LISTED)), st.integers(1, 8))
def test_make_up_days_count_and_holidays_do_not(listed, count):
    assume(listed < dt.date(2026, 11, 1))
    end = due(Term("wd", count), listed - dt.timedelta(days=1))
    if LISTED[listed]:
        assert end > listed
    elif count == 1:
        assert end == listed


@EFFORT
@given(days, st.integers(1, 40))
def test_counting_back_mirrors_counting_on(event, count):
    back = Term("wd", count, direction="before", rolls="previous")
    start = due(back, event)
    assert slow_is_workday(start)
    assert walked(start, event - dt.timedelta(days=1)) == count - 1


def test_the_module_offers_what_it_says():
    assert all(hasattr(deadlines, name) for name in deadlines.__all__)
