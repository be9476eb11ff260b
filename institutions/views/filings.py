"""Filings as the departments see them: the queue, one filing with its diff, the decision."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import counting
from governance.access import duty_only, staff_only
from governance.labels import label
from governance.models import AuditEvent
from governance.privacy import REVEAL
from governance.scoping import DutyMissing
from institutions.duties import CHANGE_OWN, DECIDE_FILING, LOAD_STAFF_LISTS
from institutions.filings import acts, checks, lists, values
from institutions.filings.decision_forms import AcceptForm, ReturnForm
from institutions.filings.kinds import KINDS
from institutions.models import Filing

MOST_AT_ONCE = 200
HISTORY = 30


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """The filings in scope by condition; those to decide can be accepted together."""
    form = lists.FilingFilter(request.GET, actor=request.actor)
    rows = form.rows()
    if request.GET.get("as") == "xlsx":
        return _export(request, form, rows)
    numbers = counting.together({"page": rows} | _shares(request))
    context = {
        "form": form,
        "page": lists.page_of(request, lists.with_facts(rows), numbers["page"]),
        "tabs": _tabs(request, form, numbers),
        "sentence": form.sentence(),
        "may_decide": DECIDE_FILING.held_by(request.actor),
        "may_load": LOAD_STAFF_LISTS.held_by(request.actor),
        "mine": request.actor.department_id,
        "kinds": KINDS.values(),
    }
    return render(request, "institutions/filings.html", context)


def _export(request: HttpRequest, form: lists.FilingFilter, rows: Any) -> FileResponse:
    chosen = rows.select_related("institution", "division", "lead")
    chosen = chosen.prefetch_related("institution__periods")
    return lists.FilingExport(request.actor, chosen=chosen, filters=form.sentence()).response(
        "xlsx"
    )


def _shares(request: HttpRequest) -> dict[str, Any]:
    """What the tabs count; the queue counts as on the desk."""
    seen = Filing.objects.visible_to(request.actor).handed_in()
    states = {state: seen.filter(status=state) for state in ("submitted", "returned", "accepted")}
    if DECIDE_FILING.held_by(request.actor):
        return {"decide": lists.waiting(request.actor)} | states
    return states


def _tabs(
    request: HttpRequest, form: lists.FilingFilter, numbers: dict[str, int]
) -> list[dict[str, Any]]:
    """To decide first."""
    asked, url = form.asked(), reverse("filings")
    found = [{"label": _("All"), "url": url, "current": not {"queue", "state"} & set(asked)}]
    for name in _shares(request):
        key = "queue" if name == "decide" else "state"
        words = _("For us to decide") if name == "decide" else label("Filing.status", name)
        found.append({
            "label": words, "url": f"{url}?{urlencode({key: name})}",
            "current": asked.get(key) == name, "count": numbers[name],
        })  # fmt: skip
    return found


def _row(request: HttpRequest, pk: int) -> Filing:
    rows = lists.with_facts(Filing.objects.visible_to(request.actor).handed_in())
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(request: HttpRequest, row: Filing, *, status: int = 200, **more: Any) -> HttpResponse:
    kind = KINDS[row.kind]
    may = row.status == Filing.Status.SUBMITTED and _may_decide(request, row)
    context = {
        "row": row,
        "kind": kind,
        "lines": values.lines(row, kind, all_fields=True),
        "hints": checks.of_filing(row, request.actor),
        "files": row.attachments.filter(voided_at=None).select_related("created_by__user"),
        "events": _events(row),
        "others": _others(request, row),
        "may_decide": may,
        "may_reveal": REVEAL.held_by(request.actor),
        "accept_form": AcceptForm(initial={"version": row.version}, auto_id="accept_%s"),
        "return_form": ReturnForm(initial={"version": row.version}, auto_id="return_%s"),
        **more,
    }
    return render(request, "institutions/filing.html", context, status=status)


def _may_decide(request: HttpRequest, row: Filing) -> bool:
    mine = Filing.objects.editable_by(request.actor).filter(pk=row.pk)
    return DECIDE_FILING.held_by(request.actor) and mine.exists()


def _events(row: Filing) -> list[dict[str, Any]]:
    rows = AuditEvent.objects.filter(
        content_type__app_label="institutions", content_type__model="filing", object_id=row.pk,
        verb__startswith="filing.",
    ).select_related("by__user", "by__department").order_by("-id")[:HISTORY]  # fmt: skip
    return [
        {
            "at": event.at, "title": label("Verb", event.verb), "who": event.by,
            "text": event.facts.get("reason", ""),
        }
        for event in rows
    ]  # fmt: skip


def _others(request: HttpRequest, row: Filing) -> Any:
    """What was filed about the same row before."""
    if row.record is None:
        return []
    rows = Filing.objects.visible_to(request.actor).handed_in()
    return rows.filter(kind=row.kind, record=row.record).exclude(pk=row.pk).order_by("-pk")[:10]


@require_POST
@duty_only(DECIDE_FILING)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it on record; a row that changed meanwhile is shown first."""
    row, form = _row(request, pk), AcceptForm(request.POST, auto_id="accept_%s")
    if not form.is_valid():
        return _show(request, row, status=422, accept_form=form, form=form)
    try:
        acts.accept(row, by=request.actor, **form.cleaned_data)
    except acts.RecordMoved as moved:
        again = {"version": row.version, "seen": moved.version}
        form = AcceptForm(initial=again, auto_id="accept_%s")
        return _show(request, row, status=409, accept_form=form, drift=moved.drift)
    except acts.NoLongerValid as refusal:
        return _show(request, row, status=409, refusal=str(refusal))
    messages.success(request, _("Accepted and put on record."))
    return redirect(_next(request))


@require_POST
@duty_only(DECIDE_FILING)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it with what must be put right."""
    row, form = _row(request, pk), ReturnForm(request.POST, auto_id="return_%s")
    if not form.is_valid():
        return _show(request, row, status=422, return_form=form, form=form)
    acts.give_back(row, by=request.actor, **form.cleaned_data)
    messages.success(request, _("Returned; the institution has been told why."))
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """The next filing that waits, else the empty queue."""
    following = lists.waiting(request.actor).first()
    return following.get_absolute_url() if following else f"{reverse('filings')}?queue=decide"


@require_POST
@duty_only(DECIDE_FILING)
def bulk(request: HttpRequest) -> HttpResponse:
    """Accept those that were ticked; what is refused says why, row by row."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()][:MOST_AT_ONCE]
    rows = lists.with_facts(Filing.objects.visible_to(request.actor).waiting())
    chosen = list(rows.filter(pk__in=picked).order_by("submitted_at", "pk"))
    if not chosen:
        messages.warning(request, _("Nothing was ticked."))
        return redirect(f"{reverse('filings')}?queue=decide")
    mine = Filing.objects.editable_by(request.actor).filter(pk__in=[row.pk for row in chosen])
    if mine.count() != len(chosen):
        raise DutyMissing(CHANGE_OWN)
    results = acts.accept_each(chosen, by=request.actor)
    done = sum(not why for _filing, why in results)
    words = ngettext("%(n)s filing was accepted.", "%(n)s filings were accepted.", done)
    context = {"results": results, "said": words % {"n": done}, "all_done": done == len(results)}
    return render(request, "institutions/filings_done.html", context)
