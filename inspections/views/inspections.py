"""Staff pages of inspections: list, plan, one inspection with everything on it."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.access import staff_only
from governance.labels import label
from governance.models import Membership
from governance.scoping import DutyMissing
from inspections import crew, duties, history, places, related, services
from inspections.exports import InspectionExport, counted
from inspections.filters import InspectionFilter
from inspections.forms.planning import InspectionSearch, PeopleForm, PlanForm, ReasonForm
from inspections.forms.rectification import NoticeForm
from inspections.models import (
    Finding,
    Inspection,
    InspectionPhoto,
    RectificationTask,
)
from inspections.services.planning import checklist_for
from inspections.views.lists import by_item, page_of, photos_of, posted
from institutions.models import Institution, InstitutionPeriod

Status = Inspection.Status


@require_safe
@staff_only
def inspections(request: HttpRequest) -> HttpResponse:
    """The list; every condition is in the address."""
    form = InspectionFilter(request.GET, actor=request.actor)
    rows = with_facts(form.rows(request.GET.get("sort", "")), request.actor)
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tabs": _tabs(form, request),
        "may_plan": duties.PLAN.held_by(request.actor),
        "may_inspect": duties.INSPECT.held_by(request.actor),
        "sentence": form.sentence(),
    }
    return render(request, "inspections/inspections.html", context)


def with_facts(rows: Any, actor: Membership) -> Any:
    """What a line of the list shows, in a fixed number of statements."""
    return (
        rows.select_related("institution", "division", "lead")
        .prefetch_related("institution__periods", related.officers())
        .annotate(found=counted(actor), unresolved=counted(actor, status=Finding.Status.OPEN))
    )


def _tabs(form: InspectionFilter, request: HttpRequest) -> list[dict[str, Any]]:
    chosen = form.asked().get("queue", "")
    offered = [("", _("All")), ("mine", _("Mine")), ("assign", _("To assign"))]
    offered += [("notices", _("To issue")), ("late", _("Late"))]
    return [
        {
            "label": words,
            "url": f"?queue={code}" if code else reverse("inspections"),
            "current": code == chosen,
        }
        for code, words in offered
    ]


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list, as a workbook or CSV."""
    form = InspectionFilter(request.GET, actor=request.actor)
    rows = form.rows(request.GET.get("sort", ""))
    made = InspectionExport(request.actor, filters=form.sentence(), chosen=rows)
    return made.response(request.GET.get("as", "xlsx"))


# --- planning --------------------------------------------------------------------------------


@staff_only
def plan(request: HttpRequest) -> HttpResponse:
    """Choose the institution, then the visit."""
    if not duties.PLAN.held_by(request.actor):
        raise DutyMissing(duties.PLAN)
    pk = request.GET.get("institution", "")
    if not pk.isdecimal():
        return _choose(request)
    rows = Institution.objects.visible_to(request.actor)
    return _plan(request, get_object_or_404(rows, pk=pk))


def _choose(request: HttpRequest) -> HttpResponse:
    form = InspectionSearch(request.GET or None)
    found = search(request.actor, request.GET.get("q", ""))
    return render(request, "inspections/choose.html", {"form": form, "found": found})


def search(actor: Membership, term: str) -> list[InstitutionPeriod]:
    """Up to thirty institutions in scope by name, initials, code or number."""
    term = term.strip()
    if not term:
        return []
    called = Q(name__contains=term) | Q(institution__number=term.upper())
    if term.isascii():
        called |= Q(initials__contains=term.lower()) | Q(
            institution__credit_code__startswith=term.upper()
        )
    rows = (
        InstitutionPeriod.objects.visible_to(actor)
        .on()
        .filter(called, institution__voided_at=None, institution__merged_into=None)
    )
    return list(rows.select_related("institution", "township").order_by("name_key")[:30])


def _plan(request: HttpRequest, institution: Institution) -> HttpResponse:
    checklist = checklist_for(institution.division)
    form = PlanForm(posted(request), institution=institution, checklist=checklist)
    if request.method == "POST" and form.is_valid():
        row = _planned(form, institution, request.actor)
        messages.success(request, _("%(number)s is planned.") % {"number": row.number})
        return redirect(row)
    context = {"form": form, "institution": institution, "needed": _needed()}
    status = 422 if form.is_bound else 200
    return render(request, "inspections/plan.html", context, status=status)


def _planned(form: PlanForm, institution: Institution, actor: Membership) -> Inspection:
    data = form.cleaned_data
    return services.plan(
        institution,
        by=actor,
        kind=data["kind"],
        planned_for=data["planned_for"],
        purpose=data["purpose"],
        sections=data["sections"],
        site=data.get("site"),
        officers=form.chosen(),
        leader=form.chosen_leader(),
    )


def _needed() -> list[dict[str, Any]]:
    """How many people and cards each kind needs, in words."""
    return [
        {"kind": label("Inspection.kind", kind), "people": needed.people, "cards": needed.cards}
        for kind, needed in crew.NEEDED.items()
    ]


# --- one inspection --------------------------------------------------------------------------


def _row(request: HttpRequest, pk: int) -> Any:
    rows = (
        Inspection.objects.visible_to(request.actor)
        .select_related("institution", "division", "lead", "checklist", "signed_by__user", "site")
        .prefetch_related("institution__periods", related.officers())
    )
    rows = rows.saying_whether_editable(request.actor)
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(request: HttpRequest, row: Any, *, status: int = 200, **forms: Any) -> HttpResponse:
    answers = list(row.answers.select_related("item"))
    pictures = photos_of(row)
    photos, far = by_item(pictures), places.distance(row)
    context = {
        "row": row,
        "officers": row.officers.all(),
        "sections": _sections(row, answers, photos),
        "observations": [
            {"answer": answer, "photos": photos.get(answer.uuid, [])}
            for answer in answers
            if not answer.item
        ],
        "photos": photos.get(None, []),
        "signatures": [one for one in pictures if one.role != InspectionPhoto.Role.PHOTO],
        "findings": _findings(row, request.actor),
        "gaps": [label("Inspection.evidence_gap", code) for code in row.evidence_gaps],
        "steps": _steps(row),
        "distance": far,
        "is_far": far is not None and far > places.FAR,
        "history": history.entries(row),
        **_offers(row, request.actor),
        **forms,
    }
    return render(request, "inspections/inspection.html", context, status=status)


def _sections(row: Inspection, answers: list[Any], photos: dict) -> list[dict[str, Any]]:
    given = {answer.item_id: answer for answer in answers if answer.item_id}
    return [
        {
            "name": f"{section.code} {section.name}",
            "rows": [
                {"item": item, "answer": given.get(item.pk), "photos": photos.get(item.pk, [])}
                for item in section.items
            ],
            "noes": sum(given[item.pk].value == "NO" for item in section.items if item.pk in given),
            "answered": sum(item.pk in given for item in section.items),
        }
        for section in row.checklist.sections(row.sections)
    ]


def _findings(row: Inspection, actor: Membership) -> list[Finding]:
    """The findings in scope, each with those of its tasks that are in scope too."""
    rows = Finding.objects.visible_to(actor).filter(inspection=row)
    tasks = RectificationTask.objects.visible_to(actor).prefetch_related(related.clocks())
    rows = rows.select_related("lead", "item", "inspection").order_by("pk")
    return list(rows.prefetch_related(Prefetch("tasks", tasks, to_attr="seen_tasks")))


def _steps(row: Inspection) -> list[dict[str, Any]]:
    path = [Status.PLANNED, Status.ASSIGNED, Status.IN_PROGRESS, Status.SIGNED]
    path += [Status.PENDING_CLOSURE, Status.CLOSED]
    if row.status == Status.CANCELLED:
        return [{"label": label("Inspection.status", row.status), "state": "bad"}]
    now = path.index(Status(row.status))
    return [
        {
            "label": label("Inspection.status", step),
            "state": "done"
            if place < now or row.status == Status.CLOSED
            else "current"
            if place == now
            else "todo",
        }
        for place, step in enumerate(path)
    ]


def _offers(row: Any, actor: Membership) -> dict[str, Any]:
    """Which acts this actor may do here."""
    planner = row.is_editable and duties.PLAN.held_by(actor)
    named = any(officer.membership.user_id == actor.user_id for officer in row.officers.all())
    return {
        "may_assign": planner and row.status in (Status.PLANNED, Status.ASSIGNED),
        "may_cancel": planner and bool({Status.CANCELLED} & row.TRANSITIONS.get(row.status, set())),
        "may_inspect": named and row.is_open_for_record,
        "may_issue": duties.ISSUE.held_by(actor) and bool(_to_issue(row, actor)),
        "reason_form": ReasonForm(initial={"version": row.version}),
    }


def _editable(request: HttpRequest, pk: int) -> Inspection:
    return get_object_or_404(Inspection.objects.editable_by(request.actor), pk=pk)


@staff_only
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who goes."""
    row = _editable(request, pk)
    people = list(row.officers.values_list("membership_id", "is_leader"))
    initial = {
        "officers": [pk for pk, _leads in people],
        "leader": next((pk for pk, leads in people if leads), ""),
        "version": row.version,
    }
    form = PeopleForm(posted(request), division=row.division, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.assign(
            row, officers=form.chosen(), leader=form.chosen_leader(), by=request.actor,
            version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(request, _("The officers have been told."))
        return redirect(row)
    context = {"form": form, "row": row, "needed": crew.NEEDED[row.kind]}
    return render(request, "inspections/assign.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_only
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = _editable(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, _row(request, pk), status=422, reason_form=form)
    data = form.cleaned_data
    services.cancel(row, by=request.actor, reason=data["reason"], version=data["version"])
    messages.success(request, _("The inspection is called off."))
    return redirect(row)


# --- notices ---------------------------------------------------------------------------------


def _to_issue(row: Inspection, actor: Membership) -> list[Finding]:
    rows = Finding.objects.editable_by(actor).filter(inspection=row, lead=actor.department)
    rows = rows.filter(dismissal_proposed_by=None).awaiting_notice()
    return list(rows.select_related("item", "inspection", "institution", "lead").order_by("pk"))


@staff_only
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the order for the findings of my department."""
    row = _row(request, pk)
    findings = _to_issue(row, request.actor)
    if not findings:
        messages.info(request, _("No finding of your department waits for a notice here."))
        return redirect(row)
    form = NoticeForm(posted(request), findings=findings)
    if request.method == "POST" and form.is_valid():
        return _issued(request, form)
    context = {"form": form, "row": row}
    return render(
        request, "inspections/notices.html", context, status=422 if form.is_bound else 200
    )


def _issued(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    data = form.cleaned_data
    tasks = services.issue(
        form.taken(), by=request.actor, mode=data["mode"], term=data["term"],
        requirements=form.requirements(),
    )  # fmt: skip
    papers = len({task.paper_id for task in tasks})
    if tasks[0].needs_approval:
        messages.success(request, _("The notice waits for your leader."))
    elif papers == 1:
        messages.success(request, _("The notice is issued. The term runs from its service."))
    else:
        text = _("%(number)d notices are issued. Each term runs from the service of its notice.")
        messages.success(request, text % {"number": papers})
        return redirect(tasks[0].finding.inspection)
    return redirect(tasks[0])
