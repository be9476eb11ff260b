"""What changed on a dossier since the reader looked at it the last time."""

import datetime as dt
from dataclasses import dataclass

from desk.dossier import Dossier
from desk.dossier_tabs import acts_of
from governance.models import AuditEvent
from institutions import visits

SHOWN = 5
OTHER_SUBJECTS = ("site.", "licence.", "annual_result.")  # their fields have names of their own


@dataclass(frozen=True)
class Since:
    """The last look, and what others did since; `fields` are those of the institution itself."""

    at: dt.datetime
    events: list[AuditEvent]

    @property
    def newest(self) -> list[AuditEvent]:
        return self.events[:SHOWN]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(
            name.removesuffix("_id")
            for event in self.events
            if not event.verb.startswith(OTHER_SUBJECTS)
            for name in event.facts.get("changes") or {}
        )


def look(dossier: Dossier) -> Since | None:
    """Note the look; what changed since the one before, None when there was none."""
    at = visits.look(dossier.actor, dossier.institution.pk)
    if at is None:
        return None
    events = acts_of(dossier.family).filter(at__gt=at).exclude(by=dossier.actor)
    return Since(at, list(events.order_by("-id")[:200]))
