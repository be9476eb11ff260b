"""Reads one workbook from standard input and writes its sheets as JSON lines, in its own process.

The file is hostile until proven otherwise, so this script is started with `python -I`, knows
neither Django nor the database nor any secret, and bounds its own memory, time and file size
before the first byte is looked at. `governance.workbooks.door` starts it and reads the answer.

Answer: one object per sheet (`{"sheet": …}`), then its non-empty rows (`[number, [cell, …]]`), at
last `{"end": true}`; or `{"error": code}`. A cell is a text, a number, a boolean, null,
`{"d": "2026-01-05"}` (a date), `{"t": "2026-01-05T09:30:00"}` (date and time) or
`{"y": "2026-01-05"}` (a date whose year the sheet does not show).
"""

import csv
import io
import json
import math
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DIGITS_OF_A_NUMBER = 15  # more than a spreadsheet number can hold
CHUNK = 1 << 20
Row = tuple[int, list[Any]]


class Unreadable(Exception):
    """The code of a refusal; the words are chosen by the parent."""


# --- bounds -----------------------------------------------------------------------------------


def bound(limits: dict[str, int]) -> None:
    for what, amount in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))


# --- what is it -------------------------------------------------------------------------------


def kind(content: bytes) -> str:
    """xlsx, xls or csv by content; the name of the file decides nothing."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(OLE):
        return "xls"
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise Unreadable("web_page")
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in content:
        raise Unreadable("not_workbook")
    return "csv"


# --- the archive ------------------------------------------------------------------------------


def weigh(content: bytes, limits: dict[str, int]) -> zipfile.ZipFile:
    """The archive, after its members were really unpacked and counted; headers may lie."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable("truncated") from error
    total = 0
    for member in members:
        total += size_of(content, member, limits, limits["unpacked"] - total)
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names and not ods(archive):
        raise Unreadable("not_workbook")
    return archive


def ods(archive: zipfile.ZipFile) -> bool:
    return {"content.xml", "mimetype"} <= set(archive.namelist())


def size_of(content: bytes, member: zipfile.ZipInfo, limits: dict[str, int], left: int) -> int:
    """Bytes of one member when unpacked; refuses past `left` or past the ratio."""
    if member.flag_bits & 1:
        raise Unreadable("encrypted")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("not_workbook")
    packed = raw(content, member)
    most = min(left, max(limits["ratio"] * max(len(packed), 1), CHUNK))
    size = len(packed) if member.compress_type == zipfile.ZIP_STORED else inflated(packed, most)
    if size > most or member.file_size > most:
        raise Unreadable("zip_bomb")
    if size != member.file_size:
        raise Unreadable("truncated")
    return size


def raw(content: bytes, member: zipfile.ZipInfo) -> memoryview:
    at = member.header_offset
    header = content[at : at + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Unreadable("truncated")
    name, extra = struct.unpack("<HH", header[26:30])
    start = at + 30 + name + extra
    packed = memoryview(content)[start : start + member.compress_size]
    if len(packed) < member.compress_size:
        raise Unreadable("truncated")
    return packed


def inflated(packed: memoryview, most: int) -> int:
    """Length after inflating, counted in pieces and never further than a piece past `most`."""
    engine, size, rest = zlib.decompressobj(-15), 0, bytes(packed)
    try:
        while size <= most:
            piece = engine.decompress(rest, CHUNK)
            size += len(piece)
            rest = engine.unconsumed_tail
            if not piece and not rest:
                return size
    except zlib.error as error:
        raise Unreadable("truncated") from error
    return size


# --- what only the XML knows: hidden parts, number formats ------------------------------------


class Facts:
    """Facts of one xlsx sheet that the fast reader does not give."""

    def __init__(self, xml: bytes = b"", styles: "Styles | None" = None) -> None:
        head = xml[: xml.find(b"sheetData")] if xml else b""
        self.hidden_columns = [n for tag in tags(b"col", head) for n in span(tag)]
        self.hidden_rows = [
            int(number)
            for tag in (tags(b"row", xml) if b'hidden="' in xml else ())
            if is_on(tag, b"hidden") and (number := attribute(tag, b"r"))
        ]
        self.uncalculated = len(re.findall(rb"</f>(?:<v\s*/>|<v></v>)?</c>", xml))
        self.formats = styles.cells(xml) if styles else {}


def tags(name: bytes, xml: bytes) -> list[bytes]:
    return re.findall(rb"<(?:\w+:)?" + name + rb"\s[^>]*>", xml)


def attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)[\"']", tag)
    return found.group(1).decode() if found else ""


def is_on(tag: bytes, name: bytes) -> bool:
    return attribute(tag, name) in ("1", "true")


def span(tag: bytes) -> range:
    if not is_on(tag, b"hidden"):
        return range(0)
    first, last = int(attribute(tag, b"min") or 1), int(attribute(tag, b"max") or 1)
    return range(first - 1, min(last, 500))


class Styles:
    """Cell formats that change what a number means: padded codes, dates without a year."""

    YEARLESS = frozenset({16, 58})  # built in: d-mmm, and m月d日 of Chinese editions

    def __init__(self, xml: bytes) -> None:
        codes = {
            int(attribute(tag, b"numFmtId") or 0): unescape(attribute(tag, b"formatCode"))
            for tag in tags(b"numFmt", xml)
        }
        block = re.search(rb"<(?:\w+:)?cellXfs.*?</(?:\w+:)?cellXfs>", xml, re.S)
        self.meaning: dict[str, str | int] = {}
        for index, tag in enumerate(tags(b"xf", block.group(0) if block else b"")):
            number = int(attribute(tag, b"numFmtId") or 0)
            if number in self.YEARLESS or yearless(codes.get(number, "")):
                self.meaning[str(index)] = "y"
            elif re.fullmatch("0{2,20}", codes.get(number, "")):
                self.meaning[str(index)] = len(codes[number])

    def cells(self, xml: bytes) -> dict[tuple[int, int], str | int]:
        """(row, column) counted from 0 → "y" or the number of digits."""
        if not self.meaning:
            return {}
        wanted = b"|".join(re.escape(index.encode()) for index in self.meaning)
        found = {}
        for tag in re.findall(rb"<(?:\w+:)?c\s[^>]*\bs=[\"'](?:" + wanted + rb")[\"'][^>]*>", xml):
            place = re.fullmatch(r"([A-Z]+)(\d+)", attribute(tag, b"r"))
            if place:
                found[int(place[2]) - 1, column(place[1])] = self.meaning[attribute(tag, b"s")]
        return found


def yearless(code: str) -> bool:
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).split(";")[0].lower()
    return "d" in plain and "m" in plain and "y" not in plain and "h" not in plain


def unescape(text: str) -> str:
    for entity, char in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def part_names(archive: zipfile.ZipFile) -> list[str]:
    """The XML part of every sheet in the order of the workbook."""
    targets = {
        attribute(tag, b"Id"): attribute(tag, b"Target")
        for tag in tags(b"Relationship", archive.read("xl/_rels/workbook.xml.rels"))
    }
    ids = [
        next(iter(re.findall(r"\w+:id=[\"']([^\"']*)", tag.decode(errors="replace"))), "")
        for tag in tags(b"sheet", archive.read("xl/workbook.xml"))
    ]
    return [targets.get(key, "").removeprefix("/xl/").removeprefix("xl/") for key in ids]


def facts_of(archive: zipfile.ZipFile) -> list[Facts]:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return []
    styles = Styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else None
    parts = [f"xl/{name}" for name in part_names(archive)]
    return [Facts(archive.read(name), styles) if name in names else Facts() for name in parts]


# --- values -----------------------------------------------------------------------------------


def plain(value: Any, meaning: str | int | None = None) -> Any:
    """A cell as JSON; whole numbers without the decimal point that the reader gives them."""
    if isinstance(value, str):
        return value.replace("\0", "") or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return number(value, meaning)
    return moment(value, meaning)


def number(value: int | float, meaning: str | int | None) -> Any:
    if not math.isfinite(value):  # 1e999 in the XML
        return str(value)
    if meaning == "y" and 0 < value < 2_958_466:
        return {"y": (date(1899, 12, 30) + timedelta(int(value))).isoformat()}
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**DIGITS_OF_A_NUMBER:
        value = int(value)
    if isinstance(meaning, int) and isinstance(value, int) and value >= 0:
        return str(value).zfill(meaning)
    return value


def moment(value: Any, meaning: str | int | None) -> Any:
    if isinstance(value, datetime) and value.time() != time():
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"y" if meaning == "y" else "d": value.isoformat()[:10]}
    return str(value)


def trimmed(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


# --- sheets -----------------------------------------------------------------------------------


def workbook(content: bytes, facts: list[Facts]) -> Iterator[tuple[dict[str, Any], Iterator[Row]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise Unreadable("encrypted") from error
    except (python_calamine.CalamineError, python_calamine.ZipError) as error:
        raise Unreadable("truncated") from error
    for index, meta in enumerate(book.sheets_metadata):
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
            fact = facts[index] if index < len(facts) else Facts()
            yield described(book, index, meta, fact)


def described(
    book: Any, index: int, meta: Any, facts: Facts
) -> tuple[dict[str, Any], Iterator[Row]]:
    try:
        sheet = book.get_sheet_by_index(index)
        merges = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
    except python_calamine.CalamineError as error:
        raise Unreadable("truncated") from error
    about = {
        "sheet": meta.name.replace("\0", ""),
        "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible,
        "merges": merges,
        "hidden_columns": facts.hidden_columns,
        "hidden_rows": facts.hidden_rows,
        "uncalculated": facts.uncalculated,
    }
    return about, rows_of(sheet, facts.formats)


def rows_of(sheet: Any, formats: dict[tuple[int, int], str | int]) -> Iterator[Row]:
    top, left = sheet.start or (0, 0)
    for row, values in enumerate(sheet.iter_rows(), top):
        if formats:
            cells = [plain(v, formats.get((row, left + c))) for c, v in enumerate(values)]
        else:
            cells = [plain(value) for value in values]
        cells = trimmed(cells)
        if cells:
            yield row + 1, [None] * left + cells


def table(content: bytes) -> Iterator[tuple[dict[str, Any], Iterator[Row]]]:
    text = decoded(content)
    delimiter = max(",\t;", key=text[:4096].count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    numbered = ((n, trimmed([plain(cell) for cell in row])) for n, row in enumerate(rows, 1))
    yield {"sheet": "csv", "hidden": False, "merges": []}, ((n, row) for n, row in numbered if row)


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


# --- the run ----------------------------------------------------------------------------------


def sheets(
    content: bytes, limits: dict[str, int]
) -> Iterator[tuple[dict[str, Any], Iterator[Row]]]:
    found = kind(content)
    if found == "csv":
        return table(content)
    if found == "xls":
        if ENCRYPTED in content:
            raise Unreadable("encrypted")
        return workbook(content, [])
    return workbook(content, facts_of(weigh(content, limits)))


def answer(content: bytes, limits: dict[str, int], out: Any) -> None:
    rows = cells = 0
    for about, lines in sheets(content, limits):
        out.write(json.dumps(about) + "\n")
        for number_, values in lines:
            rows, cells = rows + 1, cells + len(values)
            if rows > limits["rows"] or cells > limits["cells"]:
                raise Unreadable("too_many_rows")
            if len(values) > limits["columns"]:
                raise Unreadable("too_many_columns")
            out.write(json.dumps([number_, values], ensure_ascii=False) + "\n")
    out.write('{"end": true}\n')


def main() -> None:
    limits = json.loads(sys.argv[1])
    bound(limits)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace")
    try:
        answer(sys.stdin.buffer.read(), limits, out)
    except Unreadable as error:
        out.write(json.dumps({"error": str(error)}) + "\n")
    except (MemoryError, csv.Error, ValueError, KeyError, OverflowError) as error:
        code = "too_complex" if isinstance(error, MemoryError) else "truncated"
        out.write(json.dumps({"error": code}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
