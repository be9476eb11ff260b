"""Ledgers in and out at full size: rows per second with validation, scope and audit; statements.

Import against `python-calamine` reading the file plus COPY of the same rows; export of 30 columns
against the bare writer and COPY. Aims: import ≥ 5,000 rows/s and 50,000 rows accepted; export
≥ 20,000 rows/s in flat memory. Everything is rolled back.
"""

import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
import xlsxwriter
from python_calamine import CalamineWorkbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks._measure import table, verdict  # noqa: E402
from desk import ledger as screens  # noqa: E402
from governance import bulk, people, reference, workbooks  # noqa: E402
from governance.imports import Answers  # noqa: E402
from governance.models import Department, Division, Membership  # noqa: E402
from governance.workbooks.writer import NUMBER, TEXT, SheetWriter  # noqa: E402
from institutions.conditions import Conditions  # noqa: E402
from institutions.exports import LedgerExport  # noqa: E402
from institutions.imports import acts  # noqa: E402

ROWS, SMALL, COLUMNS = 50_000, 1_000, 30
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


def timed(act) -> tuple[float, int, object]:
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        found = act()
        return time.perf_counter() - began, len(queries), found


def export_of(actor: Membership) -> LedgerExport:
    """The ledger with thirty of its columns, in the order of names."""
    asked = Conditions()
    columns = list(screens.COLUMNS.values())[: COLUMNS - 2]  # number and name always stand there
    rows = screens.chosen(actor, asked).order_by("name_key", "pk")
    facts = screens.facts(actor, None)
    return LedgerExport(actor, filters="", rows=rows, columns=columns, facts=facts)


def exported(actor: Membership, kind: str) -> int:
    with tempfile.TemporaryFile() as out:
        return export_of(actor).write(kind, out)


def peak(act: Callable[[], object]) -> float:
    """Megabytes by which the memory of this process rose above where it stood."""
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    act()
    return max(memory("VmHWM") - before, 0) / 1024


def memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


# --- floors -----------------------------------------------------------------------------------


def read_and_copy(file: io.BytesIO) -> None:
    """The same file by the bare reader, its rows by COPY into a table without index or check."""
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    texts = "\n".join("\t".join([bulk.literal(str(cell)) for cell in row]) for row in rows) + "\n"
    columns = ", ".join(f"c{at} text" for at in range(len(rows[0])))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_rows ({columns}) ON COMMIT DROP")
        cursor.cursor.copy_expert("COPY bench_rows FROM STDIN", io.StringIO(texts))
        cursor.execute("DROP TABLE bench_rows")


def bare_writer(records: list[list[object]]) -> None:
    """The same cells by the general library, its memory constant."""
    with tempfile.TemporaryFile() as out:
        book = xlsxwriter.Workbook(out, {"constant_memory": True})
        sheet = book.add_worksheet()
        for at, record in enumerate(records):
            sheet.write_row(at, 0, ["" if cell is None else str(cell) for cell in record])
        book.close()


def copy_out(actor: Membership) -> None:
    """The stored columns of the same rows by COPY."""
    rows = screens.chosen(actor, Conditions()).order_by("name_key", "pk").values()
    with connection.cursor() as cursor, tempfile.TemporaryFile() as out:
        sql = cursor.cursor.mogrify(*rows.query.sql_with_params()).decode()
        cursor.cursor.copy_expert(f"COPY ({sql}) TO STDOUT CSV", out)


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
    lines: list[list[object]] = []

    def line(what: str, act: Callable[[], object], floor: float = 0, aim: int = 0) -> float:
        file.seek(0)
        seconds, queries, _found = timed(act)
        ratio = f"{seconds / floor:.1f}" if floor else ""
        rate = rows / seconds
        words = verdict(round(rate), aim, at_most=False) if aim else ""
        lines.append([what, rows, seconds, round(rate), ratio, words, f"{queries / rows:.4f}"])
        return seconds

    floor = line("calamine and COPY", lambda: read_and_copy(file))
    line("read in the child process", lambda: workbooks.read(file), floor)
    line("read and plan", lambda: acts.look(file, place, answers, by=by), floor)
    line(
        "read, plan and enter",
        lambda: acts.bring_in(file, place, answers, by=by, name="bench.xlsx"), floor, 5_000,
    )  # fmt: skip
    line("the same again", lambda: acts.look(file, place, answers, by=by), floor)
    records = list(export_of(by).records())
    assert len(records) == rows, len(records)
    floors = {
        "csv": line("COPY out", lambda: copy_out(by)),
        "xlsx": line("bare xlsx writer", lambda: bare_writer(records)),
    }
    for kind, floor in floors.items():
        line(f"export {kind}", lambda kind=kind: exported(by, kind), floor, 20_000)
        grown = peak(lambda kind=kind: exported(by, kind))
        lines[-1][0] = f"export {kind}, {COLUMNS} columns, + {grown:.0f} MB"
    return lines


HEADS_OUT = ["what", "rows", "seconds", "rows/s", "÷ floor", "", "statements a row"]


def measure(sizes: tuple[int, ...] = (SMALL, ROWS)) -> None:
    results = []
    for size in sizes:
        with transaction.atomic():
            results += run(size)
            transaction.set_rollback(True)
    table(results, HEADS_OUT)
