"""One rectification task: its story, and the acts that lead on."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance import daylight, deadlines
from governance.access import staff_only
from governance.labels import label
from governance.models import Membership
from governance.sniffing import PHOTO_BYTES
from governance.uploads import upload_limit
from inspections import acts, history, related, services
from inspections.forms import rectification as task_forms
from inspections.forms.fields import MOST_PHOTOS
from inspections.models import RectificationTask
from inspections.models.rectification import MAX_RULE
from inspections.services.notices import same_notice
from inspections.views.findings import photos_of
from inspections.views.lists import pictures

Status = RectificationTask.Status


def _row(request: HttpRequest, pk: int) -> RectificationTask:
    rows = RectificationTask.objects.visible_to(request.actor).select_related(
        "institution", "division", "lead", "finding__item", "finding__inspection", "paper",
        "created_by__user", "approved_by__user", "served_by__user", "closed_by__user",
    )  # fmt: skip
    rows = rows.prefetch_related(
        related.clocks(), "clocks__events", related.extensions(), "institution__periods"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def task(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _show(
    request: HttpRequest,
    row: RectificationTask,
    *,
    status: int = 200,
    act: str = "",
    form: forms.Form | None = None,
) -> HttpResponse:
    told = story(row)  # first: what hands are in it is read with it
    offered = acts.of_task(row, request.actor)
    context = told | {
        "before": pictures(photos_of(row.finding)),
        "acts": [
            {
                "act": offer,
                "form": form if offer.code == act else _blank(offer.code, row, request.actor),
                "open": offer.code == act or (not act and place == 0 and _leads_on(offer, row)),
                "url": reverse(f"task_{offer.code}", args=[row.pk]),
            }
            for place, offer in enumerate(offered)
        ],
        "form": form,
        "together": _served_together(row),
        "waiting": next((one for one in row.extensions.all() if one.status == "pending"), None),
        "history": history.entries(row),
    }
    return render(request, "inspections/task.html", context, status=status)


def _served_together(row: RectificationTask) -> list[RectificationTask]:
    """The other tasks on the same notice; asked for while it waits to be served."""
    if row.status != Status.ISSUED:
        return []
    return [other for other in same_notice(row) if other.pk != row.pk]


def _leads_on(offer: acts.Act, row: RectificationTask) -> bool:
    """The next step stands open; pressing does once the term has run out."""
    if offer.code == "press":
        return row.clock is not None and row.clock.due_on < daylight.today()
    return offer.code not in ("transfer", "end")


def story(row: RectificationTask) -> dict[str, Any]:
    """What staff and institution both read about a task."""
    prefetch_related_objects([row], *related.proofs_and_rechecks())
    clock, proofs = row.clock, list(row.proofs.all())
    return {
        "row": row,
        "clock": clock,
        "explained": deadlines.explain(clock) if clock else [],
        "whole": next((c for c in row.clocks.all() if c.is_open and c.code == MAX_RULE), None),
        "steps": steps(row),
        "proofs": proofs,
        "rechecks": row.rechecks.all(),
        "extensions": row.extensions.all(),
        "after": [file for file in proofs[-1].attachments.all() if file.is_picture]
        if proofs
        else [],
    }


def steps(row: RectificationTask) -> list[dict[str, Any]]:
    """The step bar; a superseded task ends in a red step."""
    path = [Status.ISSUED, Status.SERVED, Status.SUBMITTED, Status.RECHECKED, Status.CLOSED]
    words = {
        Status.ISSUED: _("Issued"), Status.SERVED: _("Served"), Status.SUBMITTED: _("Proof"),
        Status.RECHECKED: _("Re-check"), Status.CLOSED: _("Close-out"),
    }  # fmt: skip
    over = row.status == Status.SUPERSEDED
    now = 0 if over else path.index(Status(row.status))
    found = [
        {
            "label": words[step],
            "state": _state(place, now, row),
            "on": row.served_on if step == Status.SERVED else None,
            "note": _round_note(row) if step == Status.SUBMITTED else "",
        }
        for place, step in enumerate(path)
    ]
    return found if not over else [_ended_step(row)]


def _state(place: int, now: int, row: RectificationTask) -> str:
    if place <= now:
        return "done"
    return "current" if place == now + 1 and not row.is_over else "todo"


def _round_note(row: RectificationTask) -> str:
    return _("round %(round)d") % {"round": row.round} if row.round > 1 else ""


def _ended_step(row: RectificationTask) -> dict[str, Any]:
    word = label("RectificationTask.superseded_for", row.superseded_for)
    return {"label": word, "state": "bad", "note": row.supersede_reason}


def _blank(code: str, row: RectificationTask, actor: Membership) -> forms.Form:
    """The form of an act before anything was typed."""
    version = {"version": row.version}
    made: dict[str, Callable[[], forms.Form]] = {
        "serve": lambda: task_forms.ServeForm(initial=version),
        "prove": lambda: task_forms.ProofForm(initial=version | proof_initial(row)),
        "extend": task_forms.ExtensionForm,
        "decide": task_forms.DecisionForm,
        "recheck": lambda: task_forms.RecheckForm(initial=version, task=row, actor=actor),
        "press": task_forms.PressForm,
        "end": lambda: task_forms.EndForm(initial=version),
        "transfer": lambda: task_forms.TransferForm(initial=version, task=row),
    }
    form = made.get(code, lambda: task_forms.NoteForm(initial=version))()
    form.auto_id = f"{code}_%s"  # several forms stand on one page
    return form


def proof_initial(row: RectificationTask) -> dict[str, Any]:
    """The assurances already written down, and the name of this proof."""
    fields = {name: getattr(row, name) for name in task_forms.ProofForm.ASSURANCES}
    return fields | {"uuid": uuids.uuid4()}


# --- the acts --------------------------------------------------------------------------------

Done = Callable[[RectificationTask, Any], str]


def _act(request: HttpRequest, pk: int, code: str, made: forms.Form, do: Done) -> HttpResponse:
    """Check the form, do the act, say so; a wrong form shows the task with its messages."""
    row = _row(request, pk)
    made.auto_id = f"{code}_%s"
    if not made.is_valid():
        return _show(request, row, status=422, act=code, form=made)
    messages.success(request, do(row, made.cleaned_data))
    return redirect(row)


@require_POST
@staff_only
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.approve(row, by=request.actor, version=data["version"])
        return _("The suspension is approved; the notice has its number.")

    return _act(request, pk, "approve", task_forms.NoteForm(request.POST), do)


@require_POST
@staff_only
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the notice: every task on the same paper."""

    def do(row: RectificationTask, data: dict) -> str:
        services.serve(
            same_notice(row), by=request.actor, on=data["on"], way=data["way"], note=data["note"]
        )
        return _("The service is recorded; the term runs.")

    return _act(request, pk, "serve", task_forms.ServeForm(request.POST), do)


@require_POST
@staff_only
@upload_limit(PHOTO_BYTES, MOST_PHOTOS)
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """The township hands in proof for the institution."""

    def do(row: RectificationTask, data: dict) -> str:
        hand_in(row, form, request.actor)
        return _("The proof is handed in.")

    form = task_forms.ProofForm(request.POST, request.FILES)
    return _act(request, pk, "prove", form, do)


def hand_in(row: RectificationTask, form: task_forms.ProofForm, by: Membership) -> None:
    """The act behind the proof forms of staff and institution."""
    data = form.cleaned_data
    services.submit_proof(
        row, by=by, statement=data["statement"], photos=data["photos"], uuid=data["uuid"],
        version=data["version"], **form.assurances(),
    )  # fmt: skip


@require_POST
@staff_only
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.ask_extension(row, by=request.actor, days=data["days"], reason=data["reason"])
        return _("The request waits for the leader.")

    return _act(request, pk, "extend", task_forms.ExtensionForm(request.POST), do)


@require_POST
@staff_only
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        asked = get_object_or_404(row.extensions, status="pending")
        if data["decision"] == "grant":
            services.grant_extension(asked, by=request.actor, note=data["note"])
            return _("More time is granted.")
        services.refuse_extension(asked, by=request.actor, note=data["note"])
        return _("The request is refused.")

    return _act(request, pk, "decide", task_forms.DecisionForm(request.POST), do)


@require_POST
@staff_only
@upload_limit(PHOTO_BYTES, MOST_PHOTOS)
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        passed = data["result"] == "passed"
        services.recheck(
            row, by=request.actor, passed=passed, note=data["note"], companion=form.chosen(),
            photos=data["photos"], version=data["version"],
        )  # fmt: skip
        if passed:
            return _("The re-check is recorded; the task waits for close-out.")
        return _("The task went back for another round.")

    row = _row(request, pk)
    form = task_forms.RecheckForm(request.POST, request.FILES, task=row, actor=request.actor)
    return _act(request, pk, "recheck", form, do)


@require_POST
@staff_only
def close(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.close_out(row, by=request.actor, note=data["note"], version=data["version"])
        return _("The task is closed out.")

    return _act(request, pk, "close", task_forms.NoteForm(request.POST), do)


@require_POST
@staff_only
def press(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.press(row, by=request.actor, text=data["text"])
        return _("Pressed; everybody in charge has been told.")

    return _act(request, pk, "press", task_forms.PressForm(request.POST), do)


@require_POST
@staff_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.supersede(
            row, by=request.actor, why=data["why"], reason=data["reason"], version=data["version"]
        )
        return _("The task has ended.")

    return _act(request, pk, "end", task_forms.EndForm(request.POST), do)


@require_POST
@staff_only
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: RectificationTask, data: dict) -> str:
        services.transfer(
            row, to=data["to"], by=request.actor, reason=data["reason"], version=data["version"]
        )
        return _("The finding was handed over.")

    row = _row(request, pk)
    return _act(request, pk, "transfer", task_forms.TransferForm(request.POST, task=row), do)
