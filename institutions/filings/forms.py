"""The forms of what is filed. The same form takes a page, a row of a workbook and a stored filing.

A filing keeps the cleaned values as JSON in the shape in which the form takes them as data, so that
a filing is checked by the same rules when it is accepted as when it was written.
"""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels, private_fields
from institutions.forms.fields import UNKNOWN, day_field, text_field
from institutions.models import (
    Category,
    Filed,
    Institution,
    ReportedFigure,
    SitePeriod,
    StaffMember,
)
from institutions.models.staff import ID_PURPOSE

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
YES_NO = (("", _("not collected")), ("True", _("yes")), ("False", _("no")))


def choice(label: Any, domain: str, **more: Any) -> forms.ChoiceField:
    """One value of the label table; optional ones offer “not collected”."""
    more.setdefault("required", True)
    offered = labels.choices(domain)
    return forms.ChoiceField(
        label=label, choices=offered if more["required"] else [UNKNOWN, *offered], **more
    )


def several(label: Any, domain: str, **more: Any) -> forms.MultipleChoiceField:
    more.setdefault("required", False)
    return forms.MultipleChoiceField(
        label=label, choices=labels.choices(domain), widget=forms.CheckboxSelectMultiple, **more
    )


def tick(label: Any, **more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **more)


def yes_no(label: Any, **more: Any) -> forms.TypedChoiceField:
    """Yes, no or not collected; cleans to True, False or None."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, required=False, empty_value=None,
        coerce=lambda value: value == "True", **more,
    )  # fmt: skip


def number(label: Any, most: int = 10_000, **more: Any) -> forms.IntegerField:
    more.setdefault("required", False)
    return forms.IntegerField(
        label=label, min_value=more.pop("least", 0), max_value=most,
        widget=forms.NumberInput(attrs={"class": "w-number"}), **more,
    )  # fmt: skip


def money(label: Any, **more: Any) -> forms.DecimalField:
    """Yuan."""
    return forms.DecimalField(
        label=label, min_value=0, max_digits=more.pop("digits", 12), decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "w-money", "step": "0.01"}), **more,
    )  # fmt: skip


def resident_id(number_: str) -> bool:
    """Whether day of birth and check digit of a resident id are right (GB 11643, mod 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", number_):
        return False
    try:
        dt.datetime.strptime(number_[6:14], "%Y%m%d")
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number_, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number_[17]


class FilingForm(forms.Form):
    """A row of one kind. `kept` holds private values that an empty box keeps as they are."""

    PRIVATE: ClassVar[dict[str, str]] = {}  # field → mask
    SPAN: ClassVar[tuple[str, str]] = ("", "")

    def __init__(
        self,
        *args: Any,
        institution: Institution,
        record: Filed | None = None,
        kept: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.institution, self.record, self.kept = institution, record, kept or {}
        for name in self.PRIVATE:
            if self.kept.get(name):
                self.fields[name].required = False
                self.fields[name].help_text = _("Leave empty to keep the recorded one.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.PRIVATE:
            if not data.get(name) and name not in self.errors:
                data[name] = self.kept.get(name, "")
        first, last = (data.get(name) if name else None for name in self.SPAN)
        if first and last and last < first:
            self.add_error(self.SPAN[1], _now("The last day lies before the first."))
        return data

    def not_later_than_today(self, *names: str) -> None:
        for name in names:
            day = self.cleaned_data.get(name)
            if day and day > daylight.today():
                self.add_error(name, _now("This day has not come yet."))


class StaffForm(FilingForm):
    """Somebody who works there."""

    PRIVATE = {"id_number": "id"}
    SPAN = ("employed_from", "employed_until")

    name = text_field(_("Name of the person"), 60, "w-half", required=True)
    id_number = text_field(_("Identity number"), 40, "w-code", required=True)
    role = choice(_("Role"), "StaffMember.role")
    what = text_field(_("Work, if neither teaching nor research"), 60, "w-half")
    full_time = tick(_("Full time"), initial=True)
    subjects = text_field(_("Subjects taught"), 120)
    stages = several(_("Stages taught"), "Institution.stage")
    teaches = several(_("Categories taught"), "Institution.category")
    certificate_kind = choice(_("Proof of qualification"), "StaffMember.certificate_kind")
    certificate_number = text_field(_("Number of the certificate"), 60, "w-half")
    certificate_subject = text_field(_("Subject of the certificate"), 60, "w-half")
    certificate_stage = choice(_("Stage of the certificate"), "Institution.stage", required=False)
    foreign = tick(_("Foreign national"))
    overseas = tick(_("Teaches from abroad"))
    foreign_qualified = yes_no(_("Work permit and proof of qualification held (foreign nationals)"))
    crime_query_on = day_field(_("Criminal records queried on"), required=False)
    crime_query_clear = yes_no(_("The query found nothing"))
    posted = tick(_("Name, photo and certificate are shown to the public"))
    health_certificate_until = day_field(_("Health certificate valid until"), required=False)
    employed_from = day_field(_("Employed since"), required=False)
    employed_until = day_field(_("Employed until"), required=False)

    def clean_id_number(self) -> str:
        words = private_fields.normalised(self.cleaned_data["id_number"])
        if len(words) == 18 and not resident_id(words):
            raise forms.ValidationError(
                _now("The check digit or the date of this identity number is wrong.")
            )
        return words

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.not_later_than_today("crime_query_on")
        number_ = data.get("id_number")
        if number_ and "id_number" not in self.errors and self._known(number_):
            self.add_error("id_number", _now("This person is on record here already."))
        if data.get("crime_query_clear") is not None and not data.get("crime_query_on"):
            self.add_error("crime_query_on", _now("Say when the records were queried."))
        if data.get("certificate_number") and data.get("certificate_kind") == "NONE":
            self.add_error("certificate_kind", _now("Say what kind of certificate this is."))
        return data

    def _known(self, number_: str) -> bool:
        rows = StaffMember.objects.filter(
            institution=self.institution, voided_at=None, ended_on=None,
            id_number_hash=private_fields.search_hash(number_, ID_PURPOSE),
        )  # fmt: skip
        return rows.exclude(pk=self.record.pk if self.record else None).exists()


class FigureForm(FilingForm):
    """A figure that a bank, an auditor or the institution reports."""

    code = choice(_("Figure"), "ReportedFigure.code")
    value = forms.DecimalField(
        label=_("Value"), max_digits=16, decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "w-money", "step": "0.01"}),
    )  # fmt: skip
    as_of = day_field(_("As of the day"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.not_later_than_today("as_of")
        rows = ReportedFigure.objects.filter(
            institution=self.institution, voided_at=None,
            code=data.get("code", ""), as_of=data.get("as_of"),
        )  # fmt: skip
        if rows.exclude(pk=self.record.pk if self.record else None).exists():
            self.add_error("as_of", _now("This figure of this day is on record already."))
        return data


class EndForm(forms.Form):
    """The end of a row: nothing else of it changes."""

    ended_on = day_field(_("Ends on"), help_text=_("The first day on which it no longer counts."))

    def __init__(self, *args: Any, institution: Institution, record: Filed | None = None,
                 kept: dict[str, str] | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.record = record


def sites_of(institution: Institution) -> Any:
    """The sites in use, with their address at hand for the list."""
    rows = institution.sites.filter(voided_at=None).order_by("serial")
    return rows.prefetch_related("periods")


def site_words(site: Any) -> str:
    """The address of a site, from its prefetched periods."""
    periods: list[SitePeriod] = sorted(site.periods.all(), key=lambda one: one.during.lower)
    return periods[-1].address if periods else str(site.serial)


def categories() -> list[tuple[str, Any]]:
    """The categories that an institution may be of."""
    return [pair for pair in labels.choices("Institution.category") if pair[0] in Category.values]
