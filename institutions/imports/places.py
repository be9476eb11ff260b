"""Which township the words of a ledger mean."""

from governance import daylight
from governance.models import Division
from governance.workbooks.cells import key

_SUFFIXES = ("街道办事处", "人民政府", "办事处", "街道", "地区", "镇", "乡", "区", "县", "市")


class Places:
    """The divisions of one county or township, found by code or by name with or without 镇, 乡."""

    def __init__(self, context: Division) -> None:
        self.context = context
        rows = list(Division.objects.filter(code__startswith=context.code).order_by("code"))
        self.by_code = {row.code: row for row in rows}
        self.by_name: dict[str, Division] = {}
        self._said: dict[str, Division | None] = {}
        for row in sorted(rows, key=lambda row: (row.valid_to is not None, row.code)):
            for spelling in spellings(row.name):
                self.by_name.setdefault(spelling, row)

    def find(self, words: str) -> Division | None:
        """The division meant, or its successor where it was merged away; None when unknown."""
        if words not in self._said:
            self._said[words] = self._find(key(words))
        return self._said[words]

    def _find(self, plain: str) -> Division | None:
        found = self.by_code.get(plain) or next(
            (self.by_name[spelling] for spelling in spellings(plain) if spelling in self.by_name),
            None,
        )
        return self.current(found) if found else None

    def current(self, division: Division) -> Division:
        ended = division.valid_to is not None and division.valid_to < daylight.today()
        after = self.by_code.get(division.successor_id or "") if ended else None
        return after or division


def spellings(name: str) -> list[str]:
    """硒城街道办事处 → 硒城街道办事处, 硒城; the full form first."""
    plain = key(name)
    found = [plain]
    for suffix in _SUFFIXES:
        if plain.endswith(suffix) and len(plain) - len(suffix) >= 2:
            found.append(plain.removesuffix(suffix))
    return found
