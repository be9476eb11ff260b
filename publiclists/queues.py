"""What of the lists waits for an actor, each with its lawful next act."""

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import Membership
from governance.queues import Queue
from publiclists import duties
from publiclists.models import ListEntry, ListEntryQuerySet, Status


def queues(actor: Membership) -> list[Queue]:
    """The queues of the lists for this actor, in the order of the procedure."""
    rows = ListEntry.objects.editable_by(actor).with_names()
    wanted = [
        (duties.SERVE, "list.serve", _("List entries to notify"), _("Serve the notice")),
        (duties.REVIEW, "list.review", _("Objections to answer"), _("Answer the objection")),
        (duties.DECIDE, "list.decide", _("List entries to decide"), _("Decide")),
        (duties.PUBLISH, "list.publish", _("List entries to publish"), _("Publish")),
        (
            duties.REMOVE,
            "list.withdraw",
            _("Entries without their basis"),
            _("Withdraw or suspend"),
        ),
        (duties.REMOVE, "list.reconfirm", _("White entries to reconfirm"), _("Reconfirm")),
    ]
    return [
        _queue(code, label, act, waiting(rows, code, actor))
        for duty, code, label, act in wanted
        if duty.held_by(actor)
    ]


def waiting(rows: ListEntryQuerySet, code: str, actor: Membership) -> ListEntryQuerySet:
    """The rows of one queue; the list page filters by the same code (`?queue=`)."""
    return QUEUES[code](rows, actor)


def _to_decide(rows: ListEntryQuerySet, actor: Membership) -> ListEntryQuerySet:
    ready = rows.filter(status=Status.NOTICED).window_over().without_open_objection()
    return ready.exclude(created_by__user=actor.user_id)


def _to_publish(rows: ListEntryQuerySet, actor: Membership) -> ListEntryQuerySet:
    decided = rows.filter(status=Status.DECIDED)
    return decided.exclude(created_by__user=actor.user_id).exclude(decided_by__user=actor.user_id)


QUEUES = {
    "list.serve": lambda rows, actor: rows.filter(status=Status.PROPOSED),
    "list.review": lambda rows, actor: rows.with_open_objection().exclude(
        created_by__user=actor.user_id
    ),
    "list.decide": _to_decide,
    "list.publish": _to_publish,
    "list.withdraw": lambda rows, actor: rows.basis_fell(),
    "list.reconfirm": lambda rows, actor: rows.to_reconfirm(),
}


def _queue(code: str, label: str, act: str, rows: ListEntryQuerySet) -> Queue:
    return Queue(
        code=code,
        label=label,
        act=act,
        rows=rows,
        url=f"{reverse('lists')}?queue={code}",
        title=str,
        party=lambda entry: str(entry.institution),
    )
