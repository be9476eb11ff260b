"""The leader's figures: each one a number with the list that makes it up."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import Division, Membership
from inspections.models import Finding, RectificationTask
from institutions import ledger
from institutions.conditions import Conditions
from institutions.models import OperatingStatus
from publiclists.models import ListEntry

RED_ROWS = 10
EXPIRING_DAYS = 30
GONE = (OperatingStatus.CLOSED, OperatingStatus.DEREGISTERED)
REMAINING = Conditions(
    many={"status": tuple(value for value in OperatingStatus.values if value not in GONE)}
)
EXPIRING = Conditions(expires=EXPIRING_DAYS)


@dataclass(frozen=True)
class Figure:
    """One number of the leader's page."""

    code: str
    label: str
    number: int
    url: str
    tone: str = ""  # bad | warn when the number asks for action


@dataclass(frozen=True)
class Township:
    """One township in the ranking."""

    name: str
    institutions: int
    open_findings: int
    overdue: int
    rank: int = 0


def figures(actor: Membership) -> list[Figure]:
    """Institutions, open findings, overdue rectification, certificates about to expire, lists."""
    overdue = overdue_rectification(actor).count()
    expiring = ledger.chosen(actor, EXPIRING).count()
    return [
        Figure(
            "registered",
            _("Institutions on record"),
            _remaining(actor).count(),
            _to("institutions", REMAINING.query()),
        ),
        Figure(
            "overdue",
            _("Overdue rectification"),
            overdue,
            _to("rectification", "state=overdue"),
            "bad" if overdue else "",
        ),
        Figure(
            "open_findings",
            _("Open findings"),
            Finding.objects.visible_to(actor).filter(status=Finding.Status.OPEN).count(),
            _to("findings", "status=open"),
        ),
        Figure(
            "expiring",
            _("Institutions with a certificate ending within %(days)d days")
            % {"days": EXPIRING_DAYS},
            expiring,
            _to("institutions", EXPIRING.query()),
            "warn" if expiring else "",
        ),
        Figure(
            "listed",
            _("Entries on the lists"),
            ListEntry.objects.visible_to(actor).live().count(),
            _to("lists", "status=live"),
        ),
    ]


def townships(actor: Membership) -> list[Township]:
    """The townships in scope, those with most overdue rectification first."""
    places = _by_township(_remaining(actor), "township")
    findings = _by_township(
        Finding.objects.visible_to(actor).filter(status=Finding.Status.OPEN), "division"
    )
    overdue = _by_township(overdue_rectification(actor), "division")
    names = dict(
        Division.objects.filter(pk__in={*places, *findings, *overdue}).values_list("code", "name")
    )
    rows = [
        Township(names[code], places[code], findings[code], overdue[code]) for code in sorted(names)
    ]
    rows.sort(key=lambda row: (-row.overdue, -row.open_findings, -row.institutions))
    return [
        Township(row.name, row.institutions, row.open_findings, row.overdue, place)
        for place, row in enumerate(rows, 1)
    ]


def red_list(actor: Membership) -> list[RectificationTask]:
    """The rectification that is overdue longest."""
    rows = overdue_rectification(actor).select_related(
        "division", "lead", "institution", "finding__item"
    )
    return list(rows.prefetch_related("institution__periods", "clocks__rule")[:RED_ROWS])


def overdue_rectification(actor: Membership, on: dt.date | None = None):
    """Tasks past their last day, longest first: the rows of the list behind the number."""
    return RectificationTask.objects.visible_to(actor).overdue(on).by_urgency()


def _remaining(actor: Membership):
    """The rows of the ledger but those that were closed or struck off."""
    return ledger.chosen(actor, REMAINING)


def _by_township(rows, path: str) -> Counter[str]:
    counted = rows.order_by().values_list(path).annotate(number=Count("pk"))
    return Counter(dict(counted))


def _to(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}"
