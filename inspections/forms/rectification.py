"""Notices, service, proof, extension, re-check, close-out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from governance.models import Department, Membership
from inspections import crew, notice_facts
from inspections.forms.fields import Hidden, PhotosField, lines, person_choices
from inspections.models import Finding, RectificationTask
from institutions.forms import day_field

Mode, Superseded = RectificationTask.Mode, RectificationTask.Superseded


class NoticeForm(forms.Form):
    """One order for findings of one department: which, how, what must be put right."""

    mode = forms.ChoiceField(
        label=_("Order"),
        widget=forms.RadioSelect,
        initial=Mode.RECTIFY_BY_DATE,
        choices=[
            (mode, labels.lazy_label("RectificationTask.mode", mode))
            for mode in (Mode.RECTIFY_BY_DATE, Mode.RECTIFY_SUSPENDED)
        ],
        help_text=_("An order that suspends is numbered after the leader approved it."),
    )
    term = forms.IntegerField(
        label=_("Term"), required=False, min_value=1, max_value=366,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
        help_text=_("In the unit of the rule; empty: the usual term."),
    )  # fmt: skip

    def __init__(self, *args: Any, findings: list[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings = findings
        for finding in findings:
            self.fields[f"take_{finding.pk}"] = forms.BooleanField(
                label=finding.title, required=False, initial=True
            )
            self.fields[f"text_{finding.pk}"] = lines(
                _("What must be put right"), rows=2, max_length=500,
                initial=notice_facts.requirement(finding), required=False,
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Finding with its two fields, for the page."""
        return [
            {"finding": row, "take": self[f"take_{row.pk}"], "text": self[f"text_{row.pk}"]}
            for row in self.findings
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"take_{finding.pk}") for finding in self.findings):
            raise forms.ValidationError(_("Choose at least one finding."))
        return data

    def taken(self) -> list[Finding]:
        return [row for row in self.findings if self.cleaned_data[f"take_{row.pk}"]]

    def requirements(self) -> dict[int, str]:
        return {row.pk: self.cleaned_data[f"text_{row.pk}"] for row in self.findings}


class ServeForm(forms.Form):
    on = day_field(_("Day of service"))
    way = forms.ChoiceField(
        label=_("How"), choices=labels.choices("RectificationTask.service_way"), initial="direct"
    )
    note = forms.CharField(label=_("Receiver, witness or waybill"), required=False, max_length=200)
    version = Hidden()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = daylight.today


class ProofForm(forms.Form):
    """The five assurances and what was done."""

    responsibility = forms.CharField(label=_("Who answers for it"), max_length=120)
    measures = lines(_("Measures"), max_length=2000)
    funds = forms.CharField(
        label=_("Funds"), max_length=200, help_text=_("Amount and source; or that none are needed.")
    )
    contingency_plan = lines(_("Contingency plan"), rows=2, max_length=2000)
    statement = lines(_("What was done"), rows=4, max_length=4000)
    photos = PhotosField(label=_("Photos after rectification"))
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = Hidden()

    ASSURANCES = ("responsibility", "measures", "funds", "contingency_plan")

    def assurances(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.ASSURANCES}


class ExtensionForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days needed"), min_value=1, max_value=92,
        widget=forms.NumberInput(attrs={"class": "w-number"}),
    )  # fmt: skip
    reason = lines(_("Reason"), max_length=500)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("grant", _("Grant")), ("refuse", _("Refuse"))],
    )
    note = lines(_("Note"), rows=2, max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("note"):
            self.add_error("note", _("Say why no more time is given."))
        return data


class RecheckForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Result"), widget=forms.RadioSelect, choices=labels.choices("Recheck.result")
    )
    note = lines(_("What was seen"), max_length=500)
    companion = forms.TypedChoiceField(
        label=_("Second officer"), coerce=int, required=False, empty_value=None
    )
    photos = PhotosField(label=_("Photos of the re-check"))
    version = Hidden()

    def __init__(
        self, *args: Any, task: RectificationTask, actor: Membership, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {
            member.pk: member
            for member in crew.candidates(task.division)
            if member.user_id != actor.user_id
        }
        choices = [("", "—"), *person_choices(self.people.values())]
        self.fields["companion"].choices = choices
        if task.finding.is_critical:
            self.fields["companion"].required = True
            self.fields["companion"].help_text = _("Critical findings are re-checked by two.")

    def chosen(self) -> Membership | None:
        return self.people.get(self.cleaned_data["companion"])


class NoteForm(forms.Form):
    note = lines(_("Note"), rows=2, max_length=300, required=False)
    version = Hidden()


class PressForm(forms.Form):
    text = forms.CharField(label=_("Words to those in charge"), max_length=200)


class EndForm(forms.Form):
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[
            (why, labels.lazy_label("RectificationTask.superseded_for", why))
            for why in (Superseded.CASE_FILED, Superseded.SHUT_DOWN)
        ],
    )
    reason = lines(_("Reason"), rows=2, max_length=300)
    version = Hidden()


class TransferForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none())
    reason = lines(_("Reason"), rows=2, max_length=300)
    version = Hidden()

    def __init__(self, *args: Any, task: RectificationTask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = task.division.county_code
        departments = Department.objects.filter(
            is_active=True, division__code__startswith=county
        ).exclude(pk=task.lead_id)
        self.fields["to"].queryset = departments  # type: ignore[attr-defined]
