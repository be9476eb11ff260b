"""Administration under /manage/; grows with its capabilities."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import audit, daylight, settings_store
from governance.access import duty_only, staff_only
from governance.errors import not_found
from governance.models import Installation, Role
from governance.request import Request
from governance.scoping import Duty

ADMINISTER = Duty(
    "installation.administer", _("Administer the installation"), frozenset({Role.SYSADMIN})
)


SECTIONS = [
    ("settings", _("Settings"), _("What this county sets for itself: public site, notices.")),
    ("calendar", _("Working calendar"), _("Rest days and make-up workdays of every year.")),
    ("school-year", _("School year"), _("Terms, holidays and school hours of the county.")),
    ("compliance", _("Compliance rules"), _("Thresholds of the county, with their days.")),
    ("guided-prices", _("Guided prices"), _("Price bands of subject training.")),
    ("rules", _("Deadline rules"), _("Terms, their basis, and whether they remind.")),
]


class DayForm(forms.Form):
    day = forms.DateField(
        label=_("Today is"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


@duty_only(
    Duty("manage.open", _("Administration"), frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN}))
)
def manage(request: Request) -> HttpResponse:
    """What there is to administer, with an address only where this role may act."""
    sections = [
        {"url": reverse(name), "label": label, "text": text}
        for name, label, text in SECTIONS
        if name != "settings" or settings_store.SET.held_by(request.actor)
    ]
    return render(request, "governance/manage.html", {"sections": sections})


@staff_only
def set_day(request: Request) -> HttpResponse:
    """In a demo installation every member of staff may move the day; elsewhere there is no page."""
    installation = Installation.objects.first()
    if installation is None or installation.kind == Installation.Kind.PRODUCTION:
        return not_found(request, Exception())
    form = DayForm(request.POST or None, initial={"day": daylight.today()})
    if request.method == "POST" and form.is_valid():
        was = daylight.today()
        daylight.set_day(form.cleaned_data["day"])
        audit.record(
            audit.Verb.DAY_SET, None, by=request.actor, was=was, now=form.cleaned_data["day"]
        )
        messages.success(request, _now("Everybody now lives on %(day)s.") % form.cleaned_data)
        return redirect("day")
    status = 422 if request.method == "POST" else 200
    return render(request, "governance/day.html", {"form": form}, status=status)
