"""The quick conditions above the ledger, each with the number of rows behind it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desk import ledger
from governance.access import staff_only
from institutions import ledger as registry
from institutions.derived import Facts, of_all

STOPPED = ("SUSPENDED", "NOT_RESUMED", "CLOSING", "LOST_CONTACT")
UNLICENSED = ("REG_ONLY", "NONE")
SOON = 90  # days
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Tab:
    """One set of conditions that acts at once; `count` is None until it is known."""

    label: str
    url: str
    current: bool
    count: int | None = None


def _quick() -> list[tuple[str, Pairs, Q]]:
    """Name, conditions as the address has them, and the same for `_counts`."""
    stopped = [("status", value) for value in STOPPED]
    unlicensed = [("cert", value) for value in UNLICENSED]
    in_order = Q(cert_now="FULL", operating_status="OPERATING")
    return [
        (_("All"), [], Q()),
        (
            pgettext("institutions", "In order"),
            [("cert", "FULL"), ("status", "OPERATING")],
            in_order,
        ),
        (_("Expiring"), [("expires", str(SOON))], Q(ends_soon=True)),
        (_("Not operating"), stopped, Q(operating_status__in=STOPPED)),
        (_("No licence"), unlicensed, Q(cert_now__in=UNLICENSED)),
    ]


def tabs(screen: ledger.Screen, *, counted: bool) -> list[Tab]:
    """All tabs on the day of the screen; the current one is the set that holds and no other."""
    day = [pair for pair in screen.conditions.pairs() if pair[0] == "on"]
    now = sorted(screen.conditions.pairs())
    quick = _quick()
    counts = _counts(screen, [q for _label, _pairs, q in quick]) if counted else None
    return [
        Tab(
            label,
            f"?{urlencode(pairs + day or [('tab', 'all')])}",
            now == sorted(pairs + day),
            counts[at] if counts else None,
        )
        for at, (label, pairs, _q) in enumerate(quick)
    ]


def _counts(screen: ledger.Screen, asked: list[Q]) -> list[int]:
    """How many rows of the register meet each condition, in one statement."""
    on = screen.conditions.on
    soon = registry.ending(on, SOON)
    rows = registry.base(screen.actor, on).annotate(
        cert_now=Facts(on)["cert_status"],
        ends_soon=of_all(lambda mine: Exists(soon.filter(**mine))),
    )
    names = {f"tab_{at}": Count("pk", filter=q) for at, q in enumerate(asked)}
    found = rows.aggregate(**names)
    counts = [found[name] for name in names]
    if counts[0] > ledger.SUMMED_AT_ONCE:
        screen.remember_as_long()
    return counts


@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The tabs of a long ledger with their numbers, fetched after the rows."""
    found = tabs(ledger.screen(request), counted=True)
    return render(request, "desk/_ledger_tabs.html", {"tabs": found})


def of(screen: ledger.Screen, *, asked: bool) -> dict[str, Any]:
    """What the ledger page shows: numbers at once, or later where the register is long."""
    counted = asked or not screen.is_long
    return {"tabs": tabs(screen, counted=counted), "tabs_later": not counted}
