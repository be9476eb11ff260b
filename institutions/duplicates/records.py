"""Records of the register read for comparison, and the keys by which they meet."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from governance.models import Division
from institutions.duplicates import wording
from institutions.duplicates.evidence import Place, Seen
from institutions.duplicates.wording import Regions
from institutions.models import (
    REGISTRATION,
    SCHOOLING,
    DuplicateKey,
    Institution,
    InstitutionPeriod,
    Licence,
    SitePeriod,
)

COUNTY = 6  # digits
CROWD = 12  # records that share a key beyond which the key tells nothing
COLUMNS = (
    "pk", "division_id", "credit_code", "platform_id", "contact_phone_hash", "principal",
    "legal_representative", "branch_of_id",
)  # fmt: skip

# Two records are compared when both stand in the register and neither is settled already.
UNSETTLED = Q(voided_at=None, merged_into=None, duplicate_of=None)


def regions(county: str) -> Regions:
    """The words for places in a county."""
    above = [county[:2], county[:4], county]
    wide = Division.objects.filter(pk__in=above).values_list("name", flat=True)
    towns = Division.objects.filter(parent_id=county).values_list("name", flat=True)
    return Regions.of(wide, towns)


def read(keys: Sequence[int]) -> dict[int, Seen]:
    """The unsettled records among `keys`, as of today; four statements, two more for a county."""
    rows = Institution.objects.filter(UNSETTLED, pk__in=keys).values(*COLUMNS)
    found = {row["pk"]: row for row in rows}
    periods = _periods(list(found))
    sites, licences = _sites(list(found)), _licences(list(found))
    words = {county: regions(county) for county in {_county(row) for row in rows}}
    return {
        pk: _seen(row, periods[pk], sites[pk], licences[pk], words[_county(row)])
        for pk, row in found.items()
        if pk in periods
    }


def _periods(keys: list[int]) -> dict[int, dict[str, Any]]:
    rows = InstitutionPeriod.objects.on().filter(institution__in=keys)
    columns = ("institution_id", "name", "kind", "operating_status")
    return {row["institution_id"]: row for row in rows.values(*columns)}


def _sites(keys: list[int]) -> dict[int, list[tuple[str, str]]]:
    rows = SitePeriod.objects.on().filter(site__institution__in=keys).exclude(address="")
    found = defaultdict(list)
    columns = ("site__institution_id", "township_id", "address")
    for pk, *place in rows.order_by("site__serial").values_list(*columns):
        found[pk].append(tuple(place))
    return found


def _licences(keys: list[int]) -> dict[int, list[tuple[str, str]]]:
    kinds = (*SCHOOLING, *REGISTRATION)
    rows = Licence.objects.filter(institution__in=keys, voided_at=None, kind__in=kinds)
    found = defaultdict(list)
    for pk, *paper in rows.exclude(number="").values_list("institution_id", "kind", "number"):
        found[pk].append(tuple(paper))
    return found


def _county(row: dict[str, Any]) -> str:
    return str(row["division_id"][:COUNTY])


def _seen(
    row: dict[str, Any],
    period: dict[str, Any],
    sites: list[Any],
    licences: list[Any],
    words: Regions,
) -> Seen:
    people = {row["principal"].strip(), row["legal_representative"].strip()} - {""}
    return Seen(
        pk=row["pk"],
        county=_county(row),
        written=period["name"],
        name=wording.name(period["name"], words),
        kind=period["kind"],
        status=period["operating_status"],
        head=row["branch_of_id"],
        code=row["credit_code"],
        platform=row["platform_id"],
        phone=row["contact_phone_hash"] or "",
        people=frozenset(people),
        places=tuple(Place(town, wording.address(at, words), at) for town, at in sites),
        numbers=frozenset(paper for paper in licences if paper[0] in SCHOOLING),
        registrations=frozenset(number for kind, number in licences if kind in REGISTRATION),
    )


# --- keys -------------------------------------------------------------------------------------


def keys_of(seen: Seen) -> set[int]:
    """By what another record of the same body would be met."""
    return {_digest(seen.county, *words) for words in _words(seen)}


def _words(seen: Seen) -> Iterator[tuple[str, ...]]:
    for code in {seen.code, *seen.registrations} - {""}:
        yield ("code", code)
    for kind, number in seen.numbers:
        yield ("licence", kind, number)
    if seen.platform:
        yield ("platform", seen.platform)
    if seen.phone:
        yield ("phone", seen.phone)
    name = seen.name
    if name.plain:
        yield ("plain", name.plain)
        yield ("brand", name.brand)
        yield ("sound", name.sound)
    for place in seen.places:
        parts = place.parts
        if parts.building:
            yield ("building", place.township, parts.building)
        elif parts.whole:
            yield ("address", place.township, parts.whole)
        # Where a brand or a house is common, the two together still tell.
        if name.plain:
            yield ("town", place.township, name.brand)
            yield ("sounding", place.township, name.sound)
        if name.plain and parts.road:
            for left, right in pairwise(name.brand):
                yield ("road", place.township, parts.road, left + right)


def _digest(*words: str) -> int:
    raw = hashlib.blake2b("\n".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


@transaction.atomic
def keep_keys(keys: Sequence[int], found: dict[int, Seen]) -> None:
    """Bring the stored keys of these records up to date; settled ones lose theirs."""
    wanted = {(pk, key) for pk, seen in found.items() for key in keys_of(seen)}
    stored = dict.fromkeys(
        DuplicateKey.objects.filter(institution__in=keys).values_list("institution_id", "key")
    )
    stale = stored.keys() - wanted
    for pk in {pk for pk, _key in stale}:
        gone = [key for owner, key in stale if owner == pk]
        DuplicateKey.objects.filter(institution=pk, key__in=gone).delete()
    missing = sorted(wanted - stored.keys())
    DuplicateKey.objects.bulk_create(
        [DuplicateKey(institution_id=pk, key=key) for pk, key in missing],
        ignore_conflicts=True,
        batch_size=5_000,
    )


def candidates(keys: Sequence[int]) -> set[tuple[int, int]]:
    """Ordered pairs, one side among `keys`, that share a key which few records have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS (SELECT DISTINCT key FROM institutions_duplicatekey"
            "  WHERE institution_id = ANY(%s)) "
            "SELECT array_agg(member.institution_id) FROM mine CROSS JOIN LATERAL"
            "  (SELECT institution_id FROM institutions_duplicatekey AS other"
            "   WHERE other.key = mine.key LIMIT %s) AS member "
            "GROUP BY mine.key HAVING count(*) BETWEEN 2 AND %s",
            [list(keys), CROWD + 1, CROWD],
        )
        crowds = [row[0] for row in cursor.fetchall()]
    asked = set(keys)
    return {pair for crowd in crowds for pair in _pairs(crowd, asked)}


def _pairs(crowd: Iterable[int], asked: set[int]) -> Iterator[tuple[int, int]]:
    members = sorted(crowd)
    for at, first in enumerate(members):
        for second in members[at + 1 :]:
            if first in asked or second in asked:
                yield (first, second)
