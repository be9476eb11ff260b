"""Large imports: a worker reads, plans and enters them; the user may leave and come back.

The batch is the queue: its status says that there is work, the task only wakes a worker up, and
what a dead worker or a lost message left is found by `wake_all`. All of one piece of work is one
transaction, so a killed worker leaves nothing half done and the next one begins again.
"""

from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from governance import import_books as books
from governance import import_files as files
from governance import import_progress as progress
from governance import workflow
from governance.audit import Verb
from governance.imports import Answers
from governance.models import Division, ImportBatch, Membership
from governance.scoping import require
from governance.workbooks import BadWorkbook
from governance.workflow import Refused
from institutions import duties
from institutions.imports import acts

TASK = "institutions.tasks.run_import"
SMALL = 300 * 1024  # bytes of a file that is read while the user waits
TOO_OFTEN = "too_complex"
Status = ImportBatch.Status


# --- what the user does -----------------------------------------------------------------------


@transaction.atomic
def receive(
    file: Any, context: Division, *, by: Membership, name: str, sheet: str, answers: Answers
) -> ImportBatch:
    """A preview at once, or a batch that a worker reads. Raises `BadWorkbook`."""
    require(by, duties.REGISTER)
    if file.size <= SMALL:
        table, _answers = acts.understood(file, answers, by=by, sheet=sheet or None)
        file.seek(0)
        if len(table.lines) <= acts.FEW:
            return acts.preview(
                file, context, by=by, name=name, sheet=sheet or None, answers=answers
            )
    batch = acts.opened(
        file, context, by=by, name=name, job_by=by, status=Status.READING,
        sheet=sheet[:100], answers=answers.as_json(),
    )  # fmt: skip
    files.keep(batch, file)
    wake_later(batch)
    return batch


@transaction.atomic
def answer(
    batch: ImportBatch, answers: dict[str, Any], *, by: Membership, version: int | None = None
) -> None:
    """Take the user's answers; with many rows a worker plans anew."""
    if batch.counts.get("rows", 0) <= acts.FEW:
        acts.answer(batch, answers, by=by, version=version)
        return
    acts.say(batch, answers, by=by, version=version)
    begin(batch, Status.READING, by=by)


@transaction.atomic
def apply(
    batch: ImportBatch, *, by: Membership, version: int | None = None, mode: str = acts.SKIP
) -> None:
    """Enter the rows, at once or by a worker."""
    if batch.counts.get("rows", 0) <= acts.FEW:
        acts.apply(batch, by=by, version=version, mode=mode)
        return
    require(by, duties.REGISTER)
    begin(batch, Status.APPLYING, by=by, version=version, mode=mode)


def begin(
    batch: ImportBatch, to: str, *, by: Membership, version: int | None = None, mode: str = ""
) -> None:
    remarks = batch.remarks | ({"mode": mode} if mode else {})
    workflow.move(
        batch, to, verb=Verb.IMPORT_QUEUED, by=by, version=version,
        also={"job_by": by, "failure": "", "remarks": remarks},
    )  # fmt: skip
    progress.forget(batch.pk)
    wake_later(batch)


def stop(batch: ImportBatch, *, by: Membership) -> None:
    """Give the work up: at once when no worker has it, else at the worker's next sign of life."""
    require(by, duties.REGISTER)
    with transaction.atomic():
        if row := taken(batch.pk):
            stopped(row, by=by)
            return
    progress.stop(batch.pk)


def stopped(batch: ImportBatch, *, by: Membership) -> None:
    """A first reading ends with nothing; everything else goes back to its preview."""
    if not batch.columns:
        books.drop(batch, by=by)
        return
    workflow.move(batch, Status.PREVIEWED, verb=Verb.IMPORT_STOPPED, by=by)


# --- what a worker does -----------------------------------------------------------------------


def wake_later(batch: ImportBatch) -> None:
    transaction.on_commit(partial(wake, batch.pk), robust=True)


def wake(pk: int) -> None:
    """Ask a worker; without a broker `wake_all` does it later."""
    current_app.send_task(TASK, [pk], ignore_result=True, retry=False)


def wake_all() -> None:
    """Every import that waits; one that a worker has is left to it."""
    for pk in ImportBatch.objects.filter(status__in=ImportBatch.AT_WORK).values_list("pk"):
        wake(*pk)


def taken(pk: int) -> ImportBatch | None:
    """The batch, locked, when there is work and no other worker has it."""
    rows = ImportBatch.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.select_related("division", "lead", "job_by__user")
    return waiting.filter(pk=pk, status__in=ImportBatch.AT_WORK).first()


def run(pk: int) -> None:
    """Do the work that waits on a batch; may run twice or be killed without harm."""
    by = Membership.objects.filter(pk__in=ImportBatch.objects.filter(pk=pk).values("job_by"))
    actor = by.select_related("user", "department__division").first()
    if actor is None:
        return
    try:
        language = actor.user.language if actor.user else settings.LANGUAGE_CODE
        with progress.following(pk), translation.override(language):
            work(pk, by=actor)
    except progress.Stopped:
        with transaction.atomic():
            if batch := taken(pk):
                stopped(batch, by=actor)
    if not ImportBatch.objects.filter(pk=pk, status__in=ImportBatch.AT_WORK).exists():
        progress.forget(pk)


@transaction.atomic
def work(pk: int, *, by: Membership) -> None:
    batch = taken(pk)
    if batch is None:
        return
    if progress.attempt(pk) > progress.ATTEMPTS:
        give_up(batch, TOO_OFTEN, by=by)
    elif batch.status == Status.APPLYING:
        enter(batch, by=by)
    else:
        read(batch, by=by)


def read(batch: ImportBatch, *, by: Membership) -> None:
    """Read and plan, or only plan anew when the rows are there."""
    try:
        if batch.columns:
            acts.kept(batch, acts.again(batch, by=by))
        else:
            first_reading(batch, by=by)
    except BadWorkbook as error:
        give_up(batch, error.code, by=by)
        return
    workflow.move(batch, Status.PREVIEWED, verb=Verb.IMPORT_PREVIEWED, by=by, counts=batch.counts)


def first_reading(batch: ImportBatch, *, by: Membership) -> None:
    progress.tick(progress.READING, 0, 1)
    file = files.opened(batch)
    if file is None:
        raise BadWorkbook("empty")
    with file:
        said = Answers.of(batch.answers)
        table, answers = acts.understood(file, said, by=by, sheet=batch.sheet or None)
    acts.fill(batch, table, answers, remembered=answers != said)
    steps = acts.planned(table.columns, table.lines, batch.division, answers, by=by)
    acts.kept(batch, steps)


def enter(batch: ImportBatch, *, by: Membership) -> None:
    try:
        with transaction.atomic():
            acts.apply(batch, by=by, mode=batch.remarks.get("mode", acts.SKIP))
    except Refused as refused:
        batch.refresh_from_db()
        acts.kept(batch, acts.again(batch, by=by))
        workflow.move(
            batch, Status.PREVIEWED, verb=Verb.IMPORT_STOPPED, by=by,
            also={"failure": refused.code},
        )  # fmt: skip


def give_up(batch: ImportBatch, code: str, *, by: Membership) -> None:
    to = Status.PREVIEWED if batch.columns else Status.FAILED
    verb = Verb.IMPORT_STOPPED if batch.columns else Verb.IMPORT_FAILED
    workflow.move(batch, to, verb=verb, by=by, also={"failure": code}, code=code)


# --- what the page says -----------------------------------------------------------------------


def step_words(step: str) -> str:
    return {
        progress.READING: _("The workbook is read"),
        progress.PLANNING: _("The rows are compared with the register"),
        progress.ENTERING: _("The rows are entered"),
    }.get(step, _("Waiting for a worker"))


def failure_words(code: str) -> str:
    """Why a worker gave up, as a sentence."""
    if code == acts.RegisterMoved.code:
        return _("The register changed since the preview. Look at the rows again, then confirm.")
    if code == acts.RowsLeftOut.code:
        return _("Nothing was entered: some rows have errors or are likely duplicates.")
    return str(BadWorkbook(code))
