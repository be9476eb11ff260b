"""Fields and bases of the forms of the registry."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from governance.models import Department, Division, Membership
from governance.scoping import COUNTY_DIGITS
from governance.workflow import Refused
from institutions import credit_codes
from institutions.models import SUB_KINDS, Category, Institution, SubKind
from institutions.record import Section

DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日"]
LICENSOR_KINDS = ("EDU", "HRSS", "SPORT", "CULTURE", "SCI")
REGISTRAR_KINDS = ("SAMR", "CIVIL")
UNKNOWN = ("", _("not collected"))


def townships_of(actor: Membership) -> Any:
    """The townships in the jurisdiction of the actor's department, by code."""
    department = actor.department
    found = Division.objects.none()
    for prefix in department.jurisdictions if department else []:
        found |= Division.objects.filter(code__startswith=prefix)
    return found.filter(code__regex=r"^\d{9}$").order_by("code")


def townships_beside(institution: Institution) -> Any:
    """The townships of the institution's county."""
    county = institution.division_id[:COUNTY_DIGITS]
    return Division.objects.filter(code__startswith=county, code__regex=r"^\d{9}$").order_by("code")


def departments_of(actor: Membership, kinds: tuple[str, ...] = ()) -> Any:
    """Departments of the actor's county, all or of these kinds."""
    seat = actor.department.division_id[:COUNTY_DIGITS] if actor.department else ""
    rows = Department.objects.filter(is_active=True, division__code__startswith=seat)
    return (rows.filter(kind__in=kinds) if kinds else rows).order_by("code")


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, typed as people type it."""
    widget = forms.DateInput(attrs={"class": "w-date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, input_formats=DAY_FORMATS, widget=widget, **more)


def text_field(label: Any, length: int, css: str = "", **more: Any) -> forms.CharField:
    more.setdefault("required", False)
    widget = forms.TextInput(attrs={"class": css} if css else {})
    return forms.CharField(label=label, max_length=length, widget=widget, **more)


def long_text(label: Any, **more: Any) -> forms.CharField:
    more.setdefault("required", False)
    return forms.CharField(
        label=label, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


def coded(label: Any, domain: str, **more: Any) -> forms.ChoiceField:
    """One value of the label table, or not collected."""
    more.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=[UNKNOWN, *labels.choices(domain)], **more)


def yes_no(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or not collected."""
    return forms.TypedChoiceField(
        label=label,
        choices=[UNKNOWN, ("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=YesNo,
    )


class YesNo(forms.Select):
    """Shows what is stored as True, False or None."""

    def format_value(self, value: Any) -> list[str]:
        return [{True: "yes", False: "no", None: ""}.get(value, str(value))]


# A field of the record whose control has another name.
CONTROLS = {
    "categories": ("category", "also"),
    "credit_code": ("code",),
    "contact_phone": ("contact_phone", "drop_phone"),
}


def keep_section(form: forms.Form, section: Section | None, names: Sequence[str]) -> None:
    """Take the fields of other sections out of the form; None keeps the whole form."""
    if section is None:
        return
    for name in names:
        if name not in section.fields:
            for control in CONTROLS.get(name, (name,)):
                form.fields.pop(control, None)


def known(domain: str, values: Any) -> list[tuple[str, Any]]:
    return [pair for pair in labels.choices(domain) if pair[0] in values.values]


class Versioned(forms.Form):
    """A form that knows which version of the row it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(Versioned):
    reason = text_field(_("Why"), 200, required=True)


class CategoryFields(forms.Form):
    """One main category, by which institutions are counted, and others beside it."""

    category = forms.ChoiceField(
        label=_("Main category"),
        choices=labels.choices("Institution.category"),
        help_text=_("Institutions are counted by this one."),
    )
    also = forms.MultipleChoiceField(
        label=_("Further categories"),
        choices=labels.choices("Institution.category"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    sub_kinds = forms.MultipleChoiceField(
        label=_("Sub-kinds"),
        choices=labels.choices("Institution.sub_kind"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean_sub_kinds(self) -> list[str]:
        """A sub-kind needs its category: dance is taught by no school for science."""
        given = self.cleaned_data["sub_kinds"]
        if "category" not in self.cleaned_data:
            return given
        fitting = {SubKind.OTHER}
        for category in self.categories():
            fitting |= set(SUB_KINDS.get(Category(category), ()))
        strange = [kind for kind in given if kind not in fitting]
        if strange:
            words = "、".join(labels.label("Institution.sub_kind", kind) for kind in strange)
            raise forms.ValidationError(
                _now("Choose the category of %(words)s as well.") % {"words": words}
            )
        return given

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("category", "also"):
            self.fields[name].choices = [
                pair
                for pair in self.fields[name].choices
                if pair[0] in Category.values and (name, pair[0]) != ("also", Category.UNCLEAR)
            ]

    def categories(self) -> list[str]:
        main = self.cleaned_data["category"]
        return [main, *(one for one in self.cleaned_data.get("also", ()) if one != main)]


class CodeField(forms.CharField):
    """A credit code, or 办理中 where it is still being issued; cleans to (code, pending)."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Unified credit code"),
            required=False,
            max_length=40,
            help_text=_("18 characters; write 办理中 while it is being issued."),
            widget=forms.TextInput(attrs={"class": "w-code", "autocapitalize": "characters"}),
        )

    def clean(self, value: Any) -> tuple[str, bool]:
        try:
            return credit_codes.parse(super().clean(value))
        except Refused as error:
            raise forms.ValidationError(str(error)) from error


FROM_DAY, WRONG = "from", "wrong"


class TimedForm(Versioned):
    """A change from a day on, or a correction of a whole period."""

    how = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (FROM_DAY, _("It changed on a day")),
            (WRONG, _("The record was wrong for the whole period")),
        ],
        widget=forms.RadioSelect,
        initial=FROM_DAY,
    )
    start = day_field(_("Since which day"), required=False)
    reason = text_field(_("Ground, paper or source"), 200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == FROM_DAY and not data.get("start") and "start" not in self.errors:
            self.add_error("start", _now("Say since which day it holds."))
        elif data.get("start") and data["start"] > daylight.today():
            self.add_error("start", _now("What begins in the future is recorded on that day."))
        return data

    def span(self, period: Any) -> dict[str, Any]:
        """`start` and `until` for the services: the day on, or the bounds of the period."""
        if self.cleaned_data["how"] == WRONG:
            return {"start": period.during.lower, "until": period.during.upper}
        return {"start": self.cleaned_data["start"]}
