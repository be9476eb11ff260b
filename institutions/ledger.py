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
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce

from governance import daylight
from governance.models import Membership
from institutions.conditions import NONE, Conditions
from institutions.models import (
    REGISTRATION,
    SCHOOLING,
    Category,
    CertStatus,
    Disposal,
    Institution,
    InstitutionPeriod,
    Licence,
    Site,
    SitePeriod,
)

Rows = Any  # a queryset of InstitutionPeriod, also with annotations or as dictionaries
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
    return rows.filter(during__endswith=None) if on is None else rows.on(on)


def derived(on: dt.date | None) -> dict[str, BaseExpression | Combinable]:
    """What is not stored but follows from other rows on the day."""
    on = on or daylight.today()
    mine = {"institution": OuterRef("institution_id")}
    in_force = Licence.objects.in_force(on).filter(**mine)
    licensed = Exists(in_force.filter(kind__in=SCHOOLING))
    registered = Exists(in_force.filter(kind__in=REGISTRATION))
    ends = Licence.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on), kind__in=SCHOOLING, voided_at=None, **mine
    ).exclude(ended_on__lte=on)
    sites = Site.objects.filter(voided_at=None, periods__during__contains=on, **mine)
    addresses = SitePeriod.objects.filter(
        during__contains=on,
        site__voided_at=None,
        site__institution=OuterRef("institution_id"),
    )
    outcomes = Disposal.objects.filter(decided_on__lte=on, **mine)
    return {
        "cert_status": Case(
            When(licensed & registered, then=Value(CertStatus.FULL)),
            When(registered, then=Value(CertStatus.REG_ONLY)),
            When(licensed, then=Value(CertStatus.LICENSE_ONLY)),
            default=Value(CertStatus.NONE),
            output_field=CharField(),
        ),
        "main_category": Coalesce(F("categories__0"), Value(Category.UNCLEAR.value)),
        "expires_on": Subquery(
            ends.order_by(F("valid_to").desc(nulls_first=True)).values("valid_to")[:1]
        ),
        "licence_number": Subquery(
            ends.order_by(F("valid_to").desc(nulls_first=True)).values("number")[:1]
        ),
        "multi_site": Exists(sites.order_by("pk")[1:2]),
        "address": Subquery(addresses.order_by("site__serial").values("address")[:1]),
        "disposal": Subquery(outcomes.order_by("-decided_on", "-pk").values("outcome")[:1]),
    }


def chosen(actor: Membership, conditions: Conditions) -> Rows:
    """The rows that meet the conditions of the registry, in no order."""
    rows = base(actor, conditions.on)
    facts = derived(conditions.on)
    asked = {
        "cert": "cert_status", "category": "main_category", "disposal": "disposal",
    }  # fmt: skip
    needed = {asked[name] for name in asked if conditions.of(name)}
    if "multi_site" in conditions.flags:
        needed.add("multi_site")
    rows = rows.alias(**{name: facts[name] for name in needed})
    return rows.filter(_plain(conditions), _expiring(conditions), _search(conditions.q))


def _plain(conditions: Conditions) -> Q:
    columns = {
        "township": "township_id__in", "kind": "kind__in", "status": "operating_status__in",
        "profit": "profit_nature__in", "cert": "cert_status__in", "category": "main_category__in",
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
    on = conditions.on or daylight.today()
    ending = Licence.objects.in_force(on).filter(
        institution=OuterRef("institution_id"),
        kind__in=(*SCHOOLING, *REGISTRATION),
        valid_to__lte=on + dt.timedelta(days=conditions.expires),
    )
    return Q(Exists(ending))


def _search(term: str) -> Q:
    """Name, pinyin initials, number, credit code or licence number, as people type them."""
    if not term:
        return Q()
    if CODE.match(term):
        return _by_code(term.upper()) | Q(initials__contains=term.lower())
    if term.isascii():
        letters = "".join(term.lower().split())
        return Q(initials__contains=letters) | Q(name_key__contains=term.lower())
    return Q(name__contains=" ".join(term.split()))


def _by_code(code: str) -> Q:
    bearers = Institution.objects.filter(
        Q(credit_code__startswith=code) | Q(number__startswith=code) | Q(number__endswith=code)
    )
    licences = Licence.objects.filter(number__contains=code, voided_at=None)
    return Q(institution__in=bearers.values("pk")) | Q(
        institution__in=licences.values("institution_id")
    )


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
    facts: Mapping[str, Any],
    fields: Sequence[str],
) -> list[dict[str, Any]]:
    """Rows first … last (from 0, exclusive) as dictionaries of `fields`, in one statement.

    The keys are chosen in a subquery, from whichever end of the list is nearer; only the rows on
    the page are dressed with derived facts.
    """
    backwards = first > total // 2
    if backwards:
        first, last = max(total - last, 0), total - first
    sorting = {name: facts[name] for name in sort.columns if name in facts}
    keys = rows.alias(**sorting).order_by(*sort.by(backwards=backwards)).values("pk")[first:last]
    dressed = InstitutionPeriod.objects.filter(pk__in=keys)
    needed = {name: facts[name] for name in {*fields, *sort.columns} if name in facts}
    return list(dressed.annotate(**needed).order_by(*sort.by()).values(*fields))


def sums(rows: Rows, on: dt.date | None) -> dict[str, Any]:
    """What stands under the ledger: institutions by certificate status, which add up to all of
    them, and the learners that were reported by so many of them."""
    groups = (
        rows.annotate(status_now=derived(on)["cert_status"])
        .order_by()
        .values("status_now")
        .annotate(n=Count("pk"), enrolled=Sum("learners"), reported=Count("learners"))
    )
    found = {group["status_now"]: group for group in groups}
    by_status = [
        (status, found[status]["n"] if status in found else 0) for status in CertStatus.values
    ]
    return {
        "by_status": by_status,
        "institutions": sum(n for _status, n in by_status),
        "learners": sum(group["enrolled"] or 0 for group in found.values()),
        "counted": sum(group["reported"] for group in found.values()),
    }


def neighbours(rows: Rows, sort: Order, at: int, facts: Mapping[str, Any]) -> dict[int, int]:
    """{position: institution} of the rows before, at and after a position of the list."""
    first = max(at - 1, 0)
    sorting = {name: facts[name] for name in sort.columns if name in facts}
    found = rows.alias(**sorting).order_by(*sort.by()).values_list("institution_id", flat=True)
    return dict(enumerate(found[first : at + 2], start=first))
