"""Accounts of institutions: bound by staff, entered first through a link that works once."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, entry_links, people
from governance.audit import Verb
from governance.models import ActorKind, Membership, User
from governance.workflow import Refused
from institutions.models import Institution


@dataclass(frozen=True)
class AccessLink:
    """What staff hand over: shown once, stored nowhere; its `path` opens for that person."""

    membership: Membership
    username: str
    path: str


@transaction.atomic
def bind_member(
    institution: Institution, *, by: Membership, name: str, username: str, email: str = ""
) -> AccessLink:
    """Give a person an account that acts for the institution, and the link for the first entry.

    Raises `Refused` when the name of the account is taken or the institution left the register.
    """
    if institution.voided_at or institution.merged_into_id:
        raise Refused(_("%(name)s is no longer in the register.") % {"name": institution})
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username.strip().lower(), None, name=name.strip(), email=email.strip()
            )
    except IntegrityError as error:
        sentence = _("There is an account named %(name)s already.")
        raise Refused(sentence % {"name": username}) from error
    membership = people.bind_institution(user, institution.pk, by=by, label=str(institution)[:80])
    share_accounts(institution)
    audit.record(
        Verb.MEMBERSHIP_BOUND, institution, by=by, member=membership.pk, account=user.username
    )
    return AccessLink(membership, user.username, entry_links.make(user))


def share_accounts(institution: Institution) -> None:
    """Let the accounts of the records that are one with this institution, and its own, act for all
    of them: called whenever records are joined, parted, or get an account."""
    family = institution.family()
    for key in family:
        accounts = Membership.objects.filter(kind=ActorKind.INSTITUTION, institution_id=key)
        accounts.update(also_institutions=[other for other in family if other != key])


@transaction.atomic
def new_access_link(
    institution: Institution, membership: Membership, *, by: Membership
) -> AccessLink:
    """A new link for somebody who cannot get in; the password stops working at once."""
    user = _own(institution, membership).user
    assert user is not None  # constraint institution_membership_is_complete
    user.set_password(None)
    user.password_set_at = None
    user.save(update_fields=["password", "password_set_at"])
    audit.record(Verb.ACCESS_LINK_MADE, institution, by=by, member=membership.pk)
    return AccessLink(membership, user.username, entry_links.make(user))


@transaction.atomic
def end_member(
    institution: Institution, membership: Membership, *, by: Membership, reason: str
) -> None:
    """End a person's right to act for the institution; an account without any other is closed."""
    if not reason.strip():
        raise Refused(_("Say why the account is ended."))
    people.end_membership(_own(institution, membership), by=by, reason=reason.strip())
    others = Membership.objects.active().filter(user=membership.user).exclude(pk=membership.pk)
    if not others.exists():
        User.objects.filter(memberships=membership).update(is_active=False)
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
