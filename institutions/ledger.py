"""The ledger as a query: conditions, order, count, sums, neighbours.

One row is what an institution is on a day: its period then. Rows are chosen first and dressed with
derived facts afterwards, so that a deep page costs no more than the first.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    F,
    Q,
    Sum,
)
from django.db.models.functions import Coalesce, Substr

from governance import daylight
from governance.models import Membership
from governance.scoping import COUNTY_DIGITS
from institutions import measures
from institutions.conditions import NONE, Conditions
from institutions.derived import Facts
from institutions.models import (
    REGISTRATION,
    SCHOOLING,
    CertStatus,
    Institution,
    InstitutionPeriod,
    Licence,
)

Rows = Any  # a queryset of InstitutionPeriod, also with annotations or as dictionaries
STAYS = Coalesce("merged_into", "pk")  # the record that stands for one that was merged into it
TOWN_DIGITS, SERIAL_DIGITS = 9, 6
WHOLE_NUMBER = re.compile(r"^\d{6}-\d{6}$")
CODE = re.compile(r"^(?=.*\d)[0-9A-Za-z-]{2,}$")

# name in the address → columns; every order ends with the key, so that pages never overlap
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name_key", "pk"),
    "number": ("institution__number", "pk"),
    "township": ("township_id", "name_key", "pk"),
    "category": ("main_category", "name_key", "pk"),
    "cert": ("cert_status", "name_key", "pk"),
    "status": ("operating_status", "name_key", "pk"),
    "licensor": ("licensor_id", "name_key", "pk"),
    "expires": ("expires_on", "pk"),
    "recorded": ("recorded_at", "pk"),
    "learners": ("learners", "pk"),
}
DEFAULT_ORDER = "name"


def base(actor: Membership, on: dt.date | None) -> Rows:
    """Every institution of the register in the actor's scope, as it was on the day."""
    rows = InstitutionPeriod.objects.visible_to(actor).filter(
        institution__voided_at=None, institution__merged_into=None
    )
    if on is not None:
        return rows.on(on)
    return rows.alias(county=Substr("township", 1, COUNTY_DIGITS)).filter(
        _near(actor), during__endswith=None
    )


def _near(actor: Membership) -> Q:
    """The scope once more, on columns of the period itself.

    It takes nothing away, because an institution lies where its present period says; but it lets
    the index of a county (or of a township) give the rows in their order.
    """
    codes = actor.department.jurisdictions if actor.department else []
    if not codes or any(len(code) < COUNTY_DIGITS for code in codes):
        return Q()
    towns = [code for code in codes if len(code) > COUNTY_DIGITS]
    if len(towns) == len(codes) and all(len(code) == TOWN_DIGITS for code in codes):
        return Q(township_id__in=towns)
    return Q(county__in={code[:COUNTY_DIGITS] for code in codes})


def chosen(actor: Membership, conditions: Conditions) -> Rows:
    """The rows that meet the conditions of the registry, in no order."""
    rows = base(actor, conditions.on)
    facts = Facts(conditions.on)
    asked = {"category": "main_category", "disposal": "disposal"}
    needed = {asked[name] for name in asked if conditions.of(name)}
    if "multi_site" in conditions.flags:
        needed.add("multi_site")
    rows = rows.alias(**facts.of(needed))
    if conditions.of("measure"):
        rows = rows.alias(cert_status=facts["cert_status"]).alias(measure=measures.sql())
    return rows.filter(
        _plain(conditions),
        _certificates(conditions),
        _expiring(conditions),
        _search(conditions.q, [county_of(actor)]),
    )


def _plain(conditions: Conditions) -> Q:
    columns = {
        "township": "township_id__in", "kind": "kind__in", "status": "operating_status__in",
        "profit": "profit_nature__in", "category": "main_category__in",
        "measure": "measure__in",
    }  # fmt: skip
    condition = Q(
        **{lookup: conditions.of(name) for name, lookup in columns.items() if conditions.of(name)}
    )
    condition &= _or_none("licensor_id", conditions.of("licensor"), digits=True)
    condition &= _or_none("disposal", conditions.of("disposal"))
    if (duplicate := conditions.flags.get("duplicate")) is not None:
        condition &= Q(institution__duplicate_of__isnull=not duplicate)
    if (several := conditions.flags.get("multi_site")) is not None:
        condition &= Q(multi_site=several)
    return condition


HOLDS = {  # certificate status → (licensed, registered)
    CertStatus.FULL: (True, True),
    CertStatus.REG_ONLY: (False, True),
    CertStatus.LICENSE_ONLY: (True, False),
    CertStatus.NONE: (False, False),
}


def _certificates(conditions: Conditions) -> Q:
    """The certificate statuses asked for, as few questions to the certificates as they need.

    What is the same for all of them is a condition of its own, which the database answers by a
    join; only mixtures are asked row by row.
    """
    asked = conditions.of("cert")
    if not asked:
        return Q()
    wanted = {HOLDS[CertStatus(value)] for value in asked if value in CertStatus.values}
    in_force = Licence.objects.in_force(conditions.on)
    questions = in_force.held_by_each("institution_id", [SCHOOLING, REGISTRATION])
    condition, answers = Q(pk__in=[]), sorted(wanted)
    for at, question in enumerate(questions):
        told = {pair[at] for pair in wanted}
        if len(told) == 1 and len(wanted) == 2:
            return question if told.pop() else ~question
    for pair in answers:
        condition |= _all(questions, pair)
    return _all(questions, answers[0]) if len(answers) == 1 else condition


def _all(questions: Sequence[Q], answers: tuple[bool, bool]) -> Q:
    condition = Q()
    for question, yes in zip(questions, answers, strict=True):
        condition &= question if yes else ~question
    return condition


def _or_none(column: str, values: Sequence[str], *, digits: bool = False) -> Q:
    """One of the values, where `none` means that there is none."""
    if not values:
        return Q()
    named = [value for value in values if value != NONE and (value.isdigit() or not digits)]
    condition = Q(**{f"{column}__in": named})
    return condition | Q(**{f"{column}__isnull": True}) if NONE in values else condition


def _expiring(conditions: Conditions) -> Q:
    """A licence or registration in force whose last day comes within so many days."""
    if conditions.expires is None:
        return Q()
    return ending(conditions.on, conditions.expires).held_by("institution_id")


def ending(on: dt.date | None, days: int) -> Any:
    """Licences and registrations in force on the day whose last day comes within so many days."""
    on = on or daylight.today()
    last = on + dt.timedelta(days=days)
    kinds = (*SCHOOLING, *REGISTRATION)
    return Licence.objects.in_force(on).filter(kind__in=kinds, valid_to__lte=last)


def _search(term: str, counties: Sequence[str]) -> Q:
    """Name, pinyin initials, number, credit code or licence number, as people type them."""
    code = term.upper()
    if not term:
        return Q()
    if WHOLE_NUMBER.match(code):
        return Q(institution__in=Institution.objects.filter(number=code).values_list(STAYS))
    if CODE.match(code):
        return Q(institution__in=_by_code(code, counties))
    if term.isascii():
        letters = "".join(term.lower().split())
        return Q(initials__contains=letters) | Q(name_key__contains=term.lower())
    return Q(name__contains=" ".join(term.split()))


def _by_code(code: str, counties: Sequence[str]) -> Any:
    """Keys of institutions by number or its end, credit code, licence number or initials; each
    asked alone, so that each finds its index."""
    numbers = Institution.objects.filter(number__startswith=code)
    if code.isdigit() and len(code) <= SERIAL_DIGITS:
        ends = [f"{county}-{code:0>{SERIAL_DIGITS}}" for county in counties]
        numbers = Institution.objects.filter(number__in=ends)
    codes = Institution.objects.filter(~Q(credit_code=""), credit_code__startswith=code)
    licences = Licence.objects.filter(~Q(number=""), number__startswith=code, voided_at=None)
    named = InstitutionPeriod.objects.filter(initials__contains=code.lower(), during__endswith=None)
    return numbers.values_list(STAYS).union(
        codes.values_list(STAYS),
        licences.values_list(Coalesce("institution__merged_into", "institution")),
        named.values_list("institution_id"),
    )


def county_of(actor: Membership) -> str:
    """The county whose register the actor reads first."""
    return actor.department.division_id[:COUNTY_DIGITS] if actor.department else ""


def count(actor: Membership, conditions: Conditions, rows: Rows) -> int:
    """How many. Without conditions the register is counted by its index, without any join."""
    if not conditions:
        return Institution.objects.visible_to(actor).registered().count()
    return rows.count()


@dataclass(frozen=True)
class Order:
    """A sort key of the address: `-name` is descending."""

    text: str
    columns: tuple[str, ...]

    @property
    def descending(self) -> bool:
        return self.text.startswith("-")

    def by(self, *, backwards: bool = False) -> list[Any]:
        """The order for `order_by`; rows without a value come last, read backwards first."""
        down = self.descending != backwards
        nulls: dict[str, Any] = {"nulls_first": True} if backwards else {"nulls_last": True}
        *firsts, key = self.columns
        found = []
        for name in firsts:
            options = nulls if name in NULLABLE else {}
            found.append(F(name).desc(**options) if down else F(name).asc(**options))
        return [*found, f"-{key}" if down else key]


NULLABLE = {"expires_on", "licensor_id", "learners", "inspected_on"}


def order(text: str, more: Mapping[str, tuple[str, ...]] | None = None) -> Order:
    """The order that the address asks for; an unknown one is the usual one."""
    known = {**ORDERS, **(more or {})}
    columns = known.get(text.removeprefix("-"))
    return Order(text, columns) if columns else Order(DEFAULT_ORDER, ORDERS[DEFAULT_ORDER])


def window(
    rows: Rows,
    sort: Order,
    first: int,
    last: int,
    total: int,
    facts: Facts,
    fields: Sequence[str],
) -> list[dict[str, Any]]:
    """Rows first … last (from 0, exclusive) as dictionaries of `fields`, in one statement.

    The keys are chosen in a subquery, from whichever end of the list is nearer; only the rows on
    the page are dressed with derived facts.
    """
    backwards = first > total // 2
    if backwards:
        first, last = max(total - last, 0), total - first
    keys = (
        rows.alias(**facts.of(sort.columns))
        .order_by(*sort.by(backwards=backwards))
        .values("pk")[first:last]
    )
    dressed = InstitutionPeriod.objects.filter(pk__in=keys)
    needed = facts.of([*fields, *sort.columns])
    return list(dressed.annotate(**needed).order_by(*sort.by()).values(*fields))


def sums(rows: Rows, on: dt.date | None) -> dict[str, Any]:
    """What stands under the ledger: institutions by certificate status, which add up to all of
    them, and the learners and the area of sites in use that so many of them have on record."""
    facts = Facts(on)
    groups = (
        rows.annotate(status_now=facts["cert_status"], area_now=facts["area"])
        .order_by()
        .values("status_now")
        .annotate(
            n=Count("pk"), enrolled=Sum("learners"), reported=Count("learners"),
            metres=Sum("area_now"), measured=Count("area_now"),
        )
    )  # fmt: skip
    found = {group["status_now"]: group for group in groups}
    by_status = [
        (status, found[status]["n"] if status in found else 0) for status in CertStatus.values
    ]
    return {
        "by_status": by_status,
        "institutions": sum(n for _status, n in by_status),
        "learners": sum(group["enrolled"] or 0 for group in found.values()),
        "counted": sum(group["reported"] for group in found.values()),
        "area": sum(group["metres"] or 0 for group in found.values()),  # square metres
        "measured": sum(group["measured"] for group in found.values()),
    }


def neighbours(rows: Rows, sort: Order, at: int, facts: Facts) -> dict[int, int]:
    """{position: institution} of the rows before, at and after a position of the list."""
    first = max(at - 1, 0)
    found = (
        rows.alias(**facts.of(sort.columns))
        .order_by(*sort.by())
        .values_list("institution_id", flat=True)
    )
    return dict(enumerate(found[first : at + 2], start=first))
