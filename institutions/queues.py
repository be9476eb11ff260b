<<<<<<< HEAD
"""What of the register waits for an actor."""
=======
"""What waits for an actor in the registry; the list pages filter by the same codes (`?queue=…`)."""
>>>>>>> 91dc1ed (Show what institutions file: pages of both sides, sheets, identification, lists of persons)

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import ActorKind, Membership
<<<<<<< HEAD
from governance.queues import Queue
from institutions.duties import WEED
from institutions.models import DuplicatePair


def queues(actor: Membership) -> list[Queue]:
    """The queues of the registry whose act this actor may do."""
    if actor.kind != ActorKind.STAFF or not WEED.held_by(actor):
        return []
    return [
        Queue(
            code="duplicate.decide",
            label=_("Likely duplicates"),
            act=_("Compare"),
            rows=DuplicatePair.objects.editable_by(actor).open().with_names().by_score(),
            url=reverse("duplicate-pairs"),
            title=str,
            party=lambda pair: pair.first.division.name,
        )
    ]
=======
from governance.queues import Queue, name_of
from institutions.duties import DECIDE_FILING
from institutions.filings import lists
from institutions.models import Filing


def queues(actor: Membership) -> list[Queue]:
    """Every queue whose act this actor may do."""
    if actor.kind != ActorKind.STAFF or not DECIDE_FILING.held_by(actor):
        return []
    rows = lists.with_facts(lists.waiting(actor))
    url = f"{reverse('filings')}?queue=decide"
    label, act = _("Filings to decide"), _("Look at it and decide")
    return [Queue("filing.decide", label, act, rows, url, _title, _party)]


def _title(row: Filing) -> str:
    words = {"kind": row.kind_word, "act": row.action_word, "title": row.title}
    return _("%(act)s · %(kind)s: %(title)s") % words


def _party(row: Filing) -> str:
    return name_of(row.institution)
>>>>>>> 91dc1ed (Show what institutions file: pages of both sides, sheets, identification, lists of persons)
