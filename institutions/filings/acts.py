"""The procedure of a filing: drafted → submitted → accepted, or returned with a reason."""

import uuid as uuids
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Department, Membership
from governance.scoping import DutyMissing, require
from governance.workflow import Refused
from institutions.duties import CHANGE_OWN, DECIDE_FILING, FILE
from institutions.filings import checks, followups, messages, records, values
from institutions.filings.kinds import KINDS, FilingKind
from institutions.models import Filed, Filing, Institution, Source

Action, Status = Filing.Action, Filing.Status
DECIDE_RULE = "filing.decide"


class RecordMoved(Refused):
    """What is on record changed after the filing was written; `drift` says in what."""

    code = "record_moved"

    def __init__(self, drift: list[dict[str, str]], version: int) -> None:
        super().__init__(_("What is on record has changed since this was filed."))
        self.drift, self.version = drift, version


class NoLongerValid(Refused):
    """The proposed values do not pass the checks of today."""

    code = "no_longer_valid"


# --- the institution ---------------------------------------------------------------------------


@transaction.atomic
def draft(
    institution: Institution,
    kind: FilingKind,
    action: str,
    proposed: dict[str, Any],
    *,
    by: Membership,
    record: Filed | None = None,
    sheet: uuids.UUID | None = None,
    note: str = "",
) -> Filing:
    """Write down what is to be filed; `proposed` are the cleaned values of the form as JSON.

    Of a change only what differs is kept. Raises `Refused` when nothing differs, or when something
    about the same row is open already.
    """
    _require_own(institution, by)
    before = values.present(kind, record) if record else {}
    wanted = _wanted(action, before, proposed)
    filing = Filing(
        institution=institution,
        kind=kind.code,
        action=action,
        record=record.pk if record else None,
        division_id=institution.division_id,
        lead=competent(institution),
        created_by=by,
        sheet=sheet or uuids.uuid4(),
        note=note.strip()[:300],
        values=values.dumped(wanted),
        before=values.dumped(before),
        title=_title(kind, before, wanted),
    )
    _save_new(filing)
    audit.record(Verb.FILING_DRAFTED, filing, by=by, kind=kind.code, action=str(action))
    return filing


def competent(institution: Institution) -> Department:
    """谁审批谁监管: the licensor of today, else who keeps the record."""
    period = institution.period()
    licensor = period.licensor if period else None
    if licensor and licensor.is_active and licensor.covers(institution.division_id):
        return licensor
    return institution.lead


@transaction.atomic
def revise(
    filing: Filing,
    proposed: dict[str, Any],
    *,
    by: Membership,
    note: str = "",
    version: int | None = None,
) -> None:
    """Write a draft, or what was returned, anew; the comparison is with what is on record now."""
    _require_own(filing.institution, by)
    if filing.status not in (Status.DRAFTED, Status.RETURNED):
        raise Refused(_("A filing that is with the department cannot be changed."))
    kind = KINDS[filing.kind]
    before = values.present(kind, row) if (row := on_record(filing)) else {}
    wanted = _wanted(filing.action, before, proposed)
    workflow.change(
        filing, verb=Verb.FILING_CHANGED, by=by, version=version,
        values=values.dumped(wanted), before=values.dumped(before),
        title=_title(kind, before, wanted), note=note.strip()[:300],
    )  # fmt: skip


@transaction.atomic
def submit(filings: Sequence[Filing], *, by: Membership, version: int | None = None) -> None:
    """Hand filings in; the term of the department begins."""
    for filing in filings:
        _require_own(filing.institution, by)
        _check(filing)
        workflow.move(
            filing, Status.SUBMITTED, verb=Verb.FILING_SUBMITTED, by=by, version=version,
            also={"submitted_at": daylight.now(), "submitted_by": by},
        )  # fmt: skip
        deadlines.start(DECIDE_RULE, filing, event_on=daylight.today(), by=by)
    messages.submitted(filings)


@transaction.atomic
def withdraw(filing: Filing, *, by: Membership, version: int | None = None) -> None:
    """Take a filing back before it is decided."""
    _require_own(filing.institution, by)
    workflow.move(filing, Status.WITHDRAWN, verb=Verb.FILING_WITHDRAWN, by=by, version=version)
    clock = deadlines.find(filing, DECIDE_RULE)
    if clock:
        deadlines.cancel(clock, by=by, reason=_("The institution withdrew the filing."))


# --- the department ----------------------------------------------------------------------------


@transaction.atomic
def give_back(filing: Filing, *, by: Membership, reason: str, version: int | None = None) -> None:
    """Return a filing; the institution reads the reason and files again."""
    _require_lead(filing, by)
    if not reason.strip():
        raise Refused(_("Say what must be put right."))
    workflow.move(
        filing, Status.RETURNED, verb=Verb.FILING_RETURNED, by=by, version=version,
        also=_decided(by) | {"reason": reason.strip()[:500]}, reason=reason.strip()[:500],
    )  # fmt: skip
    deadlines.meet(filing, DECIDE_RULE, on=daylight.today(), by=by)
    messages.returned(filing)


@transaction.atomic
def accept(
    filing: Filing, *, by: Membership, version: int | None = None, seen: int | None = None
) -> Filed:
    """Put a filing on record; returns the row.

    Raises `RecordMoved` when the row is no longer what it was when the filing was written, unless
    `seen` names the version of the row that the clerk has looked at; `NoLongerValid` when the
    values do not pass.
    """
    _require_lead(filing, by)
    found, data = _check(filing, seen)
    row = _write(filing, found, data, by)
    workflow.move(
        filing, Status.ACCEPTED, verb=Verb.FILING_ACCEPTED, by=by, version=version,
        also=_decided(by) | {"record": row.pk},
    )  # fmt: skip
    deadlines.meet(filing, DECIDE_RULE, on=daylight.today(), by=by)
    followups.after(KINDS[filing.kind], filing.institution, by=by)
    messages.accepted(filing)
    return row


def accept_each(filings: Iterable[Filing], *, by: Membership) -> list[tuple[Filing, str]]:
    """Accept one by one; (filing, why not) for each, "" when it was accepted.

    Who is found on a list of persons is not accepted in passing: somebody looks at it alone.
    """
    return [(filing, _accepted(filing, by)) for filing in filings]


def _accepted(filing: Filing, by: Membership) -> str:
    alarms = [hint.text for hint in checks.of_filing(filing, by) if hint.kind == "bad"]
    if alarms:
        return "; ".join(alarms)
    try:
        accept(filing, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""


def _write(filing: Filing, row: Any, data: dict[str, Any], by: Membership) -> Filed:
    """With the version that was checked: an act in between wins."""
    if row is None:
        kind = KINDS[filing.kind]
        return records.add(kind, filing.institution, data, by=by, source=Source.SELF)
    origin: dict[str, Any] = {"by": by, "source": Source.SELF, "version": row.version}
    if filing.action == Action.END:
        records.end(row, on=data["ended_on"], **origin)
    else:
        records.change(row, data, **origin)
    return cast(Filed, row)


# --- what both need ----------------------------------------------------------------------------


def on_record(filing: Filing) -> Any:
    """The row a change or an end is about; None of an addition. `Refused` when it was taken out."""
    if filing.action == Action.ADD:
        return None
    rows = KINDS[filing.kind].model.objects.filter(institution=filing.institution_id)
    row = rows.select_related("institution").filter(pk=filing.record, voided_at=None).first()
    if row is None:
        raise Refused(_("What this is about is no longer on record."))
    return row


def bound(filing: Filing, data: dict[str, Any], row: Filed | None) -> Any:
    """The form of a filing with values as they are kept."""
    form_class = KINDS[filing.kind].form_for(filing.action)
    return form_class(data, institution=filing.institution, record=row)


def _check(filing: Filing, seen: int | None = None) -> tuple[Any, dict[str, Any]]:
    """The row on record, if any, and the cleaned values to write.

    Raises `RecordMoved` and `NoLongerValid`.
    """
    kind, row = KINDS[filing.kind], on_record(filing)
    now = values.present(kind, row) if row else {}
    if row and seen != row.version:
        drift = values.drift(kind, filing.was, now, filing.institution)
        if drift:
            raise RecordMoved(drift, row.version)
    proposed = filing.proposed
    form = bound(filing, values.applied(now, proposed), row)
    form.is_valid()
    wrong = {
        name: found
        for name, found in form.errors.items()
        if row is None or name in proposed or name == "__all__"
    }
    if wrong:
        raise NoLongerValid(_sentence(kind, wrong))
    data = form.cleaned_data
    return row, {name: data[name] for name in data if row is None or name in proposed}


def _sentence(kind: FilingKind, wrong: dict[str, Any]) -> str:
    parts = [
        f"{kind.field_label(name)}: {' '.join(found)}" if name != "__all__" else " ".join(found)
        for name, found in wrong.items()
    ]
    return "; ".join(parts)


def _wanted(action: str, before: dict[str, Any], proposed: dict[str, Any]) -> dict[str, Any]:
    if action == Action.ADD:
        return proposed
    wanted = values.changed(before, proposed)
    if not wanted:
        raise Refused(_("Nothing differs from what is on record."))
    return wanted


def _title(kind: FilingKind, before: dict[str, Any], wanted: dict[str, Any]) -> str:
    return kind.title(values.applied(before, wanted))[:120]


def _save_new(filing: Filing) -> None:
    try:
        with transaction.atomic():
            filing.save()
    except IntegrityError as error:
        if "one_open_filing_per_record" not in str(error):
            raise
        raise Refused(_("A filing about this is open already.")) from error


def _decided(by: Membership) -> dict[str, Any]:
    return {"decided_at": daylight.now(), "decided_by": by}


def _require_own(institution: Institution, by: Membership) -> None:
    require(by, FILE)
    if institution.pk not in by.institutions:
        raise DutyMissing(FILE)


def _require_lead(filing: Filing, by: Membership) -> None:
    require(by, DECIDE_FILING)
    if not Filing.objects.editable_by(by).filter(pk=filing.pk).exists():
        raise DutyMissing(CHANGE_OWN)
