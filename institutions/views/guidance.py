"""Guided applications: the list, one of them, its steps and its end."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from governance import daylight, labels
from governance.access import staff_only
from governance.scoping import require
from institutions import duties, measures, services
from institutions.forms.guidance import BeginGuidanceForm, EndGuidanceForm, GuidanceStepForm
from institutions.models import CertStatus, Guidance, Institution
from institutions.views import editing

PAGE = 50


@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """Those being guided, or those that ended."""
    status = request.GET.get("status", Guidance.Status.OPEN)
    rows = Guidance.objects.visible_to(request.actor).select_related("institution", "lead")
    if status in Guidance.Status.values:
        rows = rows.filter(status=status)
    if request.GET.get("queue") == "mine":
        rows = rows.filter(lead=request.actor.department)
    ordered = rows.prefetch_related("institution__periods", "steps").order_by("begun_on", "pk")
    tabs = [
        {"label": word, "url": f"?status={value}", "current": value == status}
        for value, word in labels.choices("Guidance.status")
    ]
    context = {
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("page")),
        "tabs": tabs,
        "heading": _("Guided applications"),
    }
    return render(request, "institutions/guidance_list.html", context)


@staff_only
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to guide an institution; the competent department is chosen beforehand."""
    institution = get_object_or_404(Institution.objects.visible_to(request.actor), pk=pk)
    require(request.actor, duties.GUIDE)

    def form_class(*args: Any, **kwargs: Any) -> BeginGuidanceForm:
        return BeginGuidanceForm(*args, actor=request.actor, **kwargs)

    def act(form: Any) -> HttpResponse:
        return redirect(services.begin_guidance(institution, by=request.actor, **form.cleaned_data))

    page = editing.Page(
        _("Guide to a licence"), _("Begin"), institution, institution.get_absolute_url()
    )
    return editing.answer(request, page, form_class, act, fresh=lambda: _proposed(institution))


def _proposed(institution: Institution) -> dict[str, Any]:
    """What the table of competence says: who leads, and what is missing."""
    status = CertStatus.of(institution.licences.in_force().values_list("kind", flat=True))
    period = institution.period()
    lead = period and measures.advice(institution, period, status).lead
    return {
        "goal": _missing(status, period.categories if period else ()),
        "lead": lead or institution.lead,
        "begun_on": daylight.today(),
    }


def _missing(cert_status: str, categories: Any) -> str:
    goal = Guidance.Goal
    if cert_status in ("NONE", "LICENSE_ONLY"):
        return goal.BOTH if cert_status == "NONE" else goal.REGISTRATION
    return goal.VOCATIONAL_LICENCE if "VOCATIONAL" in categories else goal.SCHOOL_LICENCE


@staff_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One guided application with its steps; POST adds a step."""
    row = _row(request, pk)
    if request.method == "POST":
        duties.to_change(Guidance, request.actor, duties.GUIDE, pk=pk)
    page = editing.Page(
        _("Guided application"), _("Record the step"), row.institution, row.get_absolute_url(),
        template="institutions/guidance.html",
        more={
            "guidance": row,
            "steps": row.steps.select_related("recorded_by__user"),
            "may": duties.may_change(Guidance, request.actor, duties.GUIDE, pk),
        },
    )  # fmt: skip
    return editing.answer(
        request, page, GuidanceStepForm,
        lambda form: services.guide(row, by=request.actor, **form.cleaned_data) and None,
        fresh=lambda: _fresh(row),
    )  # fmt: skip


@staff_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """How it ended."""
    row = duties.to_change(Guidance, request.actor, duties.GUIDE, "institution", pk=pk)

    def form_class(*args: Any, **kwargs: Any) -> EndGuidanceForm:
        return EndGuidanceForm(*args, guidance=row, **kwargs)

    page = editing.Page(
        _("End the guidance"), _("End"), row.institution, row.get_absolute_url(), danger=True
    )
    return editing.answer(
        request, page, form_class,
        lambda form: services.end_guidance(row, by=request.actor, **form.cleaned_data),
        fresh=lambda: _fresh(row),
    )  # fmt: skip


def _row(request: HttpRequest, pk: int) -> Guidance:
    rows = Guidance.objects.visible_to(request.actor).select_related("institution", "lead")
    return get_object_or_404(rows, pk=pk)


def _fresh(row: Guidance) -> dict[str, Any]:
    row.refresh_from_db(fields=["version"])
    return {"version": row.version, "on": daylight.today()}
