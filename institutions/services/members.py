"""Accounts of institutions: bound by staff, entered first through a link that works once."""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, people
from governance.audit import Verb
from governance.models import ActorKind, Membership, User
from governance.workflow import Refused
from institutions.models import Institution

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no signs that look alike


@dataclass(frozen=True)
class AccessLink:
    """What staff hand over on paper or read out: shown once, stored nowhere."""

    membership: Membership
    username: str
    password: str


@transaction.atomic
def bind_member(
    institution: Institution, *, by: Membership, name: str, username: str, email: str = ""
) -> AccessLink:
    """Give a person an account that acts for the institution, with a password for the first entry.

    Raises `Refused` when the name of the account is taken or the institution left the register.
    """
    if institution.voided_at or institution.merged_into_id:
        raise Refused(_("%(name)s is no longer in the register.") % {"name": institution})
    password = _password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username.strip().lower(), password, name=name.strip(), email=email.strip()
            )
    except IntegrityError as error:
        sentence = _("There is an account named %(name)s already.")
        raise Refused(sentence % {"name": username}) from error
    membership = people.bind_institution(user, institution.pk, by=by, label=str(institution)[:80])
    audit.record(
        Verb.MEMBERSHIP_BOUND, institution, by=by, member=membership.pk, account=user.username
    )
    return AccessLink(membership, user.username, password)


@transaction.atomic
def new_access_link(
    institution: Institution, membership: Membership, *, by: Membership
) -> AccessLink:
    """A new password for the next entry; the old one stops working."""
    user = _own(institution, membership).user
    assert user is not None  # institution_membership_is_complete
    password = _password()
    user.set_password(password)
    user.password_set_at = None
    user.save(update_fields=["password", "password_set_at"])
    audit.record(Verb.ACCESS_LINK_MADE, institution, by=by, member=membership.pk)
    return AccessLink(membership, user.username, password)


@transaction.atomic
def end_member(
    institution: Institution, membership: Membership, *, by: Membership, reason: str
) -> None:
    """End a person's right to act for the institution."""
    if not reason.strip():
        raise Refused(_("Say why the account is ended."))
    people.end_membership(_own(institution, membership), by=by, reason=reason.strip())
    audit.record(
        Verb.MEMBERSHIP_ENDED, institution, by=by, member=membership.pk, reason=reason.strip()
    )


def members(institution: Institution) -> list[Membership]:
    """Everybody who acts or acted for the institution, newest first."""
    rows = Membership.objects.filter(
        kind=ActorKind.INSTITUTION, institution_id__in=institution.family()
    )
    return list(rows.select_related("user").order_by("-pk"))


def _own(institution: Institution, membership: Membership) -> Membership:
    if membership.institution_id not in institution.family():
        raise Refused(_("This account belongs to another institution."))
    return membership


def _password() -> str:
    groups = ("".join(secrets.choice(READABLE) for _sign in range(4)) for _group in range(4))
    return "-".join(groups)
