"""However a workbook is spoiled: it is refused with a sentence or read row for row, nothing is
written before the confirmation, and what was confirmed can be taken back.

25 workbooks, times MINGSHU_EFFORT (400 for the 10,000 of a soak).
"""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from django.conf import settings as conf
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import workbooks
from governance.import_books import report
from governance.imports import Answers
from governance.models import Division, ImportRow
from governance.workbooks import BadWorkbook
from governance.workflow import Refused
from institutions.annexes import OF, Annex
from institutions.imports import acts
from institutions.models import Institution
from tests.governance.files import LEDGERS, saved
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import COUNTY, bring_in
from tests.institutions.mutations import Sources, spoiled

pytestmark = pytest.mark.django_db
EFFORT = 25 * conf.MINGSHU_EFFORT
SURVEY = LEDGERS.parent / "yingdong" / "survey.csv"
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
PARTS = ("new", "changed", "unchanged", "duplicates", "sites")


def real_shaped(world) -> Sources:
    """The real workbooks, a survey, and annexes of a register with something in it."""
    for name in ("晨光艺术培训学校", "星河培训学校", ""):
        make_institution(world, name, address=f"{name}人民路1号")
    found = Sources({path.stem: path.read_bytes() for path in sorted(LEDGERS.glob("*.xlsx"))})
    book = openpyxl.Workbook()
    with SURVEY.open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file):
            book.active.append(line)
    found["survey"] = saved(book).getvalue()
    with (LEDGERS / "lanzhou_annual_review.xlsx").open("rb") as file:
        bring_in(file, by=world.lin)
    for number in OF:
        out = io.BytesIO()
        Annex(world.lin, number).write("xlsx", out)
        found[f"annex {number}"] = out.getvalue()
    return found


@contextmanager
def only_reading() -> Iterator[None]:
    def refuse(execute, sql, params, many, context):
        assert sql.startswith(READS), sql
        assert "nextval" not in sql, sql
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def tried() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of(file, table) -> set[int]:
    """Numbers of all non-empty rows of the sheet in which the table was found."""
    sheets = [sheet for sheet in workbooks.read(file).sheets if sheet.name == table.sheet]
    file.seek(0)
    return {row.number for row in sheets[0].rows}


def looked(file, world):
    """(table, steps) after reading alone, or the words in which the workbook was refused."""
    try:
        with only_reading():
            return acts.look(file, Division.objects.get(pk=COUNTY), Answers(), by=world.lin)
    except BadWorkbook as error:
        return str(error)


def accounted_for(file, table, steps) -> None:
    taken = [line.number for line in table.lines] + [row.number for row in table.passed]
    assert sorted(taken) == sorted(rows_of(file, table))
    assert [step.row.number for step in steps] == [line.number for line in table.lines]
    found = report(steps)
    wrong = {error["row"] for error in found["errors"]}
    assert sum(found[part] for part in PARTS) + len(wrong) == found["rows"] == len(table.lines)
    assert all(str(error["message"]) for error in found["errors"])


def enters_what_it_said_and_leaves(file, world, steps) -> None:
    before = set(Institution.objects.values_list("pk", flat=True))
    batch = acts.preview(file, Division.objects.get(pk=COUNTY), by=world.lin, name="台账.xlsx")
    assert set(Institution.objects.values_list("pk", flat=True)) == before
    assert ImportRow.objects.filter(batch=batch).count() == len(steps)
    try:
        acts.apply(batch, by=world.lin)
    except Refused:
        raise AssertionError("nothing changed since the preview") from None
    new = Institution.objects.exclude(pk__in=before)
    assert new.count() == report(steps)["new"]
    acts.undo(batch, by=world.luo)
    assert not new.filter(voided_at=None).exists()


def test_a_spoiled_workbook_is_refused_in_words_or_read_row_for_row(world):
    sources = real_shaped(world)

    @settings(
        max_examples=EFFORT, deadline=None, derandomize=True, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(spoiled(sources), st.booleans())
    def holds(content, confirmed):
        file = io.BytesIO(content)
        found = looked(file, world)
        if isinstance(found, str):
            assert found
            return
        file.seek(0)
        accounted_for(file, *found)
        if confirmed and found[1]:
            with tried():
                enters_what_it_said_and_leaves(file, world, found[1])

    holds()


@pytest.mark.parametrize("stem", [path.stem for path in sorted(LEDGERS.glob("*.xlsx"))])
def test_the_unspoiled_workbooks_hold_the_same(world, stem):
    file = io.BytesIO((LEDGERS / f"{stem}.xlsx").read_bytes())
    found = looked(file, world)
    assert not isinstance(found, str)
    file.seek(0)
    accounted_for(file, *found)
    with tried():
        enters_what_it_said_and_leaves(file, world, found[1])
