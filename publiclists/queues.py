"""What of the lists waits for an actor, with the next act of the procedure."""

from governance.models import Membership
from governance.queues import Queue


def queues(actor: Membership) -> list[Queue]:
    """The queues of this actor, in the order of the procedure."""
    return []
