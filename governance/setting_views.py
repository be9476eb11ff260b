"""The page on which a county sets what is its own to set."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from governance import settings_store
from governance.access import duty_only
from governance.request import Request
from governance.settings_store import DEFINITIONS


def form_field(key: str) -> forms.Field:
    """The control for a key; what it takes is said by its definition."""
    definition = DEFINITIONS[key]
    facts: dict[str, Any] = {"label": definition.label, "help_text": definition.help}
    if definition.kind is bool:
        return forms.BooleanField(required=False, **facts)
    if definition.kind is int:
        facts |= {"min_value": definition.minimum, "max_value": definition.maximum}
        return forms.IntegerField(**facts)
    return forms.CharField(required=False, max_length=settings_store.TEXT_LENGTH, **facts)


class SettingsForm(forms.Form):
    """One field per key; a dot in a key is a hyphen here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in DEFINITIONS:
            self.fields[key.replace(".", "-")] = form_field(key)

    def chosen(self) -> dict[str, Any]:
        """Key → value."""
        return {key: self.cleaned_data[key.replace(".", "-")] for key in DEFINITIONS}


@duty_only(settings_store.SET)
def settings(request: Request) -> HttpResponse:
    """All settings for the division that the actor sets for, or for the whole installation."""
    division = settings_store.reach(request.actor)
    place = division.code if division else ""
    now = settings_store.values(list(DEFINITIONS), place)
    initial = {key.replace(".", "-"): value for key, value in now.items()}
    form = SettingsForm(_posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            for key, value in form.chosen().items():
                if value != now[key]:
                    settings_store.put(key, value, division=division, by=request.actor)
        messages.success(request, _("Saved. The change is on record."))
        return redirect("settings")
    context = {"form": form, "division": division}
    status = 422 if form.errors else 200
    return render(request, "governance/settings.html", context, status=status)


def _posted(request: Request) -> QueryDict | None:
    """An empty form that was sent is wrong; one that was not sent is new."""
    return request.POST if request.method == "POST" else None
