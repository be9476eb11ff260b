"""Annexes of the ledger as workbooks: filled from the register, or empty to be filled in."""

import datetime as dt

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from governance import daylight
from governance.access import duty_only
from governance.exports import CONTENT_TYPES
from institutions import annex_templates, duties
from institutions.annexes import TITLES, Annex


@require_GET
@duty_only(duties.REGISTER)
def annex(request: HttpRequest, number: int) -> FileResponse:
    """One annex as of `?day=`, today by default; the export is recorded."""
    check(number)
    return Annex(request.actor, number, day_of(request.GET.get("day", ""))).response("xlsx")


@require_GET
@duty_only(duties.REGISTER)
def template(request: HttpRequest, number: int) -> FileResponse:
    check(number)
    return FileResponse(
        annex_templates.template(number),
        as_attachment=True,
        filename=f"{TITLES[number]}.xlsx",
        content_type=CONTENT_TYPES["xlsx"],
    )


def check(number: int) -> None:
    if number not in TITLES:
        raise Http404


def day_of(words: str) -> dt.date:
    """A day that has been; anything else is today."""
    today = daylight.today()
    try:
        return min(dt.date.fromisoformat(words), today)
    except ValueError:
        return today
