"""Forms for guided applications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import labels
from governance.models import Department, Membership
from institutions.forms.fields import (
    LICENSOR_KINDS,
    REGISTRAR_KINDS,
    Versioned,
    day_field,
    departments_of,
    long_text,
)
from institutions.models import Guidance, Licence


class BeginGuidanceForm(forms.Form):
    """What an institution is led to, by whom, and how it began."""

    goal = forms.ChoiceField(
        label=_("What for"), choices=labels.choices("Guidance.goal"), widget=forms.RadioSelect
    )
    lead = forms.ModelChoiceField(
        label=_("Led by"), queryset=Department.objects.none(), empty_label=None
    )
    begun_on = day_field(_("Begun on"))
    text = long_text(_("What was said and is still missing"))

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = departments_of(actor, (*LICENSOR_KINDS, *REGISTRAR_KINDS))


class GuidanceStepForm(Versioned):
    """A day and what was done on it."""

    on = day_field(_("On which day"))
    text = long_text(_("What was done, what is still missing"), required=True)


class EndGuidanceForm(GuidanceStepForm):
    """How it ended; the certificate is recorded first."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[], widget=forms.RadioSelect)
    licence = forms.ModelChoiceField(
        label=_("The certificate it obtained"),
        queryset=Licence.objects.none(),
        required=False,
        help_text=_("Record the certificate first; only those in force are listed."),
    )
    field_order = ("version", "outcome", "licence", "on", "text")

    def __init__(self, *args: Any, guidance: Guidance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            pair for pair in labels.choices("Guidance.status") if pair[0] != Guidance.Status.OPEN
        ]
        self.fields["licence"].queryset = Licence.objects.in_force().filter(
            institution=guidance.institution
        )
        self.fields["licence"].label_from_instance = lambda row: (
            f"{labels.label('Licence.kind', row.kind)} {row.number}"
        )
