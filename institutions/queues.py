"""What of the register waits for an actor; the list pages filter by the same codes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import ActorKind, Membership
from governance.queues import Queue, name_of
from institutions.duties import DECIDE_FILING, WEED
from institutions.filings import lists
from institutions.leads import queues as lead_queues
from institutions.models import DuplicatePair, Filing


def queues(actor: Membership) -> list[Queue]:
    """The queues of the registry whose act this actor may do."""
    if actor.kind != ActorKind.STAFF:
        return []
    offered = [(DECIDE_FILING, _filings), (WEED, _duplicates)]
    found = [make(actor) for duty, make in offered if duty.held_by(actor)]
    return [*found, *lead_queues.queues(actor)]


def _filings(actor: Membership) -> Queue:
    return Queue(
        code="filing.decide",
        label=_("Filings to decide"),
        act=_("Look at it and decide"),
        rows=lists.waiting(actor)
        .select_related("institution")
        .prefetch_related("institution__periods"),
        url=f"{reverse('filings')}?queue=decide",
        title=_title_of_filing,
        party=lambda row: name_of(row.institution),
    )


def _title_of_filing(row: Filing) -> str:
    words = {"kind": row.kind_word, "act": row.action_word, "title": row.title}
    return _("%(act)s · %(kind)s: %(title)s") % words


def _duplicates(actor: Membership) -> Queue:
    return Queue(
        code="duplicate.decide",
        label=_("Likely duplicates"),
        act=_("Compare"),
        rows=DuplicatePair.objects.editable_by(actor).open().with_names().by_score(),
        url=reverse("duplicate-pairs"),
        title=str,
        party=lambda pair: pair.first.division.name,
    )
