"""The school staff list and the list of barred persons: loaded and counted, never shown."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import daylight, sniffing, workbooks
from governance.access import duty_only
from governance.uploads import upload_limit
from governance.workbooks import MAX_BYTES, BadWorkbook
from governance.workflow import Refused
from institutions.duties import LOAD_STAFF_LISTS
from institutions.filings import person_lists
from institutions.forms.fields import day_field, text_field
from institutions.models import BarredPerson, InServiceTeacher


def _file(help_text: Any) -> forms.FileField:
    attrs = {"accept": ".xlsx,.xls,.csv,.et", "data-max-mb": str(MAX_BYTES // sniffing.MB)}
    return forms.FileField(
        label=_("Workbook file"), help_text=help_text, allow_empty_file=True,
        widget=forms.FileInput(attrs=attrs),
    )  # fmt: skip


class TeachersForm(forms.Form):
    file = _file(_("Columns: identity number, school. Only keyed hashes of the numbers are kept."))
    as_of = day_field(_("As of the day"))

    def clean_as_of(self) -> Any:
        if self.cleaned_data["as_of"] > daylight.today():
            raise forms.ValidationError(_now("This day has not come yet."))
        return self.cleaned_data["as_of"]


class BarredForm(forms.Form):
    file = _file(_("Columns: identity number, and where known basis, since, until."))
    since = day_field(_("Since, where the row says nothing"))
    basis = text_field(_("Basis, where the row says nothing"), 200, required=True)


@duty_only(LOAD_STAFF_LISTS)
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@duty_only(LOAD_STAFF_LISTS)
@upload_limit(MAX_BYTES)
def teachers(request: HttpRequest) -> HttpResponse:
    """Replace the school staff list."""
    form = TeachersForm(request.POST or None, request.FILES or None, auto_id="teachers_%s")
    return _load(request, "teachers_form", form, person_lists.load_teachers)


@duty_only(LOAD_STAFF_LISTS)
@upload_limit(MAX_BYTES)
def barred(request: HttpRequest) -> HttpResponse:
    """Add to the list of barred persons."""
    form = BarredForm(request.POST or None, request.FILES or None, auto_id="barred_%s")
    return _load(request, "barred_form", form, person_lists.load_barred)


def _load(
    request: HttpRequest, name: str, form: forms.Form, load: Callable[..., person_lists.Loaded]
) -> HttpResponse:
    if request.method != "POST":
        return redirect("staff-lists")
    if not form.is_valid():
        return _page(request, status=422, **{name: form})
    said = dict(form.cleaned_data)
    try:
        done = load(workbooks.read(said.pop("file")), by=request.actor, **said)
    except (BadWorkbook, Refused) as refusal:
        form.add_error("file", str(refusal))
        return _page(request, status=422, **{name: form})
    messages.success(request, _told(done))
    if done.wrong:
        rows = "、".join(str(number) for number in done.wrong[:20])
        messages.warning(request, _now("Rows that could not be read: %(rows)s") % {"rows": rows})
    return redirect("staff-lists")


def _told(done: person_lists.Loaded) -> str:
    sentence = _now("%(taken)d persons taken; %(matches)d of them are on record as staff.")
    return sentence % {"taken": done.taken, "matches": done.matches}


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "teachers": person_lists.count(InServiceTeacher, request.actor),
        "barred": person_lists.count(BarredPerson, request.actor),
        "teachers_form": TeachersForm(auto_id="teachers_%s"),
        "barred_form": BarredForm(auto_id="barred_%s"),
        "form": more.get("teachers_form") or more.get("barred_form"),
        **more,
    }
    return render(request, "institutions/staff_lists.html", context, status=status)
