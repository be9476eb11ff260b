"""R23, R32, R34–R37, R42, R46, R47: what is registered about the institution itself."""

import datetime as dt
from collections.abc import Iterator

from institutions.leads import spans
from institutions.leads.facts import Certificate, Codes, Facts
from institutions.leads.readings.traits import of_body
from institutions.leads.rules import NOT_ASKED, UNKNOWN, Part, Reading
from institutions.models.choices import REGISTRATION, SCHOOLING, LicenceKind

# The first two signs of the credit code by the kind of registration (GB 32100).
PREFIXES = {
    LicenceKind.BUSINESS_LICENCE: frozenset({"91", "92", "93"}),
    LicenceKind.NONPROFIT_CERT: frozenset({"52"}),
    LicenceKind.PUBLIC_INSTITUTION_CERT: frozenset({"12"}),
}
BY_NATURE = {
    "NON_PROFIT": frozenset({"12", "51", "52", "53"}),
    "FOR_PROFIT": frozenset({"91", "92", "93"}),
}
NEVER = dt.date.min


def _whole(facts: Facts, *parts: Part) -> Iterator[Reading]:
    yield Reading(facts.body.ref, parts, of_body(facts.body))


def startup_funds(facts: Facts) -> Iterator[Reading]:
    """R23: start-up funds in yuan."""
    yield from _whole(facts, Part(facts.body.startup_funds, rows=(facts.body.ref,)))


# --- R32 -------------------------------------------------------------------------------------


def licence(facts: Facts) -> Iterator[Reading]:
    """R32: days the school licence has left, its scope and its mode; bodies without one are no
    case of this rule."""
    found = _newest(facts)
    if found is None:
        return
    left = UNKNOWN
    if found.valid_to:
        since = found.valid_to + spans.ONE_DAY
        left = Part((found.valid_to - facts.day).days, rows=(found.ref,), since=since)
    yield from _whole(facts, left, _scope(facts, found), _mode(facts, found))


def _newest(facts: Facts) -> Certificate | None:
    """The school licence that runs longest, also one that has run out; not one that was ended."""
    rows = [
        row
        for row in facts.certificates
        if row.kind in SCHOOLING
        and (row.ended_on is None or row.ended_on > facts.day)
        and (row.valid_from or NEVER) <= facts.day
    ]
    return max(rows, key=lambda row: (row.valid_to or dt.date.max, row.pk), default=None)


def _scope(facts: Facts, found: Certificate) -> Part:
    """Categories and stages of the courses (else of the institution) within those licensed."""
    taught, written = _taught(facts), found.categories | found.stages
    if not found.categories and not found.stages:
        return UNKNOWN
    comparable = _comparable(taught, found)
    rows = (found.ref, *(c.ref for c in facts.courses if (c.categories | c.stages) - written))
    return Part(comparable or None, written, complete=bool(facts.courses), rows=rows)


def _taught(facts: Facts) -> Codes:
    codes = [course.categories | course.stages for course in facts.courses]
    return frozenset().union(*codes) or facts.body.categories | facts.body.stages


def _comparable(taught: Codes, found: Certificate) -> Codes:
    """Without the family about which the licence says nothing; UNCLEAR waits for the experts."""
    families = [{"PRE", "PRIMARY", "JUNIOR", "SENIOR"}]
    silent: set[str] = set() if found.stages else set(families[0])
    if not found.categories:
        silent |= set(taught) - families[0]
    return taught - silent - {"UNCLEAR"}


def _mode(facts: Facts, found: Certificate) -> Part:
    used = frozenset().union(*(course.modes for course in facts.courses)) or facts.body.modes
    if not found.modes or not used:
        return UNKNOWN
    other = used - found.modes
    value = tuple(sorted(other or found.modes))
    rows = (found.ref, *(course.ref for course in facts.courses if course.modes & other))
    return Part(value, tuple(sorted(found.modes)), rows=rows)


# --- names and codes ---------------------------------------------------------------------------


def credit_code(facts: Facts) -> Iterator[Reading]:
    """R34: the check sign, and the first two signs against the kind of registration."""
    body = facts.body
    if body.credit_code_pending:
        return  # 办理中
    if not body.credit_code:
        yield from _whole(facts, UNKNOWN)
        return
    allowed = _prefixes(facts)
    prefix = Part(body.credit_code[:2], allowed, rows=(body.ref,)) if allowed else NOT_ASKED
    yield from _whole(facts, Part(body.credit_code, rows=(body.ref,)), prefix)


def _prefixes(facts: Facts) -> Codes:
    kinds = {row.kind for row in facts.held(*REGISTRATION)}
    by_paper = frozenset().union(*(PREFIXES[LicenceKind(kind)] for kind in kinds))
    return by_paper or BY_NATURE.get(facts.body.profit_nature, frozenset())


def names(facts: Facts) -> Iterator[Reading]:
    """R35: the names on licence, registration (else in the register) and signs; two at least."""
    registered = _holder(facts, *REGISTRATION) or facts.body.name
    known = [_holder(facts, *SCHOOLING), registered, *facts.body.sign_names]
    told = tuple(name for name in known if name)
    part = Part(told, rows=(facts.body.ref,)) if len(told) > 1 else UNKNOWN
    yield from _whole(facts, part, NOT_ASKED, NOT_ASKED)


def _holder(facts: Facts, *kinds: str) -> str:
    rows = sorted(facts.held(*kinds), key=lambda row: row.pk)
    return next((row.holder for row in rows if row.holder), "")


def restricted_words(facts: Facts) -> Iterator[Reading]:
    """R36: words that need approval in the name."""
    yield from _whole(facts, Part(facts.body.name or None, rows=(facts.body.ref,)))


def nature(facts: Facts) -> Iterator[Reading]:
    """R37: subject training up to junior stage is non-profit and registered as such."""
    registered = facts.held(*REGISTRATION)
    said = Part(facts.body.profit_nature or None, rows=(facts.body.ref,))
    paper = UNKNOWN
    if registered:
        held = {"npo_certificate" if row.kind == LicenceKind.NONPROFIT_CERT else row.kind
                for row in registered}  # fmt: skip
        paper = Part(frozenset(held), rows=tuple(row.ref for row in registered))
    yield from _whole(facts, said, paper)


# --- years -----------------------------------------------------------------------------------


def insurance(facts: Facts) -> Iterator[Reading]:
    """R42: days the liability policy has left."""
    dated = [row for row in facts.policies if row.ends_on]
    part = UNKNOWN
    if dated:
        last = max(dated, key=lambda row: (row.ends_on, row.pk))
        assert last.ends_on is not None
        since = last.ends_on + spans.ONE_DAY
        part = Part((last.ends_on - facts.day).days, rows=(last.ref,), since=since)
    yield from _whole(facts, part)


def last_review(facts: Facts) -> Iterator[Reading]:
    """R46: the result of the year before; a body founded later was not due."""
    year = facts.day.year - 1
    if facts.body.founded_on and facts.body.founded_on.year > year:
        return
    rows = [row for row in facts.reviews if row.year == year]
    part = UNKNOWN
    if rows:
        last = max(rows, key=lambda row: row.pk)
        bare = last.result == "NOT_TAKEN" and not last.reason.strip()
        part = Part("NOT_TAKEN_NO_REASON" if bare else last.result, rows=(last.ref,))
    yield from _whole(facts, part)


def platform(facts: Facts) -> Iterator[Reading]:
    """R47: a licensed body has an identity on the national platform."""
    licences = facts.held(*SCHOOLING)
    if not licences:
        return
    held = frozenset({"platform_id"}) if facts.body.platform_id else frozenset()
    yield from _whole(facts, Part(held, rows=(facts.body.ref, *(row.ref for row in licences))))


READERS = {
    "R23": startup_funds,
    "R32": licence,
    "R34": credit_code,
    "R35": names,
    "R36": restricted_words,
    "R37": nature,
    "R42": insurance,
    "R46": last_review,
    "R47": platform,
}
