"""A rule as a value: to whom it applies, its parts with their limits, and how it is judged."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from institutions.leads import kinds
from institutions.leads.facts import Ref

NON_SUBJECT = frozenset({"SPORT", "ARTS", "SCITECH", "OTHER"})
FAMILIES: Mapping[str, frozenset[str]] = {
    "category": frozenset({"SUBJECT", "NON_SUBJECT", "VOCATIONAL", "UNCLEAR"} | set(NON_SUBJECT)),
    "stage": frozenset({"PRE", "PRIMARY", "JUNIOR", "SENIOR"}),
    "mode": frozenset({"OFFLINE", "ONLINE"}),
}
Traits = Mapping[str, frozenset[str]]  # family → codes; a family that is empty is not known


class Verdict(Enum):
    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # an input is missing: never a lead


class _Own:
    """Marks that a part is held against the rule's own limit."""


OWN: Any = _Own()


@dataclass(frozen=True)
class Part:
    """One measured value. `limit` None: the fact it is held against is not known."""

    value: Any = None  # None: not known
    limit: Any = OWN
    asked: bool = True  # False: this part does not concern the subject
    complete: bool = True  # False: more is unknown, so only an offence counts
    since: dt.date | None = None  # first day on which it offended, where the facts tell
    rows: tuple[Ref, ...] = ()  # what the value was made of
    detail: str = ""  # shown beside the value: the first such day


NOT_ASKED = Part(asked=False)
UNKNOWN = Part()


@dataclass(frozen=True)
class Reading:
    """What a rule reads of one subject: a site, a course, a fee or the institution."""

    subject: Ref
    parts: tuple[Part, ...]
    traits: Traits = field(default_factory=dict)


@dataclass(frozen=True)
class Limit:
    """One part of a rule: `operator` holds `input` against `threshold`, measured in `unit`."""

    input: str
    operator: str
    threshold: str
    unit: str

    def parsed(self) -> Any:
        return kinds.parse(self.operator, self.threshold)


@dataclass(frozen=True)
class Variant:
    """Another threshold for a part: where the subject is nothing but what the traits name.

    A body for children of 3 to 6 alone falls under PRE; one that also takes pupils does not.
    """

    part: int
    traits: frozenset[str]
    threshold: str
    place: str = ""  # first digits of the division codes where it holds

    def fits(self, traits: Traits) -> bool:
        named: dict[str, set[str]] = {}
        for trait in self.traits:
            named.setdefault(family_of(trait), set()).add(trait)
        return all(traits.get(name) and traits[name] <= codes for name, codes in named.items())


def family_of(trait: str) -> str:
    """The family a code belongs to; what is none of the three is a sub-kind."""
    return next((name for name, codes in FAMILIES.items() if trait in codes), "sub_kind")


@dataclass(frozen=True)
class Rule:
    """One version of a rule."""

    code: str
    applies_to: frozenset[str]  # of each family named, one must be met; empty: everybody
    limits: tuple[Limit, ...]
    variants: tuple[Variant, ...] = ()
    row: Any = None  # where it is stored

    def limit(self, part: int, traits: Traits) -> Limit:
        """The limit of a part for a subject: the variant that names most of its traits wins."""
        own = self.limits[part]
        fitting = [row for row in self.variants if row.part == part and row.fits(traits)]
        if not fitting:
            return own
        best = max(fitting, key=lambda row: len(row.traits))
        return Limit(own.input, own.operator, best.threshold, own.unit)

    def concerns(self, traits: Traits) -> bool | None:
        """Whether the rule applies to a subject with these traits; None when that is not known."""
        answers = [self._family(name, traits) for name in FAMILIES]
        if False in answers:
            return False
        return None if None in answers else True

    def _family(self, name: str, traits: Traits) -> bool | None:
        wanted = self.applies_to & FAMILIES[name]
        if not wanted:
            return True
        if "NON_SUBJECT" in wanted:
            wanted |= NON_SUBJECT
        known = traits.get(name, frozenset())
        return bool(wanted & known) if known else None


@dataclass(frozen=True)
class Outcome:
    """What a rule came to for one subject."""

    rule: Rule
    subject: Ref
    verdict: Verdict
    part: int = 0
    value: Any = None
    limit: Any = None
    since: dt.date | None = None
    rows: tuple[Ref, ...] = ()
    detail: str = ""


def judge(rule: Rule, reading: Reading) -> Outcome | None:
    """What a reading comes to; None where the rule does not concern the subject."""
    concerns = rule.concerns(reading.traits)
    if concerns is False or not any(part.asked for part in reading.parts):
        return None
    if concerns is None:
        return Outcome(rule, reading.subject, Verdict.UNKNOWN)
    outcomes = list(_parts(rule, reading))
    for verdict in (Verdict.BROKEN, Verdict.UNKNOWN):
        for outcome in outcomes:
            if outcome.verdict is verdict:
                return outcome
    return Outcome(rule, reading.subject, Verdict.KEPT)


def _parts(rule: Rule, reading: Reading) -> Iterator[Outcome]:
    for number, part in enumerate(reading.parts):
        if not part.asked:
            continue
        limit = rule.limit(number, reading.traits)
        found = _offence(limit, part)
        if isinstance(found, kinds.Offence):
            yield Outcome(
                rule, reading.subject, Verdict.BROKEN, number, found.value, found.limit,
                part.since, tuple(sorted(set(part.rows))), part.detail,
            )  # fmt: skip
        else:
            rows = tuple(sorted(set(part.rows)))
            yield Outcome(rule, reading.subject, found, number, rows=rows)


def _offence(limit: Limit, part: Part) -> kinds.Offence | Verdict:
    against = limit.parsed() if part.limit is OWN else part.limit
    if part.value is None or against is None:
        return Verdict.UNKNOWN
    found = kinds.OPERATORS[limit.operator](part.value, against)
    return found or (Verdict.KEPT if part.complete else Verdict.UNKNOWN)


def judged(rules: Iterable[Rule], readings: Any) -> Iterator[Outcome]:
    """The outcomes of several rules; `readings(code)` gives what each of them reads."""
    for rule in rules:
        for reading in readings(rule.code):
            outcome = judge(rule, reading)
            if outcome:
                yield outcome
