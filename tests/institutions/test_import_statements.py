"""Ledgers of any length cost the same statements: in, again, out of the ledger, and undone."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import daylight
from institutions.annexes import Annex
from institutions.imports import acts
from institutions.models import Institution
from tests.institutions.builders import valid_credit_code
from tests.institutions.ledgers import HEADS, bring_in, look, row, sheet

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 60


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    monkeypatch.setattr(daylight, "_KEPT_FOR", 3_600)


def book(count: int, first: int = 0):
    rows = [
        row(
            f"第{n}艺术培训学校", f"人民路{n}号", 统一社会信用代码=valid_credit_code(n),
            证照情况="有证有照", 备注="备注",
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    return sheet(*rows, heads=HEADS)


def cost(act, *given, **more) -> int:
    with CaptureQueriesContext(connection) as queries:
        act(*given, **more)
    return len(queries)


def test_entering_costs_the_same_for_five_rows_and_sixty(world):
    bring_in(book(1, 500), by=world.lin)
    few = cost(bring_in, book(FEW), by=world.lin)
    assert cost(bring_in, book(MANY, 100), by=world.lin) == few


def test_looking_costs_the_same_for_five_rows_and_sixty(world):
    look(book(1), by=world.lin)
    assert cost(look, book(FEW), by=world.lin) == cost(look, book(MANY), by=world.lin)


def test_undoing_costs_the_same_for_five_rows_and_sixty(world):
    acts.undo(bring_in(book(1, 500), by=world.lin), by=world.luo)
    batches = [bring_in(book(FEW), by=world.lin), bring_in(book(MANY, 100), by=world.lin)]
    few, many = (cost(acts.undo, batch, by=world.luo) for batch in batches)
    assert few == many
    assert not Institution.objects.filter(voided_at=None).exists()


def test_an_annex_costs_the_same_for_five_rows_and_sixty(world):
    def out():
        Annex(world.lin, 1).write("xlsx", io.BytesIO())

    bring_in(book(FEW), by=world.lin)
    out()
    few = cost(out)
    bring_in(book(MANY, 100), by=world.lin)
    assert cost(out) == few
