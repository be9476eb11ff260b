"""The pages of an institution: what it is to be listed for, and its objection."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import daylight
from governance.access import institution_only
from publiclists import entry_page, services
from publiclists.models import ListEntry, Status
from publiclists.services.noticing import window


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What you object to, and why"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
    )


def _entries(request: HttpRequest) -> Any:
    rows = ListEntry.objects.visible_to(request.actor).select_related("lead", "division")
    return rows.prefetch_related("institution__periods").order_by("-pk")


@require_safe
@institution_only
def lists(request: HttpRequest) -> HttpResponse:
    """The entries this institution was given notice of."""
    return render(request, "publiclists/my_lists.html", {"rows": _entries(request)[:100]})


@institution_only
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: grounds, the time for objections, and the objection."""
    row = get_object_or_404(_entries(request), pk=pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = services.record_objection(row, form.cleaned_data["text"], by=request.actor)
        messages.success(request, _("Received on %(day)s.") % {"day": made.received_on})
        return redirect(row.get_party_url())
    clock = window(row)
    context = {
        "row": row,
        "steps": entry_page.steps(row),
        "grounds": row.grounds.select_related("ground").order_by("ground__code"),
        "objections": row.objections.order_by("pk"),
        "clock": clock,
        "may_object": row.status == Status.NOTICED
        and clock is not None
        and daylight.today() <= clock.due_on,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "publiclists/my_list.html", context, status=status)
