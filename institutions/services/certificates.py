"""Certificates of an institution: recorded, corrected, ended."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.labels import label
from governance.models import Department, Membership
from governance.workflow import Refused
from institutions.leads import due
from institutions.models import REGISTRATION, SCHOOLING, Institution, Licence, Source
from institutions.services import expiry
from institutions.services.periods import record_period, share_with

ENDS = {
    Licence.State.REVOKED,
    Licence.State.WITHDRAWN,
    Licence.State.CANCELLED,
    Licence.State.LAPSED,
}


class LicenceKnown(Refused):
    """The same certificate is on record already."""

    code = "licence_known"


@transaction.atomic
def record_licence(
    institution: Institution,
    *,
    by: Membership,
    kind: str,
    number: str = "",
    issuer: Department | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
    **facts: Any,
) -> Licence:
    """Record a certificate: `facts` are issuer_name, scope, issued_on, valid_from, valid_to, site.

    A school licence makes its issuer the licensor of the institution from its first day on, a
    registration the registrar. Raises `LicenceKnown` when kind, number and first day are on record.
    """
    number = "".join(number.split())
    workflow.touch(institution, version=version)
    try:
        with transaction.atomic():
            licence = Licence.objects.create(
                institution=institution,
                kind=kind,
                number=number,
                issuer=issuer,
                source=source,
                recorded_by=by,
                **facts,
            )
    except IntegrityError as error:
        raise _known(error, kind, number) from error
    audit.record(Verb.LICENCE_RECORDED, institution, by=by, licence=licence.pk, kind=kind,
                 number=number, valid_to=licence.valid_to)  # fmt: skip
    _follow_issuer(licence, by)
    due.mark([institution.pk])
    expiry.watch(licence, by=by)
    expiry.renewed(licence, by=by)
    return licence


@transaction.atomic
def correct_licence(
    licence: Licence, *, by: Membership, version: int | None = None, **fields: Any
) -> dict[str, list[Any]]:
    """Put right what is recorded about a certificate; returns {field: [old, new]}."""
    if "number" in fields:
        fields["number"] = "".join(fields["number"].split())
    try:
        with transaction.atomic():
            changes = workflow.change(
                licence, verb=Verb.LICENCE_CHANGED, by=by, version=version, **fields
            )
    except IntegrityError as error:
        raise _known(error, licence.kind, fields.get("number", licence.number)) from error
    if changes:
        audit.record(
            Verb.LICENCE_CHANGED, licence.institution, by=by, licence=licence.pk,
            changes={name: [str(old), str(new)] for name, (old, new) in changes.items()},
        )  # fmt: skip
        _follow_issuer(licence, by)
        due.mark([licence.institution_id])
        expiry.watch(licence, by=by)
    return changes


@transaction.atomic
def change_licence_status(
    licence: Licence,
    to: str,
    *,
    by: Membership,
    on: dt.date,
    reason: str,
    version: int | None = None,
) -> None:
    """Suspend enrolment, restore, revoke, withdraw, cancel or let lapse; `on` is the first day of
    the new state, from which an ended certificate no longer counts."""
    if on > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    if not reason.strip():
        raise Refused(_("Say on what ground the certificate changes."))
    was = licence.status
    ended = {"ended_on": on} if to in ENDS else {}
    workflow.move(
        licence, to, verb=Verb.LICENCE_STATUS_CHANGED, by=by, version=version,
        on=on, reason=reason.strip(),
    )  # fmt: skip
    if ended:
        Licence.objects.filter(pk=licence.pk).update(**ended)
        licence.ended_on = on
    due.mark([licence.institution_id])
    audit.record(
        Verb.LICENCE_STATUS_CHANGED, licence.institution, by=by, licence=licence.pk,
        was=was, now=to, on=on, reason=reason.strip(),
    )  # fmt: skip
    if ended:
        expiry.watch(licence, by=by)


@transaction.atomic
def void_licence(
    licence: Licence, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Take out a certificate that was entered by mistake."""
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if licence.voided_at:
        raise Refused(_("It was already taken out."))
    workflow.change(
        licence, verb=Verb.LICENCE_VOIDED, by=by, version=version,
        voided_at=daylight.now(), void_reason=reason.strip()[:200],
    )  # fmt: skip
    due.mark([licence.institution_id])
    audit.record(
        Verb.LICENCE_VOIDED, licence.institution, by=by, licence=licence.pk, reason=reason.strip()
    )
    expiry.watch(licence, by=by)


def _follow_issuer(licence: Licence, by: Membership) -> None:
    """谁审批谁监管: who issues the licence supervises from its first day on."""
    issuer = licence.issuer
    if issuer is None or licence.ended_on:
        return
    institution = licence.institution
    role = "licensor" if licence.kind in SCHOOLING else "registrar"
    if licence.kind not in (*SCHOOLING, *REGISTRATION):
        return
    start = licence.valid_from or licence.issued_on or _first_day(institution)
    later = institution.periods.filter(during__overlap=DateRange(start, None))
    if not later.exclude(**{role: issuer}).exists():
        return  # the register says so already
    change: dict[str, Any] = {role: issuer}
    if start <= daylight.today():
        record_period(
            institution, by=by, start=max(start, _first_day(institution)),
            source=licence.source, **change,
        )  # fmt: skip
    else:
        share_with(institution, [issuer], by=by)


def _first_day(institution: Institution) -> dt.date:
    first = institution.periods.order_by("during").values_list("during", flat=True)[0]
    return first.lower


def _known(error: IntegrityError, kind: str, number: str) -> Refused:
    if "licence_ends_after_it_begins" in str(error):
        return Refused(_("The certificate would end before it begins."))
    if "one_licence_per_number_and_start" not in str(error):
        raise error
    words = {"kind": label("Licence.kind", kind), "number": number}
    return LicenceKnown(_("%(kind)s %(number)s is on record already.") % words)
