"""How a due date was worked out (怎么算的), what happened to the clock, and the leader's press."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance import deadlines, reminders
from governance.access import signed_in, staff_only
from governance.models import ActorKind, Clock, ClockEvent
from governance.request import Request

KINDS = {
    ClockEvent.Kind.PRESSED: "warn",
    ClockEvent.Kind.SUSPENDED: "warn",
    ClockEvent.Kind.MET: "ok",
    ClockEvent.Kind.CANCELLED: "bad",
}


class PressForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What you want to see done"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@signed_in
def clock(request: Request, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk), PressForm())


@require_POST
@staff_only
def press(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = PressForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    reminders.press(found, by=request.actor, text=form.cleaned_data["text"])
    return redirect("clock", pk=pk)


def _found(request: Request, pk: int) -> Clock:
    rows = Clock.objects.visible_to(request.actor).select_related("rule", "lead", "owner__user")
    return get_object_or_404(rows, pk=pk)


def _page(request: Request, found: Clock, form: PressForm, status: int = 200) -> HttpResponse:
    party = request.actor.kind == ActorKind.INSTITUTION
    context = {
        "clock": found,
        "lines": deadlines.explain(found),
        "facts": _facts(found, party),
        "entries": _entries(found, party),
        "form": form if found.is_open and reminders.may_press(found, request.actor) else None,
        "subject_url": found.party_url if party else found.url,
        "base": "my/base.html" if party else "base.html",
    }
    return render(request, "governance/clock.html", context, status=status)


def _facts(found: Clock, party: bool) -> list[dict]:
    facts: list[dict] = [
        {"label": _("Term"), "value": found.rule.name},
        {"label": _("Due on"), "value": found.due_on},
        {"label": _("Department in charge"), "value": found.lead},
    ]
    if not party:
        facts.append({"label": _("Works on it"), "value": found.owner or _("The department")})
    return facts


def _entries(found: Clock, party: bool) -> list[dict]:
    rows = found.events.select_related("by__user", "by__department").order_by("-id")
    if party:
        rows = rows.exclude(kind__in=(ClockEvent.Kind.PRESSED, ClockEvent.Kind.TRANSFERRED))
    return [
        {
            "at": row.at,
            "title": _entry_title(row),
            "text": row.reason,
            "who": "" if party else str(row.by),
            "kind": KINDS.get(ClockEvent.Kind(row.kind), ""),
        }
        for row in rows
    ]


def _entry_title(row: ClockEvent) -> str:
    words = _("Clock %(act)s") % {"act": row.get_kind_display()}
    if row.due_before and row.due_after and row.due_before != row.due_after:
        return f"{words}: {row.due_before} → {row.due_after}"
    return words
