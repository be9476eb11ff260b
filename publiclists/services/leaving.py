"""How an entry leaves the list: suspended, removed, expired, withdrawn; and its basis checked."""

from django.db import transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.deadlines.reckoning import add_months
from governance.models import Membership
from governance.scoping import require
from governance.workflow import Refused
from publiclists import duties
from publiclists.models import Kind, ListEntry, PublicationEntry, Status
from publiclists.services.deciding import lost_grounds, need_grounds
from publiclists.services.publishing import RECONFIRM, publish_files
from publiclists.services.steps import end_all_clocks, need_reason

WITHDRAW = "publish.withdraw"
Ended = ListEntry.Ended


@transaction.atomic
def suspend(entry: ListEntry, *, reason: str, by: Membership, version: int | None = None) -> None:
    """Take an entry off the list for the time being; it leaves the current list at once."""
    require(by, duties.REMOVE)
    workflow.move(
        entry,
        Status.SUSPENDED,
        verb=Verb.LIST_SUSPENDED,
        by=by,
        version=version,
        reason=need_reason(reason),
        also={
            "suspended_on": daylight.today(),
        },
    )
    publish_files(entry.county, entry.kind)


@transaction.atomic
def reinstate(entry: ListEntry, *, reason: str, by: Membership, version: int | None = None) -> None:
    """Put a suspended entry back; refused while a ground that the system can check fails."""
    require(by, duties.REMOVE)
    need_grounds(entry)
    workflow.move(
        entry,
        Status.LIVE,
        verb=Verb.LIST_REINSTATED,
        by=by,
        version=version,
        reason=need_reason(reason),
        also={
            "suspended_on": None,
        },
    )
    _basis_back(entry, by)
    publish_files(entry.county, entry.kind)


@transaction.atomic
def remove(entry: ListEntry, *, reason: str, by: Membership, version: int | None = None) -> None:
    """Remove an entry whose party has put things right; not before its least period is over."""
    require(by, duties.REMOVE)
    if entry.least_until and daylight.today() < entry.least_until:
        raise Refused(_("This entry stays at least until %(day)s.") % {"day": entry.least_until})
    _end(entry, Ended.PUT_RIGHT, Verb.LIST_REMOVED, reason, by, version)


@transaction.atomic
def withdraw(
    entry: ListEntry,
    *,
    reason: str,
    by: Membership,
    annulled: bool = False,
    version: int | None = None,
) -> None:
    """Take an entry out because its basis fell away or the decision was annulled, at any time."""
    require(by, duties.REMOVE)
    ended = Ended.ANNULLED if annulled else Ended.BASIS_LOST
    _end(entry, ended, Verb.LIST_WITHDRAWN, reason, by, version)


@transaction.atomic
def expire(entry: ListEntry, *, by: Membership) -> None:
    """End an entry whose last day is past."""
    if entry.ends_on is None or entry.ends_on >= daylight.today():
        raise Refused(_("The last day of this entry is not past."))
    _end(entry, Ended.EXPIRED, Verb.LIST_EXPIRED, _("The last day is past."), by, None)


def _end(
    entry: ListEntry, ended: str, verb: str, reason: str, by: Membership, version: int | None
) -> None:
    """End the entry and take its text out of every publication that ever carried it."""
    reason, today = need_reason(reason), daylight.today()
    _close_withdrawal(entry, by)
    workflow.move(
        entry,
        Status.REMOVED,
        verb=verb,
        by=by,
        version=version,
        reason=reason,
        ended=str(ended),
        also={
            "ended_on": today,
            "ended": ended,
            "end_reason": reason,
        },
    )
    PublicationEntry.objects.filter(entry=entry, withdrawn_on=None).update(withdrawn_on=today)
    end_all_clocks(entry, by, reason)
    publish_files(entry.county, entry.kind)


def _close_withdrawal(entry: ListEntry, by: Membership) -> None:
    if deadlines.find(entry, WITHDRAW):
        deadlines.meet(entry, WITHDRAW, on=daylight.today(), by=by)


@transaction.atomic
def reconfirm(entry: ListEntry, *, by: Membership, version: int | None = None) -> None:
    """The yearly look at a white entry: its grounds hold today, so it runs for its term again."""
    require(by, duties.REMOVE)
    if entry.kind != Kind.WHITE or entry.status != Status.LIVE:
        raise Refused(_("Only entries on the white list are reconfirmed."))
    need_grounds(entry)
    months = max(rest.ground.most_months or 12 for rest in entry.grounds.select_related("ground"))
    today = daylight.today()
    workflow.change(
        entry, verb=Verb.LIST_RECONFIRMED, by=by, version=version, ends_on=add_months(today, months)
    )
    if deadlines.find(entry, RECONFIRM):
        deadlines.meet(entry, RECONFIRM, on=today, by=by)
    deadlines.start(RECONFIRM, entry, event_on=today, by=by)


@transaction.atomic
def check_basis(entry: ListEntry, *, by: Membership) -> list[str]:
    """Look whether the computed grounds of an entry on the list still hold; returns what fails.

    When they stop to hold, the time for its withdrawal (three working days) starts; a person
    withdraws or suspends. When they hold again before that, the clock is cancelled.
    """
    against = lost_grounds(entry)
    if against and not entry.basis_lost_on:
        today = daylight.today()
        workflow.change(
            entry, verb=Verb.LIST_BASIS_LOST, by=by, basis_lost_on=today, basis_lost=against
        )
        deadlines.start(WITHDRAW, entry, event_on=today, by=by)
    elif not against and entry.basis_lost_on:
        _basis_back(entry, by)
    return against


def _basis_back(entry: ListEntry, by: Membership) -> None:
    if entry.basis_lost_on:
        workflow.change(entry, verb=Verb.LIST_BASIS_BACK, by=by, basis_lost_on=None, basis_lost=[])
        clock = deadlines.find(entry, WITHDRAW)
        if clock:
            deadlines.cancel(clock, by=by, reason=_("The grounds hold again."))


@transaction.atomic
def reveal(row: PublicationEntry, *, reason: str, by: Membership) -> dict:
    """The text of a withdrawn entry, for staff with a reason; the look is recorded."""
    require(by, duties.REVEAL)
    audit.record(
        Verb.LIST_TEXT_REVEALED, row.entry, by=by,
        publication=row.publication.number, reason=need_reason(reason),
    )  # fmt: skip
    return row.text
