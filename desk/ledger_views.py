"""The ledger of institutions: list, filters, workbook and print."""

from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from desk import ledger, ledger_tabs
from governance import daylight, saved_views
from governance.access import staff_only
from governance.errors import BadRequest
from governance.models import SavedView
from governance.templatetags.mingshu import icon
from inspections.duties import PLAN
from institutions import conditions as asking
from institutions.columns import LedgerColumn, Row, display_name
from institutions.duties import GUIDE, KEEP, REGISTER, REPORT_FOUND
from institutions.filters import LedgerFilterForm
from institutions.leads.duties import ASK

PAGE = "institutions"  # name of the URL, under which views are saved
A_YEAR = 365 * 24 * 60 * 60
PRINTABLE = 5_000


@staff_only
def ledger_page(request: HttpRequest) -> HttpResponse:
    """All institutions in scope that meet the conditions of the address."""
    if default := _default(request):
        return HttpResponseRedirect(view_url(default))
    screen = ledger.screen(request)
    page = Paginator(range(screen.total), screen.size).get_page(request.GET.get("page"))
    first = (page.number - 1) * screen.size
    found = screen.window(first, first + screen.size) if screen.total else []
    context = {
        "screen": screen,
        "page": page,
        "rows": _rows(screen, found, first),
        "chips": asking.chips(screen.conditions, urlencode(_kept(request))),
        **ledger_tabs.of(screen, asked=request.GET.get("sums") == "yes"),
        "view": _active(request),
        "sums": screen.sums if request.GET.get("sums") == "yes" else screen.sums_shown,
        "panel": _panel(request),
        "kept": _kept(request),
        "links": _links(request),
        "query": lasting(request),
        "past": ledger.past_day(screen.conditions),
        "today_url": _without_day(screen, request),
    }
    status = 422 if screen.conditions.wrong else 200
    response = render(request, "desk/ledger.html", context, status=status)
    if "size" in request.GET:
        response.set_cookie(ledger.SIZE_COOKIE, str(screen.size), max_age=A_YEAR, samesite="Lax")
    return response


ROW = (
    '<tr data-row id="row-{0}"><td class="pick"><input type="checkbox" class="form-check-input" '
    'name="pick" value="{0}" data-pick aria-label="{1}"></td><td class="title"><a data-open '
    'href="{2}">{1}</a> <a class="peek no-print" data-peek="{0}" href="{5}">{6}'
    '<span class="visually-hidden">{7}</span></a> '
    '<span class="meta code nowrap">{3}</span></td>{4}</tr>'
)


def _rows(screen: ledger.Screen, found: list[Row], first: int) -> list[dict[str, Any]]:
    """What the templates place: finished rows for the screen; name, number, cells for paper."""
    where = escape(urlencode({"list": screen.conditions.query(("sort", screen.sort.text))}))
    base = reverse("institutions")
    eye, look = icon("eye"), _("Look at it beside the list")
    frames = [(column.html, _frame(column)) for column in screen.columns]
    rows = []
    for at, row in enumerate(found, start=first):
        row["on"] = screen.conditions.on  # the day from which the cells reckon
        pk, name, number = row["institution_id"], display_name(row), row["institution__number"]
        cells = mark_safe("".join(f"{head}{html(row)}</td>" for html, head in frames))
        url = mark_safe(f"{base}{pk}/?at={at}&amp;{where}")
        beside = mark_safe(f"{base}{pk}/peek/?at={at}&amp;{where}")
        rows.append({
            "pk": pk, "name": name, "number": number, "cells": cells,
            "url": unescape(url),
            "html": format_html(ROW, pk, name, url, number, cells, beside, eye, look),
        })  # fmt: skip
    return rows


def _frame(column: LedgerColumn) -> str:
    """The opening tag of the cells of a column; the label shows on phones."""
    css = format_html(' class="{}"', column.css) if column.css else ""
    return format_html('<td{} data-label="{}">', css, column.label)


def view_url(view: SavedView) -> str:
    return f"{reverse('institutions')}?{urlencode({'view': view.pk})}&{view.query}"


def _default(request: HttpRequest) -> SavedView | None:
    """The view its owner wants to see first, when the page is opened plainly."""
    if request.GET:
        return None
    mine = SavedView.objects.filter(owner=request.actor, page=PAGE, is_default=True)
    return mine.first()


def _active(request: HttpRequest) -> dict[str, Any] | None:
    """The view in the address, and whether the reader changed its conditions since."""
    wanted = request.GET.get("view", "")
    if not wanted.isdigit():
        return None
    view = _offered(request).filter(pk=wanted).first()
    if view is None:
        return None
    return {
        "row": view,
        "changed": saved_views.is_changed(view, lasting(request)),
        "mine": view.owner_id == request.actor.pk,
        "url": view_url(view),
    }


def _offered(request: HttpRequest) -> Any:
    offered = SavedView.objects.offered_to(request.actor, PAGE)
    return offered.select_related("owner__user", "owner__department")


def lasting(request: HttpRequest) -> str:
    """The address without what passes: page number, opened panel, sums, and the plain tab."""
    kept = request.GET.copy()
    for name in ("page", "panel", "peek", "sums", "tab"):
        kept.pop(name, None)
    return kept.urlencode()


def _without_day(screen: ledger.Screen, request: HttpRequest) -> str:
    """The same conditions, as things stand now."""
    now = replace(screen.conditions, on=None)
    return f"?{now.query(*_kept(request)) or 'tab=all'}"


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The part of the address that is no condition: order, size, columns, view."""
    names = ("sort", "size", "cols", "view")
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


def _panel(request: HttpRequest) -> LedgerFilterForm | None:
    """The filter form, made only when the panel is open."""
    if request.GET.get("panel") != "open":
        return None
    return LedgerFilterForm(request.GET, actor=request.actor)


def _links(request: HttpRequest) -> dict[str, str]:
    """Where institutions are entered, for those who may."""
    wanted = {
        "new": ("institution-new", REGISTER),
        "found": ("institution-found", REPORT_FOUND),
        "imports": ("ledger-import", REGISTER),
        "leads": ("leads", ASK),
        "results": ("annual-results", KEEP),
        "guidance": ("guidance-list", GUIDE),
        "ending": ("licences-ending", KEEP),
        "plan": ("institution-plan-each", PLAN),
    }
    return {
        key: url
        for key, (name, duty) in wanted.items()
        if duty.held_by(request.actor) and (url := _url(name))
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@staff_only
def filters(request: HttpRequest) -> HttpResponse:
    """The filter panel alone, fetched when it is opened."""
    form = LedgerFilterForm(request.GET, actor=request.actor)
    return render(request, "desk/_ledger_filters.html", {"panel": form, "kept": _kept(request)})


@staff_only
def sums(request: HttpRequest) -> HttpResponse:
    """The sums of a long ledger, fetched after the rows."""
    return render(request, "desk/_ledger_sums.html", {"sums": ledger.screen(request).sums})


@staff_only
def printed(request: HttpRequest) -> HttpResponse:
    """All rows on paper: title, conditions, who and when, sums and a line to sign."""
    screen = ledger.screen(request)
    if screen.total > PRINTABLE:
        sentence = _("%(count)s rows are too many for paper; set more conditions.")
        raise BadRequest(sentence % {"count": screen.total})
    found = screen.window(0, screen.total) if screen.total else []
    context = {
        "screen": screen,
        "rows": _rows(screen, found, 0),
        "sums": screen.sums,
        "sentence": screen.sentence,
        "at": daylight.now(),
        "past": ledger.past_day(screen.conditions),
        "query": lasting(request),
    }
    return render(request, "desk/ledger_print.html", context)
