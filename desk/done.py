"""What somebody did of late, each act with the way to its record."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType

from governance.models import AuditEvent, Membership

Key = tuple[int | None, int | None]  # content type and key


def addresses(events: Iterable[AuditEvent], actor: Membership) -> dict[Key, str]:
    """The page of each event's record, where the actor sees it; a row without a page of its own
    leads to the record that it is part of. One or two statements a kind of record."""
    keys: dict[ContentType, set[int]] = defaultdict(set)
    for event in events:
        if event.content_type and event.object_id:
            keys[event.content_type].add(event.object_id)
    return {
        (kind.pk, pk): url
        for kind, wanted in keys.items()
        for pk, url in _of_kind(kind.model_class(), wanted, actor)
    }


def _of_kind(model: Any, wanted: set[int], actor: Membership) -> Iterable[tuple[int, str]]:
    if not hasattr(getattr(model, "objects", None), "visible_to"):
        return []
    rows = model.objects.visible_to(actor).filter(pk__in=wanted)
    if hasattr(model, "get_absolute_url"):
        return [(row.pk, row.get_absolute_url()) for row in rows]
    return _through(model, rows, actor)


def _through(model: Any, rows: Any, actor: Membership) -> Iterable[tuple[int, str]]:
    """By way of the governed row that the rows belong to."""
    path = getattr(rows, "scope_through", "")
    above = _target(model, path)
    if not path or not hasattr(above, "get_absolute_url"):
        return []
    pairs = list(rows.values_list("pk", path))
    found = above.objects.visible_to(actor).in_bulk({key for _pk, key in pairs})
    return [(pk, found[key].get_absolute_url()) for pk, key in pairs if key in found]


def _target(model: Any, path: str) -> Any:
    for step in filter(None, path.split("__")):
        model = model._meta.get_field(step).related_model
    return model
