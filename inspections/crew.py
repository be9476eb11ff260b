"""Who may go on an inspection, how many must, and when its record can serve as evidence."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import labels
from governance.labels import label
from governance.models import ActorKind, Division, Membership
from governance.workflow import Refused
from inspections import duties
from inspections.models import Inspection, InspectionPhoto

Kind = Inspection.Kind


class Crew(NamedTuple):
    """The least number of people, and how many of them with a valid enforcement card."""

    people: int
    cards: int


# Two officers with cards wherever the record may end in a penalty (行政处罚法 §42).
EVIDENCE = Crew(people=2, cards=2)
NEEDED: dict[str, Crew] = {
    Kind.PATROL: Crew(1, 0),
    Kind.SWEEP: Crew(1, 0),
    Kind.COVERT: Crew(1, 0),
    Kind.SURPRISE: Crew(2, 0),
    Kind.ACCEPTANCE: Crew(2, 0),
    Kind.SPECIAL: EVIDENCE,
    Kind.JOINT: EVIDENCE,
    Kind.RANDOM: EVIDENCE,
    Kind.RECHECK: EVIDENCE,
}


def visits() -> list[tuple[str, str]]:
    """The kinds for which somebody goes there, for forms."""
    return [choice for choice in labels.choices("Inspection.kind") if choice[0] in NEEDED]


class CrewTooSmall(Refused):
    """Too few people, or too few with a valid card, for this kind of inspection."""

    code = "crew_too_small"


def candidates(division: Division) -> QuerySet[Membership]:
    """The staff of the departments of the place who may be sent there."""
    code = division.pk
    prefixes = [code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)]
    return (
        Membership.objects.active()
        .filter(
            Q(department__jurisdictions__overlap=prefixes),
            kind=ActorKind.STAFF,
            role__in=duties.INSPECT.roles,
            department__division__code__startswith=division.county_code,
        )
        .select_related("user", "department")
        .order_by("department__code", "role", "user__name")
    )


def kinds_for(officers: Collection[Membership]) -> list[str]:
    """The kinds of inspection these people may carry out."""
    return [kind for kind in NEEDED if not _lack(kind, officers)]


def check(kind: str, officers: Collection[Membership]) -> None:
    """Pass, or raise `CrewTooSmall` saying how many are needed."""
    if lack := _lack(kind, officers):
        raise CrewTooSmall(lack)


def _lack(kind: str, officers: Collection[Membership]) -> str:
    needed = NEEDED[kind]
    facts = {"kind": label("Inspection.kind", kind), "people": needed.people}
    if len({officer.user_id for officer in officers}) < needed.people:
        return _("“%(kind)s” needs at least %(people)s officers.") % facts
    if sum(officer.holds_card() for officer in officers) < needed.cards:
        return _("“%(kind)s” needs %(people)s officers with valid enforcement cards.") % facts
    return ""


def gaps(inspection: Inspection, photos: Iterable[InspectionPhoto]) -> list[str]:
    """Why the record cannot serve as evidence of a penalty; empty when it can.

    Codes of `Inspection.evidence_gap` in the table of labels.
    """
    officers = list(inspection.officers.all())
    roles = {photo.role for photo in photos}
    Party = Inspection.PartySignature
    found = {
        "kind": NEEDED[inspection.kind] != EVIDENCE,
        "officers": len(officers) < EVIDENCE.people,
        "cards": sum(bool(officer.card_number) for officer in officers) < EVIDENCE.cards,
        "officer_signature": InspectionPhoto.Role.OFFICER_SIGNATURE not in roles,
        "party": inspection.party_signature == Party.ABSENT,
    }
    return [code for code, missing in found.items() if missing]
