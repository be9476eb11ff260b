"""What of the register waits for an actor."""

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import ActorKind, Membership
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
