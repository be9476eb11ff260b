"""The phone pages of officers. Without script they are plain forms; with it they save by PUT."""

import hashlib
import uuid as uuids
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.access import duty_only
from governance.models import Membership
from governance.sniffing import PHOTO_BYTES
from governance.uploads import upload_limit
from inspections import crew, documents, duties, phrases, places, related, services
from inspections.forms.field import PeopleForm, SectionForm, SignForm, StartForm
from inspections.models import Inspection, InspectionPhoto, RectificationTask, Section
from inspections.views.inspections import search
from inspections.views.lists import posted, sent_files
from institutions.models import Institution

Role, Status = InspectionPhoto.Role, Inspection.Status
MOST = 40  # files of a section in one form


@require_safe
@duty_only(duties.INSPECT)
def home(request: HttpRequest) -> HttpResponse:
    """Today's visits, drafts, and what is overdue in my place."""
    visits = Inspection.objects.visible_to(request.actor).assigned_to(request.actor)
    visits = visits.select_related("institution", "division").prefetch_related(
        "institution__periods"
    )
    overdue = RectificationTask.objects.visible_to(request.actor).overdue().by_urgency()
    overdue = overdue.select_related("institution", "division", "finding__item")
    context = {
        "planned": visits.filter(status=Status.ASSIGNED).order_by("planned_for", "pk"),
        "drafts": visits.filter(status=Status.IN_PROGRESS).order_by("-pk"),
        "overdue": overdue.prefetch_related("institution__periods", related.clocks())[:20],
        "overdue_count": overdue.count(),
        "signed": visits.filter(inspected_on__isnull=False).done().order_by("-signed_at")[:5],
    }
    return render(request, "inspections/field/home.html", context)


@require_safe
@duty_only(duties.INSPECT)
def find(request: HttpRequest) -> HttpResponse:
    """The institution to inspect."""
    term = request.GET.get("q", "")
    context = {"term": term, "found": search(request.actor, term)}
    return render(request, "inspections/field/find.html", context)


@duty_only(duties.INSPECT)
def new(request: HttpRequest, institution: int) -> HttpResponse:
    """Begin an unplanned visit: kind and sections. The uuid of the form makes a second press
    harmless."""
    rows = Institution.objects.visible_to(request.actor).prefetch_related("periods")
    place = get_object_or_404(rows, pk=institution)
    checklist = services.planning.checklist_for(place.division)
    form = StartForm(posted(request), checklist=checklist, institution=place)
    if request.method == "POST" and form.is_valid():
        row, _begun = services.record(form.cleaned_data["uuid"], form.document(), by=request.actor)
        return redirect("field_check", uuid=row.uuid)
    context = {"form": form, "institution": place}
    return render(
        request, "inspections/field/new.html", context, status=422 if form.is_bound else 200
    )


# --- one inspection --------------------------------------------------------------------------


def _row(request: HttpRequest, uuid: uuids.UUID) -> Inspection:
    rows = Inspection.objects.visible_to(request.actor).assigned_to(request.actor)
    rows = rows.select_related("institution", "division", "checklist").prefetch_related(
        "institution__periods"
    )
    return get_object_or_404(rows, uuid=uuid)


def _sections(row: Inspection) -> list[Section]:
    return row.checklist.sections(row.sections)


@require_safe
@duty_only(duties.INSPECT)
def check(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The overview: sections with what is answered, people, signature."""
    row = _row(request, uuid)
    if not row.is_open_for_record:
        return redirect("field_done", uuid=row.uuid)
    given = {answer.item_id: answer for answer in row.answers.all()}
    context = _page(row, request.actor.user_id) | {
        "sections": [_progress(section, given) for section in _sections(row)],
        "observations": sum(answer.item_id is None for answer in row.answers.all()),
        "officers": row.officers.select_related("membership__user", "membership__department"),
    }
    return render(request, "inspections/field/check.html", context)


def _progress(section: Section, given: dict[Any, Any]) -> dict[str, Any]:
    answers = [given[item.pk] for item in section.items if item.pk in given]
    return {
        "section": section,
        "answered": len(answers),
        "noes": sum(answer.value == "NO" for answer in answers),
        "full": len(answers) == len(section.items),
    }


def _page(row: Inspection, user: int | None) -> dict[str, Any]:
    """What every page of one inspection carries; `phone` is what the script starts from."""
    return {
        "row": row,
        "phone": {
            "uuid": str(row.uuid),
            "document": documents.document_of(row),
            "save": reverse("phone_inspection", args=[row.uuid]),
            "session": reverse("field_session"),
            "user": user,
            "words": phrases.script_words(),
        },
    }


@duty_only(duties.INSPECT)
@upload_limit(PHOTO_BYTES, MOST)
def section(request: HttpRequest, uuid: uuids.UUID, section: str) -> HttpResponse:
    """One section, one screen."""
    row = _row(request, uuid)
    if not row.is_open_for_record:
        return redirect("field_done", uuid=row.uuid)
    sections = _sections(row)
    place = next((i for i, each in enumerate(sections) if each.code == section), None)
    if place is None:
        return redirect("field_check", uuid=row.uuid)
    document = documents.document_of(row)
    form = SectionForm(
        posted(request), sent_files(request), section=sections[place], document=document,
        inspection=row,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        _save_section(row, form, request.actor)
        return redirect(_next(row, sections, place))
    context = _page(row, request.actor.user_id) | {
        "form": form,
        "section": sections[place],
        "sections": sections,
        "next": _next(row, sections, place),
        "phrases": phrases.words(),
    }
    return render(
        request, "inspections/field/section.html", context, status=422 if form.is_bound else 200
    )


def _next(row: Inspection, sections: list[Section], place: int) -> str:
    if place + 1 < len(sections):
        return reverse("field_section", args=[row.uuid, sections[place + 1].code])
    return reverse("field_people", args=[row.uuid])


def _save_section(row: Inspection, form: SectionForm, by: Membership) -> None:
    """Keep the files first, so that the document can name their hashes."""
    document = form.merged()
    for code, file in form.files_by_item():
        uuid = uuids.uuid4()
        sha256 = _sha256(file)
        services.receive_photo(row, uuid, file, by=by, sha256=sha256)
        document["photos"].append({"uuid": str(uuid), "sha256": sha256, "item": code})
    _record(row, document, by)


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _record(row: Inspection, document: dict[str, Any], by: Membership) -> None:
    document["revision"] += 1
    shaped = documents.check(document, documents.DocumentShape)
    services.record(row.uuid, shaped, by=by)


@duty_only(duties.INSPECT)
def people(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Who was there, where, and what is to be said in general."""
    row = _row(request, uuid)
    if not row.is_open_for_record:
        return redirect("field_done", uuid=row.uuid)
    document = documents.document_of(row)
    form = PeopleForm(posted(request), inspection=row, document=document, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        _record(row, form.merged(), request.actor)
        return redirect("field_sign", uuid=row.uuid)
    context = _page(row, request.actor.user_id) | {"form": form, "needed": crew.NEEDED[row.kind]}
    return render(
        request, "inspections/field/people.html", context, status=422 if form.is_bound else 200
    )


@duty_only(duties.INSPECT)
@upload_limit(PHOTO_BYTES, 2)
def sign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The summary, both signatures or the refusal, the end."""
    row = _row(request, uuid)
    if not row.is_open_for_record:
        return redirect("field_done", uuid=row.uuid)
    form = SignForm(posted(request), sent_files(request), inspection=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _signed(row, form, request):
            messages.success(request, _("The record is signed."))
            return redirect("field_done", uuid=row.uuid)
    return render(
        request,
        "inspections/field/sign.html",
        _summary(row, request.actor.user_id) | {"form": form},
        status=status,
    )


def _signed(row: Inspection, form: SignForm, request: HttpRequest) -> bool:
    """Whether the record could be signed; what lacks is said on the form."""
    for role, file in form.signatures():
        services.receive_photo(
            row, uuids.uuid4(), file, by=request.actor, sha256=_sha256(file), role=role
        )
    try:
        services.sign(row, by=request.actor, **form.signing())
    except services.Incomplete as incomplete:
        form.add_error(None, str(incomplete))
        return False
    return True


def _summary(row: Inspection, user: int | None) -> dict[str, Any]:
    answers = list(row.answers.select_related("item"))
    count = sum(len(section.items) for section in _sections(row))
    officers = list(row.officers.select_related("membership__user"))
    far = places.distance(row)
    return _page(row, user) | {
        "noes": [answer for answer in answers if answer.value == "NO"],
        "answered": sum(answer.item_id is not None for answer in answers),
        "count": count,
        "officers": officers,
        "photo_count": row.photos.filter(attachment__isnull=False, role=Role.PHOTO).count(),
        "distance": far,
        "is_far": far is not None and far > places.FAR,
        "finalize": reverse("phone_finalize", args=[row.uuid]),
        "done": reverse("field_done", args=[row.uuid]),
        "received_roles": set(
            row.photos.filter(attachment__isnull=False).values_list("role", flat=True)
        ),
    }


@require_safe
@duty_only(duties.INSPECT)
def done(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The receipt: number, findings, whether the record can be evidence."""
    row = _row(request, uuid)
    if row.is_open_for_record:
        return redirect("field_check", uuid=row.uuid)
    context = {
        "row": row,
        "findings": row.findings.visible_to(request.actor).select_related("item", "lead"),
    }
    return render(request, "inspections/field/done.html", context)
