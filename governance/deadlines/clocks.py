"""The acts on a clock. Each is one transaction: the clock, its event, its steps, the audit."""

import datetime as dt
from types import EllipsisType

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.deadlines import keeping, steps
from governance.deadlines.reckoning import COUNTED, TermRefused, chosen
from governance.deadlines.rules import rule_for
from governance.deadlines.standing import REPEATED, division_of, standing
from governance.models.clocks import Clock, ClockEvent, DeadlineRule
from governance.models.people import Membership
from governance.workflow import Refused

Kind, Status = ClockEvent.Kind, Clock.Status


class AlreadyRuns(Refused):
    """A clock of this rule runs for this row."""

    code = "clock_already_runs"


class NotRunning(Refused):
    """There is no clock of this rule for the act."""

    code = "clock_not_running"


@transaction.atomic
def start(
    code: str,
    subject: models.Model,
    *,
    event_on: dt.date,
    by: Membership,
    amount: int | None = None,
    owner: Membership | None = None,
) -> Clock:
    """Start the clock of rule `code` for a row; the event's own day does not count.

    `amount` chooses within the rule's range, in its unit; without it the promised or usual one.
    Raises `RuleUnknown`, `TermRefused` (a rule without a clock, an amount out of range),
    `AlreadyRuns` and `NoCalendar`.
    """
    clock = _new(code, subject, event_on, amount, owner, by)
    _save_new(clock)
    keeping.note(clock, Kind.STARTED, clock.event_on, by, due_after=clock.due_on, amount=amount)
    steps.rewrite(clock, clock.rule)
    keeping.trace(clock, audit.Verb.CLOCK_STARTED, by, due_on=clock.due_on)
    return clock


def _new(
    code: str,
    subject: models.Model,
    event_on: dt.date,
    amount: int | None,
    owner: Membership | None,
    by: Membership,
) -> Clock:
    rule = rule_for(code, division_of(subject), event_on)
    chosen(rule, amount)
    clock = Clock(
        rule=rule,
        code=code,
        subject=subject,
        created_by=by,
        event_on=event_on,
        amount=amount,
        started_on=min(event_on, daylight.today()),
        **standing(subject, rule, owner.pk if owner else None).fields(),
    )
    keeping.figure(clock, [])
    return clock


def _save_new(clock: Clock) -> None:
    try:
        with transaction.atomic():
            clock.save()
    except IntegrityError as error:
        if "one_running_clock" not in str(error):
            raise
        raise AlreadyRuns(
            _("A clock “%(rule)s” is already running for %(row)s.")
            % {"rule": clock.rule.name, "row": clock.title}
        ) from error


def find(subject: models.Model, code: str) -> Clock | None:
    """The open clock of a rule for a row, if there is one."""
    return Clock.objects.of(subject).open().filter(code=code).select_related("rule").first()


@transaction.atomic
def meet(subject: models.Model, code: str, *, on: dt.date, by: Membership) -> Clock:
    """End the open clock of a rule: met when `on` is within the term, missed when later."""
    clock = find(subject, code)
    if clock is None:
        raise NotRunning(_("No clock “%(code)s” is running for this record.") % {"code": code})
    keeping.lock(clock)
    keeping.refuse_future(on)
    late = on > clock.due_on and clock.status == Status.RUNNING
    to = Status.MISSED if late else Status.MET
    return _end(clock, to, Kind.MET, audit.Verb.CLOCK_MET, on=on, by=by, reason="")


@transaction.atomic
def lapse(clock: Clock, *, by: Membership) -> Clock:
    """A window that was open for somebody (objection, hearing) has run out; its clock ends."""
    keeping.lock(clock)
    if daylight.today() <= clock.due_on:
        raise keeping.DayRefused(_("The term runs until %(day)s.") % {"day": clock.due_on})
    verb = audit.Verb.CLOCK_LAPSED
    return _end(clock, Status.MET, Kind.LAPSED, verb, on=clock.due_on, by=by, reason="")


@transaction.atomic
def cancel(clock: Clock, *, by: Membership, reason: str) -> Clock:
    """The ground of the clock has gone (shut down, transferred, entered by mistake)."""
    keeping.lock(clock)
    verb = audit.Verb.CLOCK_CANCELLED
    today = daylight.today()
    return _end(clock, Status.CANCELLED, Kind.CANCELLED, verb, on=today, by=by, reason=reason)


def _end(
    clock: Clock, to: str, kind: str, verb: str, *, on: dt.date, by: Membership, reason: str
) -> Clock:
    subject = clock.subject
    workflow.move(clock, to, verb=verb, by=by, about=subject, rule=clock.code, on=on)
    keeping.write(clock, ended_on=on, paused_for="")
    keeping.note(clock, kind, on, by, reason=reason, due_before=clock.due_on)
    steps.clear(clock)
    return clock


@transaction.atomic
def suspend(
    clock: Clock,
    *,
    by: Membership,
    reason: str,
    on: dt.date | None = None,
    paper_number: str = "",
) -> Clock:
    """Stop the clock: the days after `on` no longer count."""
    keeping.lock(clock)
    on = on or daylight.today()
    _refuse_unpausable(clock, on)
    workflow.move(
        clock, Status.SUSPENDED, verb=audit.Verb.CLOCK_SUSPENDED, by=by, about=clock.subject,
        rule=clock.code, on=on, reason=reason,
    )  # fmt: skip
    keeping.write(clock, paused_for=reason[:120])
    keeping.note(clock, Kind.SUSPENDED, on, by, reason=reason, paper=paper_number)
    steps.clear(clock)
    return clock


def _refuse_unpausable(clock: Clock, on: dt.date) -> None:
    keeping.refuse_future(on)
    rule = clock.rule
    if rule.unit not in COUNTED or rule.direction == DeadlineRule.Direction.BEFORE:
        raise TermRefused(_("The term “%(rule)s” cannot be stopped.") % {"rule": rule.name})
    first = max([clock.event_on, *(until for _since, until in keeping.pauses_of(clock))])
    if not first <= on <= clock.due_on:
        raise keeping.DayRefused(
            _("The clock can be stopped from %(first)s to %(last)s.")
            % {"first": first, "last": clock.due_on}
        )


@transaction.atomic
def resume(
    clock: Clock,
    *,
    by: Membership,
    reason: str = "",
    on: dt.date | None = None,
    paper_number: str = "",
) -> Clock:
    """Let the clock go on: the day after `on` counts again; the due date moves by the pause."""
    keeping.lock(clock)
    on = on or daylight.today()
    keeping.refuse_future(on)
    stopped_on = _stopped_on(clock)
    if on < stopped_on:
        raise keeping.DayRefused(_("The clock was stopped on %(day)s.") % {"day": stopped_on})
    workflow.move(
        clock, Status.RUNNING, verb=audit.Verb.CLOCK_RESUMED, by=by, about=clock.subject,
        rule=clock.code, on=on, reason=reason,
    )  # fmt: skip
    was, pauses = clock.due_on, keeping.pauses_of(clock)
    keeping.figure(clock, [*pauses, (stopped_on, on)])
    keeping.write_figures(clock, paused_for="")
    keeping.note(
        clock, Kind.RESUMED, on, by,
        reason=reason, paper=paper_number, due_before=was, due_after=clock.due_on,
    )  # fmt: skip
    return clock


def _stopped_on(clock: Clock) -> dt.date:
    stopped = clock.events.filter(kind=Kind.SUSPENDED).order_by("id").last()
    if stopped is None:
        raise NotRunning(_("This clock is not stopped."))
    return stopped.on


@transaction.atomic
def transfer(
    subject: models.Model,
    *,
    by: Membership,
    owner: Membership | EllipsisType | None = ...,
    reason: str = "",
) -> int:
    """Repeat the subject's lead, place, owner and title on its open clocks; how many changed.

    Called by the service that changed the subject. `owner` sets the person for subjects that name
    none themselves; without it the clock keeps its own.
    """
    changed = 0
    for clock in (
        Clock.objects.of(subject).open().select_related("rule").select_for_update(of=["self"])
    ):
        kept = clock.owner_id if isinstance(owner, EllipsisType) else getattr(owner, "pk", None)
        fields = standing(subject, clock.rule, kept).fields()
        differing = [name for name in REPEATED if getattr(clock, name) != fields[name]]
        if differing:
            keeping.write(clock, **fields)
            keeping.note(clock, Kind.TRANSFERRED, daylight.today(), by, reason=reason)
            keeping.trace(clock, audit.Verb.CLOCK_TRANSFERRED, by, changed=differing, reason=reason)
            changed += 1
    return changed


@transaction.atomic
def redate(clock: Clock, event_on: dt.date, *, by: Membership, reason: str) -> bool:
    """The day of the event was recorded wrongly: work the due date out from the right one.

    Returns whether anything changed. Pauses and extensions stay.
    """
    keeping.lock(clock)
    if clock.event_on == event_on:
        return False
    was = clock.due_on
    clock.event_on = event_on
    keeping.figure(clock, keeping.pauses_of(clock))
    keeping.write_figures(clock, event_on=event_on)
    keeping.note(
        clock, Kind.RECOMPUTED, daylight.today(), by,
        reason=reason, due_before=was, due_after=clock.due_on,
    )  # fmt: skip
    keeping.trace(
        clock, audit.Verb.CLOCK_RECOMPUTED, by, was=was, due_on=clock.due_on, reason=reason
    )
    return True


@transaction.atomic
def recompute(clock: Clock, *, by: Membership, reason: str) -> bool:
    """Work the due date out anew from rule, events and calendar; whether anything changed."""
    was = (clock.due_on, clock.amber_on, clock.provisional)
    keeping.figure(clock, keeping.pauses_of(clock))
    if was == (clock.due_on, clock.amber_on, clock.provisional):
        return False
    if was[0] == clock.due_on:
        keeping.write(clock, amber_on=clock.amber_on, provisional=clock.provisional)
        return True
    keeping.write_figures(clock)
    keeping.note(
        clock, Kind.RECOMPUTED, daylight.today(), by,
        reason=reason, due_before=was[0], due_after=clock.due_on,
    )  # fmt: skip
    keeping.trace(
        clock, audit.Verb.CLOCK_RECOMPUTED, by, was=was[0], due_on=clock.due_on, reason=reason
    )
    return True


@transaction.atomic
def recompute_open(*, reason: str, by: Membership) -> int:
    """Recompute every open clock, after a notice or a correction; how many changed."""
    rows = Clock.objects.open().select_related("rule").prefetch_related("events")
    rows = rows.select_for_update(of=["self"]).order_by("pk")
    return sum(recompute(clock, by=by, reason=reason) for clock in rows.iterator(chunk_size=1_000))
