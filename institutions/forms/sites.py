"""Forms for sites: where they are, the building, the lease, meals and boarding."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance.models import Division
from institutions import record
from institutions.forms.fields import (
    TimedForm,
    Versioned,
    coded,
    day_field,
    keep_section,
    text_field,
    townships_beside,
    yes_no,
)
from institutions.models import Institution


def measure(label: Any, digits: int, places: int, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=digits, decimal_places=places,
        widget=forms.NumberInput(attrs={"class": "w-number", "step": "any"}), **more,
    )  # fmt: skip


def count(label: Any, least: int = 0, most: int = 32_767, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most,
        widget=forms.NumberInput(attrs={"class": "w-number"}), **more,
    )  # fmt: skip


class SiteForm(Versioned):
    """A site; `section` shows only the fields of one part of the record."""

    name = text_field(_("Name of the site"), 80, "w-half")
    address = text_field(_("Address"), 200, required=True)
    township = forms.ModelChoiceField(label=_("Township"), queryset=Division.objects.none())
    area = measure(_("Floor area (m²)"), 8, 2, min_value=0)
    floors = text_field(
        _("Floors"), 40, "w-number", help_text=_("As the paper says it, for example 1-3.")
    )
    latitude = measure(_("Latitude (WGS-84)"), 9, 6, min_value=-90, max_value=90)
    longitude = measure(_("Longitude (WGS-84)"), 9, 6, min_value=-180, max_value=180)
    building_use = coded(_("Use of the building"), "SitePeriod.building_use")
    own_building = yes_no(_("A building of its own"))
    lowest_floor = count(
        _("Lowest floor used"), -9, 99, help_text=_("-1 is the first floor below ground.")
    )
    highest_floor = count(_("Highest floor used"), -9, 99)
    teaching_area = measure(_("Teaching area (m²)"), 8, 2, min_value=0)
    rooms = count(_("Classrooms"))
    capacity = count(_("Learners at one time"), most=100_000)
    tenure = coded(_("Right to use"), "SitePeriod.tenure")
    lease_from = day_field(_("Lease from"), required=False)
    lease_until = day_field(_("Lease until"), required=False, help_text=_("The last day."))
    landlord = text_field(_("Landlord"), 80, "w-half")
    meals = coded(_("Meals"), "SitePeriod.meals")
    boarding = yes_no(_("Boarding"))
    persons_per_room = count(_("Persons per bedroom"), least=1)
    area_per_boarder = measure(_("Bedroom area per person (m²)"), 5, 2, min_value=0)
    FACTS = tuple(name for section in record.SITE for name in section.fields)

    def __init__(
        self,
        *args: Any,
        institution: Institution,
        section: record.Section | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_beside(institution)
        keep_section(self, section, self.FACTS)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS if name in self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._in_order("lowest_floor", "highest_floor", _now("It lies below the lowest floor."))
        self._in_order("lease_from", "lease_until", _now("The last day lies before the first."))
        if (data.get("teaching_area") or 0) > (data.get("area") or data.get("teaching_area") or 0):
            self.add_error("teaching_area", _now("It is larger than the floor area."))
        return data

    def _in_order(self, first: str, last: str, sentence: str) -> None:
        low, high = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if low is not None and high is not None and high < low:
            self.add_error(last, sentence)


class NewSiteForm(SiteForm):
    """A further place; what is known of the building may follow later."""

    start = day_field(_("Used since"), required=False, help_text=_("Empty: since today."))
    field_order = ("version", "start", *SiteForm.FACTS)


class SiteChangeForm(SiteForm, TimedForm):
    """Where and how a site is, from a day on or corrected."""

    field_order = ("version", "how", "start", *SiteForm.FACTS, "reason")

    @staticmethod
    def fresh(period: Any, version: int) -> dict[str, Any]:
        return {name: getattr(period, name) for name in SiteForm.FACTS} | {"version": version}
