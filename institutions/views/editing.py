"""One shape for every page that changes a row: form, act, answer.

A mistake in a field answers 422. A refusal of the procedure answers 409 with the form as it was
sent. A stale form answers 409 with both versions side by side; sending it again then overwrites
what the reader has just seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.workflow import Refused, StaleVersion
from institutions.models import Institution

RECORD = "record"  # ?from=record: back to the sections of the record
Act = Callable[[Any], Any]  # takes the valid form; may return the answer itself


def back_to(request: HttpRequest, institution: Institution, tab: str = "") -> str:
    """The page one came from: the sections of the record, else the dossier."""
    if request.GET.get("from") == RECORD:
        return reverse("institution-record", args=[institution.pk])
    return f"{institution.get_absolute_url()}{f'?tab={tab}' if tab else ''}"


@dataclass
class Page:
    """What a page says around its form."""

    heading: str
    submit: str
    institution: Institution | None = None
    back: str = ""
    done: str = ""  # said after the act
    danger: bool = False
    template: str = "institutions/form.html"
    more: dict[str, Any] = field(default_factory=dict)


def answer(
    request: HttpRequest,
    page: Page,
    form_class: Callable[..., forms.Form],
    act: Act,
    *,
    fresh: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Show the form, or do the act with the valid form and go back.

    `fresh` gives the present values of the row, `version` among them.
    """
    if request.method != "POST":
        return _shown(request, page, form_class(initial=fresh()), 200)
    form = form_class(request.POST, request.FILES, initial=fresh())
    if not form.is_valid():
        return _shown(request, page, form, 422)
    try:
        result = act(form)
    except StaleVersion:
        return _stale(request, page, form_class, form, fresh())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, page, form, 409)
    if isinstance(result, HttpResponse):
        return result
    messages.success(request, page.done or _("Saved."))
    return redirect(page.back)


def _shown(
    request: HttpRequest, page: Page, form: forms.Form, status: int, **more: Any
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "heading": page.heading,
        "institution": page.institution,
        **page.more,
        **more,
    }
    return render(request, page.template, context, status=status)


def _stale(
    request: HttpRequest,
    page: Page,
    form_class: Callable[..., forms.Form],
    sent: forms.Form,
    now: Mapping[str, Any],
) -> HttpResponse:
    """Both versions, and the form as it was sent, ready to be sent over the present state."""
    posted = request.POST.copy()
    posted["version"] = str(now["version"])
    form = form_class(posted, request.FILES, initial=now)
    return _shown(request, page, form, 409, fields=differences(sent, now))


def differences(form: forms.Form, now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields in which what was sent is not what is saved now, in words."""
    found = []
    for bound in form.visible_fields():
        if bound.name not in now:
            continue
        theirs, mine = now[bound.name], form.cleaned_data.get(bound.name)
        if _comparable(theirs) != _comparable(mine):
            words = {"theirs": _words(bound.field, theirs), "mine": _words(bound.field, mine)}
            found.append({"label": bound.label, **words})
    return found


def _comparable(value: Any) -> Any:
    if value in (None, ""):
        return ""
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    return str(getattr(value, "pk", value))


def _words(control: forms.Field, value: Any) -> str:
    """The value as its choices call it."""
    if isinstance(control, forms.ModelChoiceField):
        found = value if hasattr(value, "pk") else control.queryset.filter(pk=value or 0).first()
        return str(found or "")
    words = {str(key): str(word) for key, word in getattr(control, "choices", ())}
    values = value if isinstance(value, (list, tuple)) else [value]
    return "、".join(words.get(str(one), str(one)) for one in values if one not in (None, ""))
