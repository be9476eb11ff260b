"""Ledgers spoiled the ways people, programs and lines spoil them: drawn by hypothesis."""

import csv
import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries

from tests.governance.files import saved

HEADS = (
    "机构名称", "名称", "地址", "统一社会信用代码", "有效期至", "成立日期", "面积", "学生数",
    "注册资本(万元)", "证照情况", "类别", "乡镇", "经营状态", "法定代表人", "身份证号", "备注",
    "序号", "",
)  # fmt: skip
WORDS = (
    "", " ", "\u3000", "无", "/", "是", "办理中", "无名", "无证无照", "有证有照", "注销", "合计",
    "二、城关镇", "说明：以上", "机构名称", "52520121MJ0000001P", "52520121MJ000000１P", "5.2E+17",
    "2021-5-9", "2021.05", "21-5-9", "1月5日", "2月30日", "0000-00-00", "9999年12月31日",
    "二〇二一年五月",
    "2021-1-1至长期", "20余名", "约1,200㎡", "1,111.0579(万元人民币)", "280(万元美元)", "N/A", "-1",
    "٣٤", "²", "1" * 400, "1" * 5000, "0." + "3" * 5000, "长" * 40_000, "王😀𠮷",
    "\u202e倒\u200b", "a\tb\nc", "=1+1", "#REF!", "'1", "_x0000_", "NaN", "１２３．４", "线上线下",
)  # fmt: skip
NUMBERS = (
    0, -1, 1.5, 1e15, 1.23456789e17, 44_000, 44_000.5, 3_000_000, 10**14, True, False,
    dt.date(1900, 3, 1), dt.date(9999, 12, 31), dt.datetime(2021, 5, 9, 23, 59), dt.time(8, 30),
)  # fmt: skip
RAW = (
    b"1e999", b"-1e999", b"NaN", b"inf", b"99999999999999999999", b"-5", b"", b"x", b"60", b"0.5",
    b"2958466", b"1e300", b"&#0;", b"\xff", b"<v>", b"</row>",
)  # fmt: skip
FINE = 1 << 16
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "latin-1", "big5")
CELLS = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.text(max_size=12), st.floats(), st.dates()
)


class Sources(dict[str, bytes]):
    """Workbooks by name; said by their names when an example is printed."""

    def __repr__(self) -> str:
        return f"Sources({sorted(self)})"


@st.composite
def spoiled(draw: Any, sources: Sources) -> bytes:
    """One of the workbooks, changed in up to six ways, as xlsx or csv, perhaps damaged."""
    book = openpyxl.load_workbook(io.BytesIO(sources[draw(st.sampled_from(sorted(sources)))]))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=6)):
        change(draw, book)
    content = draw(st.sampled_from((packed, packed, packed, packed, as_csv)))(draw, book)
    for damage in draw(st.lists(st.sampled_from(DAMAGES), max_size=1)):
        content = damage(draw, content)
    return bytes(content)


# --- cells, heads, rows, sheets -----------------------------------------------------------------


def place(draw: Any, sheet: Any) -> tuple[int, int]:
    return draw(st.integers(1, sheet.max_row + 1)), draw(st.integers(1, sheet.max_column + 1))


def put(sheet: Any, row: int, column: int, value: Any) -> None:
    """What the format cannot hold stays out; a cell inside a merged range is not written."""
    if isinstance(value, str):
        value = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", value)[:32_767]
    if isinstance(value, dt.date) and value.year < 1900:
        value = value.isoformat()
    cell = sheet.cell(row, column)
    if type(cell).__name__ == "Cell":
        cell.value = value


def cell(draw: Any, book: Any) -> None:
    put(book.active, *place(draw, book.active), draw(CELLS))


def head(draw: Any, book: Any) -> None:
    sheet = book.active
    row, column = draw(st.integers(1, 4)), draw(st.integers(1, sheet.max_column))
    put(sheet, row, column, draw(st.sampled_from(HEADS)))


def merge(draw: Any, book: Any) -> None:
    sheet = book.active
    (top, left), (down, right) = place(draw, sheet), (draw(st.integers(0, 3)) for _ in range(2))
    area = f"{get_column_letter(left)}{top}:{get_column_letter(left + right)}{top + down}"
    mine = range_boundaries(area)
    if all(apart(mine, range_boundaries(str(other))) for other in sheet.merged_cells.ranges):
        sheet.merge_cells(area)


def apart(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def unmerge(draw: Any, book: Any) -> None:
    for area in sorted(str(area) for area in book.active.merged_cells.ranges)[:3]:
        book.active.merged_cells.remove(area)


def rows(draw: Any, book: Any) -> None:
    sheet, at = book.active, draw(st.integers(1, book.active.max_row))
    draw(st.sampled_from((sheet.insert_rows, sheet.delete_rows)))(at, draw(st.integers(1, 3)))


def columns(draw: Any, book: Any) -> None:
    sheet, at = book.active, draw(st.integers(1, book.active.max_column))
    draw(st.sampled_from((sheet.insert_cols, sheet.delete_cols)))(at, draw(st.integers(1, 2)))


def again(draw: Any, book: Any) -> None:
    """A row copied below the others: a duplicate, a second head, a second total."""
    sheet = book.active
    values = [one.value for one in sheet[draw(st.integers(1, sheet.max_row))]]
    for column, value in enumerate(values, 1):
        put(sheet, sheet.max_row + (column == 1), column, value)


def hide(draw: Any, book: Any) -> None:
    sheet = book.active
    sheet.row_dimensions[draw(st.integers(1, sheet.max_row))].hidden = True
    sheet.column_dimensions[get_column_letter(draw(st.integers(1, 9)))].hidden = True


def form(draw: Any, book: Any) -> None:
    """A number format that changes what a number means."""
    one = book.active.cell(*place(draw, book.active))
    one.number_format = draw(st.sampled_from(("000000", 'm"月"d"日"', "yyyy-mm-dd", "0.00E+00")))


def sheets(draw: Any, book: Any) -> None:
    sheet = book.create_sheet(draw(st.sampled_from(("说明", "Sheet9", "附 件"))), 0)
    sheet.append(draw(st.sampled_from((["填表说明"], list(HEADS[:6]), []))))
    sheet.sheet_state = draw(st.sampled_from(("visible", "hidden")))
    if draw(st.booleans()):
        book.active = 0


CHANGES = (cell, cell, cell, head, merge, unmerge, rows, columns, again, hide, form, sheets)


# --- the file -----------------------------------------------------------------------------------


def packed(draw: Any, book: Any) -> bytes:
    content = saved(book).getvalue()
    return rewritten(draw, content) if draw(st.booleans()) else content


def rewritten(draw: Any, content: bytes) -> bytes:
    """The XML of a sheet with some of its values replaced: what no program writes, but someone."""
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml") and (spots := list(re.finditer(rb"<v>[^<]*", part))):
                spot = draw(st.sampled_from(spots))
                said = b"<v>" + draw(st.sampled_from(RAW))
                part = part[: spot.start()] + said + part[spot.end() :]
            archive.writestr(name, part)
    return out.getvalue()


def as_csv(draw: Any, book: Any) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=draw(st.sampled_from((",", ";", "\t"))))
    for row in book.active.values:
        writer.writerow(["" if value is None else str(value) for value in row])
    said = draw(st.sampled_from(("", "\0", "\ufeff", '"', "\r", "\x1b")))
    return (out.getvalue() + said).encode(draw(st.sampled_from(ENCODINGS)), "replace")


def spot_of(draw: Any, content: bytes) -> int:
    """Somewhere in the file; drawn apart from its length, which differs with the second."""
    return draw(st.integers(0, FINE)) * len(content) // FINE


def truncated(draw: Any, content: bytes) -> bytes:
    return content[: spot_of(draw, content)]


def flipped(draw: Any, content: bytes) -> bytes:
    broken = bytearray(content)
    for _time in range(draw(st.integers(1, 8))):
        broken[min(spot_of(draw, content), len(content) - 1)] ^= draw(st.integers(1, 255))
    return bytes(broken)


def doubled(draw: Any, content: bytes) -> bytes:
    return content[: spot_of(draw, content)] + content


DAMAGES = (truncated, flipped, flipped, doubled)
