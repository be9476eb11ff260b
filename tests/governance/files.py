"""Workbooks made for tests, in memory."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import openpyxl

LEDGERS = Path(__file__).parent.parent / "data" / "ledgers"


def ledger(name: str) -> Path:
    """One of the four real workbooks, by the beginning of its name."""
    return next(LEDGERS.glob(f"{name}*.xlsx"))


def xlsx(rows: Iterable[Sequence[Any]], merges: Iterable[str] = ()) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    return saved(book)


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def protected(password: str = "secret") -> io.BytesIO:
    plain, out = xlsx([["机构名称", "地址"]]), io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt(password, out)
    out.seek(0)
    return out


def bomb(megabytes: int) -> io.BytesIO:
    """A small workbook whose sheet unpacks to zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(bytes(1 << 20))
    out.seek(0)
    return out
