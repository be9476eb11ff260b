"""What a unit does with its return: begin, fill in, hand in, report nothing, take back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import checks, duties, prefill
from campaigns.cells import Cells
from campaigns.checks import Gap
from campaigns.models import Collection, Return, ReturnRow
from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused

Status = Return.Status
MOST_ROWS = 5_000


class Incomplete(Refused):
    """Cells that are asked for are empty, or figures do not add up; `gaps` says which."""

    code = "incomplete"

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("；".join(str(gap) for gap in gaps[:20]))
        self.gaps = list(gaps)


@dataclass(frozen=True)
class Edit:
    """A page of the grid as it was sent: cells by the key of their row, new rows, rows to drop."""

    rows: Mapping[int, Cells] = field(default_factory=dict)
    added: Sequence[Cells] = ()
    dropped: frozenset[int] = frozenset()


@transaction.atomic
def begin(owed: Return, *, by: Membership, version: int | None = None) -> None:
    """Fill the return from the register in the scope of `by`; what was drafted is replaced."""
    _need_unit(owed, by)
    _write(owed, prefill.rows_for(owed, by=by), by, version)
    _draft(owed, Verb.RETURN_BEGUN, by)


@transaction.atomic
def save(owed: Return, edit: Edit, *, by: Membership, version: int | None = None) -> None:
    """Keep what was typed on one page of the grid; the other rows stay."""
    _need_unit(owed, by)
    workflow.touch(owed, version=version)
    rows = {row.pk: row for row in owed.rows.all()}
    changed = _changed(rows, edit)
    ReturnRow.objects.bulk_update(changed, ["cells"])
    owed.rows.filter(pk__in=edit.dropped & rows.keys()).delete()
    last = max((row.position for row in rows.values()), default=0)
    _add(owed, [(None, dict(cells)) for cells in edit.added], last + 1)
    counts = {"changed": len(changed), "added": len(edit.added), "dropped": len(edit.dropped)}
    _draft(owed, Verb.RETURN_FILLED, by, **counts)


def _changed(rows: Mapping[int, ReturnRow], edit: Edit) -> list[ReturnRow]:
    """The known rows of the page whose cells differ, with the new cells set."""
    found = []
    for pk, cells in edit.rows.items():
        row = rows.get(pk)
        if row is not None and pk not in edit.dropped and row.cells != cells:
            row.cells = dict(cells)
            found.append(row)
    return found


@transaction.atomic
def replace(
    owed: Return, rows: Iterable[Cells], *, by: Membership, version: int | None = None, name: str
) -> None:
    """Take the rows of a filled workbook instead of those at hand; `name` is the file's."""
    _need_unit(owed, by)
    origins = {_identity(row.cells): row.origin for row in owed.rows.all() if row.origin}
    told = [(origins.get(_identity(cells)), dict(cells)) for cells in rows]
    _write(owed, told, by, version)
    _draft(owed, Verb.RETURN_UPLOADED, by, rows=len(told), file=name[:200])


def _identity(cells: Cells) -> tuple[str, ...]:
    """What names a row through the months, whatever else was changed in it."""
    keys = ("NUMBER", "CREDIT_CODE", "NAME", "PROBLEM")
    return tuple(cells.get(key, "") for key in keys)


@transaction.atomic
def submit(owed: Return, *, by: Membership, version: int | None = None) -> None:
    """Hand in. Raises `Incomplete` when something is missing, `Refused` without any row."""
    _need_unit(owed, by)
    rows = list(owed.rows.all())
    if not rows:
        raise Refused(_("There is no row. Where nothing happened, hand in a zero report."))
    asked = owed.collection.template
    gaps = checks.gaps(list(asked.columns.all()), asked.checks, rows)
    if gaps:
        raise Incomplete(gaps)
    _hand_in(owed, by, version, is_zero=False, rows=len(rows))


@transaction.atomic
def zero(owed: Return, *, by: Membership, version: int | None = None) -> None:
    """零报告: nothing to report in this period; rows at hand are dropped, and it is handed in."""
    _need_unit(owed, by)
    dropped, _by_model = owed.rows.all().delete()
    _fill(owed, by)
    _hand_in(owed, by, version, is_zero=True, dropped=dropped)


def _hand_in(owed: Return, by: Membership, version: int | None, **facts: Any) -> None:
    workflow.move(
        owed, Status.SUBMITTED, verb=Verb.RETURN_SUBMITTED, by=by, version=version,
        also={
            "submitted_at": daylight.now(), "submitted_by": by, "is_zero": facts["is_zero"],
            "round": owed.round + 1,
        },
        **facts,
    )  # fmt: skip
    for clock in owed.clocks.filter(status__in=("running", "suspended")):
        deadlines.meet(owed, clock.code, on=daylight.today(), by=by)


@transaction.atomic
def withdraw(owed: Return, *, by: Membership, version: int | None = None) -> None:
    """Take back what nobody has checked yet; the clock runs on from where it was."""
    need_filler(owed, by)
    if owed.status != Status.SUBMITTED:
        raise Refused(_("Only what was handed in and not checked yet can be taken back."))
    workflow.move(
        owed, Status.DRAFTED, verb=Verb.RETURN_WITHDRAWN, by=by, version=version,
        also={"is_zero": False},
    )  # fmt: skip
    last = owed.clocks.order_by("-pk").first()
    if last is not None and (owed.collection.is_open or owed.round > 1):
        deadlines.start(last.code, owed, event_on=last.event_on, by=by, amount=last.amount)


# --- shared ----------------------------------------------------------------------------------


def need_filler(owed: Return, by: Membership) -> None:
    """Pass for the hands of the unit that owes it."""
    require(by, duties.FILL)
    if by.department_id != owed.lead_id:
        raise DutyMissing(duties.FILL)


def _need_unit(owed: Return, by: Membership) -> None:
    need_filler(owed, by)
    if owed.collection.status == Collection.Status.CANCELLED:
        raise Refused(_("This collection was cancelled; nothing is owed."))
    if not owed.with_unit:
        raise Refused(_("This return was handed in and cannot be changed now."))


def _write(
    owed: Return, drafts: Sequence[prefill.Draft], by: Membership, version: int | None
) -> None:
    if len(drafts) > MOST_ROWS:
        raise Refused(_("A return holds at most %(most)s rows.") % {"most": MOST_ROWS})
    workflow.touch(owed, version=version)
    owed.rows.all().delete()
    _add(owed, drafts, 1)


def _add(owed: Return, drafts: Sequence[prefill.Draft], first: int) -> None:
    ReturnRow.objects.bulk_create(
        ReturnRow(of=owed, position=position, origin=origin, cells=cells)
        for position, (origin, cells) in enumerate(drafts, first)
    )


def _draft(owed: Return, verb: Verb, by: Membership, **facts: Any) -> None:
    """The return is being filled in, and by whom; what was handed back stays so until handed in."""
    _fill(owed, by)
    if owed.status == Status.OWED:
        workflow.move(owed, Status.DRAFTED, verb=verb, by=by, **facts)
    else:
        audit.record(verb, owed, by=by, **facts)


def _fill(owed: Return, by: Membership) -> None:
    moment: dt.datetime = daylight.now()
    Return.objects.filter(pk=owed.pk).update(filled_at=moment, filled_by=by)
    owed.filled_at, owed.filled_by = moment, by
