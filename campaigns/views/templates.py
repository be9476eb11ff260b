"""The templates: those of the product to look at and copy, the department's own to edit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns import duties, services, sources
from campaigns.forms import Columns, TemplateForm, columns_of
from campaigns.models import CollectionTemplate, RowsFrom, TemplateVersion
from campaigns.views.collections import tabs
from governance.access import staff_only
from governance.request import Request
from governance.scoping import require


@require_safe
@staff_only
def templates(request: Request) -> HttpResponse:
    """Every template on offer, with its columns."""
    rows = CollectionTemplate.objects.offered_to(request.actor).select_related("owner")
    context = {
        "templates": rows.prefetch_related("versions__columns"),
        "tabs": tabs(request, "collection-templates"),
        "may_issue": duties.ISSUE.held_by(request.actor),
    }
    return render(request, "campaigns/templates.html", context)


@require_safe
@staff_only
def template(request: Request, pk: int) -> HttpResponse:
    """What a template asks, and its earlier versions."""
    rows = CollectionTemplate.objects.offered_to(request.actor).select_related("owner")
    row = get_object_or_404(rows.prefetch_related("versions__columns"), pk=pk)
    newest = row.newest
    context = {
        "template": row,
        "newest": newest,
        "rows_from": dict(RowsFrom.choices)[newest.rows_from],
        "columns": [(column, _source(column.source)) for column in newest.columns.all()],
        "rules": [_spelled(rule, newest) for rule in newest.checks],
        "earlier": [version for version in row.versions.all() if version != newest],
        "may_issue": duties.ISSUE.held_by(request.actor),
        "may_edit": duties.ISSUE.held_by(request.actor)
        and row.owner_id == request.actor.department_id,
    }
    return render(request, "campaigns/template.html", context)


def _spelled(rule: str, version: TemplateVersion) -> str:
    """A rule with the names of its columns instead of their keys."""
    names = {column.key: str(column) for column in version.columns.all()}
    return " ".join(names.get(word, word) for word in rule.split())


def _source(code: str) -> Any:
    known: dict[str, Any] = {
        **{key: source.label for key, source in sources.INSTITUTION.items()},
        **{key: source.label for key, source in sources.TASK.items()},
        **sources.FIGURE,
    }
    return known.get(code, "")


@staff_only
def new(request: Request) -> HttpResponse:
    """A template of the department's own, blank or as a copy of another one (`?copy=`)."""
    require(request.actor, duties.ISSUE)
    copied = None
    if request.GET.get("copy", "").isdecimal():
        offered = CollectionTemplate.objects.offered_to(request.actor)
        copied = get_object_or_404(offered, pk=request.GET["copy"])
    form, columns = _forms(request, copied, named=False)
    if _sent(form, columns):
        data = form.cleaned_data
        data.pop("was")
        made = services.make_template(by=request.actor, columns=columns.columns(), **data)
        messages.success(request, _("The form is ready to be issued."))
        return redirect("collection-template", made.pk)
    return _editor(request, form, columns, None)


@staff_only
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a template of the department; a version in use gets a successor."""
    require(request.actor, duties.ISSUE)
    row = get_object_or_404(CollectionTemplate.objects.kept_by(request.actor), pk=pk)
    form, columns = _forms(request, row, named=True)
    if _sent(form, columns):
        made = services.revise_template(
            row,
            by=request.actor,
            columns=columns.columns(),
            checks=row.newest.checks,
            **form.cleaned_data,
        )
        messages.success(request, _("Saved as version %(number)s.") % {"number": made.number})
        return redirect("collection-template", row.pk)
    return _editor(request, form, columns, row)


def _forms(
    request: Request, row: CollectionTemplate | None, *, named: bool
) -> tuple[TemplateForm, Any]:
    posted = request.POST if request.method == "POST" else None
    told: dict[str, Any] = {}
    given: list[dict[str, Any]] = []
    if row is not None:
        newest = row.newest
        told = {"rows_from": newest.rows_from, "note_zh": newest.note_zh, "was": newest.number}
        told |= {"name_zh": row.name_zh, "name_en": row.name_en} if named else {}
        given = columns_of(newest)
    return TemplateForm(posted, initial=told), Columns(posted, initial=given, prefix="columns")


def _sent(form: TemplateForm, columns: Any) -> bool:
    """Whether both were sent and hold; both are checked, so that every fault is shown at once."""
    return form.is_bound and all([form.is_valid(), columns.is_valid()])


def _editor(
    request: Request, form: TemplateForm, columns: Any, row: CollectionTemplate | None
) -> HttpResponse:
    wrong = bool(form.errors) or (columns.is_bound and not columns.is_valid())
    context = {"form": form, "columns": columns, "template": row}
    return render(request, "campaigns/template_edit.html", context, status=422 if wrong else 200)


@require_POST
@staff_only
def retire(request: Request, pk: int) -> HttpResponse:
    """Offer it no longer."""
    require(request.actor, duties.ISSUE)
    row = get_object_or_404(CollectionTemplate.objects.kept_by(request.actor), pk=pk)
    services.retire_template(row, by=request.actor)
    messages.success(request, _("No longer offered."))
    return redirect("collection-templates")
