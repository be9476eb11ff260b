"""Changes of status and of fields: one conditional UPDATE that is the lock, one audit event.

The edges stand in `TRANSITIONS` on the model. Who may, and under which conditions, is code in the
service of that act; it calls `move` or `change` last.
"""

from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from governance import audit, private_fields
from governance.labels import label
from governance.models.people import Membership


class Refused(Exception):
    """The procedure does not allow the act now; the message is a sentence for the user (409)."""

    code = "refused"


class TransitionRefused(Refused):
    """The row is not in a status from which this move leads."""

    code = "transition_refused"


class StaleVersion(Refused):
    """Somebody changed the row after the actor read it."""

    code = "stale_version"

    def __init__(self, row: models.Model, read: int) -> None:
        super().__init__(_("Somebody changed this record after you opened it."))
        self.row = row
        self.read = read


@transaction.atomic
def move(
    row: Any,
    to: str,
    *,
    verb: str,
    by: Membership,
    version: int | None = None,
    about: models.Model | None = None,
    also: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Bring `row` from its status to `to`, record `verb`; further facts go into the audit event.

    The event is recorded on `about` where the row only serves another one (the clock of a task).
    `also` are columns that a constraint wants written in the same statement as the status.

    Raises `TransitionRefused` when there is no such edge or another act was quicker, and
    `StaleVersion` when `version` is given and no longer current.
    """
    was = row.status
    if to not in row.TRANSITIONS.get(was, ()):
        raise TransitionRefused(_no_edge(row, was, to))
    _update(row, version, {"status": to, **(also or {})}, status=was)
    audit.record(verb, about or row, by=by, was=str(was), now=str(to), **facts)


def move_many(rows: models.QuerySet, to: str, **also: Any) -> int:
    """Bring those of `rows` to `to` from whose status an edge leads there; returns how many.

    `also` are columns written with the status. The caller records the act, once for all of them.
    """
    model: Any = rows.model
    before = [was for was, onward in model.TRANSITIONS.items() if to in onward]
    return rows.filter(status__in=before).update(status=to, version=F("version") + 1, **also)


@transaction.atomic
def change(
    row: Any, *, verb: str, by: Membership, version: int | None = None, **fields: Any
) -> dict[str, list[Any]]:
    """Set fields of `row`; returns and records {field: [old, new]} of those that really changed."""
    changes = {
        name: [_plain(getattr(row, name)), _plain(value)]
        for name, value in fields.items()
        if getattr(row, name) != value
    }
    if changes:
        written = private_fields.columns(type(row), **{name: fields[name] for name in changes})
        _update(row, version, written)
        audit.record(verb, row, by=by, changes=private_fields.withheld(type(row), changes))
    return changes


def touch(row: Any, *, version: int | None = None) -> None:
    """Raise the version of a row whose children changed."""
    _update(row, version, {})


def _update(row: Any, version: int | None, fields: dict[str, Any], **condition: Any) -> None:
    if version is not None:
        condition["version"] = version
    rows = type(row)._default_manager.filter(pk=row.pk, **condition)
    if not rows.update(version=F("version") + 1, **fields):
        _refuse(row, version)
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1


def _refuse(row: Any, version: int | None) -> None:
    current = type(row)._default_manager.get(pk=row.pk)
    if version is not None and current.version != version:
        raise StaleVersion(current, version)
    raise TransitionRefused(_no_edge(current, current.status, ""))


def _no_edge(row: Any, was: str, to: str) -> str:
    name = f"{type(row).__name__}.status"
    if not to:
        return _("%(row)s is already “%(status)s”.") % {"row": row, "status": label(name, was)}
    return _("%(row)s is “%(was)s” and cannot become “%(to)s”.") % {
        "row": row,
        "was": label(name, was),
        "to": label(name, to),
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
