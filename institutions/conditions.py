"""The conditions of the ledger, as they stand in its address.

They are read without building a form: a list page is opened far more often than its filter panel.
Every page that shows or counts institutions understands the same names.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance import labels
from governance.models import Department, Division

NONE = "none"  # “no licensor”, “no outcome”
MANY = {
    # name in the address: (what it is called, table of words)
    "township": (gettext_lazy("Township"), ""),
    "kind": (pgettext_lazy("institution", "Kind"), "Institution.kind"),
    "category": (gettext_lazy("Category"), "Institution.category"),
    "cert": (gettext_lazy("Certificates"), "cert_status"),
    "status": (gettext_lazy("Operation"), "Institution.operating_status"),
    "profit": (gettext_lazy("Profit nature"), "Institution.profit_nature"),
    "licensor": (gettext_lazy("Licensor"), ""),
    "disposal": (gettext_lazy("Outcome"), "Disposal.outcome"),
    "measure": (gettext_lazy("Lawful measure"), "measure"),
}
FLAGS = {
    "duplicate": gettext_lazy("Duplicate registration"),
    "multi_site": gettext_lazy("Several sites"),
}
ASKED_ABOVE = {"problems": gettext_lazy("Open problems"), "listed": gettext_lazy("On a list")}
DAY = re.compile(r"^(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?$")
LONGEST_WINDOW = 3_660  # days
Names = dict[tuple[str, str], str]  # (condition, value) → name


class NotUnderstood(Exception):
    """A condition in the address that is no condition; the message says what it should be."""


@dataclass(frozen=True)
class Conditions:
    """Which institutions, on which day. Empty fields ask for nothing."""

    q: str = ""
    on: dt.date | None = None  # None: as things stand now
    many: dict[str, tuple[str, ...]] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    expires: int | None = None  # days within which a certificate ends
    above: dict[str, str] = field(default_factory=dict)  # answered by the desk, not by the registry
    wrong: dict[str, str] = field(default_factory=dict)  # name → what was not understood

    def __bool__(self) -> bool:
        return bool(self.pairs())

    def of(self, name: str) -> tuple[str, ...]:
        return self.many.get(name, ())

    def pairs(self) -> list[tuple[str, str]]:
        """The conditions as they are written in an address."""
        found = [("q", self.q)] if self.q else []
        found += [(name, value) for name in MANY for value in self.of(name)]
        found += [(name, "yes" if yes else "no") for name, yes in self.flags.items()]
        if self.expires is not None:
            found.append(("expires", str(self.expires)))
        found += list(self.above.items())
        if self.on:
            found.append(("on", self.on.isoformat()))
        return found

    def query(self, *more: tuple[str, str]) -> str:
        return urlencode([*self.pairs(), *more])

    @cached_property
    def names(self) -> Names:
        """Names of the townships and departments asked for; one question at most."""
        return _names(self)

    def but(self, **many: str | tuple[str, ...] | None) -> "Conditions":
        """These conditions with some of `MANY` replaced."""
        changed = {
            name: (value,) if isinstance(value, str) else value or ()
            for name, value in many.items()
        }
        return replace(self, many={**self.many, **changed})

    def without(self, name: str, value: str) -> str:
        """The address with one condition taken away."""
        return urlencode([pair for pair in self.pairs() if pair != (name, value)])


def parse(get: QueryDict) -> Conditions:
    """Read the conditions of an address; what is not understood is named in `wrong`."""
    wrong: dict[str, str] = {}
    many = {name: _values(get, name) for name in MANY if get.get(name)}
    flags = {name: get[name] == "yes" for name in FLAGS if get.get(name) in ("yes", "no")}
    above = {name: "yes" for name in ASKED_ABOVE if get.get(name) == "yes"}
    on = expires = None
    try:
        on = day(get.get("on", ""))
    except NotUnderstood as error:
        wrong["on"] = str(error)
    try:
        expires = _window(get.get("expires", ""))
    except NotUnderstood as error:
        wrong["expires"] = str(error)
    q = unicodedata.normalize("NFKC", get.get("q", "")).strip()[:60]
    return Conditions(q, on, many, flags, expires, above, wrong)


def of_query(query: str) -> Conditions:
    """The conditions of an address that is at hand as text."""
    return parse(QueryDict(query))


def _values(get: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:40] for value in get.getlist(name) if value))


def day(text: str) -> dt.date | None:
    """A day as people write it; None for nothing. Raises `NotUnderstood`."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None
    found = DAY.match(text)
    try:
        if found:
            return dt.date(*map(int, found.groups()))
    except ValueError:
        pass
    raise NotUnderstood(_("“%(text)s” is not a day; write 2026-11-22.") % {"text": text[:20]})


def _window(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) <= LONGEST_WINDOW:
        return int(text)
    raise NotUnderstood(_("“%(text)s” is not a number of days.") % {"text": text[:20]})


@dataclass(frozen=True)
class Chip:
    """One condition in words, and the address without it."""

    label: str
    text: str
    url: str


def chips(conditions: Conditions, keep: str = "") -> list[Chip]:
    """The conditions in words; `keep` is the part of the address that is no condition."""
    return [
        Chip(label, text, f"?{conditions.without(name, value)}{'&' if keep else ''}{keep}")
        for name, value, label, text in _worded(conditions)
    ]


def sentence(conditions: Conditions) -> str:
    """The conditions as one line, for exports and prints."""
    parts = [f"{label}: {text}" for _n, _v, label, text in _worded(conditions)]
    return "; ".join(parts)


def _worded(conditions: Conditions) -> Iterator[tuple[str, str, str, str]]:
    for name, value in conditions.pairs():
        if name in MANY:
            yield name, value, str(MANY[name][0]), _word(name, value, conditions.names)
        elif name in FLAGS:
            yield name, value, str(FLAGS[name]), _("yes") if value == "yes" else _("no")
        elif name in ASKED_ABOVE:
            yield name, value, str(ASKED_ABOVE[name]), _("yes")
        elif name == "expires":
            within = _("within %(days)s days") % {"days": value}
            yield name, value, _("Certificate expires"), within
        else:
            yield name, value, {"q": _("Search"), "on": _("As of")}[name], value


def _word(name: str, value: str, names: Names) -> str:
    if value == NONE:
        return _("none")
    domain = MANY[name][1]
    return labels.label(domain, value) if domain else names.get((name, value), value)


def _names(conditions: Conditions) -> Names:
    """Names of the townships and departments among the conditions, in one question or none."""
    codes = conditions.of("township")
    ids = [value for value in conditions.of("licensor") if value.isdigit()]
    if not codes and not ids:
        return {}
    places = Division.objects.filter(pk__in=codes).order_by()
    offices = Department.objects.filter(pk__in=ids).order_by()
    rows = places.values_list(_literal("township"), "code", "name").union(
        offices.values_list(_literal("licensor"), Cast("pk", CharField()), "name")
    )
    return {(name, value): words for name, value, words in rows}


def _literal(text: str) -> Value:
    return Value(text, output_field=CharField())
