"""Records that may be one body: the list, a pair side by side, and what is decided about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from desk import duplicates
from desk.duplicates import OTHER, SIDES, SideBySide, sides_of
from governance import labels
from governance.access import staff_only
from governance.errors import BadRequest
from governance.models import Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from institutions import services
from institutions.duties import CHANGE_OWN, WEED, to_change
from institutions.forms import ReasonForm
from institutions.forms.fields import townships_of
from institutions.models import DuplicatePair, Institution, InstitutionMerge
from institutions.services.merging import IDENTITY_FACTS
from institutions.services.periods import FACTS

PAGE = 50
STATUSES = DuplicatePair.Status


class PairFilter(forms.Form):
    """Conditions of the list, in its address."""

    q = forms.CharField(label=gettext_lazy("Name or number"), required=False, max_length=60)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False, choices=[])
    township = forms.ModelChoiceField(
        label=gettext_lazy("Township"), queryset=None, required=False, to_field_name="code"
    )

    def __init__(self, *args: Any, actor: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = labels.choices("DuplicatePair.reason")
        self.fields["reason"].choices = [("", gettext_lazy("All")), *reasons]
        self.fields["township"].queryset = townships_of(actor)
        self.fields["township"].empty_label = gettext_lazy("All")

    def condition(self) -> Q:
        """What the rows must meet; nothing that was mistyped narrows them."""
        data = self.cleaned_data if self.is_valid() else {}
        found = Q()
        if term := " ".join((data.get("q") or "").split()):
            found &= _either(periods__name__contains=term) | _either(number=term)
        if data.get("reason"):
            found &= Q(reasons__contains=[{"code": data["reason"]}])
        if data.get("township"):
            found &= _either(division=data["township"])
        return found


def _either(**lookups: Any) -> Q:
    """One of the two records meets it."""
    found = Q()
    for side in SIDES:
        found |= Q(**{f"{side}__{name}": value for name, value in lookups.items()})
    return found


@require_safe
@staff_only
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs in scope: those to decide, and what was decided about the others."""
    status = request.GET.get("status", STATUSES.OPEN)
    if status not in STATUSES.values:
        raise BadRequest(_("There is no such list."))
    form = PairFilter(request.GET, actor=request.actor)
    rows = _of_status(request, status).filter(form.condition()).distinct()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(pair, list(duplicates.told_reasons(pair))) for pair in page],
        "status": status,
        "tabs": _tabs(request, status),
        "asked": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "desk/duplicate_pairs.html", context)


def _of_status(request: HttpRequest, status: str) -> Any:
    rows = DuplicatePair.objects.visible_to(request.actor).with_names()
    if status == STATUSES.OPEN:
        return rows.open().by_score()
    return rows.filter(status=status).order_by("-decided_at", "-pk")


def _tabs(request: HttpRequest, status: str) -> list[dict[str, Any]]:
    rows = DuplicatePair.objects.visible_to(request.actor)
    decided = dict(rows.values_list("status").annotate(number=Count("pk")))
    numbers = decided | {STATUSES.OPEN: rows.open().count()}
    return [
        {
            "label": labels.label("DuplicatePair.status", value),
            "url": f"{reverse('duplicate-pairs')}?status={value}",
            "current": value == status,
            "count": numbers.get(value, 0),
        }
        for value in STATUSES.values
    ]


@require_safe
@staff_only
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Both records side by side, and the acts."""
    return _shown(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> DuplicatePair:
    rows = DuplicatePair.objects.visible_to(request.actor).with_names()
    return get_object_or_404(rows, pk=pk)


def _shown(
    request: HttpRequest, row: DuplicatePair, status: int = 200, refusal: str = ""
) -> HttpResponse:
    both = SideBySide(request.actor, row, request.POST)
    mine = WEED.held_by(request.actor) and both.first.institution.may_change
    merge = row.merges.filter(undone_at=None).first()
    context = {
        "pair": row,
        "both": both,
        "merge": merge,
        "may": bool(mine and both.second.institution.may_change),
        "refusal": refusal,
        "sent": request.POST,
        "reason": request.POST.get("reason") or duplicates.in_one_line(row),
        "next": _next(request, row),
    }
    return render(request, "desk/duplicate_pair.html", context, status=status)


def _next(request: HttpRequest, row: DuplicatePair) -> DuplicatePair | None:
    """The one to look at after this one."""
    rows = DuplicatePair.objects.visible_to(request.actor).open().by_score()
    after = Q(score__lt=row.score) | Q(score=row.score, pk__gt=row.pk)
    return rows.filter(after).first()


# --- acts ---------------------------------------------------------------------------------------


def _act(request: HttpRequest, pk: int, act: Callable[[DuplicatePair], str | None]) -> HttpResponse:
    """Do it and go where it says, else to the next pair; a refusal shows this one and why."""
    row = _visible(request, pk)
    require(request.actor, WEED)
    if not DuplicatePair.objects.editable_by(request.actor).filter(pk=pk).exists():
        raise DutyMissing(CHANGE_OWN)
    try:
        address = act(row)
    except Refused as refusal:
        return _shown(request, _visible(request, pk), 409, str(refusal))
    following = _next(request, row)
    return redirect(address or following or reverse("duplicate-pairs"))


@require_POST
@staff_only
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the two: which record stays, and of each fact whose value."""

    def act(row: DuplicatePair) -> str:
        keep = _side(request, "keep")
        stays, goes = sides_of(row, keep)
        both = SideBySide(request.actor, row)
        taken = [
            name
            for name in (*FACTS, *IDENTITY_FACTS)
            if request.POST.get(f"fact-{name}") == OTHER[keep]
        ]
        services.merge(
            goes, stays, by=request.actor, reason=request.POST.get("reason", ""),
            version=_number(request, f"version-{OTHER[keep]}"),
            into_version=_number(request, f"version-{keep}"),
            take=taken, aside=both.aside(request.POST.getlist("aside"), OTHER[keep]),
        )  # fmt: skip
        words = {"goes": goes.number, "stays": stays.number}
        messages.success(request, _("%(goes)s is now part of %(stays)s.") % words)
        return stays.get_absolute_url()

    return _act(request, pk, act)


@require_POST
@staff_only
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """One body registered twice: the one is flagged as the second registration of the other."""

    def act(row: DuplicatePair) -> None:
        original, second = sides_of(row, OTHER[_side(request, "second")])
        services.mark_duplicate(
            second, original, by=request.actor, reason=request.POST.get("reason", ""),
        )  # fmt: skip
        words = {"second": second.number, "original": original.number}
        messages.success(
            request, _("%(second)s is flagged as second registration of %(original)s.") % words
        )

    return _act(request, pk, act)


@require_POST
@staff_only
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two bodies."""

    def act(row: DuplicatePair) -> None:
        services.tell_apart(
            row, by=request.actor, reason=request.POST.get("difference", ""),
            version=_number(request, "version"),
        )  # fmt: skip
        messages.success(request, _("Remembered. They come up again only when their facts change."))

    return _act(request, pk, act)


@require_POST
@staff_only
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that were told apart are open to question once more."""

    def act(row: DuplicatePair) -> str:
        services.look_again(
            row, by=request.actor, reason=request.POST.get("difference", ""),
            version=_number(request, "version"),
        )  # fmt: skip
        return row.get_absolute_url()

    return _act(request, pk, act)


@staff_only
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two records of one again."""
    row = get_object_or_404(
        InstitutionMerge.objects.visible_to(request.actor).select_related("kept", "merged"), pk=pk
    )
    for key in (row.kept_id, row.merged_id):
        to_change(Institution, request.actor, WEED, pk=key)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.undo_merge(row, by=request.actor, **form.cleaned_data)
                messages.success(request, _("They are two records again."))
                return redirect(row.pair or row.merged)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
    context = {
        "heading": _("Undo the joining of two records"),
        "text": _("Both records stand in the register again, each with the facts it had."),
        "facts": _facts_of(row),
        "form": form,
        "submit": _("Undo"),
        "danger": True,
        "back_url": row.kept.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _facts_of(row: InstitutionMerge) -> list[dict[str, Any]]:
    taken = [str(duplicates.word(name)) for name in row.taken]
    return [
        {"label": _("Record that stayed"), "value": f"{row.kept} ({row.kept.number})"},
        {"label": _("Record that went"), "value": f"{row.merged} ({row.merged.number})"},
        {"label": _("Joined by"), "value": f"{row.merged_by}, {row.merged_at:%Y-%m-%d}"},
        {"label": _("Why they were joined"), "value": row.reason},
        {"label": _("Facts taken over"), "value": "、".join(taken) or _("none")},
    ]


def _side(request: HttpRequest, name: str) -> str:
    side = request.POST.get(name, "")
    if side not in SIDES:
        raise BadRequest(_("Choose one of the two records."))
    return side


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else None
