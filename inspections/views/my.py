"""The pages of an institution: what is asked of it, proof, more time, papers, the past."""

import uuid as uuids
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.access import institution_only
from governance.models import Paper
from governance.sniffing import PHOTO_BYTES
from governance.uploads import upload_limit
from inspections import acts, related, services
from inspections.forms.fields import MOST_PHOTOS
from inspections.forms.rectification import ExtensionForm, ProofForm
from inspections.models import Inspection, RectificationTask
from inspections.views.findings import photos_of
from inspections.views.lists import page_of, pictures
from inspections.views.tasks import hand_in, proof_initial, story
from institutions.models import Filing, Institution, Lead

Status = RectificationTask.Status


def _tasks(request: HttpRequest) -> Any:
    rows = RectificationTask.objects.visible_to(request.actor).select_related(
        "institution", "division", "lead", "finding__item", "finding__inspection", "paper"
    )
    return rows.prefetch_related(related.clocks(), related.extensions(), "institution__periods")


@require_safe
@institution_only
def home(request: HttpRequest) -> HttpResponse:
    """What needs doing first, then what the departments are looking at."""
    rows = list(_tasks(request).active().by_urgency()[:100])
    institution = Institution.objects.visible_to(request.actor).filter(merged_into=None).first()
    context = {
        "institution": institution,
        "mine": [row for row in rows if row.status == Status.SERVED],
        "theirs": [row for row in rows if row.status != Status.SERVED],
        "questions": Lead.objects.visible_to(request.actor)
        .unanswered()
        .select_related("rule", "lead")
        .order_by("asked_on", "pk"),
        "papers": _papers(request)[:5],
        "ended": _tasks(request).filter(status__in=RectificationTask.ENDED).count(),
        "returned": Filing.objects.visible_to(request.actor).filter(status="returned")[:20],
    }
    return render(request, "inspections/my/home.html", context)


def _papers(request: HttpRequest) -> Any:
    """Notices that were served; each belongs to a task this institution sees."""
    served = RectificationTask.objects.visible_to(request.actor).exclude(served_on=None)
    return (
        Paper.objects.filter(pk__in=served.values("paper"))
        .select_related("department")
        .order_by("-issued_on", "-pk")
    )


@require_safe
@institution_only
def papers(request: HttpRequest) -> HttpResponse:
    page = page_of(request, _papers(request))
    return render(request, "inspections/my/papers.html", {"page": page})


@require_safe
@institution_only
def history(request: HttpRequest) -> HttpResponse:
    """Inspections that this institution has seen, and tasks that have ended."""
    inspections = Inspection.objects.visible_to(request.actor).select_related("lead")
    context = {
        "page": page_of(request, inspections.order_by("-inspected_on", "-pk")),
        "ended": _tasks(request)
        .filter(status__in=RectificationTask.ENDED)
        .order_by("-closed_on", "-pk")[:100],
    }
    return render(request, "inspections/my/history.html", context)


def _row(request: HttpRequest, pk: int) -> RectificationTask:
    return get_object_or_404(_tasks(request), pk=pk)


@require_safe
@institution_only
def task(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(
    request: HttpRequest,
    row: RectificationTask,
    *,
    status: int = 200,
    proof: forms.Form | None = None,
    extension: forms.Form | None = None,
) -> HttpResponse:
    told = story(row)
    offered = {act.code: act for act in acts.of_task(row, request.actor)}
    initial = proof_initial(row) | {"version": row.version, "uuid": uuids.uuid4()}
    context = told | {
        "before": pictures(photos_of(row.finding)) if row.finding.inspection.disclosed_to else [],
        "offered": offered,
        "proof_form": proof or ProofForm(initial=initial, auto_id="proof_%s"),
        "extension_form": extension or ExtensionForm(auto_id="extension_%s"),
        "form": proof or extension,
    }
    return render(request, "inspections/my/task.html", context, status=status)


@require_POST
@institution_only
@upload_limit(PHOTO_BYTES, MOST_PHOTOS)
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = ProofForm(request.POST, request.FILES, auto_id="proof_%s")
    if not form.is_valid():
        return _show(request, row, status=422, proof=form)
    hand_in(row, form, request.actor)
    messages.success(request, _("The proof is handed in; the department will re-check."))
    return redirect("my_task", pk=row.pk)


@require_POST
@institution_only
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = ExtensionForm(request.POST, auto_id="extension_%s")
    if not form.is_valid():
        return _show(request, row, status=422, extension=form)
    data = form.cleaned_data
    services.ask_extension(row, by=request.actor, days=data["days"], reason=data["reason"])
    messages.success(request, _("The request is on its way to the leader of the department."))
    return redirect("my_task", pk=row.pk)
