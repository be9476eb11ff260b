"""The one door through which workbooks come in, from pages and from the command line alike."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from governance.workbooks.refusals import MEGABYTE, BadWorkbook
from governance.workbooks.sheets import Merge, Row, Sheet, Value, Workbook, Yearless

READER = Path(__file__).with_name("reader.py")
MAX_BYTES = 20 * MEGABYTE
LIMITS = {
    "unpacked": 200 * MEGABYTE,
    "ratio": 100,
    "memory": 1536 * MEGABYTE,
    "seconds": 60,  # of processor time; the wall clock gets twice that
    "rows": 100_000,
    "columns": 200,
    "cells": 3_000_000,
}
PIECE = 64 * 1024


def read(file: str | Path | IO[bytes] | Any) -> Workbook:
    """Every sheet of `file` (a path, an open binary file or an uploaded one).

    Accepts xlsx, xls, xlsb, ods and csv (UTF-8, GB18030, UTF-16) by content. Raises `BadWorkbook`.
    The file is parsed in a child process with bounds on memory, time and size; nothing of it is
    trusted, neither its name nor the dimensions it claims.
    """
    with tempfile.TemporaryFile() as copy:
        size = take(file, copy)
        if not size:
            raise BadWorkbook("empty")
        copy.seek(0)
        return assembled(answers(copy))


def take(file: Any, copy: IO[bytes]) -> int:
    if isinstance(file, str | Path):
        with Path(file).open("rb") as source:
            return take(source, copy)
    pieces = file.chunks(PIECE) if hasattr(file, "chunks") else iter(lambda: file.read(PIECE), b"")
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_BYTES:
            raise BadWorkbook("too_big")
        copy.write(piece)
    return size


def answers(copy: IO[bytes]) -> list[bytes]:
    """The lines the child printed; its death in any form is a refusal."""
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.run(
                [sys.executable, "-I", str(READER), json.dumps(LIMITS)],
                stdin=copy,
                stdout=subprocess.PIPE,
                stderr=said,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                cwd=tempfile.gettempdir(),
                timeout=2 * LIMITS["seconds"],
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise BadWorkbook("too_complex") from error
    if child.returncode < 0:
        raise BadWorkbook("too_complex")
    return child.stdout.splitlines()


def assembled(lines: Iterable[bytes]) -> Workbook:
    sheets: list[Sheet] = []
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            sheets[-1].rows.append(Row(said[0], [value(cell) for cell in said[1]]))
        elif "sheet" in said:
            sheets.append(opened(said))
        elif "error" in said:
            raise BadWorkbook(said["error"])
        else:
            return Workbook(sheets)
    raise BadWorkbook("truncated")  # the child ended before its last line


def opened(said: dict[str, Any]) -> Sheet:
    return Sheet(
        name=said["sheet"],
        hidden=said["hidden"],
        merges=[
            Merge(top + 1, left, bottom + 1, right) for top, left, bottom, right in said["merges"]
        ],
        hidden_columns=frozenset(said.get("hidden_columns", ())),
        hidden_rows=frozenset(said.get("hidden_rows", ())),
        uncalculated=said.get("uncalculated", 0),
    )


def value(cell: Any) -> Value:
    if not isinstance(cell, dict):
        return cell
    if "t" in cell:
        return datetime.fromisoformat(cell["t"])
    if "y" in cell:
        return Yearless(date.fromisoformat(cell["y"]))
    return date.fromisoformat(cell["d"])
