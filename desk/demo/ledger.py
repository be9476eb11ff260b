"""The ledger from which the demo county came: written as a workbook, brought in by the importer."""

import datetime as dt
import io
from collections.abc import Sequence

from desk.demo.county import COUNTY, County
from governance.imports import Answers
from governance.models import Division, Membership
from governance.workbooks.writer import DATE, NUMBER, TEXT, SheetWriter
from institutions.imports import acts
from institutions.models import Institution

Row = dict[str, str | int | dt.date]
FILE = "明川县校外培训机构台账.xlsx"
COLUMNS = {  # head: kind of its cells
    "机构名称": TEXT, "乡镇": TEXT, "地址": TEXT, "机构类型": TEXT, "办学性质": TEXT,
    "成立日期": DATE, "学员数": NUMBER, "负责人": TEXT, "联系电话": TEXT,
    "统一社会信用代码": TEXT, "登记机关": TEXT, "办学许可证号": TEXT, "发证机关": TEXT,
    "审批机关": TEXT, "发证日期": DATE, "有效期起": DATE, "有效期止": DATE, "能否办证": TEXT,
}  # fmt: skip
WIDTH = 16


def bring_in(rows: Sequence[Row], county: County, *, by: Membership) -> list[Institution]:
    """The institutions of the rows, in their order."""
    _table, steps, _batch = acts.bring_in(
        _workbook(rows),
        Division.objects.get(pk=COUNTY),
        Answers(duplicates="new"),
        by=by,
        name=FILE,
        mode=acts.ALL,
    )
    keys = [step.target_id for step in steps if step.target_id]
    found = Institution.objects.select_related("division", "lead").prefetch_related("periods")
    known = found.in_bulk(keys)
    return [known[key] for key in keys]


def _workbook(rows: Sequence[Row]) -> io.BytesIO:
    out = io.BytesIO()
    columns = [(head, kind, WIDTH) for head, kind in COLUMNS.items()]
    with SheetWriter(out, "机构台账", columns, title="明川县校外培训机构台账") as sheet:
        for row in rows:
            sheet.row([row.get(head) for head in COLUMNS])
    out.seek(0)
    return out
