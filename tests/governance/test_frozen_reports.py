"""A figure that was signed for stays what it was, and says what changed since."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import InternalError, ProgrammingError, transaction

from governance import audit, frozen_reports
from governance.audit import Verb
from governance.models import Division, FrozenReport

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 4)


@pytest.fixture
def report(world) -> FrozenReport:
    return frozen_reports.freeze(
        "institutions.total",
        "机构总数",
        day=DAY,
        division=Division.objects.get(pk="520121"),
        values={"total": 113, "fees": Decimal("12.50"), "as_of": DAY},
        row_keys=[3, 1, 2, 3],
        by=world.luo,
    )


def test_a_report_keeps_values_rows_and_day(report):
    fresh = FrozenReport.objects.get()
    assert fresh.values == {"total": 113, "fees": "12.50", "as_of": "2026-03-04"}
    assert fresh.row_keys == [1, 2, 3]
    assert frozen_reports.is_intact(fresh)


def test_freezing_leaves_a_trace_with_the_hash(world, report):
    event = audit.history(report).get()
    assert (event.verb, event.by) == (Verb.REPORT_FROZEN, world.luo)
    assert event.facts["sha256"] == report.sha256


def test_the_order_of_the_rows_does_not_matter(world, report):
    again = frozen_reports.freeze(
        report.figure,
        report.title,
        day=DAY,
        division=report.division,
        values={"as_of": DAY, "fees": Decimal("12.50"), "total": 113},
        row_keys=[2, 3, 1],
        by=world.lin,
    )
    assert again.sha256 == report.sha256
    assert list(FrozenReport.objects.of_figure(report.figure, DAY)) == [again, report]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("values", {"total": 112}),
        ("row_keys", [1, 2]),
        ("day", dt.date(2026, 3, 5)),
        ("title", "x"),
    ],
)
def test_every_touch_shows_in_the_hash(report, name, value):
    setattr(report, name, value)
    assert not frozen_reports.is_intact(report)


def test_the_database_lets_nobody_touch_it(report):
    for act in (
        lambda: FrozenReport.objects.update(title="x"),
        lambda: FrozenReport.objects.all().delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            act()


def test_what_changed_since_is_named(report):
    assert frozen_reports.differences(report, [2, 3, 4]) == {"added": [4], "gone": [1]}
    assert frozen_reports.differences(report, [3, 2, 1]) == {"added": [], "gone": []}
