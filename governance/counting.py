"""Several counts in one statement: tabs, columns of a board, queues of work."""

from collections.abc import Mapping

from django.db.models import CharField, Count, QuerySet, Value


def together(rows: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each queryset has, by its name; one statement for all of them."""
    nothing = dict.fromkeys(rows, 0)  # rows nobody can see are left out of the statement
    parts = [_part(name, each) for name, each in rows.items()]
    if not parts:
        return nothing
    first, *rest = parts
    return nothing | dict(first.union(*rest, all=True) if rest else first)


def _part(name: str, rows: QuerySet) -> QuerySet:
    told = Value(name, output_field=CharField())
    counted = rows.order_by().values(counted_as=told)
    return counted.annotate(number=Count("pk")).values_list("counted_as", "number")
