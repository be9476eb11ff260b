"""Looking for records that may be one body, and keeping what was found.

Which pairs come out follows from the register alone: not from the order in which records were
entered or looked at, and not from whether one was looked at alone or with all.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from governance import people, workflow
from governance.audit import Verb
from governance.models import AuditEvent
from institutions.duplicates import records
from institutions.duplicates.evidence import PROPOSED, Seen, compare, is_new
from institutions.models import DuplicateKey, DuplicatePair, DuplicateScan, Institution

CHUNK = 1_000
MOST_EVENTS = 20_000  # acts looked through at once; the next run takes the rest

Status = DuplicatePair.Status
Pairs = dict[tuple[int, int], tuple[int, list[dict[str, Any]]]]  # → per cent, reasons


def look_at_all() -> int:
    """Compare the whole register, a part at a time; returns how many pairs are open."""
    unsettled = Institution.objects.filter(records.UNSETTLED)
    DuplicateKey.objects.exclude(institution__in=unsettled.values("pk")).delete()
    look_at(unsettled.values_list("pk", flat=True))
    found = DuplicatePair.objects.open()
    for pair in DuplicatePair.objects.filter(status=Status.OPEN).exclude(pk__in=found.values("pk")):
        _forget(pair)
    return found.count()


def look_at(keys: Iterable[int]) -> None:
    """Compare these records with the register: they were entered, imported or changed."""
    asked = sorted(set(keys))
    for part in _parts(asked):
        records.keep_keys(part, records.read(part))
    for part in _parts(asked):
        _compare(part)


def look_at_changed() -> int:
    """Compare what was entered or changed since the last look; returns how many records.

    The acts on record say what that is. An act that commits late may slip through; the nightly
    look at everything finds it.
    """
    with transaction.atomic():
        scan, _made = DuplicateScan.objects.select_for_update().get_or_create(pk=1)
        kind = ContentType.objects.get_for_model(Institution)
        events = AuditEvent.objects.filter(pk__gt=scan.last_event).order_by("pk")
        found = list(events.values_list("pk", "content_type", "object_id")[:MOST_EVENTS])
        if not found:
            return 0
        changed = {key for _pk, of, key in found if of == kind.pk and key}
        look_at(changed)
        DuplicateScan.objects.filter(pk=scan.pk).update(last_event=found[-1][0])
    return len(changed)


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _compare(part: Sequence[int]) -> None:
    """Bring the pairs with one side among `part` up to date."""
    pairs = records.candidates(part)
    known = DuplicatePair.objects.filter(Q(first__in=part) | Q(second__in=part))
    stored = {(pair.first_id, pair.second_id): pair for pair in known}
    seen = _read_all({pk for pair in pairs | stored.keys() for pk in pair})
    found: Pairs = {}
    for first, second in pairs:
        if first in seen and second in seen:
            score, reasons = compare(seen[first], seen[second])
            if score >= PROPOSED:
                found[first, second] = score, [reason.as_json() for reason in reasons]
    _keep(found, stored)


def _read_all(keys: Iterable[int]) -> dict[int, Seen]:
    ordered = sorted(keys)
    return {pk: seen for part in _parts(ordered) for pk, seen in records.read(part).items()}


@transaction.atomic
def _keep(found: Pairs, stored: dict[tuple[int, int], DuplicatePair]) -> None:
    new = [
        DuplicatePair(first_id=first, second_id=second, score=score, reasons=reasons)
        for (first, second), (score, reasons) in sorted(found.items())
        if (first, second) not in stored
    ]
    DuplicatePair.objects.bulk_create(new, ignore_conflicts=True)
    for key, pair in stored.items():
        if key in found:
            _update(pair, *found[key])
        elif pair.is_open:
            _forget(pair)


def _update(pair: DuplicatePair, score: int, reasons: list[dict[str, Any]]) -> None:
    """What was told apart stays so until new evidence comes up; what was joined stays as it is."""
    if pair.status == Status.SAME:
        return
    if pair.status == Status.DIFFERENT:
        if not is_new(reasons, pair.known):
            return
        workflow.move(
            pair, Status.OPEN, verb=Verb.DUPLICATE_REOPENED, by=people.system_actor(),
            reasons=[reason["code"] for reason in reasons],
        )  # fmt: skip
    if (pair.score, pair.reasons) != (score, reasons):
        DuplicatePair.objects.filter(pk=pair.pk).update(score=score, reasons=reasons)


def _forget(pair: DuplicatePair) -> None:
    """They no longer look alike. A pair that people never decided on is not kept for that."""
    if pair.decided_at is None and not pair.merges.exists():
        pair.delete()
    else:
        workflow.move(
            pair, Status.DIFFERENT, verb=Verb.DUPLICATE_VANISHED, by=people.system_actor()
        )
