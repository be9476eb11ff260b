"""Decisions on two records that look alike."""

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions.models import DuplicatePair, Institution

Status = DuplicatePair.Status


@transaction.atomic
def tell_apart(
    pair: DuplicatePair, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """They are two bodies. Remembered with who and why; only new evidence brings it up again."""
    if not reason.strip():
        raise Refused(_("Say by what the two differ."))
    _decide(pair, Status.DIFFERENT, Verb.DUPLICATE_TOLD_APART, by, reason, version)
    for row, other in ((pair.first, pair.second), (pair.second, pair.first)):
        audit.record(
            Verb.DUPLICATE_TOLD_APART, row, by=by, other=other.number, reason=reason.strip()
        )


@transaction.atomic
def look_again(
    pair: DuplicatePair, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """The two that were told apart are open to question once more."""
    if pair.status != Status.DIFFERENT:
        raise Refused(_("Only records that were told apart are taken up again."))
    workflow.move(
        pair, Status.OPEN, verb=Verb.DUPLICATE_REOPENED, by=by, version=version,
        reason=reason.strip(),
    )  # fmt: skip


def settle(
    one: Institution, other: Institution, *, by: Membership, decision: str
) -> DuplicatePair | None:
    """Two records were joined or flagged: their pair, if there is one, needs no decision more."""
    first, second = sorted((one.pk, other.pk))
    pair = DuplicatePair.objects.filter(first=first, second=second).first()
    if pair is None:
        return None
    if pair.status == Status.DIFFERENT:
        workflow.move(pair, Status.OPEN, verb=Verb.DUPLICATE_REOPENED, by=by, reason=decision)
    if pair.status == Status.OPEN:
        _decide(pair, Status.SAME, Verb.DUPLICATE_JOINED, by, decision, None)
    return pair


def unsettle(pair: DuplicatePair, *, by: Membership, reason: str) -> None:
    """The merge or the flag was taken back: the question is open again."""
    pair.refresh_from_db()
    if pair.status == Status.SAME:
        workflow.move(pair, Status.OPEN, verb=Verb.DUPLICATE_REOPENED, by=by, reason=reason)


def unsettle_two(one: Institution, other: Institution, *, by: Membership, reason: str) -> None:
    """The same for the pair of two records, if there is one."""
    first, second = sorted((one.pk, other.pk))
    for pair in DuplicatePair.objects.filter(first=first, second=second):
        unsettle(pair, by=by, reason=reason)


def _decide(
    pair: DuplicatePair, to: str, verb: Verb, by: Membership, reason: str, version: int | None
) -> None:
    workflow.move(
        pair, to, verb=verb, by=by, version=version, reason=reason.strip(),
        also={
            "decided_at": daylight.now(), "decided_by": by, "decision": reason.strip()[:300],
            "known": pair.reasons,
        },
    )  # fmt: skip
