"""Many new rows at once: COPY, with keys fetched beforehand so that children can point at parents.

For imports and seeding only. Checks, triggers and constraints of the database act as always, and
encrypted values and search hashes are written as by `save()`.
"""

import datetime as dt
import gc
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from itertools import islice, repeat
from operator import attrgetter
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import connection, models
from psycopg2.extras import Json, Range  # type: ignore[import-untyped]

from governance.private_fields import SearchHashField, search_hash

Row = TypeVar("Row", bound=models.Model)
Read = Callable[[models.Model], Any]
NOT_GIVEN = object()
ROWS_PER_COPY = 20_000
NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\0": None})

# Fields whose attribute is what the database gets; the others are asked for their value.
PLAIN = (
    models.CharField, models.TextField, models.IntegerField, models.AutoField, models.BigAutoField,
    models.BigIntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField,
    models.SmallIntegerField,
    models.BooleanField, models.DateField, models.DateTimeField, models.DecimalField,
    models.UUIDField, models.ForeignKey, models.GenericIPAddressField, ArrayField, DateRangeField,
)  # fmt: skip


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert new rows of one model in the running transaction; fills their primary keys."""
    if not rows:
        return rows
    model = type(rows[0])
    waiting = [row for row in rows if row.pk is None]
    for row, key in zip(waiting, keys(model, len(waiting)), strict=True):
        row.pk = key
    readers = [reader(field) for field in model._meta.concrete_fields]
    copy(model, ("\t".join([literal(read(row)) for read in readers]) for row in rows))
    for row in rows:
        row._state.adding = False
    return rows


def insert_values(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    **constants: Any,
) -> list[int]:
    """Insert rows given as values of the columns `names`; returns their keys in order.

    What `constants` do not name gets the default of its field, the same for all rows. A tenth of
    the time of `insert`, because no model object is made.
    """
    if not rows:
        return []
    made = keys(model, len(rows))
    given = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns = [texts(field, made, given, constants) for field in model._meta.concrete_fields]
    copy(model, map("\t".join, zip(*columns, strict=False)))  # what is the same never ends
    return made


def texts(
    field: Any, made: Sequence[int], given: Mapping[str, Sequence[Any]], constants: dict[str, Any]
) -> Iterable[str]:
    """One column of rows that are given as values, as texts for COPY; without end where all rows
    have the same."""
    if field.primary_key:
        return map(str, made)
    if isinstance(field, SearchHashField) and field.of in given:
        return (search_hash(value or "", field.purpose) for value in given[field.of])
    if field.attname in given:
        values = given[field.attname]
        if type(field) is models.JSONField:
            return map(literal, jsons(values, field.encoder))
        if type(field) in PLAIN:
            return map(literal, values)
        blank = literal(prepared(field, ""))
        return (literal(prepared(field, value)) if value else blank for value in values)
    value = constants.get(field.attname, constants.get(field.name, NOT_GIVEN))
    return repeat(literal(prepared(field, field.get_default() if value is NOT_GIVEN else value)))


def prepared(field: Any, value: Any) -> Any:
    """The value as the database gets it."""
    if isinstance(value, models.Model):
        return value.pk
    if type(field) is models.JSONField:
        return as_json(value, field.encoder)
    return field.get_db_prep_save(value, connection)


def keys(model: type[models.Model], count: int) -> list[int]:
    """Take keys from the sequence of the model."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy(model: type[models.Model], lines: Iterable[str]) -> None:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in model._meta.concrete_fields)
    statement = f"COPY {quoted(str(model._meta.db_table))} ({columns}) FROM STDIN"
    rest = iter(lines)
    while part := list(islice(rest, ROWS_PER_COPY)):
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.cursor.copy_expert(statement, io.StringIO("\n".join(part) + "\n"))


@contextmanager
def no_sweeps() -> Iterator[None]:
    """Without the collector of cycles, which would look again and again at every row that waits to
    be written: a quarter of the time of an import."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def analyze(*tables: type[models.Model]) -> None:
    """Let the planner know at once what came in; until it does, lists of new rows take minutes."""
    names = ", ".join(connection.ops.quote_name(str(model._meta.db_table)) for model in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def reader(field: Any) -> Read:
    """How to get the column of a row, by the quickest way that is right for the field."""
    if type(field) in PLAIN:
        return attrgetter(field.attname)
    if type(field) is models.JSONField:
        return lambda row: as_json(getattr(row, field.attname), field.encoder)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def as_json(value: Any, encoder: Any) -> str | None:
    return None if value is None else json.dumps(value, cls=encoder, ensure_ascii=False)


def jsons(values: Iterable[Any], encoder: Any) -> Iterator[str | None]:
    """The same for many values, with one encoder for all."""
    encode = (encoder or json.JSONEncoder)(ensure_ascii=False).encode
    return (None if value is None else encode(value) for value in values)


def literal(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return NULL
    if type(value) is int or type(value) is dt.date:
        return str(value)
    if isinstance(value, str):
        plain = str(value)  # a coded value is a string of its own class
        if plain.isprintable() and "\\" not in plain:
            return plain
        return plain.translate(_ESCAPES)
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


@lru_cache(maxsize=1_024, typed=True)
def element(item: Any) -> str:
    return "NULL" if item is None else json.dumps(str(item), ensure_ascii=False)
