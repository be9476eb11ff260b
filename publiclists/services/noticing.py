"""The notice to the party, its objection window, objections and their review."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import audit, daylight, deadlines, labels, notifications, workflow
from governance.audit import Verb
from governance.models import Attachment, Membership
from governance.models.clocks import Clock
from governance.scoping import require
from governance.workflow import Refused
from publiclists import duties
from publiclists.models import Kind, ListEntry, Objection, Status
from publiclists.services.steps import end_all_clocks, need_reason

WINDOW = "list.objection"
REVIEW = "list.objectionReview"
NOTICE = gettext_noop("%(list)s: you are to be entered; you may object until %(day)s.")


@transaction.atomic
def serve_notice(
    entry: ListEntry,
    *,
    way: str,
    by: Membership,
    served_on: dt.date | None = None,
    note: str = "",
    version: int | None = None,
) -> None:
    """Serve the notice on the party (or show it publicly); the objection window starts to run.

    `way` is a `ListEntry.Service`. Refused without evidence for black and watch lists, and for a
    day before the proposal or after today.
    """
    require(by, duties.SERVE)
    day = served_on or daylight.today()
    if not entry.proposed_on <= day <= daylight.today():
        raise Refused(_("A notice is served between the day of the proposal and today."))
    if entry.kind != Kind.WHITE and not _is_backed(entry):
        raise Refused(_("Nothing backs this entry yet: add a finding, a certificate or a file."))
    workflow.move(
        entry,
        Status.NOTICED,
        verb=Verb.LIST_NOTICE_SERVED,
        by=by,
        version=version,
        way=way,
        served_on=str(day),
        also={
            "served_on": day,
            "disclosed_to": entry.institution_id,
            "served_by_way_of": ListEntry.Service(way),
            "served_note": note.strip(),
        },
    )
    clock = deadlines.start(WINDOW, entry, event_on=day, by=by)
    _tell_party(entry, clock.due_on)


def _is_backed(entry: ListEntry) -> bool:
    return entry.evidence.exists() or Attachment.objects.of(entry).exists()


def _tell_party(entry: ListEntry, until: dt.date) -> None:
    word = labels.table()["ListEntry.kind"][entry.kind]
    words = {"zh": word.zh, "en": word.en}
    people = Membership.objects.active().of_institution(entry.institution_id)
    notifications.notify_all(
        people,
        key=f"list.notice:{entry.pk}",
        text=NOTICE,
        params={"list": words, "day": str(until)},
        subject=entry,
    )


def window(entry: ListEntry) -> Clock | None:
    """The clock of the objection window, also when it has run out; None before the notice."""
    windows = [clock for clock in entry.clocks.all() if clock.code == WINDOW]
    return max(windows, key=lambda clock: clock.pk, default=None)


def window_ends(entry: ListEntry) -> dt.date | None:
    """The last day on which the party may object; None before the notice."""
    clock = window(entry)
    return clock.due_on if clock else None


@transaction.atomic
def record_objection(
    entry: ListEntry, text: str, *, by: Membership, received_on: dt.date | None = None
) -> Objection:
    """Take down what the party says; the time for its review starts. Refused after the window."""
    require(by, duties.OBJECT)
    day, ends = received_on or daylight.today(), window_ends(entry)
    if entry.status != Status.NOTICED or ends is None or entry.served_on is None:
        raise Refused(_("An objection can be made while the notice runs."))
    last = min(ends, daylight.today())
    if not entry.served_on <= day <= last:
        sentence = _("Objections are taken from %(first)s to %(last)s.")
        raise Refused(sentence % {"first": entry.served_on, "last": last})
    objection = Objection.objects.create(
        entry=entry, text=need_reason(text), received_on=day, recorded_by=by
    )
    workflow.touch(entry)
    audit.record(Verb.LIST_OBJECTION_RECORDED, entry, by=by, objection=objection.pk)
    deadlines.start(REVIEW, objection, event_on=day, by=by)
    return objection


@transaction.atomic
def review_objection(
    objection: Objection, *, upheld: bool, review: str, by: Membership, version: int | None = None
) -> None:
    """Answer an objection. Upheld: the entry is dropped. By another person than the proposer."""
    require(by, duties.REVIEW)
    entry = objection.entry
    duties.other_hand(by, duties.REVIEW, [entry.created_by], entry.lead)
    workflow.move(
        objection,
        Objection.Status.UPHELD if upheld else Objection.Status.REJECTED,
        verb=Verb.LIST_OBJECTION_REVIEWED,
        by=by,
        version=version,
        also={
            "reviewed_on": daylight.today(),
            "reviewed_by": by,
            "review": need_reason(review),
        },
    )
    deadlines.meet(objection, REVIEW, on=daylight.today(), by=by)
    if upheld:
        give_up(entry, review.strip(), by)


def give_up(entry: ListEntry, reason: str, by: Membership, version: int | None = None) -> None:
    """End an entry that was never published."""
    workflow.move(
        entry,
        Status.DROPPED,
        verb=Verb.LIST_DROPPED,
        by=by,
        version=version,
        reason=reason,
        also={
            "ended_on": daylight.today(),
            "end_reason": reason,
        },
    )
    end_all_clocks(entry, by, reason)


@transaction.atomic
def close_window(entry: ListEntry, *, by: Membership) -> None:
    """Note that the window is over, so that its clock does not count as overdue work."""
    clock = deadlines.find(entry, WINDOW)
    if clock and clock.due_on < daylight.today():
        deadlines.lapse(clock, by=by)
