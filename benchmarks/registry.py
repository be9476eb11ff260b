"""The registry at the size of a county and of a province: pages and search, ledgers in and out.

`python3 run.py bench registry [FEW MANY ROWS]`: the pages over 1,000 and over 100,000 institutions
(`_pages.py`), then ledgers of 1,000 and of 50,000 rows (`_workbooks.py`).
"""

import sys

from benchmarks import _pages, _workbooks


def main(few: int = _pages.FEW, many: int = _pages.MANY, rows: int = _workbooks.ROWS) -> None:
    _workbooks.measure((min(_workbooks.SMALL, rows), rows))  # first: it counts its own rows alone
    print()
    _pages.measure(few, many)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
