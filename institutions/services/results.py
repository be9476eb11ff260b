"""Results of the annual review: recorded, corrected, published, taken out."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.workflow import Refused
from institutions.leads import due
from institutions.models import AnnualResult, Institution, Source

Result, Reason, Round = AnnualResult.Result, AnnualResult.Reason, AnnualResult.Round
FIRST_YEAR = 1990


class ResultKnown(Refused):
    """This round of the year has a result already."""

    code = "annual_result_known"


@transaction.atomic
def record_annual_result(
    institution: Institution,
    *,
    by: Membership,
    year: int,
    result: str,
    round: int = Round.FIRST,
    reason: str = "",
    reason_text: str = "",
    decided_on: dt.date | None = None,
    document_number: str = "",
    published_on: dt.date | None = None,
    source: str = Source.ENTRY,
    version: int | None = None,
) -> AnnualResult:
    """Record the result of a round of a year's review; NOT_TAKEN says why (`reason`).

    `version` is that of the institution. Raises `ResultKnown` when the round has a result, and
    `Refused` for a day in the future, a reason without NOT_TAKEN or NOT_TAKEN without a reason, and
    a second round without a first.
    """
    facts = _checked(
        result=result, reason=reason, reason_text=reason_text, decided_on=decided_on,
        document_number=document_number, published_on=published_on,
    )  # fmt: skip
    _check_round(institution, year, round)
    workflow.touch(institution, version=version)
    try:
        with transaction.atomic():
            row = AnnualResult.objects.create(
                institution=institution, year=year, round=round, source=source, recorded_by=by,
                **facts,
            )  # fmt: skip
    except IntegrityError as error:
        raise _known(error, year) from error
    audit.record(
        Verb.ANNUAL_RESULT_RECORDED, institution, by=by, year=year, round=int(round), result=result,
        reason=facts["reason_text"] or reason, source=source,
    )  # fmt: skip
    due.mark([institution.pk])
    return row


@transaction.atomic
def correct_annual_result(
    row: AnnualResult, *, by: Membership, version: int | None = None, **fields: Any
) -> dict[str, list[Any]]:
    """Put a recorded result right; returns {field: [old, new]}. Year and round stay."""
    if row.voided_at:
        raise Refused(_("It was taken out."))
    now = {name: fields.get(name, getattr(row, name)) for name in _FACTS}
    changes = workflow.change(
        row, verb=Verb.ANNUAL_RESULT_CHANGED, by=by, version=version, **_checked(**now)
    )
    if changes:
        due.mark([row.institution_id])
        workflow.touch(row.institution)
        audit.record(
            Verb.ANNUAL_RESULT_CHANGED, row.institution, by=by, year=row.year,
            changes={name: [str(old), str(new)] for name, (old, new) in changes.items()},
        )  # fmt: skip
    return changes


@transaction.atomic
def publish_annual_results(
    rows: Sequence[AnnualResult], *, by: Membership, on: dt.date
) -> list[AnnualResult]:
    """Note that results were made public on a day; returns those that were not yet."""
    if on > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    waiting = [row for row in rows if row.published_on is None and row.voided_at is None]
    for row in waiting:
        if row.decided_on and row.decided_on > on:
            raise Refused(
                _("%(name)s: the result was decided after that day.") % {"name": row.institution}
            )
        workflow.change(row, verb=Verb.ANNUAL_RESULT_PUBLISHED, by=by, published_on=on)
    audit.record_many(
        Verb.ANNUAL_RESULT_PUBLISHED,
        [(row.institution, {"year": row.year, "on": on}) for row in waiting],
        by=by,
    )
    return waiting


@transaction.atomic
def void_annual_result(
    row: AnnualResult, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Take out a result that was entered by mistake."""
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if row.voided_at:
        raise Refused(_("It was already taken out."))
    workflow.change(
        row, verb=Verb.ANNUAL_RESULT_VOIDED, by=by, version=version,
        voided_at=daylight.now(), void_reason=reason.strip()[:200],
    )  # fmt: skip
    workflow.touch(row.institution)
    due.mark([row.institution_id])
    audit.record(
        Verb.ANNUAL_RESULT_VOIDED, row.institution, by=by, year=row.year, reason=reason.strip()
    )


_FACTS = ("result", "reason", "reason_text", "decided_on", "document_number", "published_on")


def _checked(**facts: Any) -> dict[str, Any]:
    """The facts as they are written, or a refusal of what contradicts itself."""
    facts["reason_text"] = " ".join(facts["reason_text"].split())
    facts["document_number"] = "".join(facts["document_number"].split())
    taken = facts["result"] != Result.NOT_TAKEN
    if taken and (facts["reason"] or facts["reason_text"]):
        raise Refused(_("Only an institution that took no part has a reason for it."))
    if not taken and not facts["reason"]:
        raise Refused(_("Say why it took no part."))
    if facts["reason"] == Reason.OTHER and not facts["reason_text"]:
        raise Refused(_("Say in words why it took no part."))
    _check_days(facts["decided_on"], facts["published_on"])
    return facts


def _check_days(decided: dt.date | None, published: dt.date | None) -> None:
    today = daylight.today()
    if any(day and day > today for day in (decided, published)):
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    if decided and published and published < decided:
        raise Refused(_("It would be published before it was decided."))


def _check_round(institution: Institution, year: int, round: int) -> None:
    if not FIRST_YEAR <= year <= daylight.today().year:
        raise Refused(_("There is no review of the year %(year)s yet.") % {"year": year})
    if round == Round.FIRST:
        return
    first = AnnualResult.objects.standing().filter(
        institution=institution, year=year, round=Round.FIRST
    )
    if not first.exists():
        raise Refused(_("The first result of %(year)s is not on record.") % {"year": year})


def _known(error: IntegrityError, year: int) -> Refused:
    if "one_annual_result_per_round" not in str(error):
        raise error
    return ResultKnown(_("This round of %(year)s has a result already.") % {"year": year})
