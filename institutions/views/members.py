"""Accounts that act for an institution."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance import entry_links
from governance.access import staff_only
from governance.models import ActorKind, Membership
from governance.workflow import Refused
from institutions import services, squares
from institutions.duties import BIND, to_change
from institutions.forms import MemberForm
from institutions.models import Institution
from institutions.services.members import AccessLink, members


@never_cache
@staff_only
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Who acts for the institution; a new account with its link for the first entry."""
    institution = to_change(Institution, request.actor, BIND, pk=pk)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, institution, form)
    if not form.is_valid():
        return _page(request, institution, form, status=422)
    try:
        link = services.bind_member(institution, by=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("username", str(refusal))
        return _page(request, institution, form, status=409)
    return _page(request, institution, MemberForm(), link=link)


@never_cache
@require_POST
@staff_only
def new_link(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """A new link for somebody who cannot get in."""
    institution, membership = _member(request, pk, member)
    link = services.new_access_link(institution, membership, by=request.actor)
    return _page(request, institution, MemberForm(), link=link)


@require_POST
@staff_only
def end(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """End a person's right to act for the institution."""
    institution, membership = _member(request, pk, member)
    services.end_member(
        institution, membership, by=request.actor, reason=request.POST.get("reason", "")
    )
    return redirect("institution-members", pk=institution.pk)


def _member(request: HttpRequest, pk: int, member: int) -> tuple[Institution, Membership]:
    institution = to_change(Institution, request.actor, BIND, pk=pk)
    rows = Membership.objects.filter(
        kind=ActorKind.INSTITUTION, institution_id__in=institution.family()
    )
    return institution, get_object_or_404(rows.select_related("user"), pk=member)


def _page(
    request: HttpRequest,
    institution: Institution,
    form: MemberForm,
    *,
    link: AccessLink | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "institution": institution,
        "form": form,
        "members": members(institution),
        "link": link,
        "url": f"{settings.MINGSHU_BASE_URL}{link.path}" if link else "",
        "code": squares.on_screen(f"{settings.MINGSHU_BASE_URL}{link.path}") if link else "",
        "days": entry_links.valid_days(),
        "heading": _("Accounts of the institution"),
    }
    return render(request, "institutions/members.html", context, status=status)
