"""Many new rows at once: COPY, with keys fetched beforehand so that children can point at parents.

For imports and seeding only. Checks, triggers and constraints of the database act as always;
`pre_save` of every field runs, so encrypted values and search hashes are written as by `save()`.
"""

import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, models
from psycopg2.extras import Json, Range  # type: ignore[import-untyped]

Row = TypeVar("Row", bound=models.Model)
ROWS_PER_COPY = 20_000
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert new rows of one model in the running transaction; fills their primary keys."""
    if not rows:
        return rows
    model = type(rows[0])
    give_keys(model, [row for row in rows if row.pk is None])
    fields = model._meta.concrete_fields
    for start in range(0, len(rows), ROWS_PER_COPY):
        copy(model._meta.db_table, fields, rows[start : start + ROWS_PER_COPY])
    for row in rows:
        row._state.adding = False
    return rows


def give_keys(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Take keys from the sequence of the model, as many as rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', model._meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def copy(
    table: str, fields: Iterable["models.Field[Any, Any]"], rows: Sequence[models.Model]
) -> None:
    fields = list(fields)
    text = io.StringIO()
    for row in rows:
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        text.write("\t".join([literal(value) for value in values]))
        text.write("\n")
    text.seek(0)
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY {quoted(table)} ({columns}) FROM STDIN", text)


def literal(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\0", "").translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return composite(value).translate(_ESCAPES)


def composite(value: Any) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Range):
        return span(value)
    if isinstance(value, list | tuple):
        return "{" + ",".join(element(item) for item in value) + "}"
    if isinstance(value, Json):
        return str(value.dumps(value.adapted))
    return str(value)


def span(value: Range) -> str:
    if value.isempty:
        return "empty"
    lower = "" if value.lower is None else value.lower.isoformat()
    upper = "" if value.upper is None else value.upper.isoformat()
    return f"{'[' if value.lower_inc else '('}{lower},{upper}{']' if value.upper_inc else ')'}"


def element(item: Any) -> str:
    return "NULL" if item is None else json.dumps(str(item), ensure_ascii=False)
