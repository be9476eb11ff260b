"""Forms for facts with a time: what an institution is, where its sites are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import labels
from governance.models import Department, Division, Membership
from institutions.forms.fields import (
    LICENSOR_KINDS,
    REGISTRAR_KINDS,
    CategoryFields,
    TimedForm,
    Versioned,
    coded,
    day_field,
    departments_of,
    known,
    text_field,
    townships_beside,
)
from institutions.models import Category, Institution, InstitutionPeriod, Kind, OperatingStatus


class FactsForm(TimedForm, CategoryFields):
    """What an institution is during a period."""

    name = text_field(_("Name"), 120, help_text=_("Empty for a place without a name."))
    township = forms.ModelChoiceField(label=_("Township"), queryset=Division.objects.none())
    kind = forms.ChoiceField(label=pgettext_lazy("institution", "Kind"), choices=[])
    operating_status = forms.ChoiceField(label=_("Operation"), choices=[])
    profit_nature = coded(_("Profit nature"), "Institution.profit_nature")
    mode = coded(_("Form of teaching"), "Institution.mode")
    stages = forms.MultipleChoiceField(
        label=_("Stages"),
        choices=labels.choices("Institution.stage"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    licensor = forms.ModelChoiceField(
        label=_("Licensor"), queryset=Department.objects.none(), required=False
    )
    registrar = forms.ModelChoiceField(
        label=_("Registrar"), queryset=Department.objects.none(), required=False
    )
    can_qualify = forms.NullBooleanField(label=_("Can come to meet the standard"), required=False)
    learners = forms.IntegerField(
        label=_("Learners"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )

    field_order = (
        "version", "how", "start", "name", "township", "kind", "category", "also",
        "operating_status", "profit_nature", "mode", "stages", "learners", "licensor", "registrar",
        "can_qualify", "reason",
    )  # fmt: skip
    FACTS = (
        "name", "township", "kind", "operating_status", "profit_nature", "mode", "stages",
        "licensor", "registrar", "can_qualify", "learners",
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Membership, institution: Institution, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_beside(institution)
        self.fields["licensor"].queryset = departments_of(actor, LICENSOR_KINDS)
        self.fields["registrar"].queryset = departments_of(actor, REGISTRAR_KINDS)
        self.fields["kind"].choices = known("Institution.kind", Kind)
        self.fields["operating_status"].choices = known(
            "Institution.operating_status", OperatingStatus
        )

    def changes(self, period: InstitutionPeriod) -> dict[str, Any]:
        """The facts that differ from the period: only these are recorded."""
        data = {name: self.cleaned_data[name] for name in self.FACTS}
        data["categories"] = self.categories()
        return {name: value for name, value in data.items() if getattr(period, name) != value}

    @staticmethod
    def fresh(period: InstitutionPeriod, version: int) -> dict[str, Any]:
        found = {name: getattr(period, name) for name in FactsForm.FACTS}
        main, *also = period.categories or [Category.UNCLEAR]
        return found | {"category": main, "also": also, "version": version}


class SiteForm(Versioned):
    """A new site."""

    name = text_field(_("Name of the site"), 80, "w-half")
    address = text_field(_("Address"), 200, required=True)
    township = forms.ModelChoiceField(label=_("Township"), queryset=Division.objects.none())
    area = forms.DecimalField(
        label=_("Floor area (m²)"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )
    floors = text_field(_("Floors"), 40, "w-number")
    latitude = forms.DecimalField(
        label=_("Latitude (WGS-84)"), required=False, min_value=-90, max_value=90,
        max_digits=9, decimal_places=6, widget=forms.NumberInput(attrs={"class": "w-number"}),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude (WGS-84)"), required=False, min_value=-180, max_value=180,
        max_digits=9, decimal_places=6, widget=forms.NumberInput(attrs={"class": "w-number"}),
    )  # fmt: skip
    FACTS = ("name", "address", "township", "area", "floors", "latitude", "longitude")

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_beside(institution)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS}


class NewSiteForm(SiteForm):
    start = day_field(_("Used since"), required=False, help_text=_("Empty: since today."))


class SiteChangeForm(SiteForm, TimedForm):
    """Where and how large a site is, from a day on or corrected."""

    field_order = ("version", "how", "start", *SiteForm.FACTS, "reason")

    @staticmethod
    def fresh(period: Any, version: int) -> dict[str, Any]:
        return {name: getattr(period, name) for name in SiteForm.FACTS} | {"version": version}
