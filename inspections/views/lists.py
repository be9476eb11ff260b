"""What the pages share: a page of rows, the photos of a visit by item, what was posted."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from governance.models import Clock
from inspections.models import Inspection, InspectionPhoto

SIZES = (50, 100, 200)


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    """The page and size that the address asks for; nonsense asks for the first of 50."""
    asked = request.GET.get("size", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[0]
    return Paginator(rows, size).get_page(request.GET.get("page"))


def clocks() -> Prefetch:
    """The clocks of tasks with their rules."""
    return Prefetch("clocks", Clock.objects.select_related("rule"))


def photos_by_item(inspection: Inspection) -> dict[Any, list[InspectionPhoto]]:
    """Received photos by item id; None holds those of no item, keys of observations are uuids."""
    found: dict[Any, list[InspectionPhoto]] = {}
    photos = inspection.photos.filter(attachment__isnull=False).select_related("attachment")
    for photo in photos:
        if photo.role == InspectionPhoto.Role.PHOTO:
            found.setdefault(photo.item_id or photo.answer_uuid, []).append(photo)
    return found


def pictures(rows: Iterable[InspectionPhoto]) -> list[Any]:
    """The attachments of photos."""
    return [row.attachment for row in rows if row.attachment]


def posted(request: HttpRequest) -> Any:
    """What was posted, an empty form too; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def sent_files(request: HttpRequest) -> Any:
    """The files that came with it."""
    return request.FILES if request.method == "POST" else None
