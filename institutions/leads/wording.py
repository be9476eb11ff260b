"""Values, thresholds and sentences of leads in words, in both languages.

Words are data (`governance/data/compliance_words.csv`); coded values of the register have theirs
in the table of labels. What people typed (names, addresses) stays as it is.
"""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import get_language

from governance import reference
from governance.labels import table
from institutions.leads import kinds
from institutions.leads.rules import Limit, Outcome, Rule

# Where the word of a coded value stands that no input of its own names.
DOMAINS = (
    "Institution.category", "Institution.stage", "Institution.mode", "Institution.profit_nature",
    "Institution.sub_kind", "SitePeriod.building_use", "AnnualReview.result", "Licence.kind",
    "FeeItem.pay",
)  # fmt: skip
LONGEST = 160  # signs of a value in a sentence


class Word(NamedTuple):
    zh: str
    en: str
    many: str

    def say(self, english: bool, count: Any = 1) -> str:
        if not english:
            return self.zh
        return self.many if self.many and count != 1 else self.en


@cache
def words() -> dict[tuple[str, str], Word]:
    return {
        (row["kind"], row["code"]): Word(row["zh"], row["en"], row["en_many"])
        for row in reference.rows("compliance_words")
    }


def english() -> bool:
    return (get_language() or "").startswith("en")


def input_name(code: str) -> str:
    """What a part of a rule measures."""
    found = words().get(("input", code))
    return found.say(english()) if found else code


def word_of(code: str) -> str:
    """A coded value in the active language; the value itself where there is no word for it."""
    found = words().get(("value", code))
    if found:
        return found.say(english())
    for domain in DOMAINS:
        entry = table().get(domain, {}).get(code)
        if entry:
            return entry.en if english() else entry.zh
    return code


def said(value: Any, unit: str) -> str:
    """A value with its unit: `3个月`, `20:45`, `语文、数学`."""
    if isinstance(value, frozenset | set):
        return _listed(sorted(word_of(str(one)) for one in value))
    if unit == "none_of":
        return word_of(str(value))
    if unit == "floor" and isinstance(value, tuple):
        return _count(unit, f"{plain(value[0])}–{plain(value[1])}", 2)
    if isinstance(value, tuple | list):
        return _listed([word_of(str(one)) for one in value])
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal | int):
        return _count(unit, plain(value), value)
    return word_of(str(value))[:LONGEST]


def _listed(found: list[str]) -> str:
    if not found:
        return word_of("nothing")
    return (", " if english() else "、").join(found)[:LONGEST]


def _count(unit: str, number: str, count: Any) -> str:
    if unit == "day_left":
        return _days_left(Decimal(count))
    found = words().get(("unit", unit))
    return found.say(english(), count).format(n=number) if found else number


def _days_left(days: Decimal) -> str:
    found = words()["day_left", "past" if days < 0 else "left"]
    return found.say(english(), abs(days)).format(n=plain(abs(days)))


def plain(number: Any) -> str:
    """A number without needless noughts, thousands divided in yuan and the like."""
    decimal = Decimal(number)
    text = f"{decimal:,.2f}" if abs(decimal) >= 10_000 else f"{decimal:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit_said(value: Any, limit: Limit) -> str:
    """The threshold in words, as the sentence of the rule wants it."""
    if limit.unit == "day_left":
        return words()["day_left", "limit"].say(english())
    shown = said(value, limit.unit)
    if limit.unit == "none_of":
        return word_of("none_of").format(n=shown)
    return shown


def threshold_said(limit: Limit) -> str:
    """The threshold as the table has it."""
    return limit_said(limit.parsed(), limit)


def sentence(rule: Rule, message: str, part: int, value: Any, threshold: Any) -> str:
    """The rule's sentence about a value that broke it."""
    limit = rule.limits[part]
    return message.format(
        value=_named(rule, limit, said(value, limit.unit)),
        threshold=_named(rule, limit, limit_said(threshold, limit)),
    )


def _named(rule: Rule, limit: Limit, shown: str) -> str:
    """A bare word or share of a rule with several parts says which of them it belongs to."""
    several = len(rule.limits) > 1 and limit.unit in ("text", "percent")
    if not several or limit.operator == "all_equal":
        return shown
    return f"{input_name(limit.input)}{': ' if english() else '：'}{shown}"


# --- storing -----------------------------------------------------------------------------------


def to_json(value: Any) -> Any:
    """A value as it is kept with a lead; `from_json` gives it back."""
    if isinstance(value, frozenset | set):
        return {"set": sorted(str(one) for one in value)}
    if isinstance(value, tuple | list):
        return {"list": [to_json(one) for one in value]}
    if isinstance(value, dt.time):
        return {"time": value.strftime("%H:%M")}
    if isinstance(value, Decimal | int):
        return {"number": plain_number(value)}
    return {"text": str(value)}


def plain_number(value: Any) -> str:
    return f"{Decimal(value).normalize():f}"


def from_json(kept: dict[str, Any]) -> Any:
    [(kind, content)] = kept.items()
    match kind:
        case "set":
            return frozenset(content)
        case "list":
            return tuple(from_json(one) for one in content)
        case "time":
            return kinds.parse("le", content)
        case "number":
            return Decimal(content)
        case _:
            return content


def of_outcome(outcome: Outcome, message: str) -> str:
    """The sentence of an outcome."""
    return sentence(outcome.rule, message, outcome.part, outcome.value, outcome.limit)
