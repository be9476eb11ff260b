"""Planning and assigning."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models import Membership
from inspections import crew
from inspections.forms.fields import Hidden, lines, person_choices
from inspections.models import ChecklistVersion
from institutions.forms import day_field
from institutions.models import Institution, Site


class PeopleForm(forms.Form):
    """Who goes; the leader is one of them."""

    officers = forms.TypedMultipleChoiceField(
        label=_("Officers"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    leader = forms.TypedChoiceField(
        label=_("Leads"), coerce=int, required=False, empty_value=None,
        help_text=_("Without a choice the first one ticked leads."),
    )  # fmt: skip
    version = Hidden()

    def __init__(self, *args: Any, division: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {member.pk: member for member in crew.candidates(division)}
        groups = person_choices(self.people.values())
        self.fields["officers"].choices = [
            (pk, f"{office} · {name}") for office, rows in groups for pk, name in rows
        ]
        self.fields["leader"].choices = [("", "—"), *groups]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        leader = data.get("leader")
        if leader and leader not in data.get("officers", []):
            self.add_error("leader", _("Tick this person among the officers too."))
        return data

    def chosen(self) -> list[Membership]:
        return [self.people[pk] for pk in self.cleaned_data["officers"]]

    def chosen_leader(self) -> Membership | None:
        return self.people.get(self.cleaned_data["leader"])


class PlanEachForm(forms.Form):
    """The same visit to many institutions; people follow one by one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=crew.visits(), initial="PATROL")
    planned_for = day_field(_("Planned day"))
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=200)

    def clean_planned_for(self) -> dt.date:
        day: dt.date = self.cleaned_data["planned_for"]
        if day < daylight.today():
            raise forms.ValidationError(_("An inspection is planned for today or later."))
        return day


class PlanForm(PeopleForm):
    """A visit: kind, day, subject, place, people (who may follow later)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=crew.visits(), initial="PATROL")
    planned_for = day_field(_("Planned day"))
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=200)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False,
        empty_label=_("the whole institution"),
    )  # fmt: skip
    sections = forms.MultipleChoiceField(
        label=_("Sections of the checklist"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all of them."),
    )  # fmt: skip

    field_order = ("kind", "planned_for", "purpose", "site", "sections", "officers", "leader")

    def __init__(
        self, *args: Any, institution: Institution, checklist: ChecklistVersion, **kwargs: Any
    ) -> None:
        super().__init__(*args, division=institution.division, **kwargs)
        self.fields["officers"].required = False
        sites = institution.sites.filter(voided_at=None).order_by("serial")
        if sites.count() > 1:
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]
            self.fields["site"].label_from_instance = site_label  # type: ignore[attr-defined]
        else:
            del self.fields["site"]
        self.fields["sections"].choices = [
            (section.code, f"{section.code} {section.name}") for section in checklist.sections()
        ]


def site_label(site: Site) -> str:
    """Serial, name and address of a site today."""
    period = site.periods.on().first()
    if period is None:
        return str(site.serial)
    return " · ".join(part for part in (str(site.serial), period.name, period.address) if part)


class ReasonForm(forms.Form):
    """An act that only needs its reason."""

    reason = lines(_("Reason"), max_length=300)
    version = Hidden()


class LeadFindingForm(forms.Form):
    """What was found, in the words of the official."""

    note = lines(_("What was found"), max_length=380)
    version = Hidden()


class InspectionSearch(forms.Form):
    """Finding the institution to inspect."""

    q = forms.CharField(label=_("Name, pinyin initials, code or number"), max_length=60)
