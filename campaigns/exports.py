"""Workbooks that go out: the form of one return, and all accepted returns as one sheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaigns.cells import kind_of, typed
from campaigns.merging import ROWS, Merged, Part
from campaigns.models import Collection, Return, ReturnRow, TemplateColumn
from governance.exports import TEXT, Column, Export
from governance.models import Membership

MARK = "*"  # stands behind the name of a column that must be filled in


def _column(column: TemplateColumn, at: int) -> Column:
    mark = MARK if column.required else ""
    return Column(f"{column}{mark}", lambda record: record[at], kind_of(column), _width(column))


def _width(column: TemplateColumn) -> int:
    return {"number": 12, "date": 13, "code": 22}.get(column.kind, 18)


class ReturnSheet(Export):
    """The rows of one return under the heads of its template: to fill in and to upload again."""

    def __init__(self, actor: Membership, owed: Return) -> None:
        super().__init__(actor)
        self.owed = owed
        self.title = str(owed)  # type: ignore[misc]
        self.asked = list(owed.collection.template.columns.all())
        self.columns = [_column(column, at) for at, column in enumerate(self.asked)]  # type: ignore[misc]

    def rows(self) -> Any:
        return ReturnRow.objects.visible_to(self.actor).filter(of=self.owed)

    def records(self) -> Iterator[list[Any]]:
        for row in self.rows().iterator(chunk_size=self.chunk):
            yield [typed(column, row.cells) for column in self.asked]

    def notes(self) -> list[str]:
        told = [self.owed.collection.template.note, self.owed.collection.note]
        told += [
            _("%(column)s: one of %(words)s")
            % {"column": column, "words": "、".join(column.choices)}
            for column in self.asked
            if column.choices
        ]
        stars = _("Columns with %(mark)s must be filled in.") % {"mark": MARK}
        return [*filter(None, told), stars]


class MergedReturns(Export):
    """Every accepted row with its unit, then the sums by 学区 and over all; who is missing is
    named above the table."""

    def __init__(self, actor: Membership, collection: Collection) -> None:
        super().__init__(actor)
        self.merged = Merged(collection)
        self.title = str(collection)  # type: ignore[misc]
        unit = Column(_("Unit"), lambda record: record[0], TEXT, 24)
        asked = [_column(column, at) for at, column in enumerate(self.merged.columns, 1)]
        self.columns = [unit, *asked]  # type: ignore[misc]

    def records(self) -> Iterator[list[Any]]:
        for owed, row in self.merged.lines():
            yield [owed.lead.name, *(typed(column, row.cells) for column in self.merged.columns)]
        yield self._sum(Part(_("Total"), self.merged.total))
        for part in self.merged.by_district:
            name = part.name or _("outside every school district")
            yield self._sum(Part(_("Subtotal: %(name)s") % {"name": name}, part.sums))
        for part in self.merged.by_unit:
            yield self._sum(Part(_("Subtotal: %(name)s") % {"name": part.name}, part.sums))

    def _sum(self, part: Part) -> list[Any]:
        numbers = [part.sums.get(column.key) for column in self.merged.columns]
        return [part.name, *numbers]

    def notes(self) -> list[str]:
        merged = self.merged
        facts = {
            "units": len(merged.accepted),
            "all": len(merged.returns),
            "rows": merged.total[ROWS],
        }
        told = [_("%(units)s of %(all)s units, %(rows)s rows") % facts]
        zero = [owed.lead.name for owed in merged.accepted if owed.is_zero]
        if zero:
            told.append(_("Nothing to report: %(names)s") % {"names": "、".join(zero)})
        if merged.missing:
            names = "、".join(owed.lead.name for owed in merged.missing)
            told.append(_("Missing: %(names)s") % {"names": names})
        return [*told, *super().notes()[1:]]
