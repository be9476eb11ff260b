"""The conditions of the lists, as they stand in the address."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from governance.models import Department, Membership
from inspections import queues
from inspections.models import Finding, Inspection, RectificationTask
from institutions.forms import day_field, townships_of
from institutions.models import InstitutionPeriod

ALL = [("", _("all"))]
SOON = 7  # calendar days


def named(term: str) -> Q:
    """Rows whose institution is called so today, or has this number or credit code."""
    term = term.strip()
    periods = InstitutionPeriod.objects.on(daylight.today()).filter(
        institution=OuterRef("institution")
    )
    called = Q(name__contains=term)
    if re.fullmatch(r"[A-Za-z]{2,}", term):
        called |= Q(initials__contains=term.lower())
    found = Q(Exists(periods.filter(called)))
    if re.fullmatch(r"[0-9A-Za-z-]{4,}", term):
        code = term.upper()
        found |= Q(institution__credit_code__startswith=code) | Q(institution__number=code)
        found |= Q(number=code)
    return found


class ListForm(forms.Form):
    """Conditions of a list; what is not understood asks for nothing and is said so."""

    model: ClassVar[str] = ""

    q = forms.CharField(label=_("Institution or number"), required=False, max_length=60)
    township = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(self, data: Any, *, actor: Membership) -> None:
        super().__init__(data)
        self.actor = actor
        places = [(place.pk, place.name) for place in townships_of(actor)]
        self.fields["township"].choices = [*ALL, *places]

    def asked(self) -> dict[str, Any]:
        """The conditions that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, rows: QuerySet) -> QuerySet:
        """The conditions that all lists share."""
        asked = self.asked()
        if term := asked.get("q"):
            rows = rows.filter(named(term))
        if place := asked.get("township"):
            rows = rows.filter(division__code__startswith=place)
        return rows

    def sentence(self) -> str:
        """The conditions in words, for files and paper."""
        parts = []
        for name, value in self.asked().items():
            field = self.fields[name]
            words = dict(getattr(field, "choices", []))
            parts.append(f"{field.label}: {words.get(value, value)}")
        return "; ".join(parts)


def _choices(domain: str) -> list[tuple[str, Any]]:
    return [*ALL, *labels.choices(domain)]


INSPECTION_QUEUES = [
    ("mine", _("Mine to carry out")),
    ("assign", _("Without officers")),
    ("notices", _("Findings without a notice")),
    ("late", _("Past the planned day")),
]


class InspectionFilter(ListForm):
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_choices("Inspection.status")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_choices("Inspection.kind"))
    queue = forms.ChoiceField(
        label=_("What waits"), required=False, choices=[*ALL, *INSPECTION_QUEUES]
    )
    since = day_field(_("From"), required=False)
    until = day_field(_("To"), required=False)

    SORTS: ClassVar[dict[str, str]] = {
        "planned": "planned_for",
        "day": "inspected_on",
        "number": "pk",
    }

    def rows(self, sort: str = "") -> QuerySet[Inspection]:
        asked = self.asked()
        rows = self.narrowed(queues.inspections_of(asked.get("queue", ""), self.actor))
        for name in ("status", "kind"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        rows = rows.filter(_between(asked.get("since"), asked.get("until")))
        return _sorted(rows, sort or "-number", self.SORTS)


def _between(since: dt.date | None, until: dt.date | None) -> Q:
    """On the day of the visit, or where it is still to come the planned one."""
    condition = Q()
    if since:
        condition &= Q(inspected_on__gte=since) | Q(inspected_on=None, planned_for__gte=since)
    if until:
        condition &= Q(inspected_on__lte=until) | Q(inspected_on=None, planned_for__lte=until)
    return condition


FINDING_QUEUES = [
    ("issue", _("Without a notice")),
    ("dismiss", _("Proposals to dismiss")),
]


class FindingFilter(ListForm):
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_choices("Finding.status")
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=_choices("Finding.severity")
    )
    queue = forms.ChoiceField(
        label=_("What waits"), required=False, choices=[*ALL, *FINDING_QUEUES]
    )
    since = day_field(_("From"), required=False)
    until = day_field(_("To"), required=False)

    SORTS: ClassVar[dict[str, str]] = {"day": "found_on", "number": "pk"}

    def rows(self, sort: str = "") -> QuerySet[Finding]:
        asked = self.asked()
        rows = queues.findings_of(asked.get("queue", ""), self.actor)
        if term := asked.pop("q", ""):
            rows = rows.annotate(number=F("inspection__number")).filter(named(term))
        if place := asked.get("township"):
            rows = rows.filter(division__code__startswith=place)
        for name in ("status", "severity"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if since := asked.get("since"):
            rows = rows.filter(found_on__gte=since)
        if until := asked.get("until"):
            rows = rows.filter(found_on__lte=until)
        return _sorted(rows, sort or "-number", self.SORTS)


TASK_QUEUES = [
    ("approve", _("Suspensions to approve")),
    ("serve", _("To serve")),
    ("extend", _("Requests for more time")),
    ("recheck", _("To re-check")),
    ("close", _("To close out")),
    ("overdue", _("Overdue")),
]
STATES = [
    ("open", _("Not ended")),
    ("overdue", _("Overdue")),
    ("today", _("Due today")),
    ("soon", _("Due within 7 days")),
    ("pressed", _("Pressed")),
    ("ended", _("Ended")),
]


class TaskFilter(ListForm):
    state = forms.ChoiceField(label=_("Term"), required=False, choices=[*ALL, *STATES])
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=_choices("Finding.severity")
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("all"),
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_choices("RectificationTask.status")
    )
    queue = forms.ChoiceField(label=_("What waits"), required=False, choices=[*ALL, *TASK_QUEUES])

    SORTS: ClassVar[dict[str, str]] = {"due": "due", "number": "pk", "served": "served_on"}

    def __init__(self, data: Any, *, actor: Membership) -> None:
        super().__init__(data, actor=actor)
        seat = actor.department.division.county_code if actor.department else ""
        departments = Department.objects.filter(is_active=True, division__code__startswith=seat)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]

    def rows(self, sort: str = "") -> QuerySet[RectificationTask]:
        asked = self.asked()
        rows = self.narrowed(queues.tasks_of(asked.get("queue", ""), self.actor))
        rows = in_state(rows, asked.get("state", ""))
        if "severity" in asked:
            rows = rows.filter(finding__severity=asked["severity"])
        if "department" in asked:
            rows = rows.filter(lead=asked["department"])
        if "status" in asked:
            rows = rows.filter(status=asked["status"])
        return _sorted(rows.by_urgency(), sort or "due", self.SORTS)


def in_state(rows: QuerySet, state: str) -> QuerySet:
    """Tasks by what their term says today."""
    match state:
        case "open":
            return rows.active()
        case "overdue":
            return rows.overdue()
        case "today":
            return rows.due_on()
        case "soon":
            return rows.due_within(SOON)
        case "pressed":
            return rows.pressed()
        case "ended":
            return rows.filter(status__in=RectificationTask.ENDED)
        case _:
            return rows


def _sorted(rows: QuerySet, sort: str, allowed: dict[str, str]) -> QuerySet:
    field = allowed.get(sort.lstrip("-"), "pk")
    if sort.startswith("-"):
        return rows.order_by(F(field).desc(nulls_last=True), "-pk")
    return rows.order_by(F(field).asc(nulls_last=True), "pk")
