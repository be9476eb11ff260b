"""What a campaign made of an institution."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.labels import label
from governance.models import Department, Membership
from governance.workflow import Refused
from institutions.models import Disposal, Institution, OperatingStatus, Source
from institutions.services.periods import record_period

Outcome = Disposal.Outcome
CLOSES = {Outcome.SHUT_DOWN, Outcome.PERMANENT_CLOSE, Outcome.CLOSE_DOWN}


@transaction.atomic
def dispose(
    institution: Institution,
    *,
    by: Membership,
    outcome: str,
    decided_on: dt.date,
    campaign: str = "",
    measures: str = "",
    department: Department | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
) -> Disposal:
    """Record an outcome of a campaign (规范、整改、取缔 …); one that shuts the place closes it.

    `department` is the one that decided, the actor's own by default. Raises `Refused` for a day in
    the future and for an outcome that is on record for this campaign and day.
    """
    if decided_on > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    workflow.touch(institution, version=version)
    try:
        with transaction.atomic():
            disposal = Disposal.objects.create(
                institution=institution,
                campaign=" ".join(campaign.split()),
                outcome=outcome,
                measures=measures.strip(),
                department=department or by.department or institution.lead,
                decided_on=decided_on,
                source=source,
                recorded_by=by,
            )
    except IntegrityError as error:
        words = {"outcome": label("Disposal.outcome", outcome), "day": decided_on}
        raise Refused(_("“%(outcome)s” is already recorded for %(day)s.") % words) from error
    audit.record(
        Verb.INSTITUTION_DISPOSED, institution, by=by, outcome=outcome, decided_on=decided_on,
        campaign=campaign,
    )  # fmt: skip
    if outcome in CLOSES:
        record_period(
            institution, by=by, start=decided_on, source=source, reason=campaign,
            operating_status=OperatingStatus.CLOSED,
        )  # fmt: skip
    return disposal
