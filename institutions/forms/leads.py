"""Forms of the acts on leads and of the rules behind them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import labels
from institutions.forms.fields import Versioned, day_field, text_field
from institutions.leads import table, versions, wording
from institutions.leads.rules import Limit
from institutions.models import ComplianceRule, GuidedPriceRow


def lines(label: Any, length: int, **more: Any) -> forms.CharField:
    """Text of several lines."""
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=length, widget=widget, **more)


class QuestionForm(Versioned):
    question = lines(_("What do you want to know?"), 500)


class AnswerForm(Versioned):
    answer = lines(_("Your answer"), 1_000)


class DismissForm(Versioned):
    reason = text_field(_("Why does nothing follow?"), 300, required=True)


class BulkDismissForm(forms.Form):
    reason = text_field(_("Why does nothing follow?"), 300, required=True)


class RuleForm(forms.Form):
    """The thresholds of one rule for a county, one field for each part that has its own."""

    valid_from = day_field(_("In force from"))
    enabled = forms.BooleanField(label=_("The rule is used in this county"), required=False)
    variants = lines(
        _("Thresholds for some bodies only"),
        600,
        required=False,
        help_text=_("One a line, such as DANCE&DRAMA=5 or ONLINE=1."),
    )
    reason = text_field(_("Ground (document, decision)"), 300, required=True)

    def __init__(self, *args: Any, rule: ComplianceRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.own = versions.changeable(rule)
        for number in self.own:
            part = rule.parts[number]
            self.fields[f"part_{number}"] = text_field(
                self._label(part), 300, "w-half", required=True, initial=part["threshold"]
            )
        self.order_fields([f"part_{number}" for number in self.own])

    def _label(self, part: dict[str, Any]) -> str:
        limit = Limit(**part)
        return f"{wording.input_name(limit.input)} ({limit.unit})"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in self.own:
            name = f"part_{number}"
            try:
                versions.refuse_threshold(self.rule.parts[number], data.get(name, ""))
            except versions.Refused as refusal:
                self.add_error(name, str(refusal))
        self._check_variants(data.get("variants") or "")
        return data

    def _check_variants(self, text: str) -> None:
        for line in filter(None, map(str.strip, text.splitlines())):
            found = table.variant(line)
            known = found.part < len(self.rule.parts) and found.traits | {found.place} - {""}
            if "=" not in line or not known or not found.threshold:
                self.add_error("variants", _("“%(line)s” is no such line.") % {"line": line})

    def thresholds(self) -> list[str]:
        data = self.cleaned_data
        return [
            data[f"part_{number}"].strip() if number in self.own else text
            for number, text in enumerate(self.rule.thresholds)
        ]

    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["variants"].splitlines() if line.strip()]


class PriceForm(forms.ModelForm):
    """A band of the guided prices."""

    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[("", _("every stage")), *labels.choices("Institution.stage")],
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=labels.choices("Institution.mode"))
    valid_from = day_field(_("In force from"))

    class Meta:
        model = GuidedPriceRow
        fields = (
            "stage", "mode", "size_from", "size_to", "base", "float_percent", "lesson_minutes",
            "valid_from", "document_number",
        )  # fmt: skip
        labels = {
            "size_from": _("Learners from"),
            "size_to": _("Learners to"),
            "base": _("Base price of a standard lesson (yuan)"),
            "float_percent": _("May rise by (%)"),
            "lesson_minutes": _("Minutes of a standard lesson"),
            "document_number": _("Document"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("size_to", "document_number"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("size_from"), data.get("size_to")
        if low is not None and high is not None and high < low:
            self.add_error("size_to", _("The upper end lies below the lower one."))
        for name in ("base", "lesson_minutes"):
            if data.get(name) is not None and data[name] <= 0:
                self.add_error(name, _("This must be more than nothing."))
        return data
