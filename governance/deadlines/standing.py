"""What a clock repeats of its subject, so that desk and sweep need no join."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from governance.models.clocks import Clock, DeadlineRule
from governance.models.people import Department
from governance.scoping import Governed, ScopedQuerySet
from governance.workflow import Refused

REPEATED = ("lead_id", "division_id", "institution_id", "owner_id", "title", "url", "party_url")


@dataclass(frozen=True)
class Standing:
    """Where a row belongs: department, place, institution, owner, and how it is called."""

    lead_id: int
    division_id: str
    institution_id: int | None
    owner_id: int | None
    title: str
    url: str
    party_url: str

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in REPEATED}


def standing(subject: models.Model, rule: DeadlineRule, owner_id: int | None = None) -> Standing:
    """Read off the subject; its own `owner` comes before the given one.

    A subject is a governed row, a child of one (`scope_through`), or a department. The institution
    is repeated only for rules that concern it, because it makes the clock visible to it.
    """
    lead_id, division_id, governed = _place(subject)
    return Standing(
        lead_id=lead_id,
        division_id=division_id,
        institution_id=_institution(governed) if rule.for_party else None,
        owner_id=getattr(subject, "owner_id", None) or owner_id,
        title=_title(subject)[:200],
        url=_address(subject, "get_absolute_url"),
        party_url=_address(subject, "get_party_url") if rule.for_party else "",
    )


def division_of(subject: models.Model) -> str:
    """The code of the place whose rules count for a row."""
    return _place(subject)[1]


def _place(subject: models.Model) -> tuple[int, str, models.Model]:
    if isinstance(subject, Department):
        return subject.pk, subject.division_id, subject
    governed = _governed(subject)
    return governed.lead_id, governed.division_id, governed


def _governed(subject: models.Model) -> Governed:
    if isinstance(subject, Governed):
        return subject
    rows = type(subject)._default_manager.all()
    path = rows.scope_through if isinstance(rows, ScopedQuerySet) else ""
    row: Any = subject
    for step in filter(None, path.split("__")):
        row = getattr(row, step)
    if not isinstance(row, Governed):
        raise Refused(f"{type(subject).__name__} has no department and cannot carry a clock")
    return row


def _institution(governed: Any) -> int | None:
    """The institution that may see the row today: the end of its `party` path."""
    path = getattr(governed, "party", None)
    row = governed
    for step in (path or "").split("__"):
        row = getattr(row, step, None) if step else None
    return row


def _title(subject: models.Model) -> str:
    """How messages call it: `clock_title` where the name alone says too little."""
    return str(getattr(subject, "clock_title", subject))


def _address(subject: models.Model, method: str) -> str:
    return getattr(subject, method)() if hasattr(subject, method) else ""


def strays(rows: models.QuerySet[Clock] | None = None) -> Iterator[tuple[Clock, str]]:
    """Open clocks that no longer repeat their subject, with the field that differs; for checks."""
    clocks = Clock.objects.open() if rows is None else rows
    for clock in clocks.select_related("rule").prefetch_related("subject"):
        assert clock.subject is not None
        true = standing(clock.subject, clock.rule, clock.owner_id)
        for name in ("lead_id", "division_id", "institution_id", "owner_id"):
            if getattr(clock, name) != getattr(true, name):
                yield clock, name
