"""The statistics page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk import statistics_frozen as frozen
from desk.ministry_table import MinistryTable
from desk.statistics import DIMENSIONS, MAIN, ROWS, Crossed, Statistics, StatisticsExport
from governance import daylight
from governance.access import duty_only, staff_only
from governance.charts import Chart, Series
from institutions import conditions as asking
from institutions import duties
from institutions.filters import StatisticsFilterForm

REPORTS = 10  # reports named on the page


@staff_only
def statistics(request: HttpRequest) -> HttpResponse:
    """Institutions on a day, parted in many ways; every figure leads to its rows."""
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
        "dimensions": [DIMENSIONS[key] for key in ROWS],
        "groups": counted.row_for_row(),
        "reports": frozen.reports_for(request.actor)[:REPORTS],
        "may_freeze": duties.REGISTER.held_by(request.actor),
        "query": request.GET.urlencode(),
    }
    status = 422 if conditions.wrong else 200
    return render(request, "desk/statistics.html", context, status=status)


@require_POST
@duty_only(duties.REGISTER)
def freeze(request: HttpRequest) -> HttpResponse:
    """Keep the figures as they are reported, with the rows behind them."""
    conditions = asking.of_query(request.POST.get("query", ""))
    report = frozen.freeze(request.actor, conditions)
    return redirect("stats-report", report.pk)


@staff_only
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures as they were reported, and what the register says of the same day by now."""
    row = get_object_or_404(frozen.reports_for(request.actor), pk=pk)
    context = {
        "report": row,
        "intact": frozen.is_intact(row),
        "changes": frozen.changes(row, request.actor),
        "url": frozen.url_of(row),
    }
    return render(request, "desk/statistics_report.html", context)


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


@require_GET
@staff_only
def ministry(request: HttpRequest) -> HttpResponse:
    """The ministry's table as a workbook."""
    on = asking.parse(request.GET).on or daylight.today()
    words = _("As of %(day)s") % {"day": on}
    made = MinistryTable(request.actor, on, filters=words)
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
