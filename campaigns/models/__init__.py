"""Templates, the collections issued on them, and the returns that units owe."""

from campaigns.models.collections import Collection
from campaigns.models.returns import Return, ReturnQuerySet, ReturnRow
from campaigns.models.templates import (
    CollectionTemplate,
    ColumnKind,
    RowsFrom,
    TemplateColumn,
    TemplateVersion,
)

__all__ = [
    "Collection",
    "CollectionTemplate",
    "ColumnKind",
    "Return",
    "ReturnQuerySet",
    "ReturnRow",
    "RowsFrom",
    "TemplateColumn",
    "TemplateVersion",
]
