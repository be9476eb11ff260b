"""Identity of an institution: code, people, duplicates, voiding."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions import credit_codes
from institutions.leads import due
from institutions.models import Institution, Source
from institutions.services import expiry, origins
from institutions.services.pairs import settle, unsettle_two
from institutions.services.registration import CodeTaken, check_code_is_free


@transaction.atomic
def change_identity(
    institution: Institution,
    *,
    by: Membership,
    version: int | None = None,
    source: str = Source.ENTRY,
    **fields: Any,
) -> dict[str, list[Any]]:
    """Change credit_code, credit_code_pending, founded_on, platform_id, principal,
    legal_representative, sponsor, controller, startup_funds (yuan), custody_bank, custody_account,
    contact_phone, found_how or note; returns {field: [old, new]}.

    Audit names the private ones without their values. Raises `Refused` for a wrong or taken code.
    """
    if fields.get("credit_code"):
        fields["credit_code"] = credit_codes.check(fields["credit_code"])
        fields["credit_code_pending"] = False
        if institution.duplicate_of_id is None:
            check_code_is_free(
                fields["credit_code"], institution.division_id[:6], besides=institution.pk
            )
    try:
        with transaction.atomic():
            changes = workflow.change(
                institution, verb=Verb.INSTITUTION_CHANGED, by=by, version=version, **fields
            )
    except IntegrityError as error:
        raise _taken(error, fields.get("credit_code", "")) from error
    origins.note(institution, changes, source)
    if changes:
        due.mark([institution.pk])
    return changes


@transaction.atomic
def mark_duplicate(
    institution: Institution,
    original: Institution,
    *,
    by: Membership,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Flag a second registration of the same body (重复登记); it stays in the register, flagged."""
    if original.pk == institution.pk:
        raise Refused(_("An institution cannot be a duplicate of itself."))
    if original.duplicate_of_id:
        raise Refused(_("%(name)s is a duplicate itself; name the original.") % {"name": original})
    if original.division_id[:6] != institution.division_id[:6]:
        raise Refused(_("The original lies in another county."))
    if institution.duplicates.exists():
        raise Refused(_("Other rows are flagged as duplicates of this one; flag those first."))
    workflow.change(
        institution, verb=Verb.INSTITUTION_DUPLICATE_MARKED, by=by, version=version,
        duplicate_of=original,
    )  # fmt: skip
    audit.record(
        Verb.INSTITUTION_DUPLICATE_MARKED, original, by=by, duplicate=institution.number,
        reason=reason,
    )  # fmt: skip
    settle(institution, original, by=by, decision=reason)


@transaction.atomic
def clear_duplicate(
    institution: Institution, *, by: Membership, version: int | None = None
) -> None:
    """Take the flag off; refused while another institution bears the same credit code."""
    if institution.duplicate_of_id is None:
        raise Refused(_("It is not flagged as a duplicate."))
    check_code_is_free(institution.credit_code, institution.division_id[:6], besides=institution.pk)
    original = institution.duplicate_of
    workflow.change(
        institution, verb=Verb.INSTITUTION_DUPLICATE_CLEARED, by=by, version=version,
        duplicate_of=None,
    )  # fmt: skip
    if original:
        unsettle_two(institution, original, by=by, reason=_("The flag was taken off."))


@transaction.atomic
def void(
    institution: Institution, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Take out an institution that was entered by mistake; one that closed keeps its row."""
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if institution.voided_at:
        raise Refused(_("It was already taken out."))
    if institution.duplicates.filter(voided_at=None).exists() or institution.merged.exists():
        raise Refused(_("Other rows point to this one as their original."))
    workflow.change(
        institution, verb=Verb.INSTITUTION_VOIDED, by=by, version=version,
        voided_at=daylight.now(), void_reason=reason.strip()[:200],
    )  # fmt: skip
    due.mark([institution.pk])
    deadlines.cancel_many(expiry.of_institutions([institution.pk]), by=by, reason=reason.strip())


def _taken(error: IntegrityError, code: str) -> Refused:
    if "one_credit_code_per_county" not in str(error):
        raise error
    return CodeTaken(_("%(code)s was just entered by somebody else.") % {"code": code})
