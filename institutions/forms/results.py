"""Forms for the results of the annual review."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from institutions.forms.fields import UNKNOWN, Versioned, day_field, text_field
from institutions.models import AnnualResult

YEARS_SHOWN = 12


def years() -> list[int]:
    """The years a result can be of, newest first."""
    this = daylight.today().year
    return list(range(this, this - YEARS_SHOWN, -1))


class CorrectResultForm(Versioned):
    """The result of a round; the reason belongs to those that took no part."""

    result = forms.ChoiceField(
        label=_("Result"), choices=labels.choices("AnnualResult.result"), widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=_("Why it took no part"),
        choices=[UNKNOWN, *labels.choices("AnnualResult.reason")],
        required=False,
        help_text=_("Only for an institution that took no part."),
    )
    reason_text = text_field(_("The reason in words"), 200)
    decided_on = day_field(_("Decided on"), required=False)
    document_number = text_field(_("Number of the document"), 60, "w-half")
    published_on = day_field(
        _("Made public on"), required=False, help_text=_("Empty: not public yet.")
    )
    FIELDS = (
        "result", "reason", "reason_text", "decided_on", "document_number", "published_on",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("result") == AnnualResult.Result.NOT_TAKEN and not data.get("reason"):
            self.add_error("reason", _now("Say why it took no part."))
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}

    @staticmethod
    def fresh(row: AnnualResult) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*CorrectResultForm.FIELDS, "version")}


class AnnualResultForm(CorrectResultForm):
    """A new result."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, choices=[])
    round = forms.TypedChoiceField(
        label=_("Round"), coerce=int, choices=labels.choices("AnnualResult.round")
    )
    field_order = ("version", "year", "round", *CorrectResultForm.FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years()]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {name: self.cleaned_data[name] for name in ("year", "round")}
