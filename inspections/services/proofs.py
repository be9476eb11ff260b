"""The five assurances and the proof, from the institution or the township on its behalf."""

import uuid as uuids
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from governance import attachments, daylight, deadlines, notifications, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import require
from governance.workflow import Refused
from inspections import duties
from inspections.models import Proof, RectificationTask
from inspections.models.rectification import RECHECK_RULE
from inspections.services import settling
from inspections.services.findings import clerks_of

Status = RectificationTask.Status
ASSURANCES = ("responsibility", "measures", "funds", "contingency_plan")
PROVED_TEXT = gettext_noop("%(name)s handed in proof of rectification (%(number)s).")


@transaction.atomic
def set_assurances(
    task: RectificationTask, *, by: Membership, version: int | None = None, **assurances: str
) -> None:
    """Write down who answers for it, measures, funds and contingency plan (五落实)."""
    require(by, duties.PROVE)
    if task.is_over:
        raise Refused(_("This task has ended."))
    cleaned = {name: assurances[name].strip() for name in ASSURANCES if name in assurances}
    workflow.change(task, verb=Verb.ASSURANCES_SET, by=by, version=version, **cleaned)


@transaction.atomic
def submit_proof(
    task: RectificationTask,
    *,
    by: Membership,
    statement: str,
    photos: Sequence[attachments.Sent] = (),
    documents: Sequence[attachments.Sent] = (),
    uuid: uuids.UUID | None = None,
    version: int | None = None,
    **assurances: str,
) -> Proof:
    """Hand in that the round is done: statement, pictures, all five assurances.

    The institution's clock ends with it and that of the re-check starts. The same `uuid` again is
    the same proof. Raises `Refused` naming what is lacking.
    """
    require(by, duties.PROVE)
    known = Proof.objects.filter(uuid=uuid, task=task).first() if uuid else None
    if known:
        return known
    if assurances:
        set_assurances(task, by=by, version=version, **assurances)
        version = None
    _refuse_incomplete(task, statement, photos)
    workflow.move(
        task, Status.SUBMITTED, verb=Verb.TASK_PROVED, by=by, version=version, round=task.round,
        photos=len(photos),
    )  # fmt: skip
    proof = _create(task, statement, uuid, by)
    for kind, files in (("photo", photos), ("document", documents)):
        for file in files:
            attachments.attach(proof, file, by=by, kind=kind)
    deadlines.meet(task, task.clock_rule, on=proof.submitted_on, by=by)
    deadlines.start(RECHECK_RULE, task, event_on=proof.submitted_on, by=by)
    settling.drop_requests(task, by=by)
    _tell(task, proof)
    return proof


def _refuse_incomplete(
    task: RectificationTask, statement: str, photos: Sequence[attachments.Sent]
) -> None:
    if not statement.strip():
        raise Refused(_("Say what was done."))
    if any(not getattr(task, name) for name in ASSURANCES):
        raise Refused(
            _(
                "The five assurances are incomplete: name who answers for it, the measures, "
                "the funds and the contingency plan."
            )
        )
    item = task.finding.item
    if item and item.needs_photo and not photos:
        raise Refused(_("This problem needs at least one photo of the present state."))


def _create(
    task: RectificationTask, statement: str, uuid: uuids.UUID | None, by: Membership
) -> Proof:
    try:
        with transaction.atomic():
            return Proof.objects.create(
                task=task, uuid=uuid, round=task.round, statement=statement.strip(),
                submitted_on=daylight.today(), created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("This proof was already handed in.")) from error


def _tell(task: RectificationTask, proof: Proof) -> None:
    notifications.notify_all(
        clerks_of(task.lead),
        key=f"proof:{proof.pk}",
        text=PROVED_TEXT,
        params={"name": str(task.institution), "number": task.number},
        subject=task,
    )
