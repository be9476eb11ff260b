"""The working calendar and the deadline rules, for everybody to look up and try out."""

import datetime as dt

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance import calendars, daylight, deadlines, workdays
from governance.access import duty_only, staff_only
from governance.errors import TooLarge
from governance.models import CalendarNotice, DeadlineRule, DepartmentKind, Role, Unit
from governance.request import Request
from governance.scoping import Duty
from governance.sources import basis_words
from governance.workflow import Refused

KEEP = Duty(
    "calendar.keep",
    gettext_lazy("Keep the working calendar and the deadline rules"),
    frozenset({Role.SYSADMIN}),
)
MOST_BYTES = 200_000


class NoticeForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Notice of a year (CSV or JSON)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.json", "data-max-mb": "0.2"}),
    )


@staff_only
def calendar(request: Request) -> HttpResponse:
    """The rest days and make-up workdays of a year, and how many working days its months have."""
    year = _year(request.GET.get("year", ""))
    return _calendar_page(request, year, NoticeForm())


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() else daylight.today().year
    return min(max(year, workdays.FIRST_YEAR), workdays.LAST_YEAR)


def _calendar_page(
    request: Request, year: int, form: NoticeForm, status: int = 200
) -> HttpResponse:
    notice = CalendarNotice.objects.filter(year=year).first()
    context = {
        "year": year,
        "notice": notice,
        "days": _days(year),
        "months": _months(year),
        "whole": workdays.count_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)),
        "tabs": _year_tabs(year),
        "form": form if KEEP.held_by(request.actor) else None,
        "columns": ", ".join(calendars.COLUMNS),
    }
    return render(request, "governance/calendar.html", context, status=status)


def _days(year: int) -> list[dict]:
    """Every day of the year that is not what its weekday says, or has a holiday's name."""
    current = workdays.current()
    first = dt.date(year, 1, 1).toordinal()
    whole = map(dt.date.fromordinal, range(first, dt.date(year, 12, 31).toordinal() + 1))
    return [
        {"day": day, "name": current.holiday(day), "works": current.is_workday(day)}
        for day in whole
        if current.holiday(day) or current.is_workday(day) != (day.weekday() < workdays.SATURDAY)
    ]


def _months(year: int) -> list[tuple[int, int]]:
    ends = [dt.date(year - 1, 12, 31)]
    ends += [dt.date(year, month + 1, 1) - workdays.ONE_DAY for month in range(1, 12)]
    ends.append(dt.date(year, 12, 31))
    return [(month, workdays.count_between(ends[month - 1], ends[month])) for month in range(1, 13)]


def _year_tabs(chosen: int) -> list[dict]:
    years = set(CalendarNotice.objects.values_list("year", flat=True))
    years |= {daylight.today().year + 1, chosen}
    return [
        {"label": str(year), "url": f"?year={year}", "current": year == chosen}
        for year in sorted(years)
    ]


@require_POST
@duty_only(KEEP)
def import_notice(request: Request) -> HttpResponse:
    """Put the notice of a year in force; running clocks are worked out anew."""
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _calendar_page(request, daylight.today().year, form, status=422)
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        raise TooLarge(_("A notice has at most %(size)s KB.") % {"size": MOST_BYTES // 1_000})
    try:
        notice = calendars.read_notice(file.read(), file.name.lower())
    except calendars.BadNotice as error:
        form.add_error("file", str(error))
        return _calendar_page(request, daylight.today().year, form, status=422)
    done = calendars.import_notice(notice, by=request.actor)
    return redirect(f"/manage/calendar/?year={done.year}")


@staff_only
def rules(request: Request) -> HttpResponse:
    """Every rule in force today, searched by its words."""
    asked = request.GET.get("q", "").strip()
    rows = DeadlineRule.objects.in_force(daylight.today()).filter(county__in=_counties(request))
    if asked:
        rows = rows.filter(
            Q(name_zh__icontains=asked) | Q(name_en__icontains=asked) | Q(code__icontains=asked)
        )
    rows = rows.annotate(running=Count("clocks", filter=Q(clocks__status="running")))
    rows = rows.order_by("row_no", "code", "county")
    shown = [(rule, _term(rule), basis_words(rule.basis)) for rule in rows]
    context = {"rows": shown, "asked": asked}
    return render(request, "governance/rules.html", context)


def _counties(request: Request) -> list[str]:
    department = request.actor.department
    return ["", department.division_id[:6]] if department else [""]


def _term(rule: DeadlineRule) -> str:
    if rule.month_day:
        return rule.month_day
    unit = rule.get_unit_display()
    if rule.unit not in deadlines.COUNTED:
        return str(unit)
    usual = "" if rule.amount == rule.default_amount else f"{rule.default_amount}–"
    return f"{usual}{rule.amount} {unit}"


class TryForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Day of the event"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


@staff_only
def rule(request: Request, code: str) -> HttpResponse:
    """One rule with its versions, and a form to try a date."""
    versions = list(
        DeadlineRule.objects.filter(code=code, county__in=_counties(request))
        .annotate(running=Count("clocks", filter=Q(clocks__status="running")))
        .order_by("-county", "-valid_from")
    )
    if not versions:
        raise Http404
    form = TryForm(request.GET if "on" in request.GET else None)
    current = next((row for row in versions if _in_force(row)), versions[0])
    context = {
        "rule": current,
        "facts": _facts(current),
        "versions": versions,
        "form": form,
        "tried": _tried(current, form) if form.is_valid() else "",
        "may_keep": KEEP.held_by(request.actor),
    }
    return render(request, "governance/rule.html", context)


def _in_force(row: DeadlineRule) -> bool:
    today = daylight.today()
    return (row.valid_from or today) <= today <= (row.valid_to or today)


def _tried(row: DeadlineRule, form: TryForm) -> str:
    try:
        found = deadlines.reckon(row, form.cleaned_data["on"])
    except (Refused, OverflowError, ValueError) as error:
        return str(error)
    words = _("Last day: %(day)s.") % {"day": found.due_on.isoformat()}
    return _("%(words)s (provisional)") % {"words": words} if found.provisional else words


def _facts(row: DeadlineRule) -> list[dict]:
    none = _("None")
    return [
        {"label": _("Event"), "value": row.event},
        {"label": _("Term"), "value": _term(row)},
        {"label": _("When the last day is a rest day"), "value": row.get_rolls_display()},
        {"label": _("Longest extension"), "value": _extension(row) or none},
        {"label": _("Reminders before the due day"), "value": _listed(row.remind_before) or none},
        {"label": _("Escalations after it"), "value": _escalations(row) or none},
        {"label": _("Basis"), "value": basis_words(row.basis) or none},
        {"label": _("Remark"), "value": row.note or none},
    ]


def _extension(row: DeadlineRule) -> str:
    if row.capped_by:
        cap = DeadlineRule.objects.filter(code=row.capped_by).first()
        return _("within “%(rule)s”") % {"rule": cap.name if cap else row.capped_by}
    return f"{row.max_extension} {row.get_unit_display()}" if row.max_extension else ""


def _listed(numbers: list[int]) -> str:
    return " / ".join(map(str, numbers))


def _escalations(row: DeadlineRule) -> str:
    unit = Unit.WORKDAY if row.unit == Unit.WORKDAY else Unit.DAY
    return _("; ").join(
        _("%(count)s %(unit)s later: %(to)s")
        % {"count": count, "unit": unit.label, "to": _addressee(to)}
        for count, to in zip(row.escalate_after, row.escalate_to, strict=True)
    )


def _addressee(code: str) -> str:
    """A role of the department in charge, or a kind of department."""
    if code in Role.values:
        return str(Role(code).label)
    kind = DepartmentKind.objects.filter(code=code).first()
    if kind is None:
        return code
    return kind.name_en if (get_language() or "").startswith("en") else kind.name_zh


@require_POST
@duty_only(KEEP)
def set_reminders(request: Request, pk: int) -> HttpResponse:
    """Let a rule remind, or not; turning it on reaches only clocks that change afterwards."""
    row = DeadlineRule.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    act = deadlines.turn_reminders_on if "on" in request.POST else deadlines.turn_reminders_off
    act(row, by=request.actor)
    return redirect("rule", code=row.code)
