"""Checking the register for compliance leads: the first check (which raises), the same again (which
finds nothing new), and the rules of the day, at 1,000 and 100,000 institutions.

Aims: a second check of 100,000 within 60 minutes of computing on one core (the night has six
hours), the same statements for a batch at both sizes. `MINGSHU_BENCH_ROWS` sets the larger size.
"""

import os
import time

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks._measure import table, verdict
from benchmarks._pages import FEW, MANY, fill, readers
from institutions.leads import checking
from institutions.leads.checking import BATCH
from institutions.models import Institution, Lead

MOST_MINUTES = 60.0


def measured(name: str, size: int, codes: tuple[str, ...] | None) -> list[object]:
    """One check of the first `size` institutions: seconds by the wall and of this process."""
    keys = list(Institution.objects.order_by("pk").values_list("pk", flat=True)[:size])
    wall, cpu = time.perf_counter(), time.process_time()
    counts = checking.check(keys, codes=codes)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    each = 1_000 * cpu / len(keys)
    hundred = 100_000 * cpu / len(keys) / 60
    return [name, len(keys), wall, cpu, each, counts.raised, verdict(hundred, MOST_MINUTES)]


def statements(size: int) -> int:
    """Of a batch in which nothing changes."""
    keys = Institution.objects.order_by("pk").values_list("pk", flat=True)[:size]
    with CaptureQueriesContext(connection) as queries:
        checking.check(keys)
    return len(queries)


def main() -> None:
    most = int(os.environ.get("MINGSHU_BENCH_ROWS", MANY))
    readers()
    call_command("load_reference", verbosity=0)
    rows = []
    for size in (FEW, most):
        fill(size)
        rows.append(measured("first check", size, None))
        rows.append(measured("same again", size, None))
        rows.append(measured("rules of the day", size, checking.OF_THE_DAY))
    heads = ["check", "institutions", "s", "s of computing", "ms each", "raised", "100,000 in min"]
    table(rows, heads)
    same = statements(BATCH)
    print(f"\nLeads on record: {Lead.objects.count()}; statements of a batch of {BATCH}: {same}.")


if __name__ == "__main__":
    main()
