"""Statistics as they were reported: figures, words and rows of the day, which no one changes."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import ledger
from desk.statistics import DIMENSIONS, MAIN, ROWS, Statistics
from governance import daylight, frozen_reports
from governance.frozen_reports import is_intact as is_intact
from governance.models import FrozenReport, Membership
from governance.workflow import Refused
from institutions import conditions as asking
from institutions.conditions import Conditions
from institutions.models import Institution

FIGURE = "registry.statistics"
SHOWN = 200  # institutions that are named


def freeze(actor: Membership, conditions: Conditions) -> FrozenReport:
    """Keep what the actor counts under these conditions; raises `Refused` without a department."""
    if actor.department is None:
        raise Refused(_("Only a department can report figures."))
    return frozen_reports.freeze(
        FIGURE,
        _("Institutions counted"),
        day=conditions.on or daylight.today(),
        division=actor.department.division,
        values=values(Statistics(actor, conditions)) | {"query": conditions.query()},
        row_keys=keys(actor, conditions),
        by=actor,
    )


def keys(actor: Membership, conditions: Conditions) -> list[int]:
    return list(ledger.chosen(actor, conditions).order_by().values_list("institution", flat=True))


def values(counted: Statistics) -> dict[str, Any]:
    """The figures with the words beside them, as they stood on the page."""
    parts = [counted.one_way(key) for key in MAIN]
    return {
        "conditions": asking.sentence(counted.conditions),
        "total": counted.total.number,
        "parts": [
            {
                "label": str(part.dimension.label),
                "lines": [[line.word, line.figure.number] for line in part.lines],
            }
            for part in parts
        ],
        "heads": [str(DIMENSIONS[key].label) for key in ROWS],
        "rows": [[words, figure.number] for words, figure in counted.row_for_row()],
    }


def reports_for(actor: Membership) -> QuerySet[FrozenReport]:
    """What was reported of the places that the actor's department is there for, newest first."""
    within = Q(pk=None)
    for prefix in actor.department.jurisdictions if actor.department else ():
        within |= Q(division__code__startswith=prefix)
    found = FrozenReport.objects.filter(within, figure=FIGURE)
    return found.select_related("division", "created_by__user").order_by("-day", "-pk")


def conditions_of(report: FrozenReport) -> Conditions:
    """The conditions of a report, on its day also where that was today when it was frozen."""
    query = report.values["query"]
    asked = asking.of_query(query)
    return asked if asked.on else asking.of_query(f"{query}&on={report.day.isoformat()}")


def url_of(report: FrozenReport) -> str:
    return f"{reverse('stats')}?{conditions_of(report).query()}"


def changes(report: FrozenReport, actor: Membership) -> dict[str, list[Institution]]:
    """The institutions that count on that day by now and did not then, and the other way round."""
    found = frozen_reports.differences(report, keys(actor, conditions_of(report)))
    seen = Institution.objects.visible_to(actor).prefetch_related("periods")
    return {
        name: list(seen.filter(pk__in=rows[:SHOWN]).order_by("pk")) for name, rows in found.items()
    }
