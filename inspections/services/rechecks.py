"""The re-check: passed, or back to the institution for another round."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import attachments, daylight, deadlines, notifications, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from inspections import duties
from inspections.models import Recheck, RectificationTask
from inspections.models.rectification import MAX_RULE, RECHECK_RULE
from inspections.services import hands
from inspections.services.notices import party_members

Status, Result = RectificationTask.Status, Recheck.Result
REJECTED_TEXT = gettext_noop("Your rectification was not accepted (%(number)s): %(note)s")


@transaction.atomic
def recheck(
    task: RectificationTask,
    *,
    by: Membership,
    passed: bool,
    note: str,
    companion: Membership | None = None,
    photos: Sequence[attachments.Sent] = (),
    version: int | None = None,
) -> Recheck:
    """Look at what was put right. Critical findings are re-checked by two.

    Rejected, the task goes back to the institution: next round, new term from today, never beyond
    the longest term of the whole matter. Raises `SeparateHands`.
    """
    require(by, duties.RECHECK)
    _refuse_wrong_hands(task, by, companion)
    if not note.strip():
        raise Refused(_("Say what the re-check found."))
    proof = task.proofs.filter(round=task.round).last()
    if proof is None:
        raise Refused(_("No proof was handed in for this round."))
    result = Result.PASSED if passed else Result.REJECTED
    row = Recheck.objects.create(
        task=task, proof=proof, round=task.round, result=result, note=note.strip()[:500],
        rechecked_on=daylight.today(), companion=companion, created_by=by,
    )  # fmt: skip
    _move(task, row, by, version)
    for photo in photos:
        attachments.attach(row, photo, by=by, kind="photo")
    deadlines.meet(task, RECHECK_RULE, on=row.rechecked_on, by=by)
    if not passed:
        _next_round(task, row, by)
    return row


def _refuse_wrong_hands(
    task: RectificationTask, by: Membership, companion: Membership | None
) -> None:
    if by.department_id != task.lead_id and not _assists(task, by):
        raise DutyMissing(duties.RECHECK)
    sentence = _("Who handed in the proof does not re-check it.")
    sentence = f"{sentence} {hands.somebody_else(task.lead)}"
    hands.refuse_same(by, hands.provers(task), sentence)
    if companion:
        hands.refuse_same(companion, [*hands.provers(task), by], sentence)
    elif task.finding.is_critical:
        raise Refused(_("A critical finding is re-checked by two people."))


def _assists(task: RectificationTask, by: Membership) -> bool:
    return RectificationTask.objects.editable_by(by).filter(pk=task.pk).exists()


def _move(task: RectificationTask, row: Recheck, by: Membership, version: int | None) -> None:
    if row.result == Result.PASSED:
        workflow.move(
            task, Status.RECHECKED, verb=Verb.TASK_RECHECKED, by=by, version=version,
            note=row.note,
        )  # fmt: skip
    else:
        workflow.move(
            task, Status.SERVED, verb=Verb.TASK_REJECTED, by=by, version=version,
            also={"round": task.round + 1}, note=row.note,
        )  # fmt: skip


def _next_round(task: RectificationTask, row: Recheck, by: Membership) -> None:
    deadlines.start(
        task.clock_rule, task, event_on=row.rechecked_on, by=by, amount=_term_left(task, row)
    )
    notifications.notify_all(
        party_members(task),
        key=f"recheck:{row.pk}",
        kind="returned",
        text=REJECTED_TEXT,
        params={"number": task.number, "note": row.note},
        subject=task,
    )


def _term_left(task: RectificationTask, row: Recheck) -> int | None:
    """The term of a new round: the usual one, shortened to what the longest term leaves."""
    whole = deadlines.find(task, MAX_RULE)
    rule = deadlines.rule_for(task.clock_rule, task.division_id, row.rechecked_on)
    if whole is None or rule.amount == 0:
        return task.term
    if deadlines.due_on(rule, row.rechecked_on, task.term) <= whole.due_on:
        return task.term
    return max(1, min(rule.amount, (whole.due_on - row.rechecked_on).days))
