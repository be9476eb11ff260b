"""Codes for the wall: issued, revoked, issued anew."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions.models import SCHOOLING, Institution, Site, WallToken


@transaction.atomic
def issue_wall_token(
    institution: Institution, *, by: Membership, site: Site | None = None
) -> WallToken:
    """A code for the wall of an institution, or of one of its sites.

    Raises `Refused` for one that never held a licence, a site of another institution, and a place
    that has a live code: that one is revoked first.
    """
    if site is not None and (site.institution_id != institution.pk or site.voided_at):
        raise Refused(_("This site belongs to another institution."))
    if not institution.licences.filter(kind__in=SCHOOLING, voided_at=None).exists():
        raise Refused(_("Only an institution with a licence on record gets a code for its wall."))
    try:
        with transaction.atomic():
            row = WallToken.objects.create(institution=institution, site=site, issued_by=by)
    except IntegrityError as error:
        if "one_live_wall_token_per_place" not in str(error):
            raise
        raise Refused(_("It has a code already; revoke that one first.")) from error
    audit.record(
        Verb.WALL_TOKEN_ISSUED, institution, by=by, code=row.pk, site=site.serial if site else None
    )
    return row


@transaction.atomic
def revoke_wall_token(
    row: WallToken, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """The code counts no more from now on; whoever scans it is told so."""
    if not reason.strip():
        raise Refused(_("Say why the code is revoked."))
    if row.revoked_at:
        raise Refused(_("The code was revoked already."))
    workflow.change(
        row, verb=Verb.WALL_TOKEN_REVOKED, by=by, version=version,
        revoked_at=daylight.now(), revoked_by=by, revoke_reason=reason.strip()[:200],
    )  # fmt: skip
    audit.record(
        Verb.WALL_TOKEN_REVOKED, row.institution, by=by, code=row.pk, reason=reason.strip()
    )


@transaction.atomic
def reissue_wall_token(
    row: WallToken, *, by: Membership, reason: str, version: int | None = None
) -> WallToken:
    """Revoke a code and issue another one for the same place."""
    revoke_wall_token(row, by=by, reason=reason, version=version)
    return issue_wall_token(row.institution, by=by, site=row.site)
