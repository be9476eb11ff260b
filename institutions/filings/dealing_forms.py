"""The forms of how an institution deals with families: fees, contracts, insurance, signs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance import private_fields
from institutions.filings.forms import FilingForm, choice, money, number, several, tick
from institutions.filings.teaching_forms import OwnRow
from institutions.forms.fields import day_field, text_field
from institutions.models import Course, Institution

NATIONAL_FORM = "GF-2021-2604"


class FeeForm(FilingForm):
    """A fee or a package."""

    PRIVATE = {"payee_account": "account"}
    SPAN = ("in_use_from", "in_use_until")

    name = text_field(_("Name of the fee"), 120, required=True)
    course = OwnRow(_("Course"), Course.objects.none(), lambda row: row.name)
    amount = money(_("Amount of one charge (yuan)"))
    lessons = number(_("Lessons it pays for"), 2_000)
    starts_on = day_field(_("Pays from"), required=False)
    ends_on = day_field(_("Pays until"), required=False)
    charged_from = day_field(_("Charged from"), required=False)
    lessons_left_when_charged = number(_("Lessons left when the next charge is made"), 2_000)
    payee_account = text_field(_("Account that receives it"), 40, "w-code")
    pay_methods = several(_("Ways to pay"), "FeeItem.pay")
    posted = tick(_("It stands on the notice of fees"))
    in_use_from = day_field(_("In use since"), required=False)
    in_use_until = day_field(_("In use until"), required=False)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, institution=institution, **kwargs)
        field = self.fields["course"]
        assert isinstance(field, OwnRow)
        field.queryset = institution.courses.filter(voided_at=None, ended_on=None).order_by("name")

    def clean_payee_account(self) -> str:
        return private_fields.normalised(self.cleaned_data["payee_account"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _now("The last day lies before the first."))
        return data


class ContractFormForm(FilingForm):
    """The contract form that families sign."""

    SPAN = ("in_use_from", "in_use_until")

    form_code = text_field(
        _("Code of the form"), 40, "w-code", required=True, initial=NATIONAL_FORM,
        help_text=_("The national model contract is GF-2021-2604."),
    )  # fmt: skip
    signed_before_charging = tick(_("It is signed before anything is charged"), initial=True)
    in_use_from = day_field(_("In use since"), required=False)
    in_use_until = day_field(_("In use until"), required=False)

    def clean_form_code(self) -> str:
        return str(self.cleaned_data["form_code"]).strip().upper()


class InsuranceForm(FilingForm):
    """A policy."""

    SPAN = ("valid_from", "valid_to")

    insurer = text_field(_("Insurer"), 80, "w-half", required=True)
    number = text_field(_("Number of the policy"), 60, "w-half", required=True)
    kind = choice(pgettext_lazy("insurance", "Kind"), "InsurancePolicy.kind")
    valid_from = day_field(_("Valid from"))
    valid_to = day_field(_("Valid until"))
    amount = money(_("Amount insured (yuan)"), digits=14, required=False)


class AdvertisementForm(FilingForm):
    """An advertisement, or the signboard."""

    SPAN = ("shown_from", "shown_until")

    kind = choice(
        pgettext_lazy("advertisement", "Kind"), "Advertisement.kind",
        help_text=_("Of a signboard the text is the name on the sign."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = text_field(_("Place or address on the net"), 120)
    shown_from = day_field(_("Shown since"), required=False)
    shown_until = day_field(_("Shown until"), required=False)
