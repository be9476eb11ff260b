"""The arithmetic of valid time holds to its laws."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from institutions import spans
from institutions.spans import Piece

DAY = dt.date(2024, 1, 1)
HORIZON = 60
days = st.integers(0, HORIZON).map(lambda n: DAY + dt.timedelta(days=n))
facts = st.fixed_dictionaries({"name": st.sampled_from("ABC"), "town": st.sampled_from("xy")})
changes = st.one_of(
    st.fixed_dictionaries({"name": st.sampled_from("ABC")}),
    st.fixed_dictionaries({"town": st.sampled_from("xy")}),
    facts,
)


@st.composite
def timelines(draw):
    cuts = sorted(draw(st.sets(days, min_size=1, max_size=6)))
    ends = [*cuts[1:], draw(st.sampled_from([None, cuts[-1] + dt.timedelta(days=3)]))]
    pieces = [
        Piece(a, b, draw(facts), row) for row, (a, b) in enumerate(zip(cuts, ends, strict=True))
    ]
    return [piece for piece in pieces if piece.row == 0 or draw(st.booleans())]


spans_of_days = st.tuples(days, st.one_of(st.none(), days)).filter(
    lambda pair: spans.is_span(*pair)
)


def every_day():
    return [DAY + dt.timedelta(days=n) for n in range(-1, HORIZON + 10)]


def within(day, start, end):
    return start <= day and (end is None or day < end)


@given(timelines(), spans_of_days, changes)
def test_inside_the_span_the_change_holds_and_the_rest_stays(timeline, span, change):
    new = spans.overlay(timeline, *span, change)
    for day in every_day():
        was, now = spans.at(timeline, day), spans.at(new, day)
        if within(day, *span):
            assert now is not None
            assert {**now, **change} == now
            assert was is None or now == {**was, **change}
        else:
            assert now == was


@given(timelines(), spans_of_days, changes)
def test_pieces_never_overlap_and_neighbours_differ(timeline, span, change):
    new = spans.overlay(timeline, *span, change)
    for one, other in pairwise(new):
        assert one.end is not None
        assert one.end <= other.start
        assert one.end < other.start or one.facts != other.facts


@given(timelines(), spans_of_days, changes)
def test_recording_twice_is_recording_once(timeline, span, change):
    once = spans.overlay(timeline, *span, change)
    twice = spans.overlay(once, *span, change)
    assert [(p.start, p.end, p.facts) for p in twice] == [(p.start, p.end, p.facts) for p in once]


@given(timelines(), spans_of_days, changes)
def test_a_stored_row_is_kept_at_most_once_with_its_facts(timeline, span, change):
    facts_of = {piece.row: piece.facts for piece in timeline}
    for piece in spans.overlay(timeline, *span, change):
        assert piece.row is None or piece.facts == facts_of[piece.row]
