"""The ledger as a workbook: the rows and columns that are on the screen."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from governance.exports import Column, Export
from governance.models import Membership
from institutions.columns import NAME_COLUMNS, LedgerColumn, fields_of
from institutions.derived import Facts


class LedgerExport(Export):
    """`rows` are chosen and ordered by the page, `facts` the derived columns they may need."""

    title = gettext_lazy("Ledger of institutions")

    def __init__(
        self,
        actor: Membership,
        *,
        filters: str,
        rows: Any,
        columns: Sequence[LedgerColumn],
        facts: Facts,
    ) -> None:
        super().__init__(actor, filters=filters)
        shown = [*NAME_COLUMNS, *columns]
        fields = fields_of(shown)
        self._rows = rows.annotate(**facts.of(fields)).values(*fields)
        self.columns = [
            Column(column.label, column.value, column.kind, column.width) for column in shown
        ]

    def below(self) -> list[str]:
        """Which rows these are, once more: the head is the first thing people cut off."""
        return self.notes()[:1]

    def rows(self) -> Any:
        return self._rows
