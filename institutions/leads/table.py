"""The table of rules: from its cells to values, and which version counts where and when."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F

from institutions.leads.rules import Limit, Rule, Variant
from institutions.models.compliance import ComplianceRule


def from_cells(cells: Mapping[str, Any]) -> Rule:
    """A rule from a row of `governance/data/compliance_rules.csv`; parts are divided by `;`."""
    columns = [cells[name].split(";") for name in ("input", "operator", "threshold", "unit")]
    return Rule(
        code=cells["code"],
        applies_to=tokens(cells["applies_to"]),
        limits=tuple(Limit(*parts) for parts in zip(*columns, strict=True)),
        variants=tuple(variant(text) for text in cells["variants"].split(";") if text),
    )


def from_row(row: ComplianceRule) -> Rule:
    """A rule as a county has it."""
    columns = row.inputs, row.operators, row.thresholds, row.units
    return Rule(
        code=row.code,
        applies_to=tokens(row.applies_to),
        limits=tuple(Limit(*parts) for parts in zip(*columns, strict=True)),
        variants=tuple(variant(text) for text in row.variants),
        row=row,
    )


def tokens(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split(";") if part and part != "any")


def variant(text: str) -> Variant:
    """`place:21&DANCE&DRAMA=5`: the threshold for bodies of dance and drama in province 21."""
    condition, _equals, threshold = text.partition("=")
    place, part, traits = "", 0, set()
    for word in condition.split("&"):
        name, colon, value = word.partition(":")
        if colon and name == "place":
            place = value
        elif colon and name == "part":
            part = int(value) - 1
        else:
            traits.add(word)
    return Variant(part, frozenset(traits), threshold, place)


def rules_of(county: str, on: dt.date) -> list[Rule]:
    """The rules that are switched on in a county on a day: its own version before the general
    one."""
    return [at(from_row(row), county) for row in versions_of(county, on) if row.enabled]


def versions_of(county: str, on: dt.date) -> list[ComplianceRule]:
    """The version of each rule that counts, switched on or not, in the order of the codes."""
    rows = (
        ComplianceRule.objects.in_force(on)
        .filter(county__in=["", county])
        .order_by("code", "-county", F("valid_from").desc(nulls_last=True))
    )
    newest: dict[str, ComplianceRule] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    return list(newest.values())


def at(rule: Rule, county: str) -> Rule:
    """Without the variants of other places."""
    return replace(rule, variants=_local(rule.variants, county))


def _local(variants: Iterable[Variant], county: str) -> tuple[Variant, ...]:
    return tuple(row for row in variants if county.startswith(row.place))
