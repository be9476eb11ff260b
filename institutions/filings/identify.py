"""Whether a course teaches a school subject: asked, opinions of experts, verdict (IDG).

Purpose, content and evaluation are looked at; at least three experts who are not employed in
training bodies give an opinion before there is a verdict.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from institutions.duties import CHANGE_OWN, IDENTIFY
from institutions.leads import due
from institutions.models import Course, ExpertOpinion, Identification, Institution

LEAST_EXPERTS = 3


@transaction.atomic
def ask(course: Course, *, by: Membership, on: dt.date | None = None) -> Identification:
    """Open the identification of a course; one at a time."""
    _require(course.institution, by)
    try:
        with transaction.atomic():
            row = Identification.objects.create(
                institution=course.institution, course=course, department=by.department,
                requested_on=on or daylight.today(), recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_open_identification_per_course" not in str(error):
            raise
        raise Refused(_("This course is being identified already.")) from error
    audit.record(Verb.IDENTIFICATION_ASKED, course.institution, by=by, course=course.name)
    return row


@transaction.atomic
def give_opinion(
    row: Identification,
    *,
    by: Membership,
    expert: str,
    employer: str,
    independent: bool,
    purpose: str,
    content: str,
    evaluation: str,
    verdict: str,
    given_on: dt.date,
) -> ExpertOpinion:
    """Record what an expert found; refused for experts who work in training bodies."""
    _require(row.institution, by)
    if row.verdict:
        raise Refused(_("The verdict was given already."))
    if not independent:
        raise Refused(_("An expert must not be employed in a training body."))
    try:
        with transaction.atomic():
            opinion = ExpertOpinion.objects.create(
                identification=row, expert=" ".join(expert.split()), employer=employer.strip(),
                independent=True, purpose=purpose, content=content, evaluation=evaluation,
                verdict=verdict, given_on=given_on, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_opinion_per_expert" not in str(error):
            raise
        raise Refused(_("This expert has given an opinion already.")) from error
    audit.record(
        Verb.IDENTIFICATION_OPINION_ADDED, row.institution, by=by,
        course=row.course.name, opinion=opinion.pk, verdict=verdict,
    )  # fmt: skip
    return opinion


@transaction.atomic
def decide(
    row: Identification,
    *,
    by: Membership,
    verdict: str,
    reason: str,
    on: dt.date | None = None,
    version: int | None = None,
) -> None:
    """The verdict, on the opinions; another than that of most experts needs no more than its
    reason, but a verdict without three opinions is refused."""
    _require(row.institution, by)
    if row.verdict:
        raise Refused(_("The verdict was given already."))
    if row.opinions.count() < LEAST_EXPERTS:
        raise Refused(
            _("At least %(n)d experts must have given their opinion.") % {"n": LEAST_EXPERTS}
        )
    if not reason.strip():
        raise Refused(_("Say on what the verdict rests."))
    workflow.change(
        row, verb=Verb.IDENTIFICATION_DECIDED, by=by, version=version, verdict=verdict,
        decided_on=on or daylight.today(), decided_by=by, reason=reason.strip(),
    )  # fmt: skip
    audit.record(
        Verb.IDENTIFICATION_DECIDED, row.institution, by=by,
        course=row.course.name, verdict=str(verdict),
    )  # fmt: skip
    due.mark([row.institution_id])


def tally(row: Identification) -> dict[str, int]:
    """How many experts found what."""
    found: dict[str, int] = {}
    for opinion in row.opinions.all():
        found[opinion.verdict] = found.get(opinion.verdict, 0) + 1
    return found


def _require(institution: Institution, by: Membership) -> None:
    require(by, IDENTIFY)
    rows: Any = Institution.objects.editable_by(by)
    if not rows.filter(pk=institution.pk).exists():
        raise DutyMissing(CHANGE_OWN)
