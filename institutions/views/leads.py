"""Staff pages of compliance leads: the list, one lead with its sum, all rules of an institution."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import audit, daylight, deadlines
from governance.access import staff_only
from governance.models import Membership
from governance.scoping import Duty, DutyMissing, require
from institutions.forms.leads import BulkDismissForm, DismissForm, QuestionForm
from institutions.leads import acts, checking, duties, shown, wording
from institutions.leads.exports import LeadExport
from institutions.leads.filters import LeadFilter
from institutions.leads.rules import Outcome, Verdict
from institutions.models import Institution, Lead

SIZE, MOST = 50, 200  # rows of a page; rows of one bulk act
ORDER = (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.KEPT)


@require_safe
@staff_only
def leads(request: HttpRequest) -> HttpResponse:
    """What the checks found, the most severe and oldest first; every condition in the address."""
    return _list(request)


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    form = LeadFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    rows = rows.select_related("institution", "division", "lead", "rule")
    page = Paginator(rows.prefetch_related("institution__periods"), SIZE)
    context = {
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "sentence": form.sentence(),
        "tabs": _tabs(request, form),
        "may_dismiss": duties.DISMISS_LEAD.held_by(request.actor),
        "bulk": BulkDismissForm(),
    }
    context["said"] = [(row, shown.sentence(row)) for row in context["page"]]
    return render(request, "institutions/leads.html", context | more, status=status)


def _tabs(request: HttpRequest, form: LeadFilter) -> list[dict[str, Any]]:
    chosen, counts = form.asked().get("state", "waiting"), form.by_state()
    words = {
        "waiting": _("Waiting"),
        "answered": _("Answered by the institution"),
        "finding": _("Made a finding"),
        "dismissed": _("Lead dismissed"),
    }
    kept = {name: value for name, value in request.GET.items() if name not in ("state", "page")}
    return [
        {
            "label": word,
            "url": "?" + urlencode({**kept, "state": state}),
            "current": state == chosen,
            "count": counts[state],
        }
        for state, word in words.items()
    ]


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    form = LeadFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    made = LeadExport(request.actor, filters=form.sentence(), chosen=rows)
    return made.response(request.GET.get("as", "xlsx"))


@require_POST
@staff_only
def dismiss_picked(request: HttpRequest) -> HttpResponse:
    """Dismiss the picked leads with one reason; each row says what became of it."""
    require(request.actor, duties.DISMISS_LEAD)
    form = BulkDismissForm(request.POST)
    picked = [int(key) for key in request.POST.getlist("pick") if key.isdecimal()][:MOST]
    if not form.is_valid() or not picked:
        return _list(request, status=422, bulk=form, nothing_picked=not picked)
    rows = Lead.objects.visible_to(request.actor).filter(pk__in=picked)
    rows = rows.select_related("institution", "lead", "rule").order_by("pk")
    results = list(acts.dismiss_many(rows, by=request.actor, reason=form.cleaned_data["reason"]))
    done = sum(not why for _lead, why in results)
    told = ngettext("%(count)s lead was dismissed.", "%(count)s leads were dismissed.", done)
    messages.success(request, told % {"count": done})
    return _list(request, results=results)


# --- one lead ----------------------------------------------------------------------------------


def _row(request: HttpRequest, pk: int) -> Lead:
    rows = Lead.objects.visible_to(request.actor).select_related(
        "institution", "division", "lead", "rule", "asked_by__user", "ended_by__user",
        "answered_by__user",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead: what is wrong, how it is worked out, and what can be made of it."""
    return _show(request, _row(request, pk))


def _show(
    request: HttpRequest,
    row: Lead,
    *,
    status: int = 200,
    question: QuestionForm | None = None,
    reason: DismissForm | None = None,
) -> HttpResponse:
    initial = {"version": row.version}
    earlier = Lead.objects.visible_to(request.actor).filter(shown.of_key(row)).exclude(pk=row.pk)
    context = {
        "row": row,
        "sentence": shown.sentence(row),
        "facts": shown.measured(row),
        "sources": shown.sources(row, request.actor),
        "subject": shown.kind_name(row.subject_kind),
        "clock": deadlines.find(row, acts.ANSWER_RULE),
        "may": _may(row, request.actor),
        "question": question or QuestionForm(initial=initial, auto_id="ask_%s"),
        "reason": reason or DismissForm(initial=initial, auto_id="dismiss_%s"),
        "form": question or reason,
        "earlier": earlier.order_by("-pk")[:10],
        "story": shown.story(row, audit.history(row)[:50]),
    }
    return render(request, "institutions/lead.html", context, status=status)


def _may(row: Lead, actor: Membership) -> dict[str, bool]:
    """The acts whose forms are shown."""
    mine = row.is_waiting and actor.department_id == row.lead_id
    asked = row.status == Lead.Status.ASKED and row.answered_at is None
    return {
        "ask": mine and not asked and duties.ASK.held_by(actor),
        "dismiss": mine and duties.DISMISS_LEAD.held_by(actor),
        "find": mine and duties.ASK.held_by(actor),
    }


def _to_act_on(request: HttpRequest, pk: int, duty: Duty) -> Lead:
    """The lead, for somebody of its department with the duty; else `DutyMissing`."""
    row = _row(request, pk)
    require(request.actor, duty)
    if request.actor.department_id != row.lead_id:
        raise DutyMissing(duty)
    return row


@require_POST
@staff_only
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    row = _to_act_on(request, pk, duties.ASK)
    form = QuestionForm(request.POST, auto_id="ask_%s")
    if not form.is_valid():
        return _show(request, row, status=422, question=form)
    data = form.cleaned_data
    acts.ask(row, by=request.actor, question=data["question"], version=data["version"])
    messages.success(request, _("The institution was asked; its answer comes back here."))
    return redirect(row)


@require_POST
@staff_only
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    row = _to_act_on(request, pk, duties.DISMISS_LEAD)
    form = DismissForm(request.POST, auto_id="dismiss_%s")
    if not form.is_valid():
        return _show(request, row, status=422, reason=form)
    data = form.cleaned_data
    acts.dismiss(row, by=request.actor, reason=data["reason"], version=data["version"])
    messages.success(request, _("The lead is dismissed."))
    return redirect(row)


# --- every rule of one institution -------------------------------------------------------------


@require_safe
@staff_only
def of_institution(request: HttpRequest, pk: int) -> HttpResponse:
    """What each rule comes to today: broken, kept, or not to be told for want of a fact."""
    institution = get_object_or_404(Institution.objects.visible_to(request.actor), pk=pk)
    outcomes = checking.of_institution(institution.pk, institution.division_id[:6])
    held = Lead.objects.visible_to(request.actor).filter(institution=institution).holding()
    leads = {(row.code, row.subject_kind, row.subject_id): row for row in held}
    context = {
        "institution": institution,
        "groups": [(verdict.value, _lines(outcomes, verdict, leads)) for verdict in ORDER],
        "today": daylight.today(),
        "list_url": f"{reverse('leads')}?{urlencode({'institution': pk, 'whose': 'all'})}",
    }
    return render(request, "institutions/leads_of_institution.html", context)


def _lines(
    outcomes: list[Outcome], verdict: Verdict, leads: dict[tuple[str, str, int], Lead]
) -> list[dict[str, Any]]:
    """One line a rule; of the broken ones one a subject."""
    lines: dict[Any, dict[str, Any]] = {}
    for one in outcomes:
        if one.verdict is not verdict:
            continue
        key = one.rule.code, one.subject.kind, one.subject.pk
        broken = verdict is Verdict.BROKEN
        line = {
            "rule": one.rule.row,
            "text": wording.of_outcome(one, one.rule.row.message) if broken else _asked(one),
            "lead": leads.get(key),
            "kind": shown.kind_name(one.subject.kind),
        }
        lines.setdefault(key if broken else one.rule.code, line)
    return list(lines.values())


def _asked(outcome: Outcome) -> str:
    """What the rule measures."""
    limits = outcome.rule.limits
    if outcome.verdict is Verdict.UNKNOWN:
        limits = limits[outcome.part : outcome.part + 1] or limits
    return " · ".join(wording.input_name(limit.input) for limit in limits)
