"""Exports: typed columns over scoped rows, formulas disarmed, one statement however many rows."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import audit, workbooks
from governance.exports import DATE, MOMENT, MONEY, NUMBER, Column, Export, plain, sentence
from governance.models import AuditEvent, Division

ARMED = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1+1"]


class Divisions(Export):
    title = "区划"
    columns = (
        Column("Code", lambda row: row.code, width=14),
        Column("Name", lambda row: row.name),
        Column("Local", lambda row: row.is_local),
        Column("Digits", lambda row: len(row.code), NUMBER),
        Column("Fee", lambda row: Decimal("1234.50"), MONEY),
        Column("Day", lambda row: dt.date(2026, 3, 4), DATE),
        Column("Moment", lambda row: dt.datetime(2026, 3, 4, 1, 30, tzinfo=dt.UTC), MOMENT),
        Column("Nothing", lambda row: None),
    )

    def rows(self):
        return Division.objects.filter(code__startswith="520121").order_by("code")


def written(export, kind="xlsx") -> io.BytesIO:
    out = io.BytesIO()
    export.write(kind, out)
    out.seek(0)
    return out


def test_the_file_says_which_rows_whose_hand_and_when(world):
    sheet = workbooks.read(written(Divisions(world.lin, filters="城关镇; 逾期"))).sheets[0]
    head = [row.cells[0] for row in sheet.rows[:3]]
    assert head[0] == "区划"
    assert "城关镇; 逾期" in head[1]
    assert "林" in head[2]
    assert "2026-03-04" in head[2]


def test_codes_are_text_and_the_rest_has_its_type(world):
    sheet = openpyxl.load_workbook(written(Divisions(world.lin))).active
    row = [cell.value for cell in sheet[5]]
    assert row[0] == "520121"
    assert row[2:] == [
        "False", 6, 1234.5, dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4, 9, 30), None,
    ]  # fmt: skip
    assert sheet["A5"].number_format == "@"


def test_the_head_stays_in_view(world):
    assert openpyxl.load_workbook(written(Divisions(world.lin))).active.freeze_panes == "A5"


@pytest.mark.parametrize("text", ARMED)
def test_a_text_that_begins_like_a_formula_stays_a_text(world, text):
    class Armed(Divisions):
        columns = (Column("Name", lambda row: text),)

    cell = openpyxl.load_workbook(written(Armed(world.lin))).active["A5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip()
    assert plain(text) == f"'{text}"


def test_signs_that_xml_forbids_do_not_break_the_file(world):
    class Odd(Divisions):
        columns = (Column("Name", lambda row: "a\x00\x0b<&>\ud800"),)

    value = openpyxl.load_workbook(written(Odd(world.lin))).active["A5"].value
    assert value == "a<&>"


def test_a_text_that_looks_escaped_comes_back_as_it_was(world):
    class Odd(Divisions):
        columns = (Column("Name", lambda row: "_x0041_ _x_"),)

    sheet = workbooks.read(written(Odd(world.lin))).sheets[0]
    assert sheet.rows[4].cells == ["_x0041_ _x_"]


def test_csv_carries_the_same_rows(world):
    lines = list(csv.reader(io.StringIO(written(Divisions(world.lin), "csv").read().decode())))
    assert lines[3][:2] == ["Code", "Name"]
    assert lines[4][0] == "520121"
    assert lines[4][3:] == ["6", "1234.50", "2026-03-04", "2026-03-04 09:30:00", ""]


def test_an_export_costs_one_statement(world):
    def cost(code):
        class Some(Divisions):
            def rows(self):
                return Division.objects.filter(code__startswith=code)

        with CaptureQueriesContext(
            connection,
        ) as queries:
            written(Some(world.lin))
        return len(queries)

    assert cost("520121001") == cost("5") == 1


def test_a_downloaded_export_leaves_a_trace(world):
    response = Divisions(world.lin, filters="全部").response("xlsx")
    assert "20260304" in response.headers["Content-Disposition"]
    event = AuditEvent.objects.get(verb=audit.Verb.EXPORTED)
    assert event.facts["filters"] == "全部"
    assert event.facts["rows"] == Division.objects.filter(code__startswith="520121").count()
    assert event.by == world.lin


def test_an_exported_file_comes_back_through_the_door(world):
    rows = workbooks.read(written(Divisions(world.lin))).sheets[0].rows
    assert rows[4].cells[5] == dt.date(2026, 3, 4)


def test_the_filter_sentence_leaves_out_what_is_empty():
    assert sentence(["城关镇", "", "逾期"]) == "城关镇; 逾期"
