"""Pages of the lists for staff: the register, one entry with its steps, publishing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance import attachments, audit, daylight, sniffing
from governance.access import staff_only
from governance.models import Attachment
from governance.scoping import COUNTY_DIGITS, Duty, DutyMissing, require
from governance.uploads import upload_limit
from institutions.models import Institution
from publiclists import duties, entry_page, public_pages, queues, services, tasks, words
from publiclists.acts import BY_CODE, offers
from publiclists.exports import ListEntries
from publiclists.forms import (
    EvidenceForm,
    FileForm,
    FilterForm,
    FindForm,
    ProposeForm,
    PublishForm,
    RevealForm,
    ReviewForm,
)
from publiclists.models import SLUGS, Kind, ListEntry, ListEntryQuerySet, Publication, Status
from publiclists.services.publishing import draft, public_text

SIZES = (50, 100, 200)
SORTS = {"number", "proposed_on", "decided_on", "ends_on", "status"}


def _posted(request: HttpRequest) -> Any:
    """The form data of a POST, also when every field of it is empty; None for a GET."""
    return request.POST if request.method == "POST" else None


# --- the register --------------------------------------------------------------------------------


@require_safe
@staff_only
def lists(request: HttpRequest) -> HttpResponse:
    """Entries in scope with filters in the address; the same rows as a file with `?export=`."""
    form = FilterForm(request.GET)
    rows = _sorted(_filtered(request, form), request.GET.get("sort", ""))
    if request.GET.get("export"):
        export = ListEntries(request.actor, rows, filters=_sentence(form))
        return export.response(request.GET["export"])
    page = Paginator(rows, _size(request)).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "tabs": _tabs(request),
        "may_propose": duties.PROPOSE.held_by(request.actor),
        "may_publish": duties.PUBLISH.held_by(request.actor),
        "slugs": SLUGS,
    }
    return render(request, "publiclists/lists.html", context)


def _filtered(request: HttpRequest, form: FilterForm) -> ListEntryQuerySet:
    rows = ListEntry.objects.visible_to(request.actor).with_names()
    if not form.is_valid():
        return rows
    data = form.cleaned_data
    if data["queue"] in queues.QUEUES:
        mine = ListEntry.objects.editable_by(request.actor).with_names()
        rows = queues.waiting(mine, data["queue"], request.actor)
    for name in ("kind", "status"):
        if data[name]:
            rows = rows.filter(**{name: data[name]})
    if data["q"]:
        name = Q(institution__periods__during__contains=daylight.today())
        name &= Q(institution__periods__name__contains=data["q"])
        rows = rows.filter(Q(number__icontains=data["q"]) | name)
    return rows


def _sorted(rows: ListEntryQuerySet, sort: str) -> ListEntryQuerySet:
    order = sort if sort.removeprefix("-") in SORTS else "-proposed_on"
    return rows.order_by(order, "-pk")


def _size(request: HttpRequest) -> int:
    size = request.GET.get("size", "")
    return int(size) if size.isdecimal() and int(size) in SIZES else SIZES[0]


def _sentence(form: FilterForm) -> str:
    """The filter as it is written into an export."""
    shown = [field for field in form.visible_fields() if form.data.get(field.name)]
    return "；".join(f"{field.label}：{_word(field)}" for field in shown)


def _word(field: Any) -> str:
    value = field.data
    return str(dict(getattr(field.field, "choices", [])).get(value, value))


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    rows = ListEntry.objects.visible_to(request.actor)
    kind = request.GET.get("kind", "")
    numbers = dict(rows.order_by().values_list("kind").annotate(number=Count("pk")))
    everything = sum(numbers.values())
    tabs = [{"label": _("All lists"), "url": "?", "current": not kind, "count": everything}]
    for one in Kind:
        tab = {"label": words.kind(one), "url": f"?kind={one}", "current": kind == one}
        tabs.append(tab | {"count": numbers.get(one, 0)})
    return tabs


# --- proposing -----------------------------------------------------------------------------------


@staff_only
def propose(request: HttpRequest) -> HttpResponse:
    """Choose the institution, then grounds and facts."""
    require(request.actor, duties.PROPOSE)
    kind = SLUGS.get(request.GET.get("kind", "white").lower(), Kind.WHITE)
    institution, choices, finder = _chosen_institution(request)
    if institution is None:
        context = {"finder": finder, "choices": choices, "kind": kind, "kinds": list(Kind)}
        return render(request, "publiclists/propose_find.html", context)
    form = ProposeForm(_posted(request), institution=institution, kind=kind)
    if request.method == "POST" and form.is_valid():
        entry = services.propose(institution, kind, by=request.actor, **form.arguments())
        messages.success(request, _("Proposed. Now the notice can be served."))
        return redirect(entry)
    context = {
        "form": form,
        "institution": institution,
        "kind": kind,
        "kinds": list(Kind),
        "checks": entry_page.checks(institution, kind),
    }
    status = 422 if form.errors else 200
    return render(request, "publiclists/propose.html", context, status=status)


def _chosen_institution(
    request: HttpRequest,
) -> tuple[Institution | None, list[Institution], FindForm]:
    rows = Institution.objects.visible_to(request.actor).prefetch_related("periods")
    asked = request.GET.get("institution", "").strip()
    finder = FindForm({"institution": asked} if asked else None)
    if not asked or not finder.is_valid():
        return None, [], finder
    if request.GET.get("pk", "").isdecimal():
        return get_object_or_404(rows, pk=request.GET["pk"]), [], finder
    found = entry_page.institutions_called(rows, asked)
    return (found[0], [], finder) if len(found) == 1 else (None, found, finder)


# --- one entry -----------------------------------------------------------------------------------


def _entry(request: HttpRequest, pk: int) -> Any:
    rows = ListEntry.objects.visible_to(request.actor).with_names()
    people = rows.select_related("created_by__user", "decided_by__user")
    people = people.saying_whether_editable(request.actor)
    return get_object_or_404(people.prefetch_related("clocks__rule"), pk=pk)


def _editable(request: HttpRequest, pk: int, duty: Duty) -> Any:
    """The entry, when the actor's department may act on it; 404 unseen, 403 without the duty."""
    entry = _entry(request, pk)
    require(request.actor, duty)
    if not entry.is_editable:
        raise DutyMissing(duty)
    return entry


@require_safe
@staff_only
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry with its steps, grounds, evidence, objections, publications and history."""
    return _entry_page(request, _entry(request, pk))


def _entry_page(
    request: HttpRequest, entry: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    editable = entry.is_editable
    may_prepare = (
        editable and entry.status == Status.PROPOSED and duties.PROPOSE.held_by(request.actor)
    )
    if may_prepare:
        more.setdefault("evidence_form", EvidenceForm(entry=entry, actor=request.actor))
        more.setdefault("file_form", FileForm())
    context = entry_page.context(entry, request.actor) | {
        "offers": offers(entry, request.actor, editable=editable),
        "may_prepare": may_prepare,
        "may_review": editable and duties.REVIEW.held_by(request.actor),
        "may_publish": duties.PUBLISH.held_by(request.actor),
        **more,
    }
    return render(request, "publiclists/entry.html", context, status=status)


@staff_only
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The page before a step, and the step."""
    wanted = BY_CODE.get(act)
    if wanted is None:
        raise Http404
    entry = _editable(request, pk, wanted.duty)
    form = wanted.form(_posted(request), initial=wanted.initial(entry))
    if request.method == "POST" and form.is_valid():
        wanted.do(entry, form.cleaned_data, by=request.actor)
        messages.success(request, _("Done: %(act)s.") % {"act": wanted.label})
        return redirect(entry)
    why_not = wanted.why_not(entry, request.actor)
    context = {
        "heading": f"{wanted.label} · {entry}",
        "facts": entry_page.short_facts(entry),
        "form": form,
        "submit": wanted.label,
        "text": why_not or wanted.text,
        "back_url": entry.get_absolute_url(),
        "danger": wanted.danger,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def add_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _editable(request, pk, duties.PROPOSE)
    form = EvidenceForm(request.POST, entry=entry, actor=request.actor)
    if not form.is_valid():
        return _entry_page(request, entry, status=422, evidence_form=form, form=form)
    services.add_evidence(entry, by=request.actor, **form.arguments())
    return redirect(entry.get_absolute_url() + "#evidence")


@require_POST
@staff_only
def drop_evidence(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    entry = _editable(request, pk, duties.PROPOSE)
    services.drop_evidence(get_object_or_404(entry.evidence, pk=evidence), by=request.actor)
    return redirect(entry.get_absolute_url() + "#evidence")


@require_POST
@staff_only
@upload_limit(sniffing.EVIDENCE_BYTES)
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Evidence that is a file: a scan, a photo, a document."""
    entry = _editable(request, pk, duties.PROPOSE)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _entry_page(request, entry, status=422, file_form=form, form=form)
    services.need_proposed(entry)
    attachments.attach(
        entry,
        form.cleaned_data["file"],
        by=request.actor,
        kind=Attachment.Kind.EVIDENCE,
        caption=form.cleaned_data["caption"],
    )
    return redirect(entry.get_absolute_url() + "#evidence")


@staff_only
def review(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """Answer an objection."""
    entry = _editable(request, pk, duties.REVIEW)
    row = get_object_or_404(entry.objections, pk=objection)
    form = ReviewForm(_posted(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        services.review_objection(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The objection is answered."))
        return redirect(entry)
    context = {
        "heading": _("Answer the objection"),
        "facts": [*entry_page.short_facts(entry), {"label": _("Objection"), "value": row.text}],
        "form": form,
        "submit": _("Answer"),
        "back_url": entry.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_safe
@staff_only
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry exactly as the public would read it."""
    entry = _entry(request, pk)
    text = public_text(entry, daylight.today())
    context = {
        "text": text,
        "grounds": words.grounds(text),
        "kind": entry.kind,
        "slug": entry.kind.lower(),
        "number": entry.number,
        "preview": True,
    }
    return render(request, "publiclists/public_entry.html", context)


# --- publishing ----------------------------------------------------------------------------------


def _county(request: HttpRequest) -> str:
    return request.actor.department.division_id[:COUNTY_DIGITS]


@staff_only
def publish(request: HttpRequest, kind: str) -> HttpResponse:
    """The next publication against the last one, a preview, and the order."""
    if kind not in SLUGS:
        raise Http404
    require(request.actor, duties.PUBLISH)
    county, wanted = _county(request), SLUGS[kind]
    form = PublishForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        made = services.order(county, wanted, by=request.actor, note=form.cleaned_data["note"])
        tasks.hurry(made.pk)
        messages.success(request, _("Ordered. It is being signed and will be out in a moment."))
        return redirect(made)
    plan = draft(county, wanted)
    context = {
        "plan": plan,
        "form": form,
        "kind": wanted,
        "slug": kind,
        "rows": [public_text(row, daylight.today()) for row in plan.entries],
        "last": _last(request, county, wanted),
        "as_of": daylight.today(),
        "kinds": SLUGS,
    }
    template = (
        "publiclists/public_list.html" if request.GET.get("preview") else "publiclists/publish.html"
    )
    return render(request, template, context | {"preview": "preview" in request.GET})


def _last(request: HttpRequest, county: str, kind: str) -> Publication | None:
    rows = Publication.objects.visible_to(request.actor).published()
    return rows.of_list(county, kind).first()


@require_safe
@staff_only
def publications(request: HttpRequest) -> HttpResponse:
    """Every publication of the county, newest first."""
    rows = Publication.objects.visible_to(request.actor).select_related("created_by__user")
    if request.GET.get("kind") in SLUGS:
        rows = rows.filter(kind=SLUGS[request.GET["kind"]])
    page = Paginator(rows.order_by("-pk"), SIZES[0]).get_page(request.GET.get("page"))
    context = {"page": page, "slugs": SLUGS, "may_publish": duties.PUBLISH.held_by(request.actor)}
    return render(request, "publiclists/publications.html", context)


@staff_only
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One publication: header, entries, what was withdrawn since; withdrawn text with a reason."""
    rows = Publication.objects.visible_to(request.actor).select_related(
        "created_by__user", "division"
    )
    row = get_object_or_404(rows, pk=pk)
    form, revealed = RevealForm(_posted(request)), None
    if request.method == "POST" and form.is_valid():
        withdrawn = row.entries.exclude(withdrawn_on=None)
        wanted = get_object_or_404(withdrawn, number=request.POST.get("number", ""))
        revealed = services.reveal(wanted, by=request.actor, **form.cleaned_data)
    context = {
        "publication": row,
        "entries": row.entries.order_by("number"),
        "form": form,
        "revealed": revealed,
        "may_reveal": duties.REVEAL.held_by(request.actor),
        "history": [words.event(event) for event in audit.history(row)],
        "county_query": public_pages.query(row.division_id),
    }
    status = 422 if form.errors else 200
    return render(request, "publiclists/publication.html", context, status=status)
