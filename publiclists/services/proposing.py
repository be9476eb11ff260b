"""Proposal of an entry, with its grounds and what backs them."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.labels import label
from governance.models import Department, Membership
from governance.scoping import COUNTY_DIGITS, require
from governance.workflow import Refused
from inspections.models import Finding
from institutions.models import Institution, Licence
from publiclists import duties, grounds
from publiclists.models import EntryGround, Evidence, Ground, Kind, ListEntry, Status

OPPOSITE = {
    Kind.WHITE: [Kind.BLACK, Kind.WATCH],
    Kind.BLACK: [Kind.WHITE],
    Kind.WATCH: [Kind.WHITE],
}


class GroundMissing(Refused):
    """A computed ground does not hold; the message says what stands against it."""

    code = "ground_missing"


@transaction.atomic
def propose(
    institution: Institution,
    kind: str,
    codes: Iterable[str],
    *,
    reason: str,
    by: Membership,
    statements: dict[str, str] | None = None,
) -> ListEntry:
    """Propose `institution` for a list on the grounds `codes`; returns the entry, proposed.

    `statements` replaces the published sentence of a ground by code. `reason` stays inside.
    Raises `GroundMissing` when a ground that the system can check does not hold today, and
    `Refused` when there is no ground, or an open entry stands in the way.
    """
    lead = duties.office(by, duties.PROPOSE)
    today = daylight.today()
    chosen = _grounds(institution, kind, list(codes))
    verdicts = {ground.pk: grounds.check(ground, institution, today) for ground in chosen}
    _need_all([line for verdict in verdicts.values() for line in verdict.against])
    _need_free(institution, kind)
    entry = _create(institution, kind, chosen, reason, lead, by)
    for ground in chosen:
        EntryGround.objects.create(
            entry=entry,
            ground=ground,
            statement=(statements or {}).get(ground.code, "").strip() or ground.name_zh,
            facts=verdicts[ground.pk].facts,
        )
    audit.record(Verb.LIST_PROPOSED, entry, by=by, grounds=[ground.code for ground in chosen])
    return entry


def _grounds(institution: Institution, kind: str, codes: list[str]) -> list[Ground]:
    county = institution.division_id[:COUNTY_DIGITS]
    offered = Ground.objects.in_force(daylight.today(), county).filter(kind=kind)
    chosen = [ground for ground in offered if ground.code in codes]
    if not chosen or len(chosen) != len(set(codes)):
        raise Refused(_("Choose at least one ground that is in force for this list."))
    return chosen


def _need_all(against: list[str]) -> None:
    if against:
        raise GroundMissing(_("The ground does not hold:") + " " + " ".join(against))


def _need_free(institution: Institution, kind: str) -> None:
    if institution.voided_at or institution.merged_into_id or institution.duplicate_of_id:
        raise Refused(_("This record is a duplicate or was voided; use the one that counts."))
    lists = [kind, *OPPOSITE[Kind(kind)]]
    standing = (
        ListEntry.objects.open()
        .filter(institution__in=institution.family(), kind__in=lists)
        .first()
    )
    if standing:
        raise Refused(
            _("%(entry)s is already “%(status)s”.")
            % {"entry": standing, "status": label("ListEntry.status", standing.status)}
        )


def _create(
    institution: Institution,
    kind: str,
    chosen: list[Ground],
    reason: str,
    lead: Department,
    by: Membership,
) -> ListEntry:
    try:
        with transaction.atomic():
            return ListEntry.objects.create(
                institution=institution,
                kind=kind,
                division_id=institution.division_id,
                lead=lead,
                created_by=by,
                reason=reason.strip(),
                basis="；".join(dict.fromkeys(ground.basis for ground in chosen))[:300],
                proposed_on=daylight.today(),
            )
    except IntegrityError as error:  # proposed twice at once
        raise Refused(_("An entry of this institution is already on its way.")) from error


@transaction.atomic
def add_evidence(
    entry: ListEntry,
    *,
    by: Membership,
    finding: Finding | None = None,
    licence: Licence | None = None,
    note: str = "",
) -> Evidence:
    """Point at a finding or certificate of the same institution that backs the entry."""
    require(by, duties.PROPOSE)
    need_proposed(entry)
    owner = finding.institution_id if finding else licence and licence.institution_id
    if owner not in entry.institution.family():
        raise Refused(_("That record belongs to another institution."))
    made, created = Evidence.objects.get_or_create(
        entry=entry, finding=finding, licence=licence, defaults={"note": note, "added_by": by}
    )
    if created:
        workflow.touch(entry)
        audit.record(Verb.LIST_EVIDENCE_ADDED, entry, by=by, evidence=made.pk)
    return made


@transaction.atomic
def drop_evidence(evidence: Evidence, *, by: Membership) -> None:
    """Take a pointer away again while the proposal is being prepared."""
    require(by, duties.PROPOSE)
    need_proposed(evidence.entry)
    workflow.touch(evidence.entry)
    audit.record(Verb.LIST_EVIDENCE_DROPPED, evidence.entry, by=by, evidence=evidence.pk)
    evidence.delete()


def need_proposed(entry: ListEntry) -> None:
    if entry.status != Status.PROPOSED:
        raise Refused(_("Evidence is fixed once the notice is served."))
