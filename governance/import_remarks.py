"""What was noticed of a workbook as a whole, and cured on the way in."""

import re
from typing import Any

from governance.workbooks.tables import Line, Table

_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def of(table: Table, *, remembered: bool = False) -> dict[str, Any]:
    """Only what there is: numbers of rows, and whether meanings of columns were remembered."""
    found = {
        "remembered": remembered,
        "merged": table.merged,
        "uncalculated": table.uncalculated,
        "full_width": sum(full_width(line) for line in table.lines),
        "hidden_rows": sum(line.hidden for line in table.lines),
    }
    return {name: value for name, value in found.items() if value}


def full_width(line: Line) -> bool:
    words = "".join([value for value in line.cells.values() if isinstance(value, str)])
    return not words.isascii() and bool(_FULL_WIDTH.search(words))
