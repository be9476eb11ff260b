"""What is not stored but follows from other rows: certificate status, expiry, sites, outcome."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from governance import daylight
from institutions.models import (
    SCHOOLING,
    Category,
    Disposal,
    Licence,
    Site,
    SitePeriod,
)
from institutions.models.institutions import family_of, followed

MINE = {"institution": OuterRef("institution_id")}  # rows of the institution of a period
FAMILY = {"institution__in": family_of("institution_id")}  # and of the records merged into it
OF_LICENCE = ("number", "conditions", "categories", "stages", "mode")
Make = Callable[[dict[str, Any]], Any]


def of_all(make: Make) -> Case:
    """What `make` says of the rows of an institution, with those of records merged into it."""
    return followed("institution_id", make(MINE), make(FAMILY))


def known_of(rows: Any) -> Q:
    """The condition that there is one of `rows` about the institution of a period, or about a
    record merged into it; the few of the latter kind are read beforehand."""
    joined = rows.exclude(institution__merged_into=None).order_by()
    few = set(joined.values_list("institution__merged_into", flat=True))
    own = Q(Exists(rows.filter(**MINE)))
    return own | Q(institution_id__in=few) if few else own


class Facts(Mapping[str, Any]):
    """What is not stored but follows from other rows on a day, each made when it is asked for.

    A page shows few of them, and making one costs more than reading it for fifty rows.
    """

    def __init__(self, on: dt.date | None, more: Mapping[str, Callable[[], Any]] | None = None):
        self.on = on or daylight.today()
        self._made: dict[str, Any] = {}
        self._makers: dict[str, Callable[[], Any]] = {
            "cert_status": self._cert_status,
            "main_category": self._main_category,
            "expires_on": lambda: of_all(lambda rows: self._schooling(rows, "valid_to")),
            **{f"licence_{name}": partial(self._of_licence, name) for name in OF_LICENCE},
            "multi_site": lambda: of_all(self._multi_site),
            "address": self._address,
            "area": lambda: of_all(self._area),
            "disposal": lambda: of_all(self._disposal),
            **(more or {}),
        }

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def of(self, names: Iterable[str]) -> dict[str, Any]:
        """Those among `names` that are derived, for `annotate` and `alias`."""
        return {name: self[name] for name in dict.fromkeys(names) if name in self._makers}

    def _cert_status(self) -> Any:
        in_force = Licence.objects.in_force(self.on)
        return of_all(lambda mine: in_force.filter(**mine).cert_status())

    def _main_category(self) -> Any:
        return Coalesce(F("categories__0"), Value(Category.UNCLEAR.value))

    def _schooling(self, mine: dict[str, Any], column: str) -> Any:
        """Of the school licences that began and were not ended, the one that runs longest."""
        begun = Q(valid_from=None) | Q(valid_from__lte=self.on)
        not_ended = Q(ended_on=None) | Q(ended_on__gt=self.on)
        rows = Licence.objects.filter(begun, not_ended, kind__in=SCHOOLING, voided_at=None, **mine)
        return Subquery(rows.order_by(F("valid_to").desc(nulls_first=True)).values(column)[:1])

    def _of_licence(self, column: str) -> Any:
        return of_all(lambda rows: self._schooling(rows, column))

    def _multi_site(self, mine: dict[str, Any]) -> Any:
        sites = Site.objects.filter(voided_at=None, periods__during__contains=self.on, **mine)
        return Exists(sites.order_by("pk")[1:2])

    def _address(self) -> Any:
        rows = SitePeriod.objects.filter(
            during__contains=self.on,
            site__voided_at=None,
            site__institution=OuterRef("institution_id"),
        )
        return Subquery(rows.order_by("site__serial").values("address")[:1])

    def _area(self, mine: dict[str, Any]) -> Any:
        """Square metres of the sites in use whose area is known; None when none is."""
        rows = SitePeriod.objects.filter(
            during__contains=self.on,
            site__voided_at=None,
            **{f"site__{path}": value for path, value in mine.items()},
        )
        summed = rows.order_by().values(one=Value(1)).annotate(area_now=Sum("area"))
        return Subquery(summed.values("area_now"))

    def _disposal(self, mine: dict[str, Any]) -> Any:
        """The outcome of the newest campaign up to the day."""
        rows = Disposal.objects.filter(decided_on__lte=self.on, **mine)
        return Subquery(rows.order_by("-decided_on", "-pk").values("outcome")[:1])
