"""The form for what an institution is during a period."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import labels
from governance.models import Department, Division, Membership
from institutions import record
from institutions.forms.fields import (
    LICENSOR_KINDS,
    REGISTRAR_KINDS,
    CategoryFields,
    TimedForm,
    coded,
    departments_of,
    keep_section,
    known,
    text_field,
    townships_beside,
    yes_no,
)
from institutions.models import Category, Institution, InstitutionPeriod, Kind, OperatingStatus


class FactsForm(TimedForm, CategoryFields):
    """What an institution is during a period; `section` shows one part of it."""

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
    can_qualify = yes_no(_("Can come to meet the standard"))
    learners = forms.IntegerField(
        label=_("Learners"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )

    field_order = (
        "version", "how", "start", "name", "township", "kind", "category", "also",
        "sub_kinds", "operating_status", "profit_nature", "mode", "stages", "learners", "licensor",
        "registrar", "can_qualify", "reason",
    )  # fmt: skip
    FACTS = (
        "name", "township", "kind", "operating_status", "profit_nature", "mode", "stages",
        "sub_kinds", "licensor", "registrar", "can_qualify", "learners",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        actor: Membership,
        institution: Institution,
        section: record.Section | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_beside(institution)
        self.fields["licensor"].queryset = departments_of(actor, LICENSOR_KINDS)
        self.fields["registrar"].queryset = departments_of(actor, REGISTRAR_KINDS)
        self.fields["kind"].choices = known("Institution.kind", Kind)
        self.fields["operating_status"].choices = known(
            "Institution.operating_status", OperatingStatus
        )
        keep_section(self, section, (*self.FACTS, "categories"))

    def changes(self, period: InstitutionPeriod) -> dict[str, Any]:
        """The facts that differ from the period: only these are recorded."""
        data = {name: self.cleaned_data[name] for name in self.FACTS if name in self.fields}
        if "category" in self.fields:
            data["categories"] = self.categories()
        return {name: value for name, value in data.items() if getattr(period, name) != value}

    @staticmethod
    def fresh(period: InstitutionPeriod, version: int) -> dict[str, Any]:
        found = {name: getattr(period, name) for name in FactsForm.FACTS}
        main, *also = period.categories or [Category.UNCLEAR]
        return found | {"category": main, "also": also, "version": version}
