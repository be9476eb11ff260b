"""The row that a kernel row (file, paper, clock, event) points at by content type and key."""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from governance.models.people import Membership


def visible(content_type: ContentType, object_id: int, actor: Membership) -> bool:
    """Whether the actor sees the subject; a class without scope is seen by nobody."""
    model: Any = content_type.model_class()
    rows = getattr(model, "_default_manager", None)
    if rows is None or not hasattr(rows, "visible_to"):
        return False
    return rows.visible_to(actor).filter(pk=object_id).exists()
