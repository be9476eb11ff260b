"""The kinds of check: each holds a value against a limit and says what offends, if anything does.

Numbers are `Decimal` or `int`, times `datetime.time`, days `datetime.date`, lists frozensets.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from stdnum.cn import uscc

EXCERPT = 12  # signs shown on each side of a word that offends


class Offence(NamedTuple):
    """What to show: the value that offends and the limit it offends against."""

    value: Any
    limit: Any


def most(value: Any, limit: Any) -> Offence | None:
    return Offence(value, limit) if value > limit else None


def least(value: Any, limit: Any) -> Offence | None:
    return Offence(value, limit) if value < limit else None


def between(value: tuple[Any, ...], limit: tuple[Any, Any]) -> Offence | None:
    """Every value lies between the ends, which are allowed; the first that does not is shown."""
    outside = [one for one in value if not limit[0] <= one <= limit[1]]
    return Offence(outside[0], limit) if outside else None


def equal(value: Any, limit: Any) -> Offence | None:
    return None if value == limit else Offence(value, limit)


def among(value: Any, limit: frozenset) -> Offence | None:
    return None if value in limit else Offence(value, limit)


def none_of(value: Any, limit: frozenset) -> Offence | None:
    found = _as_set(value) & limit
    return Offence(found, limit) if found else None


def no_word(value: str, limit: frozenset) -> Offence | None:
    """The text with some signs around the first word found, and the words found."""
    text = level(value)
    found = frozenset(word for word in limit if level(word) in text)
    if not found:
        return None
    return Offence(_excerpt(text, min(text.index(level(word)) for word in found)), found)


def within(value: frozenset, limit: frozenset) -> Offence | None:
    extra = _as_set(value) - _as_set(limit)
    return Offence(extra, limit) if extra else None


def held(value: frozenset, limit: frozenset) -> Offence | None:
    """Every document or entry asked for is there; shows what is there."""
    return None if _as_set(limit) <= _as_set(value) else Offence(_as_set(value), limit)


def right_code(value: str, limit: Any) -> Offence | None:
    return None if uscc.is_valid(value) else Offence(value, limit)


def agree(value: tuple[str, ...], limit: Any) -> Offence | None:
    """Names are the same once width, blanks, brackets and case are levelled."""
    return Offence(value, limit) if len({bare(name) for name in value}) > 1 else None


OPERATORS: dict[str, Callable[[Any, Any], Offence | None]] = {
    "le": most,
    "ge": least,
    "between": between,
    "eq": equal,
    "in": among,
    "not_in": none_of,
    "not_contains": no_word,
    "subset_of": within,
    "exists": held,
    "valid_uscc": right_code,
    "all_equal": agree,
}
LISTS = {"in", "not_in", "not_contains", "subset_of", "exists"}


def parse(operator: str, text: str) -> Any:
    """A limit as it stands in the table; a word that only a reading can resolve stays a word."""
    text = text.strip()
    if operator in LISTS:
        return frozenset(part.strip() for part in text.split(",") if part.strip())
    if operator == "between":
        low, high = text.split("..")
        return Decimal(low), Decimal(high)
    return number(text) if (found := _time(text)) is None else found


def number(text: str) -> Decimal | str:
    """A number, or the text itself."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text


def _time(text: str) -> dt.time | None:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit()):
        return None
    return dt.time(int(hours), int(minutes))


def no_worse(operator: str, new: Any, old: Any) -> bool:
    """Whether a value offends no more than an earlier one did; of what has no order, the same."""
    if operator == "le":
        return bool(new <= old)
    if operator == "ge":
        return bool(new >= old)
    if operator in ("not_in", "subset_of"):
        return _as_set(new) <= _as_set(old)
    if operator == "exists":
        return _as_set(new) >= _as_set(old)
    return bool(new == old)


def level(text: str) -> str:
    """Full width levelled and blanks gone, so that 第 一 and 第一 are one word."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def bare(name: str) -> str:
    """A name without brackets, dots and case."""
    return "".join(sign for sign in level(name).casefold() if sign.isalnum())


def _as_set(value: Any) -> frozenset:
    return frozenset([value]) if isinstance(value, str) else frozenset(value)


def _excerpt(text: str, at: int) -> str:
    first, last = max(at - EXCERPT, 0), at + EXCERPT
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
