"""Rows that belong to rows at hand: fetched with parents that were reached in scope."""

from django.db.models import Exists, OuterRef, Prefetch

from governance.models import Clock
from inspections.models import ExtensionRequest, InspectionOfficer, Proof, Recheck


def clocks() -> Prefetch:
    """The clocks of tasks with their rules."""
    return Prefetch("clocks", Clock.objects.select_related("rule"))


def extensions() -> Prefetch:
    """Requests for more time with who asked and who decided."""
    people = ExtensionRequest.objects.select_related("created_by__user", "decided_by__user")
    return Prefetch("extensions", people)


def proofs_and_rechecks() -> tuple[Prefetch, Prefetch]:
    """What was handed in and what was seen of it, with people and files."""
    proofs = Proof.objects.select_related("created_by__user")
    rechecks = Recheck.objects.select_related("created_by__user", "companion__user")
    return (
        Prefetch("proofs", proofs.prefetch_related("attachments")),
        Prefetch("rechecks", rechecks.prefetch_related("attachments")),
    )


def officers() -> Prefetch:
    """The inspectors of visits with their accounts and departments."""
    people = InspectionOfficer.objects.select_related("membership__user", "membership__department")
    return Prefetch("officers", people)


def asks_for_time() -> Exists:
    """Whether a task waits for the answer to a request for more time."""
    return Exists(ExtensionRequest.objects.filter(task=OuterRef("pk"), status="pending"))
