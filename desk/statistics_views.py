"""The statistics page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.statistics import DIMENSIONS, MAIN, Crossed, Statistics, StatisticsExport
from governance import daylight
from governance.access import staff_only
from governance.charts import Chart, Series
from institutions import conditions as asking
from institutions.filters import StatisticsFilterForm


@staff_only
def statistics(request: HttpRequest) -> HttpResponse:
    """Institutions on a day, parted five ways; every figure leads to its rows."""
    conditions = asking.parse(request.GET)
    counted = Statistics(request.actor, conditions, _dimensions(request))
    down, across = _crossing(request)
    table = counted.crossed(down, across)
    context = {
        "form": StatisticsFilterForm(
            request.GET or {"rows": down, "columns": across},
            actor=request.actor,
            dimensions=[(key, dimension.label) for key, dimension in DIMENSIONS.items()],
        ),
        "conditions": conditions,
        "chips": asking.chips(conditions, f"rows={down}&columns={across}"),
        "sentence": asking.sentence(conditions),
        "day": conditions.on or daylight.today(),
        "total": counted.total,
        "one_way": [counted.one_way(key) for key in MAIN],
        "crossed": table,
        "chart": _chart(table),
        "dimensions": counted.dimensions,
        "groups": counted.row_for_row(),
        "query": request.GET.urlencode(),
    }
    status = 422 if conditions.wrong else 200
    return render(request, "desk/statistics.html", context, status=status)


@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """The groups as a workbook."""
    conditions = asking.parse(request.GET)
    counted = Statistics(request.actor, conditions, _dimensions(request))
    day = _("As of %(day)s") % {"day": conditions.on or daylight.today()}
    made = StatisticsExport(
        counted, filters="; ".join(filter(None, [day, asking.sentence(conditions)]))
    )
    return made.response(request.GET.get("format", "xlsx"))


def _crossing(request: HttpRequest) -> tuple[str, str]:
    """The two dimensions of the table: those asked for, else category × certificates."""
    down = request.GET.get("rows", "")
    across = request.GET.get("columns", "")
    down = down if down in DIMENSIONS else "category"
    across = across if across in DIMENSIONS and across != down else "cert"
    return down, "category" if across == down else across


def _dimensions(request: HttpRequest) -> list[str]:
    return [*MAIN, *_crossing(request)]


def _chart(table: Crossed) -> Chart:
    """The table as bars parted by the columns."""
    series = [
        Series(head.word, [figures[at].number for _line, figures in table.rows])
        for at, head in enumerate(table.heads)
    ]
    title = f"{table.down.label} × {table.across.label}"
    names: list[Any] = [line.word for line, _figures in table.rows]
    links = [line.figure.url for line, _figures in table.rows]
    return Chart(title=title, categories=names, series=series, kind="stacked", links=links)
