"""Where each field of a record was taken from, and on which day.

The facts of periods are noted on the row they belong to (`Institution.sources`, `Site.sources`)
under the name of the field without `_id`: {"name": ["import", "2026-03-04"]}. Every service that
writes a field notes it here; imports in bulk write `noted()` with the row.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, JSONField, Value

from governance import daylight
from institutions.models import Institution, Site, Source

Sources = dict[str, list[str]]


def noted(fields: Iterable[str], source: str, on: dt.date | None = None) -> Sources:
    """The entries for fields taken from `source` on a day, today by default."""
    entry = [str(source), (on or daylight.today()).isoformat()]
    return {name.removesuffix("_id"): entry for name in fields}


def note(row: Institution | Site, fields: Iterable[str], source: str = Source.ENTRY) -> None:
    """Note on the row that these fields were taken from `source` today."""
    new = noted(fields, source)
    if not new:
        return
    joined = models.Func(
        F("sources"),
        Value(new, JSONField()),
        function="",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    type(row)._default_manager.filter(pk=row.pk).update(sources=joined)
    row.sources = row.sources | new


def known_of(facts: dict[str, Any]) -> list[str]:
    """The fields of a new record that say something: these have a source."""
    return [name for name, value in facts.items() if value not in (None, "", [])]
