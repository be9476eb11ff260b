"""The word and the badge of every coded value: one table, `governance/data/status_labels.csv`.

Templates and Python ask here (`{% badge "Finding.status" row.status %}`); no other place spells
the word of a state.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.functional import lazy
from django.utils.translation import get_language

TABLE = Path(__file__).parent / "data" / "status_labels.csv"

# Colour of the table -> css kind (`.st-…`): the css names say what the colour means.
KINDS = {
    "blue": "open",
    "purple": "wait",
    "green": "ok",
    "amber": "warn",
    "red": "bad",
    "teal": "info",
    "grey": "draft",
    "white": "white",
    "ink": "black",
}


class Label(NamedTuple):
    """One row: both words and the css kind."""

    zh: str
    en: str
    kind: str


@cache
def table() -> dict[str, dict[str, Label]]:
    """Every label by domain (`"Finding.status"`) and value, in the order of the file."""
    found: dict[str, dict[str, Label]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entry = Label(row["label_zh"], row["label_en"], KINDS[row["badge"]])
            found.setdefault(row["model"], {})[row["value"]] = entry
    return found


def label(domain: str, value: str | None) -> str:
    """The word of `value` in the active language; the value itself where the table has none."""
    entry = table().get(domain, {}).get(value or "")
    if entry is None:
        return value or ""
    return entry.en if (get_language() or "").startswith("en") else entry.zh


def badge(domain: str, value: str | None) -> str:
    """The css kind of `value` (`ok`, `warn`, …); `draft`, the neutral one, where unknown."""
    entry = table().get(domain, {}).get(value or "")
    return entry.kind if entry else "draft"


lazy_label = lazy(label, str)  # resolved when shown: for form choices made at import time


def choices(domain: str) -> list[tuple[str, str]]:
    """`(value, lazy word)` of every value of `domain`, for forms and filters."""
    return [(value, lazy_label(domain, value)) for value in table()[domain]]
