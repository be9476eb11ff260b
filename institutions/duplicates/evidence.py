"""What speaks for two records being one body, with its weight.

Each reason is a chance of its own that the two are one; together they leave the chance that none
of them is right. Two different credit codes speak against it, so does a different kind of body.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from institutions.duplicates.wording import Address, Name, likeness

PROPOSED = 60  # per cent from which a pair is shown to people
MATERIAL = 10  # points by which a known reason must grow to be new evidence

CODE, LICENCE, PLATFORM = 97, 95, 95
NAME_SAME, NAME_BRACKETS, NAME_SOUND, NAME_BRAND, NAME_LIKE = 65, 62, 48, 40, 50
SITE_SAME, SITE_NAMELESS, SITE_BUILDING, SITE_LIKE = 65, 62, 50, 42
PHONE, PERSON = 45, 25
LIKE_FROM = 0.4  # likeness of names and addresses that counts at all
TWO_CODES, TWO_KINDS = 0.7, 0.8
OVER = {"CLOSED", "DEREGISTERED"}


@dataclass(frozen=True)
class Place:
    """A site in use: its township, its address in parts, and as written."""

    township: str
    parts: Address
    written: str


@dataclass(frozen=True)
class Seen:
    """A record of the register as the comparison sees it."""

    pk: int
    county: str
    written: str  # the name as it is on record
    name: Name
    kind: str
    status: str
    head: int | None = None  # of which it is a branch
    code: str = ""
    platform: str = ""
    phone: str = ""  # a keyed hash
    people: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    numbers: frozenset[tuple[str, str]] = frozenset()  # (kind, number) of certificates
    registrations: frozenset[str] = frozenset()  # numbers that are credit codes


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for it: what the first record says and what the second says."""

    code: str
    score: int
    first: str = ""
    second: str = ""
    value: str = ""  # what they share, however it is written

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compare(one: Seen, other: Seen) -> tuple[int, list[Reason]]:
    """(per cent, reasons, best first); the same with the sides exchanged, whoever comes first."""
    first, second = sorted((one, other), key=lambda seen: seen.pk)
    if {one.head or one.pk, one.pk} & {other.head or other.pk, other.pk}:
        return 0, []  # a branch and its head are on record as what they are
    found = [reason for reason in _reasons(first, second) if reason]
    doubt = 1.0
    for reason in found:
        doubt *= 1 - reason.score / 100
    chance = (1 - doubt) * _against(first, second, found)
    return round(chance * 100), sorted(found, key=lambda reason: (-reason.score, reason.code))


def _against(one: Seen, other: Seen, found: Iterable[Reason]) -> float:
    same_paper = any(reason.code in ("code", "licence", "platform") for reason in found)
    factor = 1.0
    if one.code and other.code and one.code != other.code and not same_paper:
        factor *= TWO_CODES
    return factor if one.kind == other.kind else factor * TWO_KINDS


def _reasons(one: Seen, other: Seen) -> Iterable[Reason | None]:
    yield _code(one, other)
    yield _licence(one, other)
    if one.platform and one.platform == other.platform:
        yield Reason("platform", PLATFORM, one.platform, other.platform, one.platform)
    yield _name(one, other)
    yield _site(one, other)
    if one.phone and one.phone == other.phone:
        yield Reason("phone", PHONE)
    if one.people & other.people:
        yield Reason("person", PERSON)


def _code(one: Seen, other: Seen) -> Reason | None:
    """The credit code of one is that of the other, or stands on its registration."""
    left = one.registrations | ({one.code} if one.code else set())
    right = other.registrations | ({other.code} if other.code else set())
    shared = sorted(left & right)
    return Reason("code", CODE, *shared[:1] * 3) if shared else None


def _licence(one: Seen, other: Seen) -> Reason | None:
    shared = sorted(number for _kind, number in one.numbers & other.numbers)
    return Reason("licence", LICENCE, *shared[:1] * 3) if shared else None


def _name(one: Seen, other: Seen) -> Reason | None:
    """The best of what the two names have in common."""
    left, right = one.name, other.name
    if not left.plain or not right.plain:
        return None
    apart = bool(left.places and right.places and not left.places & right.places)
    same_brand = left.brand == right.brand

    def reason(code: str, score: int) -> Reason:
        return Reason(code, score, one.written, other.written)

    if not apart and left.plain == right.plain:
        return reason("name", NAME_SAME)
    if not apart and same_brand and (left.bracketed or right.bracketed):
        return reason("brackets", NAME_BRACKETS)
    if not apart and not same_brand and left.sound == right.sound:
        return reason("sound", NAME_SOUND)
    if same_brand:
        return reason("brand", NAME_BRAND)
    of_brands = likeness(left.brand, right.brand)
    alike = max(of_brands, likeness(left.plain, right.plain))
    if alike >= LIKE_FROM and of_brands > 0 and not apart:
        return reason("like", round(NAME_LIKE * alike))
    return None


def _site(one: Seen, other: Seen) -> Reason | None:
    """The best of what two places have in common; a place that was given up proves nothing."""
    if one.status in OVER or other.status in OVER:
        return None
    nameless = not one.name.plain or not other.name.plain
    found = [
        reason
        for left in one.places
        for right in other.places
        if left.township == right.township
        and (reason := _place(left, right, nameless=nameless)) is not None
    ]
    return max(found, key=lambda reason: (reason.score, reason.first, reason.second), default=None)


def _place(one: Place, other: Place, *, nameless: bool) -> Reason | None:
    left, right = one.parts, other.parts

    def reason(code: str, score: int, value: str = "") -> Reason:
        return Reason(code, score, one.written, other.written, value)

    if left.whole and left.whole == right.whole and left.exact:
        return reason("site", SITE_SAME, one.township + left.whole)
    if left.building and left.building == right.building:
        if left.exact and right.exact and left.whole != right.whole:
            return reason("near", SITE_LIKE)  # two rooms of one house
        score = SITE_NAMELESS if nameless else SITE_BUILDING
        return reason("building", score, one.township + left.building)
    alike = likeness(left.whole, right.whole)
    if left.road and left.road == right.road:
        return None  # the same road, another house
    return reason("near", round(SITE_LIKE * alike)) if alike >= LIKE_FROM else None


def is_new(reasons: Iterable[dict[str, Any]], known: Iterable[dict[str, Any]]) -> bool:
    """Whether evidence came up that was not there when somebody told the two apart."""
    before = {reason["code"]: reason for reason in known}
    for reason in reasons:
        was = before.get(reason["code"])
        if was is None or reason["score"] >= was["score"] + MATERIAL:
            return True
        if reason["value"] != was["value"]:  # another address, another number
            return True
    return False
