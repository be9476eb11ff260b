"""What the pages share: a page of rows, the photos of a visit by item, what was posted."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from inspections.models import Inspection, InspectionPhoto

SIZES = (50, 100, 200)


def page_of(request: HttpRequest, rows: QuerySet, *, total: int | None = None) -> Page:
    """The page and size that the address asks for; nonsense asks for the first of 50.

    `total` is the number of rows where it was counted already.
    """
    asked = request.GET.get("size", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[0]
    paginator = Paginator(rows, size)
    if total is not None:
        paginator.count = total  # type: ignore[misc]  # a cached property
    return paginator.get_page(request.GET.get("page"))


def photos_of(inspection: Inspection) -> list[InspectionPhoto]:
    """Photos and signatures whose bytes were received."""
    return list(inspection.photos.filter(attachment__isnull=False).select_related("attachment"))


def by_item(photos: Iterable[InspectionPhoto]) -> dict[Any, list[InspectionPhoto]]:
    """Photos by item id; None holds those of no item, keys of observations are uuids."""
    found: dict[Any, list[InspectionPhoto]] = {}
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
