"""Ledgers in and out at full size: rows per second with validation, scope and audit; statements.

Aims (`performance`): import ≥ 5,000 rows/s and 50,000 rows accepted; export ≥ 20,000 rows/s in flat
memory. Everything is rolled back.
"""

import io
import os
import resource
import sys
import tempfile
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks._measure import table  # noqa: E402
from governance import people, reference, workbooks  # noqa: E402
from governance.exports import DATE, Column, Export  # noqa: E402
from governance.import_books import report  # noqa: E402
from governance.imports import Answers  # noqa: E402
from governance.models import Department, Division  # noqa: E402
from governance.workbooks.writer import NUMBER, TEXT, SheetWriter  # noqa: E402
from institutions.imports import acts  # noqa: E402
from institutions.models import InstitutionPeriod  # noqa: E402

ROWS = 50_000
SMALL = 1_000
COUNTY = "520121"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]
FIRST = "晨博雅启明星海蓝天智慧育英文华新世纪卓越金色阳光"
SECOND = "才学思源达优创乐途桥泉林苑轩舟帆翼羽路门阁塔"
KINDS = ("美术", "音乐", "英语", "数学", "编程", "体育", "书法", "舞蹈")
HEADS = (
    "序号", "乡镇", "机构名称", "地址", "统一社会信用代码", "证照情况", "类别", "学段", "成立日期",
    "建筑面积(平方米)", "学生数", "备注",
)  # fmt: skip


def credit_code(number: int) -> str:
    body = f"91{COUNTY}{number:09d}"
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total) % 31]


def name(number: int) -> str:
    one, two = FIRST[number % len(FIRST)], SECOND[number // len(FIRST) % len(SECOND)]
    return f"开阳县{one}{two}{number}{KINDS[number % len(KINDS)]}培训学校有限公司"


def ledger(rows: int) -> io.BytesIO:
    """A township ledger as an office would send it, but long."""
    towns = list(
        Division.objects.filter(code__startswith=COUNTY, parent=COUNTY).values_list(
            "name", flat=True
        )
    )
    out = io.BytesIO()
    columns = [(head, NUMBER if head == "学生数" else TEXT, 14) for head in HEADS]
    with SheetWriter(out, "台账", columns, title="校外培训机构台账") as sheet:
        for number in range(rows):
            sheet.row(
                [
                    str(number + 1), towns[number % len(towns)], name(number),
                    f"人民路{number}号{number % 7}楼", credit_code(number),
                    ("有证有照", "有照无证")[number % 2], f"{KINDS[number % 8]}类", "小学、初中",
                    f"20{number % 20 + 5:02d}年{number % 12 + 1}月{number % 28 + 1}日",
                    f"{number % 500 + 60}㎡", number % 300, "",
                ]
            )  # fmt: skip
    out.seek(0)
    return out


class Ledger(Export):
    title = "台账"
    columns = (
        Column("名称", lambda row: row[0]),
        Column("编号", lambda row: row[1]),
        Column("类型", lambda row: row[2]),
        Column("乡镇", lambda row: row[3]),
        Column("状态", lambda row: row[4]),
        Column("学生数", lambda row: row[5], NUMBER),
        Column("自", lambda row: row[6].lower, DATE),
        Column("代码", lambda row: row[7]),
    )

    def rows(self):
        visible = InstitutionPeriod.objects.visible_to(self.actor)
        return visible.order_by("id").values_list(
            "name", "institution__number", "kind", "township__name", "operating_status",
            "learners", "during", "institution__credit_code",
        )  # fmt: skip


def timed(act) -> tuple[float, int, object]:
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        found = act()
        return time.perf_counter() - began, len(queries), found


def exported(actor, kind: str) -> int:
    with tempfile.TemporaryFile() as out:
        return Ledger(actor).write(kind, out)


def prepare() -> Division:
    if not Division.objects.filter(pk=COUNTY).exists():
        reference.load_divisions(reference.DATA / "divisions.csv")
    place = Division.objects.get(pk=COUNTY)
    Department.objects.get_or_create(
        code=f"{COUNTY}-EDU",
        defaults={"kind": "EDU", "name": "教育局", "division": place, "jurisdictions": [COUNTY]},
    )
    return place


def run(rows: int) -> list[list[object]]:
    place, by = prepare(), people.system_actor()
    file, answers = ledger(rows), Answers()
    acts.look(ledger(10), place, answers, by=by)  # dictionaries of pinyin are read once
    lines = []

    def line(what, seconds, statements, note=""):
        rate = f"{rows / seconds:,.0f}"
        lines.append([what, rows, f"{seconds:.2f}", rate, statements, note])

    seconds, _queries, book = timed(lambda: workbooks.read(file))
    line("read in the child process", seconds, 0, f"{len(book.sheets[0].rows):,} rows")
    file.seek(0)
    seconds, queries, found = timed(lambda: acts.look(file, place, answers, by=by))
    line("read and plan", seconds, queries, str(report(found[1])["new"]) + " new")
    file.seek(0)
    seconds, queries, _ = timed(
        lambda: acts.bring_in(file, place, answers, by=by, name="bench.xlsx")
    )
    line("read, plan and enter", seconds, queries, f"{queries / rows:.4f} statements a row")
    file.seek(0)
    seconds, queries, found = timed(lambda: acts.look(file, place, answers, by=by))
    line("the same again", seconds, queries, str(report(found[1])["unchanged"]) + " unchanged")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in ("csv", "xlsx"):
        seconds, queries, count = timed(lambda kind=kind: exported(by, kind))
        assert count == rows, count
        line(f"export {kind}", seconds, queries)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    lines[-1][-1] = f"memory + {grown} MB"
    return lines


if __name__ == "__main__":
    sizes = [int(arg) for arg in sys.argv[1:]] or [SMALL, ROWS]
    results = []
    for size in sizes:
        with transaction.atomic():
            results += run(size)
            transaction.set_rollback(True)
    table(results, ["what", "rows", "seconds", "rows/s", "statements", ""])
