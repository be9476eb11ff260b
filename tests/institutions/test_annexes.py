"""Annexes 1 to 4: made from the register, and changing nothing when they come back."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from governance import workbooks
from governance.imports import Answers
from institutions import services
from institutions.annexes import OF, Annex
from institutions.imports.fields import Ledger
from institutions.models import Institution, SubKind
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, look

pytestmark = pytest.mark.django_db
NAMES = {1: 5, 2: 1, 3: 1, 4: 3}


def make_register(world):
    """One of each certificate status, a nameless place, one with two sites and every fact."""
    full = make_institution(world, "晨光艺术培训学校", credit_code=CODE, address="人民路1号")
    services.record_period(
        full, by=world.lin, start=dt.date(2024, 1, 1), categories=["SPORT", "ARTS"],
        sub_kinds=[SubKind.DANCE, SubKind.BALL], stages=["PRE", "PRIMARY", "JUNIOR"],
        mode="OFFLINE", profit_nature="NON_PROFIT", operating_status="CLOSING", can_qualify=True,
        learners=85,
    )  # fmt: skip
    services.change_identity(full, by=world.lin, startup_funds=Decimal("300000"))
    [site] = full.sites.all()
    services.record_site_period(
        site, by=world.lin, start=dt.date(2024, 1, 1), area=Decimal("320.50"), floors="2-3",
        teaching_area=Decimal("200"), rooms=6, capacity=90, building_use="COMMERCIAL",
    )  # fmt: skip
    licence = full.licences.get(kind="school_licence")
    services.correct_licence(
        licence, by=world.lin, conditions="仅限周末", categories=["SPORT", "ARTS"],
        stages=["PRE", "JUNIOR"], mode="OFFLINE",
    )  # fmt: skip
    services.add_site(full, by=world.lin, start=dt.date(2024, 1, 1), address="解放路9号")
    make_institution(world, "星河培训学校", address="二号", licences=["business_licence"])
    for name in ("云帆书院", "启明托管"):
        make_institution(world, name, address=f"{name}旁", licences=())
    make_institution(world, "", address="菜场对面二楼", licences=())


def made(world, number, **more):
    out = io.BytesIO()
    Annex(world.lin, number, **more).write("xlsx", out)
    out.seek(0)
    return out


@pytest.mark.parametrize("number", OF)
def test_an_annex_that_comes_back_changes_nothing(world, number):
    make_register(world)
    steps = look(made(world, number), by=world.lin)
    assert [(step.row.number, step.result, step.changes) for step in steps] == [
        (step.row.number, "unchanged", {}) for step in steps
    ]
    assert len(steps) == NAMES[number] + (number < 3)


@pytest.mark.parametrize("number", OF)
def test_every_head_of_an_annex_is_understood(world, number):
    make_register(world)
    table = Ledger.table(workbooks.read(made(world, number)), None, Answers())
    assert all(column.field for column in table.columns)


def test_what_was_written_into_an_annex_is_all_that_changes(world):
    make_register(world)
    book = openpyxl.load_workbook(made(world, 3))
    book.active.cell(book.active.max_row, OF[3].index("rooms") + 1).value = "6间"
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    [step] = look(out, by=world.lin)
    assert step.changes == {"site.rooms": [None, 6]}


def test_an_annex_shows_what_held_on_its_day(world):
    make_register(world)
    [before] = Institution.objects.filter(credit_code=CODE)
    services.record_period(before, by=world.lin, start=dt.date(2025, 6, 1), learners=20)
    annexes = [list(Annex(world.lin, 2, day).records()) for day in (dt.date(2025, 5, 31), None)]
    at = OF[2].index("learners")
    assert [annex[0][at] for annex in annexes] == [85, 20]


def test_an_annex_holds_what_its_reader_may_see(world):
    make_register(world)
    assert list(Annex(world.ying, 1).records()) == []


def test_annexes_cost_the_same_for_one_institution_and_five(world, django_assert_max_num_queries):
    make_register(world)
    with django_assert_max_num_queries(8):
        list(Annex(world.lin, 1).records())


@pytest.mark.parametrize("number", OF)
def test_a_template_is_an_annex_without_rows_and_offers_words(world, sign_in, number):
    url = f"/institutions/import/annex/{number}/template/"
    content = b"".join(sign_in(world.lin).get(url).streaming_content)
    table = Ledger.table(workbooks.read(io.BytesIO(content)), None, Answers())
    assert [column.field for column in table.columns if column.field is None] == []
    assert table.lines == []
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert len(sheet.data_validations.dataValidation) >= 6


def test_an_annex_that_does_not_exist_is_not_found(world, sign_in):
    lin = sign_in(world.lin)
    assert lin.get("/institutions/import/annex/9/").status_code == 404
    assert lin.get("/institutions/import/annex/9/template/").status_code == 404
    assert lin.get("/institutions/import/annex/1/?day=nonsense").status_code == 200
