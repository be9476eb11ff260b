"""A private value in full, once, after saying why."""

from django import forms
from django.apps import apps
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy

from governance import privacy, private_fields
from governance.access import signed_in
from governance.request import Request
from governance.scoping import ScopedQuerySet, require

LABELS = {
    "contact_phone": gettext_lazy("Contact phone"),
    "phone": gettext_lazy("Phone"),
    "id_number": gettext_lazy("Identity number"),
    "address": gettext_lazy("Address"),
    "payee_account": gettext_lazy("Account that receives the fees"),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why you need to see it"),
        help_text=gettext_lazy("It is recorded with your name and can be read by the auditor."),
        min_length=2,
        max_length=200,
    )


@signed_in
def reveal(request: Request, app: str, model: str, pk: int, field: str) -> HttpResponse:
    """GET asks for the reason, POST shows the value; the answer is kept nowhere."""
    rows = _private_rows(app, model, field)
    row = get_object_or_404(rows.visible_to(request.actor), pk=pk)
    require(request.actor, privacy.REVEAL)
    form = ReasonForm(_posted(request))
    value = None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        value = privacy.reveal(row, field, by=request.actor, reason=reason)
    label = LABELS.get(field) or row._meta.get_field(field).verbose_name
    context = {"row": row, "label": label, "form": form, "value": value}
    template = f"governance/{'_reveal' if request.headers.get('HX-Request') else 'reveal'}.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _private_rows(app: str, model: str, field: str) -> ScopedQuerySet:
    """The rows of a scoped class that has this private field; everything else does not exist."""
    try:
        found = apps.get_model(app, model)
    except LookupError as error:
        raise Http404 from error
    rows = found._default_manager.all()
    if not isinstance(rows, ScopedQuerySet) or not private_fields.is_private(found, field):
        raise Http404
    return rows


def _posted(request: Request) -> QueryDict | None:
    """An empty form that was sent is wrong; one that was not sent is new."""
    return request.POST if request.method == "POST" else None
