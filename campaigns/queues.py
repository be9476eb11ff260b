"""What of the collections waits for an actor; the list of returns filters by the same codes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import duties
from campaigns.models import Return, ReturnQuerySet
from governance.models import ActorKind, Membership
from governance.queues import Queue


def queues(actor: Membership) -> list[Queue]:
    """The unit's own returns first, then what its department collects."""
    if actor.kind != ActorKind.STAFF or actor.department is None:
        return []
    found = []
    if duties.FILL.held_by(actor):
        found.append(_queue("fill", _("Returns to hand in"), _("Fill in"), actor))
    if duties.ISSUE.held_by(actor):
        found.append(_queue("check", _("Returns to check"), _("Check"), actor))
        found.append(_queue("late", _("Late returns"), _("Press for it"), actor))
    return found


def waiting(code: str, actor: Membership) -> ReturnQuerySet:
    """The rows of a queue; all in scope for an unknown code."""
    rows: ReturnQuerySet = Return.objects.visible_to(actor).with_names()
    match code:
        case "fill":
            return rows.filter(lead=actor.department).to_fill()
        case "check":
            return rows.filter(collection__lead=actor.department).to_check()
        case "late":
            return rows.filter(collection__lead=actor.department).late()
        case _:
            return rows


def _queue(code: str, label: str, act: str, actor: Membership) -> Queue:
    return Queue(
        code=f"return.{code}",
        label=label,
        act=act,
        rows=waiting(code, actor),
        url=f"{reverse('returns')}?queue={code}",
        title=lambda owed: str(owed.collection),
        party=lambda owed: owed.collection.lead.name if code == "fill" else owed.lead.name,
    )
