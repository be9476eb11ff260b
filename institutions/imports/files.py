"""Workbooks that go out around an import: the template, and the rows with errors to be mended."""

import datetime as dt
import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _

from governance.import_memory import REASON_HEAD, ROW_HEAD, is_ours
from governance.models import ImportBatch, ImportRow
from governance.workbooks import Value
from governance.workbooks.door import value as decoded
from governance.workbooks.writer import TEXT, SheetWriter
from institutions.imports.shown import message

# Township annex 1 as people know it; the heads are those the import understands.
TEMPLATE = (
    ("序号", 6), ("乡镇(街道)", 14), ("机构名称", 32), ("地址", 36), ("统一社会信用代码", 22),
    ("证照情况", 14), ("办学许可证号", 22), ("发证机关", 16), ("有效期起", 12), ("有效期止", 12),
    ("登记机关", 14), ("审批机关", 14), ("类别", 14), ("培训形式", 10), ("学段", 12),
    ("营利性质", 12), ("经营状态", 12), ("成立日期", 12), ("面积(平方米)", 12), ("楼层", 8),
    ("学生数", 8), ("负责人", 10), ("联系电话", 14), ("备注", 24),
)  # fmt: skip
EXAMPLE = (
    "1", "某某镇", "某某培训学校有限公司", "某某镇某某路1号2楼", "", "有照无证", "", "", "", "",
    "市场监管局", "教育局", "文化艺术类", "线下", "小学、初中", "营利性", "正常经营", "2020-09-01",
    "320", "2", "85", "", "", "示例行，填写前请删除",
)  # fmt: skip


def template() -> IO[bytes]:
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    title = _("Ledger of training institutions")
    columns = [(head, TEXT, width) for head, width in TEMPLATE]
    with SheetWriter(out, title, columns, title=title) as sheet:
        sheet.row(EXAMPLE)
    out.seek(0)
    return out


def errors(batch: ImportBatch) -> IO[bytes]:
    """The rows with errors in their original columns, with what is wrong in a column of its own.

    It may be mended and uploaded as it is: the added columns mean nothing to the import. Columns
    with personal data that have no field were never stored and are missing.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115
    kept = [
        column
        for column in batch.columns
        if not column["withheld"] and not is_ours(column["title"])
    ]
    columns = [(column["title"] or column["letter"], TEXT, 18) for column in kept]
    columns += [(str(ROW_HEAD), TEXT, 12), (str(REASON_HEAD), TEXT, 60)]
    with SheetWriter(out, _("Errors"), columns) as sheet:
        for record in error_records(batch, [column["index"] for column in kept]):
            sheet.row(record)
    out.seek(0)
    return out


def error_records(batch: ImportBatch, indexes: Sequence[int]) -> Iterator[list[Any]]:
    rows = ImportRow.objects.filter(batch=batch, result=ImportRow.Result.ERROR).order_by("number")
    for row in rows.iterator(chunk_size=2_000):
        cells = row.cells | (json.loads(row.private_cells) if row.private_cells else {})
        wrong = "; ".join(
            f"{fault['column']}: {message(fault)}".removeprefix(": ") for fault in row.errors
        )
        values = [written(decoded(cells.get(str(index)))) for index in indexes]
        yield [*values, str(row.number), wrong]


def written(value: Value) -> Any:
    """Dates as 2026-01-05, so that the mended file reads the same in every program."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return str(value) if value is not None and not isinstance(value, str) else value
