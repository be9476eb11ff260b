"""The actors that are nobody's account, and the acts on memberships."""

import datetime as dt

from django.db import transaction

from governance import audit, daylight
from governance.models.people import ActorKind, Department, Membership, Role, User


def system_actor() -> Membership:
    """The scheduler and its workers."""
    return _only(ActorKind.SYSTEM)


def public_actor() -> Membership:
    """Anybody who is not signed in."""
    return _only(ActorKind.PUBLIC)


def _only(kind: ActorKind) -> Membership:
    found = Membership.objects.filter(kind=kind).order_by("pk").first()
    if found is None:
        found = Membership.objects.create(kind=kind, valid_from=dt.date(2000, 1, 1))
    return found


def acting_as(user_id: int) -> list[Membership]:
    """The active memberships of an account, each with account and department."""
    active = Membership.objects.active().filter(user=user_id)
    return list(active.select_related("user", "department__division").order_by("pk"))


@transaction.atomic
def bind_staff(
    user: User,
    department: Department,
    role: Role,
    *,
    by: Membership,
    card: str = "",
    valid_from: dt.date | None = None,
) -> Membership:
    """Give a person a role in a department; `card` is the number of the enforcement card."""
    membership = Membership.objects.create(
        user=user,
        department=department,
        role=role,
        enforcement_card=card,
        valid_from=valid_from or daylight.today(),
    )
    audit.record(audit.Verb.MEMBERSHIP_BOUND, membership, by=by, role=str(role))
    return membership


@transaction.atomic
def bind_institution(
    user: User,
    institution_id: int,
    *,
    by: Membership,
    label: str,
    valid_from: dt.date | None = None,
) -> Membership:
    """Let a person act for an institution; done by staff who saw the authorisation."""
    membership = Membership.objects.create(
        kind=ActorKind.INSTITUTION,
        user=user,
        institution_id=institution_id,
        label=label,
        valid_from=valid_from or daylight.today(),
    )
    audit.record(audit.Verb.MEMBERSHIP_BOUND, membership, by=by, institution=institution_id)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: Membership, reason: str) -> None:
    """End a membership with yesterday, so that it no longer counts today."""
    membership.valid_to = max(daylight.today() - dt.timedelta(days=1), membership.valid_from)
    membership.save(update_fields=["valid_to"])
    audit.record(audit.Verb.MEMBERSHIP_ENDED, membership, by=by, reason=reason)
