"""Entering an institution in the register."""

import datetime as dt
import uuid as uuids
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from governance import audit, competence, daylight
from governance.audit import Verb
from governance.models import Department, Division, Membership
from governance.workflow import Refused
from institutions import credit_codes, names
from institutions.leads import due
from institutions.models import Institution, InstitutionPeriod, Kind, Source
from institutions.services import origins
from institutions.services.periods import share_with
from institutions.services.sites import add_site

IDENTITY = (
    "founded_on", "platform_id", "principal", "legal_representative", "sponsor", "controller",
    "startup_funds", "custody_bank", "custody_account", "contact_phone", "found_how", "note",
)  # fmt: skip


@transaction.atomic
def register_institution(
    *,
    by: Membership,
    township: Division,
    name: str = "",
    kind: str = Kind.TRAINING,
    credit_code: str = "",
    credit_code_pending: bool = False,
    since: dt.date | None = None,
    address: str = "",
    lead: Department | None = None,
    uuid: uuids.UUID | None = None,
    source: str = Source.ENTRY,
    duplicate_of: Institution | None = None,
    **facts: Any,
) -> Institution:
    """Enter an institution, with a first period from `since` (else its founding, else today) and,
    where an address is known, a first site.

    Further facts are those of `record_period` and the columns of IDENTITY. The register is kept by
    the education department of the place unless `lead` says otherwise. Raises `Refused` for a
    credit code that is wrong or already borne by another institution of the county.
    """
    identity = {key: facts.pop(key) for key in IDENTITY if key in facts}
    code = credit_codes.check(credit_code) if credit_code else ""
    if duplicate_of is None:
        check_code_is_free(code, township.county_code)
    start = since or identity.get("founded_on") or daylight.today()
    if start > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    institution = _insert(
        code,
        number=next_numbers(township.county_code)[0],
        uuid=uuid,
        division=township,
        lead=lead or competence.department("EDU", township) or by.department,
        created_by=by,
        credit_code_pending=credit_code_pending and not code,
        duplicate_of=duplicate_of,
        sources=origins.noted(
            origins.known_of(
                {"credit_code": code, "name": name, "kind": kind, "township": township}
                | identity
                | facts
            ),
            source,
        ),
        **identity,
    )
    _first_period(institution, start, by=by, name=name, kind=kind, source=source, **facts)
    institution.read_periods()  # every act that follows is recorded under its name
    audit.record(
        Verb.INSTITUTION_REGISTERED, institution, by=by, number=institution.number, source=source
    )
    share_with(institution, [facts.get("licensor"), facts.get("registrar")], by=by)
    due.mark([institution.pk])
    if address:
        add_site(institution, by=by, address=address, start=start, source=source)
    return institution


def next_numbers(county: str, count: int = 1) -> list[str]:
    """The next `count` numbers of the register of a county, `990121-000123`.

    The row of the county is locked until the transaction ends, so a rollback leaves no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institutions_registerseries (county, last) VALUES (%s, %s) "
            "ON CONFLICT (county) DO UPDATE "
            "SET last = institutions_registerseries.last + EXCLUDED.last RETURNING last",
            [county, count],
        )
        last = cursor.fetchone()[0]
    return [f"{county}-{value:06d}" for value in range(last - count + 1, last + 1)]


def check_code_is_free(code: str, county: str, *, besides: int | None = None) -> None:
    """Pass, or refuse naming the institution of the county that bears the code."""
    if not code:
        return
    bearers = Institution.objects.filter(
        credit_code=code,
        division__code__startswith=county,
        duplicate_of=None,
        merged_into=None,
        voided_at=None,
    ).exclude(pk=besides or 0)
    other = bearers.prefetch_related("periods").first()
    if other:
        raise CodeTaken(
            _("%(code)s is already the code of %(name)s (%(number)s).")
            % {"code": code, "name": other, "number": other.number}
        )


class CodeTaken(Refused):
    """Another institution of the county bears this credit code."""

    code = "credit_code_taken"


def _insert(code: str, **columns: Any) -> Institution:
    try:
        with transaction.atomic():
            return Institution.objects.create(credit_code=code, **columns)
    except IntegrityError as error:  # somebody entered it between our question and our insert
        if "one_credit_code_per_county" not in str(error):
            raise
        sentence = _("%(code)s was just entered by somebody else.")
        raise CodeTaken(sentence % {"code": code}) from error


def _first_period(
    institution: Institution, start: dt.date, *, by: Membership, name: str, **facts: Any
) -> InstitutionPeriod:
    facts.setdefault("township", institution.division)
    return InstitutionPeriod.objects.create(
        institution=institution,
        during=DateRange(start, None),
        recorded_by=by,
        **names.columns(name),
        **facts,
    )
