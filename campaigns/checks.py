"""What must hold before a return is handed in: cells that are asked for, and sums that add up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.cells import Cells, amount, plain
from campaigns.models import ReturnRow, TemplateColumn

RULE = re.compile(r"^(\w+) (=|<=) (\w+(?: \+ \w+)*)$")


@dataclass(frozen=True)
class Gap:
    """One thing that is missing or does not add up; `row` counts from 1."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = _("Row %(row)s, %(column)s") % {"row": self.row, "column": self.column}
        return _("%(place)s: %(text)s") % {"place": place, "text": self.text}


def gaps(
    columns: Sequence[TemplateColumn], rules: Iterable[str], rows: Sequence[ReturnRow]
) -> list[Gap]:
    """Everything that stands against handing in, in the order of the rows."""
    rules = list(rules)
    return [
        gap
        for number, row in enumerate(rows, 1)
        for gap in [*_missing(columns, number, row.cells), *_unequal(columns, rules, number, row)]
    ]


def _missing(columns: Sequence[TemplateColumn], number: int, row: Cells) -> list[Gap]:
    asked = [column for column in columns if column.required and not row.get(column.key)]
    return [Gap(number, str(column), _("not filled in")) for column in asked]


def _unequal(
    columns: Sequence[TemplateColumn], rules: Iterable[str], number: int, row: ReturnRow
) -> list[Gap]:
    known = {column.key: column for column in columns}
    found = []
    for rule in rules:
        parts = RULE.match(rule)
        if not parts:
            continue
        left, sign, keys = parts[1], parts[2], parts[3].split(" + ")
        if left not in known or not set(keys) <= set(known):
            continue  # a column that the template of this county leaves out
        told = amount(known[left], row.cells)
        total = sum((amount(known[key], row.cells) for key in keys), Decimal())
        if told > total or (sign == "=" and told != total):
            words = " + ".join(str(known[key]) for key in keys)
            found.append(Gap(number, str(known[left]), _sentence(sign, told, words, total)))
    return found


def _sentence(sign: str, told: Decimal, words: str, total: Decimal) -> str:
    facts = {"told": plain(told), "words": words, "total": plain(total)}
    if sign == "=":
        return _("%(told)s is not %(words)s = %(total)s") % facts
    return _("%(told)s is more than %(words)s = %(total)s") % facts
