"""Rows of lists: filings that wait, filings by condition, records of one kind; as files too."""

from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from governance import labels
from governance.exports import MOMENT, Column, Export
from governance.labels import label
from governance.models import Clock, Membership
from institutions.filings import values
from institutions.filings.kinds import FilingKind
from institutions.forms.fields import townships_of
from institutions.models import Filing, InstitutionPeriod

SIZES = (50, 100, 200)
ALL = ("", _("all"))
QUEUES = ("decide",)


def page_of(request: HttpRequest, rows: Any, count: int | None = None) -> Page:
    """The page and size that the address asks for; nonsense asks for the first of 50.

    `count` spares the question where the number of rows is known already.
    """
    asked = request.GET.get("size", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[0]
    paginator = Paginator(rows, size)
    if count is not None:
        vars(paginator)["count"] = count
    return paginator.get_page(request.GET.get("page"))


def with_facts(rows: QuerySet) -> QuerySet:
    """What a line of a list shows."""
    clocks = Prefetch("clocks", Clock.objects.select_related("rule"))
    return rows.select_related(
        "institution", "division", "lead", "submitted_by__user", "decided_by__user"
    ).prefetch_related("institution__periods", clocks)


def waiting(actor: Membership) -> QuerySet:
    """What this actor's department has to decide, the oldest first."""
    rows = Filing.objects.visible_to(actor).waiting().filter(lead=actor.department)
    return rows.order_by("submitted_at", "pk")


def named(term: str, path: str = "institution") -> Q:
    """Rows of institutions whose name, initials, code or number has the term."""
    periods = InstitutionPeriod.objects.filter(
        Q(name__icontains=term) | Q(initials__istartswith=term), institution=OuterRef(path)
    )
    return (
        Exists(periods)
        | Q(**{f"{path}__credit_code__iexact": term})
        | Q(**{f"{path}__number__iexact": term})
    )


class RecordFilter(forms.Form):
    """Conditions that lists of filings and of records share."""

    q = forms.CharField(label=_("Institution"), required=False, max_length=60)
    township = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        places = [(place.pk, place.name) for place in townships_of(actor)]
        self.fields["township"].choices = [ALL, *places]

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def sentence(self) -> str:
        """The conditions in words, for files and paper."""
        parts = []
        for name, value in self.asked().items():
            field = self.fields[name]
            words = dict(getattr(field, "choices", []))
            parts.append(f"{field.label}: {words.get(value, value)}")
        return "; ".join(parts)


class FilingFilter(RecordFilter):
    """The conditions of the list of filings."""

    kind = forms.ChoiceField(
        label=_("What is filed"), required=False, choices=[ALL, *labels.choices("Filing.kind")]
    )
    state = forms.ChoiceField(label=_("Status"), required=False)
    sheet = forms.UUIDField(required=False, widget=forms.HiddenInput, label=_("Sheet"))
    queue = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, label=_("Queue"),
        choices=[ALL, ("decide", _("Filings to decide"))],
    )  # fmt: skip
    field_order = ("q", "kind", "state", "township")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = labels.choices("Filing.status")
        self.fields["state"].choices = [ALL, *(p for p in offered if p[0] != "drafted")]

    def rows(self) -> QuerySet:
        asked = self.asked()
        rows = Filing.objects.visible_to(self.actor).handed_in()
        if asked.get("queue"):
            rows = waiting(self.actor)
        if term := asked.get("q"):
            rows = rows.filter(named(term))
        for name, column in (("kind", "kind"), ("state", "status"), ("sheet", "sheet")):
            if value := asked.get(name):
                rows = rows.filter(**{column: value})
        if place := asked.get("township"):
            rows = rows.filter(division__code__startswith=place)
        return rows.order_by("submitted_at" if asked.get("queue") else "-submitted_at", "pk")


def records(kind: FilingKind, actor: Membership, form: RecordFilter | None = None) -> QuerySet:
    """The rows of a kind that hold today, in the actor's scope."""
    rows: Any = kind.model.objects.visible_to(actor)
    rows = rows.in_force().filter(institution__voided_at=None, institution__merged_into=None)
    asked = form.asked() if form else {}
    if term := asked.get("q"):
        rows = rows.filter(named(term))
    if place := asked.get("township"):
        rows = rows.filter(institution__division__code__startswith=place)
    rows = rows.select_related("institution", *kind.fetch).prefetch_related(
        "institution__periods", *kind.prefetch
    )
    return rows.order_by("institution", "pk")


def cells(kind: FilingKind, row: Any, words: values.Words) -> list[dict[str, Any]]:
    """The columns of a row in words, for a table."""
    words.learn(row)
    now = values.present(kind, row)
    return [
        {"label": kind.field_label(name), "text": words.say(name, now.get(name))}
        for name in kind.columns
    ]


class ChosenExport(Export):
    """An export of rows that the list page chose, in scope."""

    def __init__(self, actor: Membership, *, chosen: QuerySet, filters: str = "") -> None:
        super().__init__(actor, filters=filters)
        self.chosen = chosen

    def rows(self) -> QuerySet:
        return self.chosen


class FilingExport(ChosenExport):
    title = _("Filings of institutions")
    columns = (
        Column(_("Institution"), lambda row: str(row.institution), width=32),
        Column(_("What is filed"), lambda row: label("Filing.kind", row.kind)),
        Column(_("Act"), lambda row: label("Filing.action", row.action)),
        Column(_("Called"), lambda row: row.title, width=24),
        Column(_("Township"), lambda row: row.division.name),
        Column(_("Department"), lambda row: row.lead.name, width=24),
        Column(_("Status"), lambda row: label("Filing.status", row.status)),
        Column(_("Submitted at"), lambda row: row.submitted_at, MOMENT, 20),
        Column(_("Decided at"), lambda row: row.decided_at, MOMENT, 20),
        Column(_("Why it was returned"), lambda row: row.reason, width=40),
    )


class RecordExport(ChosenExport):
    """Every field of a kind; private values masked."""

    def __init__(self, actor: Membership, kind: FilingKind, **kwargs: Any) -> None:
        super().__init__(actor, **kwargs)
        self.kind = kind
        self.title = kind.label
        self.words: values.Words | None = None
        self.columns = (
            Column(_("Institution"), lambda row: str(row.institution), width=32),
            *(Column(kind.field_label(name), self._said(name), width=18) for name in kind.fields),
        )

    def _said(self, name: str) -> Any:
        def say(row: Any) -> str:
            if self.words is None:
                self.words = values.Words(self.kind, row.institution)
            self.words.learn(row)
            return self.words.say(name, values.present(self.kind, row).get(name))

        return say
