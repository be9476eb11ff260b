"""The school year of a county under /manage/: terms, holidays and school hours."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance import daylight, labels
from governance.access import duty_only, staff_only
from governance.errors import TooLarge
from governance.models import Division, SchoolHours, SchoolTerm
from governance.request import Request
from governance.workflow import Refused
from institutions.leads import school_terms
from institutions.leads.school_terms import KEEP

MOST_BYTES = 100_000
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-date"})
FILE = forms.ClearableFileInput(attrs={"accept": ".csv", "data-max-mb": "0.1"})


class TermForm(forms.Form):
    school_year = forms.CharField(
        label=gettext_lazy("School year"),
        max_length=9,
        help_text=gettext_lazy("Such as 2026-2027."),
        widget=forms.TextInput(attrs={"class": "w-code"}),
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Term or holiday"), choices=labels.choices("SchoolTerm.part")
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DAY)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Stages"),
        required=False,
        help_text=gettext_lazy("None: all of them."),
        choices=labels.choices("Institution.stage"),
        widget=forms.CheckboxSelectMultiple,
    )


class TermFileForm(forms.Form):
    terms = forms.FileField(label=gettext_lazy("Terms and holidays (CSV)"), widget=FILE)


class HourFileForm(forms.Form):
    hours = forms.FileField(label=gettext_lazy("School hours (CSV)"), widget=FILE)


@staff_only
def school_year(request: Request) -> HttpResponse:
    """What the county told of its terms, holidays and school hours."""
    return _page(request)


def _page(request: Request, *, status: int = 200, **forms_: Any) -> HttpResponse:
    county = _county(request)
    terms = SchoolTerm.objects.of_county(county.pk)
    today = daylight.today()
    context = {
        "county": county,
        "terms": terms.order_by("-school_year", "starts_on"),
        "hours": SchoolHours.objects.filter(division=county),
        "known": terms.on(today, county.pk).exists(),
        "last": terms.order_by("-ends_on").first(),
        "today": today,
        "may_keep": KEEP.held_by(request.actor),
        "term_form": TermForm(auto_id="term_%s"),
        "term_file": TermFileForm(auto_id="terms_%s"),
        "hour_file": HourFileForm(auto_id="hours_%s"),
        "term_columns": ", ".join(school_terms.TERM_COLUMNS),
        "hour_columns": ", ".join(school_terms.HOUR_COLUMNS),
    }
    return render(request, "institutions/school_year.html", context | forms_, status=status)


def _county(request: Request) -> Division:
    department = request.actor.department
    return get_object_or_404(Division, pk=department.division_id[:6] if department else "")


@require_POST
@duty_only(KEEP)
def set_term(request: Request) -> HttpResponse:
    """Enter or correct one term or holiday."""
    form = TermForm(request.POST, auto_id="term_%s")
    if form.is_valid():
        data = form.cleaned_data
        row = school_terms.TermRow(**data | {"stages": tuple(data["stages"])})
        try:
            school_terms.set_term(_county(request), row, by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _page(request, status=422, term_form=form, form=form)
    messages.success(request, _("The school year is kept; leads follow tonight."))
    return redirect("school-year")


@require_POST
@duty_only(KEEP)
def remove_term(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(SchoolTerm.objects.of_county(_county(request).pk), pk=pk)
    school_terms.remove_term(row, by=request.actor)
    messages.success(request, _("It was taken out."))
    return redirect("school-year")


@require_POST
@duty_only(KEEP)
def import_terms(request: Request) -> HttpResponse:
    """A file of terms and holidays in the place of the school years it names."""
    form = TermFileForm(request.POST, request.FILES, auto_id="terms_%s")

    def act(content: bytes) -> int:
        rows = school_terms.read_terms(content)
        return school_terms.import_terms(_county(request), rows, by=request.actor)

    return _import(request, form, "terms", act, "term_file")


@require_POST
@duty_only(KEEP)
def import_hours(request: Request) -> HttpResponse:
    """A file of school hours in the place of those on record."""
    form = HourFileForm(request.POST, request.FILES, auto_id="hours_%s")

    def act(content: bytes) -> int:
        rows = school_terms.read_hours(content)
        return school_terms.set_hours(_county(request), rows, by=request.actor)

    return _import(request, form, "hours", act, "hour_file")


def _import(request: Request, form: forms.Form, name: str, act: Any, shown_as: str) -> HttpResponse:
    if form.is_valid():
        file = form.cleaned_data[name]
        if file.size > MOST_BYTES:
            raise TooLarge(_("The file has at most %(size)s KB.") % {"size": MOST_BYTES // 1_000})
        try:
            count = act(file.read())
        except (Refused, school_terms.BadSchoolYear) as refusal:
            form.add_error(name, str(refusal))
        else:
            messages.success(request, _("%(count)s rows are in force.") % {"count": count})
            return redirect("school-year")
    return _page(request, status=422, form=form, **{shown_as: form})
