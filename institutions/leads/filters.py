"""The conditions of the list of leads, as they stand in the address."""

import re
from typing import Any, ClassVar

from django import forms
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from governance.models import Membership
from institutions.forms import day_field, townships_of
from institutions.leads import wording
from institutions.models import ComplianceRule, InstitutionPeriod, Lead

ALL = [("", _("all"))]
STATES = [
    ("waiting", _("Waiting")),
    ("open", _("Not looked at")),
    ("unanswered", _("Asked, no answer yet")),
    ("answered", _("Answered by the institution")),
    ("finding", _("Made a finding")),
    ("dismissed", _("Lead dismissed")),
    ("closed", _("Closed by itself")),
    ("all", _("all")),
]
RANK = {"critical": 0, "major": 1, "minor": 2}


def rule_choices() -> list[tuple[str, Any]]:
    """Each rule by code and name, in the active language."""
    rows = ComplianceRule.objects.filter(county="", valid_from=None).order_by("code")
    name = "name_en" if wording.english() else "name_zh"
    return [*ALL, *((code, f"{code} {words}") for code, words in rows.values_list("code", name))]


class LeadFilter(forms.Form):
    """What is not understood asks for nothing."""

    q = forms.CharField(label=_("Institution or number"), required=False, max_length=60)
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[*ALL, *labels.choices("Finding.severity")]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    whose = forms.ChoiceField(
        label=_("Department"),
        required=False,
        choices=[("mine", _("Mine")), ("all", _("all"))],
    )
    town = forms.ChoiceField(label=_("Township"), required=False)
    since = day_field(_("Since"), required=False)
    institution = forms.IntegerField(required=False, widget=forms.HiddenInput)

    SORTS: ClassVar[dict[str, str]] = {"since": "since", "rule": "code", "severity": "rank"}

    def __init__(self, data: Any, *, actor: Membership) -> None:
        super().__init__(data)
        self.actor = actor
        self.fields["rule"].choices = rule_choices()
        self.fields["town"].choices = [*ALL, *((one.pk, one.name) for one in townships_of(actor))]

    def asked(self) -> dict[str, Any]:
        """The conditions that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self, sort: str = "") -> QuerySet[Lead]:
        """The leads in scope under these conditions; those that wait for the actor's department
        when nothing else is asked for."""
        asked = self.asked()
        rows = in_state(self._narrowed(), asked.get("state", "waiting"))
        field = self.SORTS.get(sort.lstrip("-"))
        rows = rows.annotate(rank=_rank())
        if field is None:
            return rows.order_by("rank", "since", "pk")
        order = F(field).desc() if sort.startswith("-") else F(field).asc()
        return rows.order_by(order, "rank", "since", "pk")

    def _narrowed(self) -> QuerySet[Lead]:
        asked = self.asked()
        rows = Lead.objects.visible_to(self.actor)
        if asked.get("whose", "mine") == "mine" and self._leads_any():
            rows = rows.filter(lead=self.actor.department)
        if "rule" in asked:
            rows = rows.filter(code=asked["rule"])
        if "severity" in asked:
            rows = rows.filter(severity=asked["severity"])
        if "town" in asked:
            rows = rows.filter(division__code__startswith=asked["town"])
        if "since" in asked:
            rows = rows.filter(since__gte=asked["since"])
        if "institution" in asked:
            rows = rows.filter(institution=asked["institution"])
        return rows.filter(_named(asked["q"])) if "q" in asked else rows

    def _leads_any(self) -> bool:
        """Townships and the leading group decide on no lead; they see those of all."""
        department = self.actor.department
        return department is not None and department.kind not in ("TOWN", "LEADGROUP")

    def by_state(self) -> dict[str, int]:
        """How many leads there are under the other conditions in the states with a tab."""
        rows = self._narrowed()
        return rows.aggregate(
            **{
                state: Count("pk", filter=_state(state))
                for state in ("waiting", "answered", "finding", "dismissed")
            }
        )

    def sentence(self) -> str:
        """The conditions in words, for files and paper."""
        parts = []
        for name in self.asked():
            field = self.fields[name]
            value = self.cleaned_data[name]
            chosen = dict(getattr(field, "choices", [])).get(value, value)
            if field.label:
                parts.append(f"{field.label}: {chosen}")
        return " · ".join(parts)


def in_state(rows: QuerySet[Lead], state: str) -> QuerySet[Lead]:
    return rows if state == "all" else rows.filter(_state(state))


def _state(state: str) -> Q:
    if state == "waiting":
        return Q(status__in=Lead.WAITING)
    if state == "answered":
        return Q(status="asked", answered_at__isnull=False)
    if state == "unanswered":
        return Q(status="asked", answered_at=None)
    return Q(status=state)


def _rank() -> Case:
    whens = [When(severity=name, then=Value(rank)) for name, rank in RANK.items()]
    return Case(*whens, default=Value(3), output_field=IntegerField())


def _named(term: str) -> Q:
    """Leads whose institution is called so today, or has this number or credit code."""
    term = term.strip()
    called = Q(name__contains=term)
    if re.fullmatch(r"[A-Za-z]{2,}", term):
        called |= Q(initials__contains=term.lower())
    periods = InstitutionPeriod.objects.on(daylight.today())
    found = Q(Exists(periods.filter(called, institution=OuterRef("institution"))))
    if re.fullmatch(r"[0-9A-Za-z-]{4,}", term):
        code = term.upper()
        found |= Q(institution__credit_code__startswith=code) | Q(institution__number=code)
    return found
