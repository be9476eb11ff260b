"""The fifty rules: each is kept and broken exactly at its threshold, and never guesses."""

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from governance import reference
from institutions.leads import kinds, readings, spans, wording
from institutions.leads.facts import Facts
from institutions.leads.rules import Limit
from tests.institutions.leads.builders import (
    BROKEN,
    KEPT,
    SILENT,
    UNKNOWN,
    body,
    course,
    facts,
    fee,
    figure,
    outcomes,
    rule,
    site,
    slot,
    teacher,
    verdict,
)  # fmt: skip
from tests.institutions.leads.cases import money, papers, people, places, timetable

CASES = [*money.CASES, *timetable.CASES, *places.CASES, *people.CASES, *papers.CASES]
CODES = [f"R{number:02}" for number in range(1, 51)]


@pytest.mark.parametrize(
    ("code", "known", "expected"),
    [pytest.param(code, known, end, id=f"{code}-{name}") for code, name, known, end in CASES],
)
def test_a_rule_is_kept_and_broken_exactly_at_its_threshold(code, known, expected):
    assert verdict(code, known) is expected


def test_every_rule_of_the_table_has_a_reader_and_cases_on_both_sides():
    assert [row["code"] for row in reference.rows("compliance_rules")] == CODES
    assert sorted(readings.READERS) == CODES
    for code in CODES:
        ends = {end for of, _name, _known, end in CASES if of == code}
        assert {KEPT, BROKEN} <= ends, code
        assert UNKNOWN in ends or SILENT in ends, code


@pytest.mark.parametrize("code", CODES)
def test_an_institution_of_which_nothing_is_known_breaks_no_rule(code):
    assert verdict(code, facts()) in (UNKNOWN, SILENT)


@pytest.mark.parametrize("code", CODES)
def test_the_order_of_the_facts_does_not_matter(code):
    for of, _name, known, _end in CASES:
        if of == code:
            assert set(outcomes(code, turned(known))) == set(outcomes(code, known))


def turned(known: Facts) -> Facts:
    rows = {
        field.name: getattr(known, field.name)[::-1]
        for field in fields(known)
        if isinstance(getattr(known, field.name), tuple)
    }
    return replace(known, **rows)


# --- monotone in the threshold ------------------------------------------------------------------

MEASURED = {
    "R02": lambda value: facts(fees=(fee(lessons=value),)),
    "R03": lambda value: facts(body(categories="ARTS"), fees=(fee(amount=value),)),
    "R19": lambda value: facts(body(modes="OFFLINE"), sites=(site(area=value),)),
    "R23": lambda value: facts(body(startup_funds=value)),
    "R49": lambda value: facts(figures=(figure("DEVELOPMENT_FUND_SHARE", value),)),
}


def held_to(code: str, threshold: Decimal):
    chosen = rule(code)
    [own] = chosen.limits
    return replace(
        chosen, limits=(Limit(own.input, own.operator, str(threshold), own.unit),), variants=()
    )


@given(st.sampled_from(sorted(MEASURED)), *[st.integers(0, 10**6)] * 3)
def test_a_stricter_threshold_breaks_whatever_a_looser_one_broke(code, value, one, other):
    low, high = sorted((one, other))
    strict, loose = (low, high) if rule(code).limits[0].operator == "le" else (high, low)
    known = MEASURED[code](value)
    if verdict(code, known, held_to(code, loose)) is BROKEN:
        assert verdict(code, known, held_to(code, strict)) is BROKEN


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(1, 600))
def test_one_more_learner_never_makes_a_crowd_fit(heads, area):
    def crowd(counts):
        slots = tuple(slot(pk, weekday=2, heads=count) for pk, count in enumerate(counts))
        return verdict(
            "R43",
            facts(
                body(modes="OFFLINE"),
                sites=(site(area=area),),
                courses=(course(mode="OFFLINE"),),
                slots=slots,
            ),
        )

    if crowd(heads) is BROKEN:
        assert crowd([heads[0] + 1, *heads[1:]]) is BROKEN


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 60))
def test_a_span_of_whole_months_is_whole_and_a_day_more_is_more(first, count):
    end = spans.later(first, count)
    assert spans.months(first, end) == count
    assert spans.months(first, end + spans.ONE_DAY) > count
    assert spans.months(first, end - spans.ONE_DAY) < count


# --- kinds of check -----------------------------------------------------------------------------


def test_a_place_may_have_its_own_threshold_for_what_is_taught():
    dance = facts(
        body(modes="OFFLINE", sub_kinds="DANCE"),
        sites=(site(area=100),),
        courses=(course(mode="OFFLINE"),),
        slots=(slot(weekday=2, heads=21),),
    )
    assert verdict("R18", dance, rule("R18", county="210102")) is BROKEN  # 4.76 < 5
    assert verdict("R18", dance, rule("R18", county="520121")) is KEPT


def test_a_value_is_no_worse_when_it_is_the_same_or_nearer_to_the_limit():
    assert kinds.no_worse("le", 3, 4)
    assert not kinds.no_worse("le", 5, 4)
    assert kinds.no_worse("ge", 3, 2)
    assert not kinds.no_worse("ge", 1, 2)
    assert kinds.no_worse("not_in", {"a"}, {"a", "b"})
    assert not kinds.no_worse("not_in", {"a", "c"}, {"a", "b"})
    assert kinds.no_worse("eq", "x", "x")
    assert not kinds.no_worse("not_contains", "保过", "状元")


def test_a_lead_names_the_people_it_was_counted_from():
    [outcome] = outcomes(
        "R26", facts(staff=(teacher(7, in_service=True), teacher(8, in_service=False)))
    )
    assert (outcome.value, [ref.pk for ref in outcome.rows]) == (1, [7])


# --- in words -----------------------------------------------------------------------------------

SENTENCES = [
    ("R01", "three months and a day", "a day more",
     "本次预收费跨度为3.03个月，超过3个月的上限。",
     "This prepayment covers 3.03 months; the limit is 3 months."),
    ("R13", "", "a minute later", "线下课程20:31结束，晚于20:30。",
     "The offline lesson ends at 20:31, later than 20:30."),
    ("R20", "", "a home", "培训场所楼层或用房为居民住宅，要求为"
     "不得为临时、简易建筑、仓库、半地下室、厂房、地下室、居民住宅。", None),
    ("R26", "", "one is", "比对发现1人在职中小学教师，应为0人。",
     "The match found 1 person in-service teachers; it should be 0 people."),
    ("R32", "", "the day after", "许可有效期、课程或培训方式为已过期1天，与有效期内不符。", None),
    ("R40", "", "a promise", "广告内容名师授课,保过!含有保过等禁用字样。", None),
    ("R50", "", "rent is owed",
     "风险指标为拖欠租金：是，超过预警线拖欠租金：否，请核查是否有停业跑路风险。", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "_note", "case", "zh", "en"), SENTENCES)
def test_a_lead_says_value_and_threshold_with_their_units(code, _note, case, zh, en):
    [known] = [known for of, name, known, _end in CASES if (of, name) == (code, case)]
    [broken] = [row for row in outcomes(code, known) if row.verdict is BROKEN]
    cells = next(row for row in reference.rows("compliance_rules") if row["code"] == code)
    with translation.override("zh-hans"):
        assert wording.of_outcome(broken, cells["message_zh"]) == zh
    with translation.override("en"):
        said = wording.of_outcome(broken, cells["message_en"])
    assert en is None or said == en


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_broken_case_can_be_said_and_kept(code, language):
    cells = next(row for row in reference.rows("compliance_rules") if row["code"] == code)
    for of, _name, known, _end in CASES:
        for outcome in outcomes(code, known) if of == code else ():
            if outcome.verdict is not BROKEN:
                continue
            with translation.override(language):
                said = wording.of_outcome(outcome, cells[f"message_{language[:2]}"])
            assert "{" not in said
            assert "frozenset" not in said
            kept = wording.to_json(outcome.value)
            again = wording.to_json(wording.from_json(kept))
            assert again == kept


def test_every_input_and_unit_of_the_table_has_its_word():
    for cells in reference.rows("compliance_rules"):
        for code in cells["input"].split(";"):
            assert ("input", code) in wording.words(), code
