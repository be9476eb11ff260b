"""Forms for certificates and outcomes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import labels
from governance.models import Department, Membership
from institutions.forms.fields import (
    Versioned,
    coded,
    day_field,
    departments_of,
    known,
    long_text,
    text_field,
)
from institutions.models import Category, Disposal, Institution, Licence, Site


class LicenceForm(Versioned):
    """A certificate; the version is that of the institution, or of the certificate corrected."""

    kind = forms.ChoiceField(label=_("Certificate"), choices=labels.choices("Licence.kind"))
    number = text_field(_("Number of the certificate"), 60, "w-half")
    issuer = forms.ModelChoiceField(
        label=_("Issuing office"), queryset=Department.objects.none(), required=False
    )
    issuer_name = text_field(_("Issued by an office not in the list"), 80, "w-half")
    scope = text_field(_("Scope"), 300)
    conditions = text_field(
        _("Conditions"), 300, help_text=_("What the certificate allows only under a condition.")
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories it covers"),
        choices=known("Institution.category", Category),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: the certificate does not say."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Stages it covers"),
        choices=labels.choices("Institution.stage"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mode = coded(_("Form of teaching it covers"), "Licence.mode")
    issued_on = day_field(_("Issued on"), required=False)
    valid_from = day_field(_("Valid from"), required=False)
    valid_to = day_field(
        _("Valid until"), required=False, help_text=_("The last day; empty: without end.")
    )
    site = forms.ModelChoiceField(
        label=_("For the site"), queryset=Site.objects.none(), required=False
    )

    FIELDS = (
        "number", "issuer", "issuer_name", "scope", "conditions", "categories", "stages", "mode",
        "issued_on", "valid_from", "valid_to", "site",
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Membership, institution: Institution, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = departments_of(actor)
        self.fields["site"].queryset = Site.objects.visible_to(actor).filter(
            institution=institution
        )
        self.fields["site"].label_from_instance = lambda site: (
            _now("Site %(serial)s") % {"serial": site.serial}
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _now("The last day lies before the first."))
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}

    @staticmethod
    def fresh(licence: Licence) -> dict[str, Any]:
        names = (*LicenceForm.FIELDS, "kind", "version")
        return {name: getattr(licence, name) for name in names}


class LicenceStatusForm(Versioned):
    """Suspend, restore or end a certificate."""

    to = forms.ChoiceField(label=_("New state"), choices=[], widget=forms.RadioSelect)
    on = day_field(_("From which day"))
    reason = text_field(_("Ground, paper or source"), 200, required=True)

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Licence.TRANSITIONS.get(licence.status, set())
        self.fields["to"].choices = [
            pair for pair in labels.choices("Licence.status") if pair[0] in allowed
        ]


class DisposalForm(Versioned):
    """What a campaign made of an institution."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=labels.choices("Disposal.outcome"), widget=forms.RadioSelect
    )
    decided_on = day_field(_("Decided on"))
    campaign = text_field(_("Campaign"), 80, "w-half")
    department = forms.ModelChoiceField(
        label=_("Decided by"), queryset=Department.objects.none(), required=False
    )
    measures = long_text(_("Measures"))

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_of(actor)
        self.fields["outcome"].choices = [
            pair for pair in self.fields["outcome"].choices if pair[0] in Disposal.Outcome.values
        ]
