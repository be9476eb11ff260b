"""Forms for who an institution is: entering it, its code and people, its doubles."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import labels
from governance.models import Division, Membership
from institutions import record
from institutions.forms.fields import (
    UNKNOWN,
    CategoryFields,
    CodeField,
    ReasonForm,
    Versioned,
    coded,
    day_field,
    keep_section,
    known,
    long_text,
    text_field,
    townships_of,
)
from institutions.models import FoundHow, Institution, Kind, OperatingStatus

ON_THE_ROW = (
    "principal", "legal_representative", "sponsor", "controller", "founded_on", "platform_id",
    "startup_funds", "custody_bank", "custody_account", "note",
)  # fmt: skip


class PeopleFields(forms.Form):
    """People and identity that stay on the row."""

    code = CodeField()
    principal = text_field(_("Principal"), 60, "w-half")
    legal_representative = text_field(_("Legal representative"), 60, "w-half")
    sponsor = text_field(_("Sponsor"), 80, "w-half")
    controller = text_field(_("Actual controller"), 80, "w-half")
    startup_funds = forms.DecimalField(
        label=_("Start-up funds (yuan)"), required=False, min_value=0, max_digits=14,
        decimal_places=2, widget=forms.NumberInput(attrs={"class": "w-money", "step": "any"}),
    )  # fmt: skip
    custody_bank = text_field(_("Bank of the custody account"), 80, "w-half")
    custody_account = text_field(_("Custody account"), 40, "w-code")
    contact_phone = text_field(_("Phone"), 40, "w-phone")
    founded_on = day_field(_("Founded"), required=False)
    platform_id = text_field(_("Number on the national platform"), 40, "w-code")
    note = long_text(_("Remarks"))

    def identity(self) -> dict[str, Any]:
        """The columns for the services, of the fields that the form shows."""
        found = {name: self.cleaned_data[name] for name in ON_THE_ROW if name in self.fields}
        if "code" not in self.fields:
            return found
        code, pending = self.cleaned_data["code"]
        return found | {"credit_code": code, "credit_code_pending": pending}


class RegisterForm(CategoryFields, PeopleFields):
    """A new institution."""

    name = text_field(_("Name"), 120, required=True)
    township = forms.ModelChoiceField(label=_("Township"), queryset=Division.objects.none())
    address = text_field(_("Address"), 200)
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
    since = day_field(
        _("Known as such since"),
        required=False,
        help_text=_("The first day for which this holds; empty: since its founding, else today."),
    )
    compared = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = (
        "name", "township", "address", "kind", "category", "also", "sub_kinds", "operating_status",
        "code", "principal", "legal_representative", "sponsor", "controller", "contact_phone",
        "profit_nature", "mode", "stages", "founded_on", "since", "platform_id", "startup_funds",
        "custody_bank", "custody_account", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships_of(actor)
        self.fields["kind"].choices = known("Institution.kind", Kind)
        self.fields["operating_status"].choices = known(
            "Institution.operating_status", OperatingStatus
        )

    def facts(self) -> dict[str, Any]:
        """What `register_institution` takes."""
        data = self.cleaned_data
        names = (
            "name", "township", "address", "kind", "operating_status", "profit_nature", "mode",
            "stages", "sub_kinds", "since",
        )  # fmt: skip
        found = {name: data[name] for name in names} | {"categories": self.categories()}
        return found | self.identity() | {"contact_phone": data["contact_phone"]}


class IdentityForm(PeopleFields, Versioned):
    """Code and people of an institution. The phone is left empty to keep it."""

    found_how = forms.ChoiceField(
        label=_("How it was found"), choices=[UNKNOWN, *FoundHow.choices], required=False
    )
    drop_phone = forms.BooleanField(label=_("Take the recorded phone out"), required=False)

    def __init__(self, *args: Any, section: record.Section | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_phone"].label = _("New phone")
        self.fields["contact_phone"].help_text = _("Leave empty to keep the recorded one.")
        keep_section(self, section, (*ON_THE_ROW, "credit_code", "contact_phone", "found_how"))

    def changes(self) -> dict[str, Any]:
        """What `change_identity` takes."""
        data = self.cleaned_data
        found = self.identity()
        if "found_how" in data:
            found["found_how"] = data["found_how"]
        if data.get("contact_phone") or data.get("drop_phone"):
            found["contact_phone"] = data["contact_phone"]
        return found

    @staticmethod
    def fresh(row: Institution) -> dict[str, Any]:
        names = (*ON_THE_ROW, "found_how", "version")
        code = row.credit_code or ("办理中" if row.credit_code_pending else "")
        return {name: getattr(row, name) for name in names} | {"code": code}


class OtherInstitutionForm(ReasonForm):
    """Names another institution by its number or credit code."""

    other = text_field(_("Number or credit code of the other one"), 20, "w-code", required=True)

    field_order = ("version", "other", "reason")

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_other(self) -> Institution:
        text = self.cleaned_data["other"].strip().upper()
        rows = Institution.objects.visible_to(self.actor).registered()
        found = rows.filter(number=text) | rows.filter(credit_code=text, duplicate_of=None)
        other = found.prefetch_related("periods").first()
        if other is None:
            raise forms.ValidationError(_now("There is no institution with this number or code."))
        return other


class MemberForm(forms.Form):
    """A person who acts for an institution."""

    name = text_field(_("Name of the person"), 60, "w-half", required=True)
    username = forms.RegexField(
        r"^[A-Za-z0-9_.-]{4,40}$",
        label=_("Account name"),
        help_text=_("4 to 40 letters, digits, dots, hyphens or underscores."),
        widget=forms.TextInput(attrs={"class": "w-half", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
