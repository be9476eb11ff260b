"""The name behind a source key of the reference tables: `ALL §42` -> 《行政许可法》第42条."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language

TABLE = Path(__file__).parent / "data" / "sources.csv"
# A source key with its articles; a list item of bare articles (§62) belongs to the key before it.
ITEM = re.compile(r"(?P<key>R:[HML]|[A-Za-z0-9]+(?:-[A-Z])?)(?P<rest>.*)", re.DOTALL)
ARTICLE = re.compile(r"§\s*(\d+)(?:[-–](\d+))?")


class Source(NamedTuple):
    zh: str
    en: str


@cache
def table() -> dict[str, Source]:
    """Every key with its names."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: Source(row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}


def basis_words(basis: str) -> str:
    """The basis of a reference row for people, in the active language; unknown keys stay as is."""
    english = (get_language() or "").startswith("en")
    parts = [part.strip() for part in re.split(r"[;,/]", basis) if part.strip()]
    words: list[str] = []
    for part in parts:
        if part.startswith("§") and words:
            words[-1] += _articles(part, english)
        else:
            words.append(_named(part, english))
    return ("; " if english else "；").join(words)


def _named(part: str, english: bool) -> str:
    match = ITEM.fullmatch(part)
    source = table().get(match["key"]) if match else None
    if match is None or source is None:
        return part
    rest = match["rest"].strip()
    articles = _articles(rest, english)
    remark = re.sub(ARTICLE, "", rest).strip(" ()（）")
    named = (source.en if english else source.zh) + articles
    if not remark:
        return named
    return f"{named} ({remark})" if english else f"{named}（{remark}）"


def _articles(text: str, english: bool) -> str:
    found = [first if not last else f"{first}–{last}" for first, last in ARTICLE.findall(text)]
    if not found:
        return ""
    if english:
        return (" art. " if len(found) == 1 else " arts. ") + ", ".join(found)
    return "".join(f"第{number}条" for number in found)
