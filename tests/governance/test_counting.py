"""Counts of several kinds of rows in one statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import counting
from governance.models import Department, Membership

pytestmark = pytest.mark.django_db


def test_rows_of_several_kinds_are_counted_by_one_statement(world):
    offices = Department.objects.select_related("division").order_by("name")
    rows = {
        "offices": offices,
        "clerks": Membership.objects.filter(role="clerk"),
        "nobody": Membership.objects.filter(pk__in=[]),
        "strangers": Membership.objects.filter(role="stranger"),
    }
    expected = {name: each.count() for name, each in rows.items()}
    assert expected["offices"]
    assert expected["clerks"]
    with CaptureQueriesContext(connection) as queries:
        assert counting.together(rows) == expected
    assert len(queries) == 1


def test_counting_nothing_asks_nothing(world):
    nobody = Membership.objects.filter(pk__in=[])
    with CaptureQueriesContext(connection) as queries:
        assert counting.together({}) == {}
        assert counting.together({"nobody": nobody}) == {"nobody": 0}
    assert not queries.captured_queries
