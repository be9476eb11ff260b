"""Whatever is filed: before + what was filed = after, and nothing else of the row changes."""

import datetime as dt

import pytest
from django.conf import settings as conf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions.filings import acts, values
from institutions.filings.kinds import KINDS
from tests.conftest import make_institution_member
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_change, make_record

pytestmark = pytest.mark.django_db
EFFORT = 10 * conf.MINGSHU_EFFORT
WORDS = st.text("素描书法ab12 ", max_size=20).map(str.strip)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 3, 4)).map(dt.date.isoformat)
CHANGES = {
    "staff": st.fixed_dictionaries(
        {},
        optional={
            "subjects": WORDS, "what": WORDS, "full_time": st.booleans(), "posted": st.booleans(),
            "stages": st.lists(st.sampled_from(["PRIMARY", "JUNIOR"]), unique=True),
            "crime_query_on": DAYS, "employed_from": DAYS,
            "foreign_qualified": st.sampled_from([None, True, False]),
        },
    ),
    "material": st.fixed_dictionaries(
        {},
        optional={
            "title": WORDS.filter(bool), "origin": st.sampled_from(["OWN", "PUBLISHED", "FOREIGN"]),
            "internal_review_by": WORDS, "stopped_on": DAYS,
        },
    ),
    "fee": st.fixed_dictionaries(
        {},
        optional={
            "amount": st.decimals(0, 99_999, places=2).map(lambda value: f"{value:.2f}"),
            "lessons": st.integers(0, 200), "posted": st.booleans(), "charged_from": DAYS,
            "pay_methods": st.lists(st.sampled_from(["QR", "CASH", "CARD"]), unique=True),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_before_and_what_was_filed_make_what_is_on_record_after(world, kind):
    place = make_institution(world, "晨光艺术培训学校")
    chen = make_institution_member(place.pk)
    row = make_record(place, world.lin, kind)

    @settings(
        max_examples=EFFORT, deadline=None, derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(CHANGES[kind])
    def holds(new):
        row.refresh_from_db()
        before = values.present(KINDS[kind], row)
        if not values.changed(before, before | new):
            return
        filing = make_change(row, chen, **new)
        acts.accept(filing, by=world.lin)
        row.refresh_from_db()
        after = values.present(KINDS[kind], row)
        expected = values.applied(filing.was, filing.proposed)
        assert {name for name in after if not values.same(after[name], expected[name])} == set()

    holds()
