"""What is not stored but follows from other rows: certificate status, expiry, sites, outcome."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
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

MINE = {"institution": OuterRef("institution_id")}  # rows of the institution of a period


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
            "expires_on": lambda: Subquery(self._schooling().values("valid_to")[:1]),
            "licence_number": lambda: Subquery(self._schooling().values("number")[:1]),
            "multi_site": self._multi_site,
            "address": self._address,
            "disposal": self._disposal,
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
        return Licence.objects.in_force(self.on).filter(**MINE).cert_status()

    def _main_category(self) -> Any:
        return Coalesce(F("categories__0"), Value(Category.UNCLEAR.value))

    def _schooling(self) -> Any:
        """School licences that began and were not ended, the one that runs longest first."""
        begun = Q(valid_from=None) | Q(valid_from__lte=self.on)
        not_ended = Q(ended_on=None) | Q(ended_on__gt=self.on)
        rows = Licence.objects.filter(begun, not_ended, kind__in=SCHOOLING, voided_at=None, **MINE)
        return rows.order_by(F("valid_to").desc(nulls_first=True))

    def _multi_site(self) -> Any:
        sites = Site.objects.filter(voided_at=None, periods__during__contains=self.on, **MINE)
        return Exists(sites.order_by("pk")[1:2])

    def _address(self) -> Any:
        rows = SitePeriod.objects.filter(
            during__contains=self.on,
            site__voided_at=None,
            site__institution=OuterRef("institution_id"),
        )
        return Subquery(rows.order_by("site__serial").values("address")[:1])

    def _disposal(self) -> Any:
        """The outcome of the newest campaign up to the day."""
        rows = Disposal.objects.filter(decided_on__lte=self.on, **MINE)
        return Subquery(rows.order_by("-decided_on", "-pk").values("outcome")[:1])
