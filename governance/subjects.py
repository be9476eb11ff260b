"""The row that a kernel row (file, paper, clock, event) points at by content type and key."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from governance.models.people import Membership


def visible(content_type: ContentType, object_id: int, actor: Membership) -> bool:
    """Whether the actor sees the subject; a class without scope is seen by nobody."""
    model = content_type.model_class()
    return model is not None and _visible(model, object_id, actor)


def sees(actor: Membership, row: models.Model) -> bool:
    """The same of a row at hand."""
    return _visible(type(row), row.pk, actor)


def _visible(model: Any, pk: int, actor: Membership) -> bool:
    rows = model._default_manager
    return hasattr(rows, "visible_to") and rows.visible_to(actor).filter(pk=pk).exists()
