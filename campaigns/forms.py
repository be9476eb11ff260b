"""Forms of collecting: issuing, deciding, uploading, and the editor of a template."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import sources, units
from campaigns.models import (
    CollectionTemplate,
    ColumnKind,
    RowsFrom,
    TemplateVersion,
)
from campaigns.models.collections import DUE_RULES, MONTHLY, month_end
from campaigns.services import Plan
from governance import daylight, labels
from governance.models import DeadlineRule, Membership
from governance.workbooks import MAX_BYTES

DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日"]
MEGABYTE = 1024 * 1024
EXTRA_COLUMNS = 3


def day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"class": "w-date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, input_formats=DAY_FORMATS, widget=widget, **more)


class FilterForm(forms.Form):
    """The filters of the list of collections."""

    q = forms.CharField(label=_("Title"), max_length=60, required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), *labels.choices("Collection.status")],
        required=False,
    )


class ReturnFilterForm(forms.Form):
    """The filters of the list of returns."""

    q = forms.CharField(label=_("Title"), max_length=60, required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), *labels.choices("Return.status")],
        required=False,
    )
    queue = forms.CharField(widget=forms.HiddenInput, required=False)


class IssueForm(forms.Form):
    """One template, one period, one day, and the units."""

    template = forms.ModelChoiceField(
        label=_("Form to fill in"),
        queryset=CollectionTemplate.objects.none(),
        empty_label=_("Choose a form"),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=100,
        help_text=_("As the units read it; the period is added to it."),
        widget=forms.TextInput(attrs={"class": "w-half"}),
    )
    period_from = day_field(_("Period from"))
    period_to = day_field(_("Period to"))
    due_rule = forms.ChoiceField(label=_("Due day"), widget=forms.RadioSelect)
    due_day = day_field(
        _("Day for handing in"), required=False, help_text=_("With the 20th of the month: empty.")
    )
    repeats_until = day_field(
        _("Issue it every month until"),
        required=False,
        help_text=_("Only with the 20th of the month. Empty: once."),
    )
    note = forms.CharField(
        label=_("Remark for the units"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        kwargs["initial"] = _this_month() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.actor = actor
        offered = CollectionTemplate.objects.offered_to(actor).in_use()
        template: Any = self.fields["template"]
        template.queryset = offered.prefetch_related("versions")
        due_rule: Any = self.fields["due_rule"]
        due_rule.choices = _due_rules()
        self.groups = units.offered(actor)
        for group, found in self.groups.items():
            self.fields[group] = forms.MultipleChoiceField(
                label=units.LABELS[group],
                choices=units.choices(found),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[str(unit.pk) for unit in found] if group == units.TOWNS else [],
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_days(data)
        self._check_monthly(data)
        if not self.errors and not self.chosen():
            self.add_error(next(iter(self.groups), None), gettext("Choose at least one unit."))
        return data

    def _check_days(self, data: dict[str, Any]) -> None:
        first, last = data.get("period_from"), data.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", gettext("The period ends before it begins."))
        given = data.get("due_rule") not in (MONTHLY, None, "")
        if given and not data.get("due_day") and "due_day" not in self.errors:
            self.add_error("due_day", gettext("Say by which day."))

    def _check_monthly(self, data: dict[str, Any]) -> None:
        first, last = data.get("period_from"), data.get("period_to")
        if data.get("due_rule") != MONTHLY:
            if data.get("repeats_until"):
                self.add_error("repeats_until", gettext("Only what is due on the 20th repeats."))
        elif first and last and (first.day != 1 or last != month_end(first)):
            self.add_error("period_from", gettext("A monthly report covers one whole month."))

    def chosen(self) -> list[Any]:
        """The units that were ticked, in their order."""
        ticked = {pk for group in self.groups for pk in self.cleaned_data.get(group, [])}
        every = [unit for found in self.groups.values() for unit in found]
        return [unit for unit in every if str(unit.pk) in ticked]

    def plan(self) -> Plan:
        """What `services.issue` takes."""
        data = self.cleaned_data
        monthly = data["due_rule"] == MONTHLY
        return Plan(
            title=data["title"],
            template=data["template"].newest,
            period_from=data["period_from"],
            period_to=data["period_to"],
            due_rule=data["due_rule"],
            due_day=None if monthly else data["due_day"],
            note=data["note"],
            repeats_until=data["repeats_until"] if monthly else None,
            units=self.chosen(),
        )


def _this_month() -> dict[str, dt.date | str]:
    first = daylight.today().replace(day=1)
    return {"period_from": first, "period_to": month_end(first), "due_rule": MONTHLY}


DUE_WORDS = {
    MONTHLY: _("The 20th of the month; on a rest day the next working day"),
    "collection.due": _("A given day, also when it is a rest day"),
    "collection.due.next": _("A given day; on a rest day the next working day"),
    "collection.due.previous": _("A given day; on a rest day the working day before"),
}


def _due_rules() -> list[tuple[str, Any]]:
    """The rules of the table that are in force here."""
    known = set(DeadlineRule.objects.in_force(daylight.today()).values_list("code", flat=True))
    return [(code, DUE_WORDS[code]) for code in DUE_RULES if code in known]


class VersionForm(forms.Form):
    """An act on the row as the reader saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtendForm(VersionForm):
    until = day_field(
        _("New due day"), help_text=_("For the units that have not handed in yet; they are told.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(VersionForm):
    reason = forms.CharField(
        label=_("Why without the units that are missing"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class GiveBackForm(VersionForm):
    reason = forms.CharField(
        label=_("What is to be put right"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    days = forms.IntegerField(
        label=_("Working days to hand it in again"),
        min_value=1,
        max_value=10,
        initial=3,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )


class UploadForm(VersionForm):
    file = forms.FileField(
        label=_("Filled workbook"),
        help_text=_(
            "Take the form above, fill it in, upload it. Its rows replace those on this page."
        ),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xls,.csv", "data-max-mb": MAX_BYTES // MEGABYTE}
        ),
    )


# --- the editor of a template -------------------------------------------------------------------


class TemplateForm(forms.Form):
    """What a template is called and which rows it begins with."""

    was = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name_zh = forms.CharField(
        label=_("Name in Chinese"), max_length=80, widget=forms.TextInput(attrs={"class": "w-half"})
    )
    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-half"}),
    )
    rows_from = forms.ChoiceField(
        label=_("Rows at the beginning"), choices=RowsFrom.choices, required=False
    )
    note_zh = forms.CharField(
        label=_("How to fill it in"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ColumnForm(forms.Form):
    """One column; a row without a name asks for nothing."""

    key = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    name_zh = forms.CharField(label=_("Column of the form"), max_length=40, required=False)
    name_en = forms.CharField(label=_("In English"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind of cell"), choices=ColumnKind.choices, required=False)
    choices = forms.CharField(
        label=_("Words to choose from"),
        max_length=600,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("parted by ; or 、")}),
    )
    required = forms.BooleanField(label=_("Must be filled in"), required=False)
    summed = forms.BooleanField(label=_("Is summed"), required=False)
    source = forms.ChoiceField(label=_("Filled from the register"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [("", _("nothing")), *sources.groups()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = [word.strip() for word in re.split(r"[;；、,，]", data.get("choices") or "")]
        words = data["choices"] = [word for word in told if word]
        if not data.get("name_zh"):
            return data
        data["kind"] = data.get("kind") or ColumnKind.TEXT
        if data["kind"] == ColumnKind.CHOICE and not words:
            self.add_error("choices", gettext("Give the words to choose from."))
        if any(len(word) > 40 for word in words):
            self.add_error("choices", gettext("A word has at most 40 characters."))
        if data.get("summed") and data["kind"] != ColumnKind.NUMBER:
            self.add_error("summed", gettext("Only numbers are summed."))
        return data


class BaseColumns(forms.BaseFormSet):
    """The columns in the order of their numbers."""

    def columns(self) -> list[dict[str, Any]]:
        """What `services.make_template` takes; a new column gets a key of its own."""
        kept = [
            form.cleaned_data
            for form in (self.ordered_forms if self.is_valid() else [])
            if form.cleaned_data.get("name_zh")
        ]
        taken = {data["key"] for data in kept if data["key"]}
        return [_column(data, taken) for data in kept]

    def clean(self) -> None:
        names = [
            form.cleaned_data["name_zh"]
            for form in self.forms
            if not form.errors
            and form.cleaned_data.get("name_zh")
            and not form.cleaned_data.get("DELETE")
        ]
        if not names:
            raise forms.ValidationError(gettext("Name at least one column."))
        if len(names) != len(set(names)):
            raise forms.ValidationError(gettext("Two columns have the same name."))


def _column(data: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    names = ("name_zh", "name_en", "kind", "choices", "required", "summed", "source")
    key = data["key"]
    if not key:
        key = next(f"C{n}" for n in range(1, 1000) if f"C{n}" not in taken)
        taken.add(key)
    return {"key": key} | {name: data[name] for name in names}


Columns = forms.formset_factory(
    ColumnForm,
    formset=BaseColumns,
    extra=EXTRA_COLUMNS,
    can_order=True,
    can_delete=True,
    max_num=60,
)


def columns_of(version: TemplateVersion) -> list[dict[str, Any]]:
    """The columns of a version for the editor."""
    return [
        {
            "key": column.key, "name_zh": column.name_zh, "name_en": column.name_en,
            "kind": column.kind, "choices": "、".join(column.choices),
            "required": column.required, "summed": column.summed, "source": column.source,
        }
        for column in version.columns.all()
    ]  # fmt: skip
