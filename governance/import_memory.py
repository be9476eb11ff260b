"""What columns meant the last time: remembered by the shape of the heads, for who said it and,
where he never said anything himself, for his department."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from governance import daylight
from governance.models import ImportBatch, ImportMapping, Membership
from governance.workbooks.cells import key
from governance.workbooks.heads import Column

ROW_HEAD = gettext_lazy("Row in the original")
REASON_HEAD = gettext_lazy("Reason of the error")


def shape(columns: Iterable[Column | Mapping[str, Any]]) -> str:
    """The same for two sheets whose titled columns have the same heads in the same order, also for
    a sheet of wrong rows, which has two columns of ours besides."""
    heads = [key(head) for column in columns if (head := titled(column)) and not is_ours(head)]
    return hashlib.sha256("\x1f".join(heads).encode()).hexdigest()


def is_ours(title: str) -> bool:
    """Whether the column was added by us to a sheet of wrong rows."""
    return key(title) in {key(str(words)) for words in added()}


def added() -> list[str]:
    """The heads of those columns in every language."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [str(ROW_HEAD), str(REASON_HEAD)]
    return found


def titled(column: Column | Mapping[str, Any]) -> str:
    if isinstance(column, Column):
        return column.group + column.title
    return str(column["group"] + column["title"])


def recall(kind: str, columns: Iterable[Column], *, by: Membership) -> dict[str, str]:
    """The meanings that differ from the guess: one's own, else the latest of the department."""
    known = ImportMapping.objects.filter(kind=kind, shape=shape(columns))
    colleagues = known.filter(owner__department=by.department_id) if by.department_id else known
    mine = known.filter(owner=by)
    found = mine.first() or colleagues.exclude(owner__department=None).order_by("-used_at").first()
    return dict(found.columns) if found else {}


def remember(batch: ImportBatch, columns: Mapping[str, str], *, by: Membership) -> None:
    """Keep what `by` said about the columns of the batch for the next workbook of this shape."""
    ImportMapping.objects.update_or_create(
        owner=by,
        kind=batch.kind,
        shape=shape(batch.columns),
        defaults={"columns": dict(columns), "used_at": daylight.now()},
    )
