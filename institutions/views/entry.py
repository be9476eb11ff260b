"""Entering institutions: at the desk with all facts, on the spot in under a minute."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance import sniffing
from governance.access import duty_only, staff_only
from governance.errors import BadRequest
from governance.models import Attachment, Division
from governance.scoping import DutyMissing
from governance.uploads import upload_limit
from governance.workflow import Refused
from institutions import nearby, services
from institutions.duties import CHANGE_OWN, REGISTER, REPORT_FOUND
from institutions.forms import RegisterForm, townships_of
from institutions.found import MOST_PHOTOS, FoundForm
from institutions.models import Institution
from institutions.views import editing


@duty_only(REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """A new institution; names that look alike are shown before it is entered."""
    page = editing.Page(_("Enter an institution"), _("Enter in the register"), back="")
    page.template = "institutions/new.html"

    def form_class(*args: Any, **kwargs: Any) -> RegisterForm:
        return RegisterForm(*args, actor=request.actor, **kwargs)

    def act(form: Any) -> HttpResponse:
        if not form.cleaned_data["compared"] and (alike := _alike(request, form)):
            return _compare(request, page, alike)
        institution = services.register_institution(by=request.actor, **form.facts())
        messages.success(request, _("Entered as %(number)s.") % {"number": institution.number})
        return redirect(institution)

    return editing.answer(request, page, form_class, act)


def _alike(request: HttpRequest, form: RegisterForm) -> list[Any]:
    data = form.cleaned_data
    return nearby.alike(
        request.actor, township=data["township"], name=data["name"], address=data["address"]
    )


def _compare(request: HttpRequest, page: editing.Page, alike: list[Any]) -> HttpResponse:
    """The form once more with those that look alike; sending it again enters a new one."""
    posted = request.POST.copy()
    posted["compared"] = "on"
    form = RegisterForm(posted, actor=request.actor)
    context = {"page": page, "form": form, "alike": alike, "heading": page.heading}
    return render(request, page.template, context, status=409)


@staff_only
def similar(request: HttpRequest) -> HttpResponse:
    """Those that look alike, while somebody types; nothing without a name."""
    township = Division.objects.filter(pk=request.GET.get("township") or "0").first()
    found = nearby.alike(
        request.actor,
        township=township or request.actor.department.division,
        name=request.GET.get("name", "")[:120],
        address=request.GET.get("address", "")[:200],
    )
    return render(request, "institutions/_alike.html", {"alike": found})


@upload_limit(sniffing.PHOTO_BYTES, MOST_PHOTOS)
@duty_only(REPORT_FOUND)
def found(request: HttpRequest) -> HttpResponse:
    """A place found: township, kind, photo, how; the name only if there is one.

    The identifier in the form makes sending twice harmless.
    """
    form = FoundForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        actor=request.actor,
        initial={"uuid": uuids.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            institution, _created = services.quick_find(by=request.actor, **form.facts())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _found_form(request, form, 409)
        except BadRequest as error:  # a photo that is none, or too large: nothing else is lost
            form.add_error("photos", str(error))
            return _found_form(request, form, error.status)
        return redirect("institution-found-done", pk=institution.pk)
    return _found_form(request, form, 422 if request.method == "POST" else 200)


def _found_form(request: HttpRequest, form: FoundForm, status: int) -> HttpResponse:
    context = {"form": form, "one_township": len(townships_of(request.actor)[:2]) == 1}
    return render(request, "institutions/found.html", context, status=status)


@staff_only
def found_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered, what looks like it, and what comes next."""
    institution = get_object_or_404(Institution.objects.visible_to(request.actor), pk=pk)
    period = institution.period()
    site = institution.sites.order_by("serial").first()
    address = nearby.address_of(site)
    context = {
        "institution": institution,
        "period": period,
        "address": address,
        "photos": Attachment.objects.of(institution).photos(),
        "alike": nearby.alike(
            request.actor, township=institution.division, name=period.name if period else "",
            address=address, besides=institution.pk,
        ),
        "mine": institution.created_by.department_id == request.actor.department_id,
    }  # fmt: skip
    return render(request, "institutions/found_done.html", context)


@require_POST
@duty_only(REPORT_FOUND)
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """The finder saw that the place is on the register already: the two become one."""
    rows = Institution.objects.visible_to(request.actor)
    institution = get_object_or_404(rows.exclude(uuid=None), pk=pk)
    into = get_object_or_404(rows, pk=request.POST.get("into") or 0)
    if institution.created_by.department_id != request.actor.department_id:
        raise DutyMissing(CHANGE_OWN)
    services.merge(institution, into, by=request.actor, reason=_("The finder saw it is the same."))
    messages.success(request, _("The photos now stand in the dossier of the place on record."))
    return redirect(into)
