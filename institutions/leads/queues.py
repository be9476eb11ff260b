"""What waits for an actor among the leads."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import ActorKind, Membership
from governance.queues import Queue, name_of
from institutions.leads import duties, shown
from institutions.models import Lead


def queues(actor: Membership) -> list[Queue]:
    """Leads of the actor's department: answers first, then critical ones nobody looked at."""
    if actor.kind != ActorKind.STAFF or not duties.ASK.held_by(actor):
        return []
    rows = (
        Lead.objects.visible_to(actor)
        .filter(lead=actor.department)
        .select_related("institution", "rule")
        .prefetch_related("institution__periods")
        .order_by("since", "pk")
    )
    critical = rows.filter(status=Lead.Status.OPEN, severity="critical")
    return [
        _queue("lead_answers", _("Answers about leads"), _("Decide"), rows.answered(),
               state="answered"),
        _queue("leads", _("Critical leads"), _("Look at the lead"), critical,
               state="open", severity="critical"),
    ]  # fmt: skip


def _queue(code: str, label: str, act: str, rows, **conditions: str) -> Queue:
    return Queue(
        code=code,
        label=label,
        act=act,
        rows=rows,
        url=f"{reverse('leads')}?{urlencode(conditions)}",
        title=shown.sentence,
        party=lambda row: name_of(row.institution),
    )
