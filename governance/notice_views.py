"""Notices: written and published by staff, read by everybody."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from governance import daylight, settings_store
from governance import notices as services
from governance.access import staff_only
from governance.models import Notice
from governance.request import Request
from governance.scoping import require

PAGE = 20


class NoticeForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Notice.Kind.choices, widget=forms.RadioSelect
    )
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=120)
    body_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"), widget=forms.Textarea(attrs={"rows": 10})
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )


class PublishForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=gettext_lazy("Last day shown"),
        help_text=gettext_lazy("Empty: until it is ended."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        required=False,
    )


class EndForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why it ends"), max_length=200)


@staff_only
@require_safe
def notices(request: Request) -> HttpResponse:
    """What the actor's department wrote."""
    page = Paginator(Notice.objects.of_department(request.actor), PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "shown": set(Notice.objects.published().values_list("pk", flat=True)),
        "may_write": services.WRITE.held_by(request.actor),
    }
    return render(request, "governance/notices.html", context)


@staff_only
def new(request: Request) -> HttpResponse:
    require(request.actor, services.WRITE)
    form = NoticeForm(_posted(request), initial={"kind": Notice.Kind.ANNOUNCEMENT})
    if request.method == "POST" and form.is_valid():
        division = cast(Any, request.actor.department).division
        made = services.draft(division=division, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The draft is saved. The public does not see it yet."))
        return redirect("notice", made.pk)
    return render(
        request, "governance/notice_form.html", {"form": form}, status=422 if form.errors else 200
    )


@staff_only
def notice(request: Request, pk: int) -> HttpResponse:
    """One notice: a form while it is a draft, a text with its lawful next act afterwards."""
    row = get_object_or_404(Notice.objects.of_department(request.actor), pk=pk)
    form = NoticeForm(_posted(request), initial=_texts(row))
    form.fields["kind"].disabled = True
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in services.TEXTS}
        services.change(row, by=request.actor, version=_version(request), **texts)
        messages.success(request, _("The draft is saved. The public does not see it yet."))
        return redirect("notice", pk)
    return _notice_page(request, row, form, status=422 if form.errors else 200)


@staff_only
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Notice.objects.of_department(request.actor), pk=pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _notice_page(request, row, NoticeForm(initial=_texts(row)), form, status=422)
    services.publish(row, by=request.actor, **form.cleaned_data)
    messages.success(request, _("The notice is public."))
    return redirect("notice", pk)


@staff_only
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Notice.objects.of_department(request.actor), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _notice_page(request, row, NoticeForm(initial=_texts(row)), form, status=422)
    services.end(row, by=request.actor, **form.cleaned_data)
    messages.success(request, _("The notice is no longer public."))
    return redirect("notice", pk)


@require_safe
def public_notices(request: Request) -> HttpResponse:
    """Every notice of today, newest first, in full."""
    rows = Notice.objects.published().select_related("department")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    response = render(request, "governance/public_notices.html", {"page": page})
    patch_cache_control(response, private=True, max_age=60)
    return response


def _notice_page(
    request: Request,
    row: Notice,
    form: NoticeForm,
    act: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    is_leader = services.PUBLISH.held_by(request.actor)
    context = {
        "notice": row,
        "form": form,
        "is_draft": row.published_from is None,
        "is_shown": Notice.objects.published().filter(pk=row.pk).exists(),
        "may_write": services.WRITE.held_by(request.actor),
        "act": (act or _next_act(row)) if is_leader else None,
    }
    return render(request, "governance/notice.html", context, status=status)


def _next_act(row: Notice) -> forms.Form:
    """Publishing for a draft, with the last day that the county proposes; ending otherwise."""
    if row.published_from:
        return EndForm(initial={"version": row.version})
    days = settings_store.get("notices.days", row.division_id)
    until = daylight.today() + dt.timedelta(days=days)
    return PublishForm(initial={"version": row.version, "until": until})


def _texts(row: Notice) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("kind", *services.TEXTS)}


def _version(request: Request) -> int:
    """The version the page was made from; 0 loses against every row."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() else 0


def _posted(request: Request) -> QueryDict | None:
    """An empty form that was sent is wrong; one that was not sent is new."""
    return request.POST if request.method == "POST" else None
