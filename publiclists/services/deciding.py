"""The decision on a proposal, by another person and only after the objection window."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from governance import daylight, numbers, workflow
from governance.audit import Verb
from governance.deadlines.reckoning import add_months
from governance.models import Department, Membership, NumberSeries
from governance.scoping import require
from governance.workflow import Refused
from publiclists import duties, grounds
from publiclists.models import LETTERS, Kind, ListEntry, Objection, Status
from publiclists.services.noticing import close_window, give_up, window_ends
from publiclists.services.proposing import GroundMissing
from publiclists.services.steps import need_reason


class WindowOpen(Refused):
    """The party may still object; the message names the first day of a decision."""

    code = "window_open"


@transaction.atomic
def decide(
    entry: ListEntry,
    *,
    by: Membership,
    decision: str,
    number: str = "",
    version: int | None = None,
) -> None:
    """Decide that the institution goes on the list; the entry gets its public number.

    `number` is the number of the decision paper. Refused while the objection window is open or an
    objection unanswered, to the proposer, and when a computed ground no longer holds.
    """
    require(by, duties.DECIDE)
    duties.other_hand(by, duties.DECIDE, [entry.created_by], entry.lead)
    _need_window_over(entry)
    need_grounds(entry)
    today = daylight.today()
    workflow.move(
        entry,
        Status.DECIDED,
        verb=Verb.LIST_DECIDED,
        by=by,
        version=version,
        decision_number=number.strip(),
        also={
            "decided_on": today,
            "decided_by": by,
            "decision": need_reason(decision),
            "decision_number": number.strip(),
            "number": _number(entry, by),
            "least_until": _least_until(entry, today),
            "ends_on": _ends_on(entry, today),
        },
    )
    close_window(entry, by=by)


def _need_window_over(entry: ListEntry) -> None:
    ends = window_ends(entry)
    if ends is None:
        raise Refused(_("No notice was served yet."))
    if daylight.today() <= ends:
        raise WindowOpen(_("The party may object until %(day)s; decide after it.") % {"day": ends})
    if entry.objections.filter(status=Objection.Status.RECEIVED).exists():
        raise Refused(_("An objection has not been answered yet."))


def need_grounds(entry: ListEntry) -> None:
    """`GroundMissing` when a ground of the entry that the system can check fails today."""
    against = lost_grounds(entry)
    if against:
        raise GroundMissing(_("The ground does not hold:") + " " + " ".join(against))


def lost_grounds(entry: ListEntry) -> list[str]:
    """What stands against the computed grounds of the entry today, as sentences."""
    today = daylight.today()
    rested = entry.grounds.select_related("ground")
    return [
        line
        for rest in rested
        for line in grounds.check(rest.ground, entry.institution, today).against
    ]


def _number(entry: ListEntry, by: Membership) -> str:
    """The public number; its series runs through the installation, so it names one entry."""
    reserved = numbers.reserve(_series(entry.kind), by=by)
    numbers.use(reserved, entry)
    return reserved.text


def _series(kind: str) -> NumberSeries:
    letter, year = LETTERS[Kind(kind)], daylight.today().year
    known = NumberSeries.objects.filter(kind=f"list.{letter}", year=year).order_by("pk").first()
    if known:
        return known
    keeper = (
        Department.objects.filter(kind="EDU").order_by("pk").first()
        or (Department.objects.order_by("pk")[0])
    )
    return numbers.series(keeper, f"list.{letter}", pattern=numbers.REGISTER, word=letter)


def _least_until(entry: ListEntry, decided_on: dt.date) -> dt.date:
    months = max(rest.ground.least_months for rest in entry.grounds.select_related("ground"))
    return add_months(decided_on, months)


def _ends_on(entry: ListEntry, decided_on: dt.date) -> dt.date | None:
    """The longest of the grounds; None when one of them runs until removed."""
    most = [rest.ground.most_months for rest in entry.grounds.select_related("ground")]
    return None if None in most else add_months(decided_on, max(filter(None, most)))


@transaction.atomic
def drop(entry: ListEntry, *, reason: str, by: Membership, version: int | None = None) -> None:
    """Give an entry up before it is published; once decided, only by who may decide."""
    require(by, duties.DECIDE if entry.status == Status.DECIDED else duties.PROPOSE)
    give_up(entry, need_reason(reason), by, version)
