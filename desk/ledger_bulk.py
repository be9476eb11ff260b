"""Acts on the rows picked in the ledger, with a result for each row."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk import ledger, ledger_orders
from desk.ledger_exports import picks_of
from desk.ledger_views import lasting
from governance.access import duty_only
from governance.errors import BadRequest
from inspections.duties import PLAN
from inspections.forms.planning import PlanEachForm
from inspections.services import bulk
from institutions.columns import display_name
from institutions.models import Institution

AT_ONCE = 200  # rows of one act
NAMED = 10  # rows named before the act


@require_POST
@duty_only(PLAN)
def plan(request: HttpRequest) -> HttpResponse:
    """Ask for the visit, then plan it for each row picked and say what became of each."""
    screen = ledger.screen(request)
    found = picked(request, screen)
    form = PlanEachForm(request.POST if request.POST.get("go") else None)
    context = {"query": lasting(request), "count": len(found), "form": form}
    if form.is_bound and form.is_valid():
        outcomes = planned(request, form, found)
        done = sum(outcome.inspection is not None for outcome, _name in outcomes)
        context |= {"outcomes": outcomes, "done": done, "refused": len(outcomes) - done}
        return render(request, "desk/ledger_planned.html", context)
    context |= {
        "names": [display_name(row) for row in found[:NAMED]],
        "picks": sent(request),
        "more": max(len(found) - NAMED, 0),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/ledger_plan.html", context, status=status)


def picked(request: HttpRequest, screen: ledger.Screen) -> list[dict[str, Any]]:
    """Key, name and number of the rows picked, exceptions left out; not of a past day."""
    picks = picks_of(request)
    if not picks:
        raise BadRequest(_("Pick rows of the ledger first."))
    if ledger.past_day(screen.conditions):
        raise BadRequest(_("This is the ledger of a past day; go back to today first."))
    rows, _words = ledger_orders.picked(screen.ordered(), picks)
    found = rows.values("institution_id", "name", "institution__number")
    chosen = list(found[: AT_ONCE + 1])
    if len(chosen) > AT_ONCE:
        words = _("Not more than %(count)s rows at once; pick fewer.")
        raise BadRequest(words % {"count": AT_ONCE})
    return chosen


def planned(
    request: HttpRequest, form: PlanEachForm, found: list[dict[str, Any]]
) -> list[tuple[bulk.Outcome, str]]:
    """What became of each row, in the order of the ledger, with its name."""
    keys = [row["institution_id"] for row in found]
    rows = Institution.objects.visible_to(request.actor).select_related("division")
    known = rows.in_bulk(keys)
    outcomes = bulk.plan_each(
        [known[key] for key in keys if key in known],
        by=request.actor,
        kind=form.cleaned_data["kind"],
        planned_for=form.cleaned_data["planned_for"],
        purpose=form.cleaned_data["purpose"],
    )
    names = {row["institution_id"]: display_name(row) for row in found}
    return [(outcome, names[outcome.institution.pk]) for outcome in outcomes]


def sent(request: HttpRequest) -> dict[str, str]:
    """The picks once more, as the next form sends them."""
    return {
        name: f"{',' if name == 'all_but' else ''}{','.join(keys)}"
        for name, keys in picks_of(request).items()
    }
