"""Identification of subject nature: what is under way, the opinions on a course, the verdict."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from governance import daylight, labels
from governance.access import staff_only
from governance.workflow import Refused
from institutions.duties import IDENTIFY, may_change, to_change
from institutions.filings import identify, lists
from institutions.forms.fields import day_field, long_text, text_field
from institutions.models import Course, Identification, Institution


class OpinionForm(forms.Form):
    """What one expert found."""

    expert = text_field(_("Expert"), 60, "w-half", required=True)
    employer = text_field(_("Employed at"), 80, "w-half", required=True)
    independent = forms.BooleanField(label=_("Not employed in a training body"))
    purpose = long_text(_("Purpose of the teaching"), required=True)
    content = long_text(_("Content of the teaching"), required=True)
    evaluation = long_text(_("How learning is evaluated"), required=True)
    verdict = forms.ChoiceField(
        label=_("Opinion"), choices=labels.choices("ExpertOpinion.verdict"),
        widget=forms.RadioSelect,
    )  # fmt: skip
    given_on = day_field(_("Given on"))

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        if day > daylight.today():
            raise forms.ValidationError(_now("This day has not come yet."))
        return day


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=labels.choices("Identification.verdict"),
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = long_text(_("On what it rests"), required=True)
    version = forms.IntegerField(widget=forms.HiddenInput)


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """Those under way first."""
    rows = Identification.objects.visible_to(request.actor).select_related(
        "course", "institution", "department"
    )
    rows = rows.prefetch_related("institution__periods").annotate(given=Count("opinions"))
    page = lists.page_of(request, rows.order_by("decided_on", "-pk"))
    context = {"page": page, "least": identify.LEAST_EXPERTS}
    return render(request, "institutions/identifications.html", context)


@require_POST
@staff_only
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the identification of a course."""
    course = to_change(Course, request.actor, IDENTIFY, "institution", pk=pk)
    row = identify.ask(course, by=request.actor)
    return redirect("identification", pk=row.pk)


def _row(request: HttpRequest, pk: int) -> Identification:
    rows = Identification.objects.visible_to(request.actor).select_related(
        "course", "institution", "department", "decided_by__user"
    )
    return get_object_or_404(rows.prefetch_related("opinions", "institution__periods"), pk=pk)


@require_safe
@staff_only
def identification(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(
    request: HttpRequest, row: Identification, *, status: int = 200, **more: Any
) -> HttpResponse:
    may = may_change(Institution, request.actor, IDENTIFY, row.institution_id) and not row.verdict
    opinions = list(row.opinions.all())
    context = {
        "row": row,
        "opinions": opinions,
        "tally": [
            {"verdict": verdict, "count": count} for verdict, count in identify.tally(row).items()
        ],
        "least": identify.LEAST_EXPERTS,
        "may_add": may,
        "may_decide": may and len(opinions) >= identify.LEAST_EXPERTS,
        "opinion_form": OpinionForm(auto_id="opinion_%s"),
        "verdict_form": VerdictForm(initial={"version": row.version}, auto_id="verdict_%s"),
        **more,
    }
    return render(request, "institutions/identification.html", context, status=status)


@require_POST
@staff_only
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the opinion of an expert."""
    row = to_change(Identification, request.actor, IDENTIFY, "institution", "course", pk=pk)
    form = OpinionForm(request.POST, auto_id="opinion_%s")
    if form.is_valid():
        try:
            identify.give_opinion(row, by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _show(request, _row(request, pk), status=422, opinion_form=form, form=form)
    messages.success(request, _now("The opinion is recorded."))
    return redirect("identification", pk=pk)


@require_POST
@staff_only
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the verdict."""
    row = to_change(Identification, request.actor, IDENTIFY, "institution", "course", pk=pk)
    form = VerdictForm(request.POST, auto_id="verdict_%s")
    if not form.is_valid():
        return _show(request, _row(request, pk), status=422, verdict_form=form, form=form)
    identify.decide(row, by=request.actor, **form.cleaned_data)
    messages.success(request, _now("The verdict is recorded."))
    return redirect("identification", pk=pk)
