"""Capital as business registers write it: 1030万人民币, 10(万元人民币), 100（万元）, 280(万元美元).

A sum in another currency is named and never converted: which day's rate counts is not ours to say.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from governance.workbooks import Value
from governance.workbooks.cells import CellError, folded

_SUM = re.compile(
    r"(?:人民币|rmb|¥)?(?P<digits>\d[\d,]*(?:\.\d+)?)\(?(?P<unit>万|亿)?元?"
    r"(?P<currency>人民币|[\u4e00-\u9fff]{1,3}元|[\u4e00-\u9fff]{1,2}镑|元)?元?整?\)?",
    re.IGNORECASE,
)
_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), None: Decimal(1)}
_OURS = {None, "", "人民币", "元", "人民币元"}
MOST = Decimal(10) ** 12


class Funds(NamedTuple):
    """`amount` in yuan, None when the cell is in `currency`."""

    amount: Decimal | None
    currency: str = ""
    unit: str = ""

    def under(self, head: str) -> "Funds":
        """The sum below a head that names the unit for all: 注册资本(万元)."""
        if self.unit or self.amount is None or "万" not in head:
            return self
        return self._replace(amount=self.amount * _UNITS["万"], unit="万")


def funds(value: Value) -> Funds:
    found = _SUM.fullmatch(folded(value))
    if not found:
        raise CellError("not_a_number")
    if found["currency"] not in _OURS:
        return Funds(None, found["currency"])
    amount = Decimal(found["digits"].replace(",", "")) * _UNITS[found["unit"]]
    if amount >= MOST:
        raise CellError("not_a_number")
    return Funds(amount.quantize(Decimal("0.01")), unit=found["unit"] or "")
