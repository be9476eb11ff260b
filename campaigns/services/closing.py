"""The end of a collection: its figures are frozen, or it is called off."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import duties
from campaigns.merging import Merged
from campaigns.models import Collection, Return
from governance import daylight, deadlines, frozen_reports, workflow
from governance.audit import Verb
from governance.models import FrozenReport, Membership
from governance.workflow import Refused

Status = Collection.Status


@transaction.atomic
def close(
    collection: Collection, *, by: Membership, reason: str = "", version: int | None = None
) -> FrozenReport:
    """Freeze the figures of what was accepted; units that are missing are named in the report.

    Refused while a return waits to be checked, and without a reason while units are missing.
    """
    duties.need_issuer(collection, by)
    if collection.returns.to_check().exists():
        raise Refused(_("Check what was handed in first: accept it or hand it back."))
    merged = Merged(collection)
    if merged.missing and not reason.strip():
        raise Refused(_("Units are missing. Say why the collection is closed without them."))
    workflow.move(
        collection, Status.CLOSED, verb=Verb.COLLECTION_CLOSED, by=by, version=version,
        also={
            "closed_on": daylight.today(), "closed_by": by, "end_reason": reason.strip()[:300],
        },
        missing=[owed.lead.name for owed in merged.missing], reason=reason.strip()[:300],
    )  # fmt: skip
    _stop_clocks(collection, _("The collection was closed."), by)
    return frozen_reports.freeze(
        figure_of(collection),
        str(collection),
        day=daylight.today(),
        division=collection.division,
        values=merged.values(),
        row_keys=[owed.key for owed in merged.accepted],
        by=by,
    )


def figure_of(collection: Collection) -> str:
    """The name under which the figures of a collection are frozen."""
    return f"collection:{collection.pk}"


@transaction.atomic
def cancel(
    collection: Collection, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Call it off: nothing is owed any more, what came in stays to be read."""
    duties.need_issuer(collection, by)
    if not reason.strip():
        raise Refused(_("Say why it is called off."))
    workflow.move(
        collection, Status.CANCELLED, verb=Verb.COLLECTION_CANCELLED, by=by, version=version,
        also={"end_reason": reason.strip()[:300], "repeats_until": None},
        reason=reason.strip()[:300],
    )  # fmt: skip
    _stop_clocks(collection, reason.strip(), by)


def _stop_clocks(collection: Collection, reason: str, by: Membership) -> None:
    for owed in Return.objects.filter(collection=collection).with_clocks():
        for clock in owed.clocks.all():
            if clock.is_open:
                deadlines.cancel(clock, by=by, reason=reason[:300])


@transaction.atomic
def stop_repeating(collection: Collection, *, by: Membership, version: int | None = None) -> None:
    """No further month is issued; this one goes on."""
    duties.need_issuer(collection, by)
    if collection.repeats_until is None:
        raise Refused(_("It is not issued every month."))
    workflow.change(
        collection, verb=Verb.COLLECTION_REPEAT_STOPPED, by=by, version=version, repeats_until=None
    )


def frozen(collection: Collection) -> FrozenReport | None:
    """The figures as they were when it was closed."""
    if collection.closed_on is None:
        return None
    rows = FrozenReport.objects.of_figure(figure_of(collection), collection.closed_on)
    return rows.first()
