"""The compliance rules and guided prices under /manage/: thresholds of a county with their days."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance import daylight
from governance.access import duty_only, staff_only
from governance.sources import basis_words
from institutions.forms.leads import PriceForm, RuleForm
from institutions.leads import checking, prices, shown, table, versions, wording
from institutions.leads.duties import KEEP_RULES
from institutions.leads.rules import Limit, Rule
from institutions.models import ComplianceRule, GuidedPriceRow, Institution, Lead

PREVIEWED = 2_000  # institutions that a preview looks at


def county_of(request: HttpRequest) -> str:
    """The county of the actor's department."""
    department = request.actor.department
    return department.division_id[:6] if department else ""


@staff_only
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its thresholds in the county today."""
    county, asked = county_of(request), request.GET.get("q", "").strip()
    rows = [row for row in table.versions_of(county, daylight.today()) if _named(row, asked)]
    waiting = Count("pk", filter=Q(status__in=Lead.WAITING))
    counted = Lead.objects.visible_to(request.actor).order_by().values("code")
    numbers = dict(counted.annotate(number=waiting).values_list("code", "number"))
    context = {
        "rows": [(row, thresholds(row), numbers.get(row.code, 0)) for row in rows],
        "asked": asked,
        "may_keep": KEEP_RULES.held_by(request.actor),
    }
    return render(request, "institutions/rules.html", context)


def _named(row: ComplianceRule, asked: str) -> bool:
    words = f"{row.code} {row.name_zh} {row.name_en}".casefold()
    return asked.casefold() in words


def thresholds(row: ComplianceRule) -> str:
    """What each part asks for, in words."""
    limits = [Limit(**part) for part in row.parts]
    several = len(limits) > 1
    return _("; ").join(
        (f"{wording.input_name(limit.input)} " if several else "")
        + f"{shown.operator_name(limit)} {wording.threshold_said(limit)}"
        for limit in limits
    )


@staff_only
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: its versions, and a form to set it for the county with a preview of the effect."""
    county = county_of(request)
    current = next(
        (row for row in table.versions_of(county, daylight.today()) if row.code == code), None
    )
    if current is None:
        raise Http404
    may_keep = KEEP_RULES.held_by(request.actor)
    form = RuleForm(request.POST or None, rule=current, initial=_initial(current))
    impact = None
    if request.method == "POST":
        if not may_keep:
            versions.require(request.actor, KEEP_RULES)
        if form.is_valid() and "preview" in request.POST:
            impact = _impact(request, current, form)
        elif form.is_valid():
            return _set(request, current, form, county)
    context = {
        "rule": current,
        "facts": _facts(current),
        "versions": [(row, thresholds(row)) for row in versions.versions(code, county)],
        "form": form if may_keep else None,
        "impact": impact,
        "previewed": PREVIEWED,
    }
    status = 422 if request.method == "POST" and impact is None else 200
    return render(request, "institutions/rule.html", context, status=status)


def _initial(row: ComplianceRule) -> dict[str, Any]:
    return {
        "valid_from": daylight.today(),
        "enabled": row.enabled,
        "variants": "\n".join(row.variants),
    }


def _set(request: HttpRequest, row: ComplianceRule, form: RuleForm, county: str) -> HttpResponse:
    versions.set_threshold(
        row,
        by=request.actor,
        county=county,
        valid_from=form.cleaned_data["valid_from"],
        thresholds=form.thresholds(),
        variants=form.lines(),
        enabled=form.cleaned_data["enabled"],
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, _("The rule is set; the institutions are checked anew."))
    return redirect("compliance-rule", code=row.code)


def _impact(request: HttpRequest, row: ComplianceRule, form: RuleForm) -> dict[str, Counter]:
    """How many institutions in scope break, keep or cannot be held against the rule: as it is, and
    as it would be."""
    keys = Institution.objects.visible_to(request.actor).registered().order_by("pk")
    chosen = list(keys.values_list("pk", flat=True)[:PREVIEWED])
    now = table.at(table.from_row(row), county_of(request))
    changed = Rule(
        now.code, now.applies_to,
        tuple(
            Limit(limit.input, limit.operator, text, limit.unit)
            for limit, text in zip(now.limits, form.thresholds(), strict=True)
        ),
        tuple(table.variant(line) for line in form.lines()), row,
    )  # fmt: skip
    would = changed if form.cleaned_data["enabled"] else None
    return {
        "now": checking.impact(now, chosen) if row.enabled else Counter(),
        "then": checking.impact(would, chosen) if would else Counter(),
    }


def _facts(row: ComplianceRule) -> list[dict[str, Any]]:
    return [
        {"label": _("Thresholds today"), "value": thresholds(row)},
        {"label": _("Sentence of a lead"), "value": row.message},
        {"label": _("Basis"), "value": basis_words(row.basis)},
        {"label": _("Remark"), "value": row.variant_note or _("None")},
    ]


# --- guided prices -------------------------------------------------------------------------------


@staff_only
def guided_prices(request: HttpRequest) -> HttpResponse:
    """The bands of the county's guided prices, those in force first."""
    county, may_keep = county_of(request), KEEP_RULES.held_by(request.actor)
    form = PriceForm(request.POST or None, initial={"valid_from": daylight.today()})
    if request.method == "POST":
        versions.require(request.actor, KEEP_RULES)
        if form.is_valid():
            prices.set_price(county, by=request.actor, **form.cleaned_data)
            messages.success(request, _("The price is set."))
            return redirect("guided-prices")
    today = daylight.today()
    rows = GuidedPriceRow.objects.filter(county=county)
    context = {
        "current": rows.in_force(today),
        "past": rows.filter(valid_to__lt=today).order_by("-valid_to"),
        "coming": rows.filter(valid_from__gt=today),
        "form": form if may_keep else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "institutions/guided_prices.html", context, status=status)


@require_POST
@duty_only(KEEP_RULES)
def end_price(request: HttpRequest, pk: int) -> HttpResponse:
    """The band ends today; tomorrow no price of it is held against it."""
    row = get_object_or_404(GuidedPriceRow.objects.filter(county=county_of(request)), pk=pk)
    prices.end_price(row, by=request.actor)
    messages.success(request, _("The price ends today."))
    return redirect("guided-prices")
