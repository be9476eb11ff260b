"""A row as JSON, in words, and side by side with another version of itself."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from governance.privacy import MASKS
from institutions.filings import timetable
from institutions.filings.forms import EndForm
from institutions.filings.kinds import FilingKind
from institutions.filings.teaching_forms import OwnRow
from institutions.filings.timetable import TimetableField
from institutions.models import Course, Filed, Filing

Values = Mapping[str, Any]
EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True)
class Line:
    """One field of a filing: what it was, what it is to be; `private` names the field to reveal."""

    name: str
    label: str
    was: str
    now: str
    changed: bool
    private: bool = False


def plain(value: Any) -> Any:
    """A value as JSON keeps it and as the form takes it back."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def dumped(found: Values) -> str:
    """As it stands in the encrypted column."""
    return json.dumps(found, ensure_ascii=False)


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same: nothing is nothing in whatever form."""
    return one == other or (one in EMPTY and other in EMPTY)


def cleaned(form: Any) -> dict[str, Any]:
    """The values of a valid form as JSON."""
    return {name: plain(value) for name, value in form.cleaned_data.items()}


def present(kind: FilingKind, row: Filed) -> dict[str, Any]:
    """What is on record, in the shape of the form."""
    found = {}
    for name in kind.fields:
        if name == "slots" and isinstance(row, Course):
            found[name] = timetable.of_course(row)
        else:
            column = f"{name}_id" if hasattr(row, f"{name}_id") else name
            found[name] = plain(getattr(row, column))
    return found | {"ended_on": plain(row.ended_on)}


def changed(before: Values, proposed: Values) -> dict[str, Any]:
    """Of the proposed values those that differ."""
    return {name: value for name, value in proposed.items() if not same(before.get(name), value)}


def applied(before: Values, proposed: Values) -> dict[str, Any]:
    """What is on record once the filing is accepted."""
    return {**before, **proposed}


class Words:
    """The words of the values of one kind for one institution; rows are looked up once."""

    def __init__(self, kind: FilingKind, institution: Any) -> None:
        self.kind = kind
        self.fields = {
            **EndForm(institution=institution).fields,
            **kind.form(institution=institution).fields,
        }
        self._rows: dict[str, dict[str, str]] = {}

    def learn(self, row: Filed) -> None:
        """Take the words of what a row points at from the rows that were fetched with it."""
        for name, field in self.fields.items():
            if isinstance(field, OwnRow) and (other := getattr(row, name)):
                self._rows.setdefault(name, {})[str(other.pk)] = field.label_from_instance(other)

    def say(self, name: str, value: Any) -> str:
        """In full, private values masked; "" for nothing."""
        if value in EMPTY:
            return ""
        field = self.fields[name]
        if mask := self.kind.form.PRIVATE.get(name):
            return MASKS[mask](str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(field, TimetableField):
            return timetable.text(value)
        if isinstance(field, OwnRow):
            return self._row(name, field, value)
        return self._coded(field, value)

    def _row(self, name: str, field: OwnRow, value: Any) -> str:
        known = self._rows.setdefault(name, {})
        if str(value) not in known:
            rows = field.queryset.model._default_manager.filter(pk=value)
            known[str(value)] = next((field.label_from_instance(row) for row in rows), str(value))
        return known[str(value)]

    def _coded(self, field: forms.Field, value: Any) -> str:
        words = {str(key): str(word) for key, word in getattr(field, "choices", ())}
        values = value if isinstance(value, list) else [value]
        return "、".join(words.get(str(one), str(one)) for one in values)


def lines(filing: Filing, kind: FilingKind, *, all_fields: bool = False) -> list[Line]:
    """The filing field by field: of a change what changes, else every field that says something."""
    words = Words(kind, filing.institution)
    before, proposed = filing.was, filing.proposed
    adds = filing.action == Filing.Action.ADD
    names = [*kind.fields, "ended_on"]
    found = []
    for name in names:
        was = before.get(name)
        now = proposed.get(name, was)
        differs = name in proposed and not same(was, now)
        if not (differs or (all_fields and not (was in EMPTY and now in EMPTY))):
            continue
        found.append(
            Line(
                name, kind.field_label(name), "" if adds else words.say(name, was),
                words.say(name, now), differs, name in kind.form.PRIVATE,
            )
        )  # fmt: skip
    return found


def drift(kind: FilingKind, before: Values, now: Values, institution: Any) -> list[dict[str, str]]:
    """What changed on record since the filing was written, for `_diff.html`-like tables."""
    words = Words(kind, institution)
    return [
        {
            "label": kind.field_label(name),
            "was": words.say(name, before.get(name)),
            "now": words.say(name, value),
        }
        for name, value in now.items()
        if not same(before.get(name), value)
    ]
