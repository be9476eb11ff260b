"""Branches (分校): bodies of their own that belong to another one.

MBR §23: a further site within the area of the same licensor is a change of address of the one
licence; beyond it, a branch needs a licence of its own from the licensor where it stands and is
filed with the licensor of the main body.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions.models import Institution, Source
from institutions.services import origins


@transaction.atomic
def set_branch(
    institution: Institution,
    main: Institution,
    *,
    by: Membership,
    filed_on: dt.date | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
) -> None:
    """Record that an institution is a branch of `main`, filed with its licensor on a day if known.

    Raises `Refused` for itself, a branch of a branch and a record that left the register.
    """
    _check_pair(institution, main)
    _check_day(filed_on)
    workflow.change(
        institution, verb=Verb.INSTITUTION_BRANCH_SET, by=by, version=version,
        branch_of=main, branch_filed_on=filed_on,
    )  # fmt: skip
    origins.note(institution, ["branch_of"], source)
    audit.record(Verb.INSTITUTION_BRANCH_SET, main, by=by, branch=institution.number)


@transaction.atomic
def file_branch(
    institution: Institution, *, by: Membership, on: dt.date, version: int | None = None
) -> None:
    """Record the filing of a branch with the licensor of its main body."""
    if institution.branch_of_id is None:
        raise Refused(_("It is not recorded as a branch."))
    _check_day(on)
    workflow.change(
        institution, verb=Verb.INSTITUTION_BRANCH_FILED, by=by, version=version, branch_filed_on=on
    )
    origins.note(institution, ["branch_filed_on"])


@transaction.atomic
def clear_branch(
    institution: Institution, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """The institution stands alone, or was recorded as a branch by mistake."""
    main = institution.branch_of
    if main is None:
        raise Refused(_("It is not recorded as a branch."))
    if not reason.strip():
        raise Refused(_("Say why it is no branch."))
    workflow.change(
        institution, verb=Verb.INSTITUTION_BRANCH_CLEARED, by=by, version=version,
        branch_of=None, branch_filed_on=None,
    )  # fmt: skip
    audit.record(
        Verb.INSTITUTION_BRANCH_CLEARED, main, by=by, branch=institution.number,
        reason=reason.strip(),
    )  # fmt: skip


def _check_pair(institution: Institution, main: Institution) -> None:
    if institution.pk == main.pk:
        raise Refused(_("An institution cannot be its own branch."))
    if main.branch_of_id:
        raise Refused(_("%(name)s is a branch itself; name the main body.") % {"name": main})
    if main.voided_at or main.merged_into_id:
        raise Refused(_("%(name)s is no longer in the register.") % {"name": main})
    if institution.branches.exists():
        raise Refused(_("It has branches itself; a branch has none."))


def _check_day(day: dt.date | None) -> None:
    if day and day > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
