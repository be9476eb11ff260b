"""The door for workbooks: what comes in, what is refused, and with which words."""

import datetime as dt
import io
import struct
import subprocess
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import workbooks
from governance.workbooks import BadWorkbook, Yearless, door
from tests.governance.files import bomb, ledger, protected, saved, xlsx


def refusal(content) -> str:
    file = content if hasattr(content, "read") else io.BytesIO(content)
    with pytest.raises(BadWorkbook) as caught:
        workbooks.read(file)
    assert str(caught.value)
    return caught.value.code


def only_row(content) -> list:
    return workbooks.read(content).sheets[0].rows[0].cells


# --- bad files --------------------------------------------------------------------------------


def test_an_empty_file_is_refused():
    assert refusal(b"") == "empty"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(part):
    whole = ledger("zhengzhou").read_bytes()
    assert refusal(whole[: int(len(whole) * part)]) == "truncated"


def test_a_flipped_byte_inside_is_refused():
    whole = bytearray(ledger("zhengzhou").read_bytes())
    with zipfile.ZipFile(ledger("zhengzhou")) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    whole[at + 200] ^= 0xFF
    assert refusal(bytes(whole)) == "truncated"


def test_a_password_protected_workbook_is_refused():
    assert refusal(protected()) == "encrypted"


def test_a_file_over_the_limit_is_refused_without_being_parsed(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    assert refusal(b"PK\x03\x04" + bytes(door.MAX_BYTES)) == "too_big"


@pytest.mark.parametrize("megabytes", [5, 300])
def test_a_zip_bomb_is_refused(megabytes):
    assert refusal(bomb(megabytes)) == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(bomb(50).read())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert refusal(bytes(content)) == "zip_bomb"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\x03\0\0\0 this program cannot be run in DOS mode",
        b"\x7fELF\x02\x01\x01\0" + bytes(64),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n\0\xff",
    ],
)
def test_an_executable_or_picture_under_the_name_of_a_workbook_is_refused(content):
    assert refusal(SimpleUploadedFile("台账.xlsx", content)) == "not_workbook"


def test_an_archive_without_sheets_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(out.getvalue()) == "not_workbook"


def test_a_web_page_named_xls_is_refused_with_the_cure():
    assert refusal(b"<html><table><tr><td>1</td></tr></table></html>") == "web_page"


def test_an_ole_file_that_is_no_workbook_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)) == "truncated"


def test_too_many_rows_are_refused():
    lines = b"a,b\n" * (door.LIMITS["rows"] + 1)
    assert refusal(lines) == "too_many_rows"


def test_too_many_columns_are_refused():
    assert refusal(b"x," * 300 + b"x\n") == "too_many_columns"


def test_a_child_over_its_memory_is_a_refusal_and_not_a_crash(monkeypatch):
    monkeypatch.setitem(door.LIMITS, "memory", 60 * 1024 * 1024)
    big = xlsx([[f"文字{n}" * 20 for n in range(20)] for _ in range(5000)])
    assert refusal(big) in ("too_complex", "truncated")


def test_a_child_over_its_time_is_a_refusal(monkeypatch):
    def late(*args, **kwargs):
        raise subprocess.TimeoutExpired("reader", 1)

    monkeypatch.setattr(subprocess, "run", late)
    assert refusal(b"a,b\n1,2\n") == "too_complex"


def test_the_refusals_carry_their_http_status():
    statuses = {code: BadWorkbook(code).status for code in ("too_big", "not_workbook", "empty")}
    assert statuses == {"too_big": 413, "not_workbook": 415, "empty": 422}


# --- good files -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["beijing", "jinzhou", "lanzhou", "zhengzhou"])
def test_every_non_empty_row_of_the_real_ledgers_comes_through(name):
    read = workbooks.read(ledger(name))
    for sheet, original in zip(read.sheets, openpyxl.load_workbook(ledger(name)), strict=True):
        expected = {
            row[0].row: [cell.value for cell in row]
            for row in original.iter_rows()
            if any(cell.value is not None for cell in row)
        }
        assert {row.number for row in sheet.rows} == set(expected)
        for row in sheet.rows:
            padded = row.cells + [None] * (original.max_column - len(row.cells))
            assert padded == expected[row.number]


def test_hidden_columns_and_merges_are_known():
    sheet = workbooks.read(ledger("beijing")).sheets[0]
    assert sheet.hidden_columns == {2}
    assert (12, 1, 13, 1) in sheet.merges


def test_hidden_rows_and_sheets_are_known():
    book = openpyxl.load_workbook(xlsx([["a", "b"], ["c", "d"]]))
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    read = workbooks.read(saved(book))
    assert read.sheets[0].hidden_rows == {2}
    assert read.sheets[1].hidden


def test_numbers_dates_and_codes_keep_what_they_mean():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([7, 1.5, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 9, 30), True, 30, 46027])
    sheet["F1"].number_format = "00000"
    sheet["G1"].number_format = 'm"月"d"日"'
    row = only_row(saved(book))
    assert row[:4] == [7, 1.5, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 9, 30)]
    assert row[4:] == [True, "00030", Yearless(dt.date(2026, 1, 5))]
    assert isinstance(row[0], int)


def test_a_number_too_long_for_a_spreadsheet_is_told_apart():
    assert isinstance(only_row(xlsx([[123456789012345678]]))[0], float)


def test_a_far_stray_cell_costs_one_row_only():
    book = openpyxl.Workbook()
    book.active["A1"] = "机构名称"
    book.active.cell(1_000_000, 5).value = " "
    assert [row.number for row in workbooks.read(saved(book)).sheets[0].rows] == [1, 1_000_000]


def test_a_lying_dimension_is_not_believed():
    out = io.BytesIO()
    with zipfile.ZipFile(xlsx([["a", "b"], ["c", "d"]])) as source, zipfile.ZipFile(out, "w") as to:
        for name in source.namelist():
            content = source.read(name).replace(b'ref="A1:B2"', b'ref="A1"')
            to.writestr(name, content)
    assert len(workbooks.read(io.BytesIO(out.getvalue())).sheets[0].rows) == 2


def test_formulas_saved_without_their_value_are_counted():
    assert workbooks.read(xlsx([["=1+1", 2]])).sheets[0].uncalculated == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_of_chinese_offices(encoding):
    content = "序号,机构名称\n1,晨光教育㙍\n".encode(encoding)
    rows = workbooks.read(io.BytesIO(content)).sheets[0].rows
    assert [row.cells for row in rows] == [["序号", "机构名称"], ["1", "晨光教育㙍"]]


def test_signs_that_no_database_takes_are_left_out():
    content = "序号,晨\0光教育\n\0,2\n".encode("utf-16")
    rows = workbooks.read(io.BytesIO(content)).sheets[0].rows
    assert [row.cells for row in rows] == [["序号", "晨光教育"], [None, "2"]]


@pytest.mark.parametrize(("stored", "read"), [(b"1e999", "inf"), (b"NaN", "nan")])
def test_what_is_no_number_in_the_xml_is_read_as_a_word(stored, read):
    source, out = zipfile.ZipFile(xlsx([["甲", 7]])), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"<v>7<", b"<v>" + stored + b"<"))
    assert str(only_row(io.BytesIO(out.getvalue()))[1]).lower() == read


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_split_at_its_own_delimiter(delimiter):
    content = delimiter.join(["甲", "乙", "丙"]).encode()
    assert only_row(io.BytesIO(content)) == ["甲", "乙", "丙"]


def test_a_sheet_is_found_by_number_or_name():
    read = workbooks.read(ledger("beijing"))
    assert read.sheet(2) is read.sheet("说明") is read.sheets[1]
    with pytest.raises(BadWorkbook, match=r"."):
        read.sheet("3")


def test_an_uploaded_file_is_read_in_pieces():
    file = SimpleUploadedFile("台账.xlsx", ledger("lanzhou").read_bytes())
    assert workbooks.read(file).sheets[0].rows


def test_the_child_knows_no_secret(monkeypatch):
    seen = {}

    def spy(*args, **kwargs):
        seen.update(kwargs["env"])
        return subprocess.CompletedProcess(args, 0, b'{"error": "empty"}\n')

    monkeypatch.setattr(subprocess, "run", spy)
    assert refusal(b"a") == "empty"
    assert set(seen) == {"PATH", "LANG"}
