"""Codes for the wall: issued and revoked by staff, printed by staff and by the institution."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.access import institution_only, staff_only
from governance.workflow import Refused
from institutions import addresses, services, squares
from institutions.duties import WALL, to_change
from institutions.forms import PlaceForm, ReasonForm
from institutions.models import SCHOOLING, Institution, UnknownScan, WallToken
from institutions.views import editing

QR_MILLIMETRES = 60


@staff_only
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes of an institution; POST issues one."""
    institution = to_change(Institution, request.actor, WALL, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = PlaceForm(posted, institution=institution)
    if posted is None:
        return _page(request, institution, form)
    if not form.is_valid():
        return _page(request, institution, form, 422)
    try:
        row = services.issue_wall_token(
            institution, by=request.actor, site=form.cleaned_data["site"]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, institution, form, 409)
    messages.success(request, _("The code is issued. Print it and hang it where people enter."))
    return redirect("wall-print", pk=row.pk)


def _page(
    request: HttpRequest, institution: Institution, form: forms.Form, status: int = 200
) -> HttpResponse:
    context = {
        "institution": institution,
        "form": form,
        "codes": _dressed(institution.wall_tokens.order_by("revoked_at", "-pk")),
        "scans": UnknownScan.objects.lately(),
        "heading": _("Codes for the wall"),
    }
    return render(request, "institutions/wall.html", context, status=status)


def _dressed(rows: Any) -> list[WallToken]:
    found = list(rows.select_related("site", "issued_by__user", "institution"))
    places = addresses.of_sites(row.site_id for row in found if row.site_id)
    for row in found:
        row.place = places.get(row.site_id, "")
        row.url = address(row)
    return found


def address(row: WallToken) -> str:
    """What the code says."""
    return settings.MINGSHU_BASE_URL.rstrip("/") + reverse("verify", args=[row.token])


@staff_only
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a code; `?anew=1` issues another one for the same place."""
    row = _row(request, pk)
    anew = request.GET.get("anew") == "1"

    def act(form: Any) -> None:
        do = services.reissue_wall_token if anew else services.revoke_wall_token
        do(row, by=request.actor, **form.cleaned_data)

    def fresh() -> dict[str, Any]:
        row.refresh_from_db(fields=["version"])
        return {"version": row.version}

    heading = _("Replace a code") if anew else _("Revoke a code")
    page = editing.Page(
        heading, heading, row.institution, reverse("institution-wall", args=[row.institution_id]),
        danger=True, template="institutions/wall_revoke.html",
    )  # fmt: skip
    return editing.answer(request, page, ReasonForm, act, fresh=fresh)


@require_safe
@staff_only
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for the wall, A5."""
    return _paper(request, _row(request, pk), "base.html")


def _row(request: HttpRequest, pk: int) -> WallToken:
    return to_change(WallToken, request.actor, WALL, "institution", "site", pk=pk)


@require_safe
@institution_only
def mine(request: HttpRequest) -> HttpResponse:
    """The institution's own codes."""
    rows = WallToken.objects.visible_to(request.actor).live().order_by("pk")
    context = {"codes": _dressed(rows), "heading": _("Our code for the wall")}
    return render(request, "institutions/my_wall.html", context)


@require_safe
@institution_only
def my_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for the wall, printed by the institution."""
    rows = WallToken.objects.visible_to(request.actor).live()
    return _paper(request, get_object_or_404(rows, pk=pk), "my/base.html")


def _paper(request: HttpRequest, row: WallToken, base: str) -> HttpResponse:
    [dressed] = _dressed(row.institution.wall_tokens.filter(pk=row.pk))
    period = row.institution.period()
    licences = row.institution.licences.in_force().filter(kind__in=SCHOOLING)
    context = {
        "base": base,
        "code": dressed,
        "name": period.display_name if period else row.institution.number,
        "licence": licences.order_by("-valid_to").first(),
        "square": squares.on_paper(dressed.url, QR_MILLIMETRES),
        "heading": _("Code for the wall"),
        "back": (
            request.actor.institution_id is None
            and reverse("institution-wall", args=[row.institution_id])
        )
        or reverse("my-wall"),
    }
    return render(request, "institutions/wall_paper.html", context)
