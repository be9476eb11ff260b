"""Forms for the results of a whole year: the filter of the table, publishing, a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from governance import labels
from governance.models import Division, Membership
from institutions.annual import MISSING, Asked
from institutions.forms.fields import UNKNOWN, day_field, text_field, townships_of
from institutions.forms.results import years
from institutions.imports.annual import Paper

ALL = ("", _("all"))


class TableForm(forms.Form):
    """The filter of the year's table."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, choices=[], required=False)
    q = text_field(_("Name, pinyin initials or number"), 60)
    township = forms.ModelChoiceField(
        label=_("Township"), queryset=Division.objects.none(), required=False, empty_label=_("all")
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[ALL, *labels.choices("AnnualResult.result"), (MISSING, _("No result on record"))],
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Why it took no part"),
        choices=[ALL, *labels.choices("AnnualResult.reason")],
        required=False,
    )
    published = forms.ChoiceField(
        label=_("Made public"),
        choices=[ALL, ("yes", _("yes")), ("no", _("no"))],
        required=False,
    )

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years()]
        self.fields["township"].queryset = townships_of(actor)

    def sentence(self, asked: Asked) -> str:
        """The conditions in words, for the export."""
        told = {"result": "AnnualResult.result", "reason": "AnnualResult.reason"}
        parts = [f"{self.fields['year'].label}: {asked.year}"]
        for name in ("q", "township", "result", "reason", "published"):
            value = getattr(asked, name)
            if value:
                word = labels.label(told[name], value) if name in told else str(value)
                parts.append(f"{self.fields[name].label}: {word}")
        return "; ".join(parts)


class PublishForm(forms.Form):
    on = day_field(_("Made public on"))


class ListForm(forms.Form):
    """A published list with what holds for all its rows."""

    file = forms.FileField(
        label=_("Workbook (.xlsx, .xls or .csv)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv", "data-max-mb": "20"}),
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, choices=[])
    round = forms.TypedChoiceField(
        label=_("Round"), coerce=int, choices=labels.choices("AnnualResult.round")
    )
    decided_on = day_field(_("Decided on"), required=False)
    document_number = text_field(_("Number of the document"), 60, "w-half")
    published_on = day_field(_("Made public on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [UNKNOWN, *((year, year) for year in years())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("decided_on"), data.get("published_on")
        if first and last and last < first:
            self.add_error("published_on", _now("It would be published before it was decided."))
        return data

    def paper(self) -> Paper:
        names = ("year", "round", "decided_on", "document_number", "published_on")
        return Paper(**{name: self.cleaned_data[name] for name in names})
