"""Granting more time: within the rule's maximum or the rule that caps it, by whoever may."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, daylight, workdays
from governance.deadlines import keeping
from governance.deadlines.reckoning import TermRefused, due_on, reckon
from governance.deadlines.rules import rule_for
from governance.models.clocks import Clock, ClockEvent, DeadlineRule, Unit
from governance.models.people import ActorKind, Membership, Role
from governance.scoping import Duty, DutyMissing, require

GRANT = Duty(
    code="clock.extend",
    label=gettext_lazy("Grant an extension as leader of the department in charge"),
    roles=frozenset({Role.LEADER}),
)
GRANT_OF_GOVERNMENT = Duty(
    code="clock.extend_of_government",
    label=gettext_lazy("Grant an extension for the government"),
    roles=frozenset({Role.LEADER}),
    kinds=frozenset({"LEADGROUP"}),
)


def can_be_extended(rule: DeadlineRule) -> bool:
    """Whether the rule knows an extension at all."""
    return bool(rule.max_extension or rule.capped_by)


def latest(clock: Clock) -> dt.date:
    """The last day up to which the clock can still be extended; its due date when it cannot."""
    rule = clock.rule
    if rule.capped_by:
        return max(clock.due_on, _cap(clock))
    return reckon(
        rule,
        clock.event_on,
        clock.amount,
        extension=max(rule.max_extension or 0, clock.extended),
        pauses=keeping.pauses_of(clock),
    ).due_on


def may_grant(clock: Clock, actor: Membership) -> bool:
    """Whether this person may extend this clock."""
    if clock.rule.extension_by == "government_leader":
        return GRANT_OF_GOVERNMENT.held_by(actor)
    of_lead = actor.kind == ActorKind.SYSTEM or actor.department_id == clock.lead_id
    return GRANT.held_by(actor) and of_lead


@transaction.atomic
def extend(
    clock: Clock,
    *,
    by: Membership,
    reason: str,
    amount: int | None = None,
    until: dt.date | None = None,
    paper_number: str = "",
) -> Clock:
    """Give more time: `amount` in the unit of the rule, or up to a day (`until`, wd and cd rules).

    Raises `DutyMissing` unless the leader named by the rule grants it, `TermRefused` when the rule
    knows no (or no longer) extension, `DayRefused` when the term has already run out.
    """
    keeping.lock(clock)
    _refuse_wrong_hands(clock, by)
    _refuse_wrong_time(clock)
    more = _amount_until(clock, until) if until else amount or 0
    was = clock.due_on
    clock.extended += more
    keeping.figure(clock, keeping.pauses_of(clock))
    _refuse_too_long(clock, more, was)
    keeping.write_figures(clock)
    keeping.note(
        clock, ClockEvent.Kind.EXTENDED, daylight.today(), by,
        reason=reason, paper=paper_number, amount=more, due_before=was, due_after=clock.due_on,
    )  # fmt: skip
    keeping.trace(
        clock, audit.Verb.CLOCK_EXTENDED, by,
        was=was, due_on=clock.due_on, amount=more, reason=reason,
    )  # fmt: skip
    return clock


def _refuse_wrong_hands(clock: Clock, by: Membership) -> None:
    if clock.rule.extension_by == "government_leader":
        return require(by, GRANT_OF_GOVERNMENT)
    if not may_grant(clock, by):
        raise DutyMissing(GRANT)


def _refuse_wrong_time(clock: Clock) -> None:
    rule = clock.rule
    if not can_be_extended(rule):
        raise TermRefused(_("The term “%(rule)s” cannot be extended.") % {"rule": rule.name})
    if clock.status != Clock.Status.RUNNING:
        raise TermRefused(_("Only a running clock can be extended."))
    if daylight.today() > clock.due_on:
        raise keeping.DayRefused(
            _("The term ran out on %(day)s; it can no longer be extended.") % {"day": clock.due_on}
        )


def _amount_until(clock: Clock, until: dt.date) -> int:
    raw = reckon(
        clock.rule,
        clock.event_on,
        clock.amount,
        extension=clock.extended,
        pauses=keeping.pauses_of(clock),
    ).raw
    if clock.rule.unit == Unit.WORKDAY:
        return workdays.count_between(raw, until)
    if clock.rule.unit == Unit.DAY:
        return (until - raw).days
    raise TermRefused(_("Give the extension in %(unit)s.") % {"unit": Unit(clock.rule.unit).label})


def _refuse_too_long(clock: Clock, more: int, was: dt.date) -> None:
    rule = clock.rule
    if more <= 0 or clock.due_on < was:
        raise TermRefused(_("An extension must be longer than nothing."))
    if rule.capped_by and clock.due_on > _cap(clock):
        raise TermRefused(
            _("The whole term may last until %(day)s at the longest.") % {"day": _cap(clock)}
        )
    if rule.max_extension and clock.extended > rule.max_extension:
        raise TermRefused(
            _("All extensions together may be %(most)s %(unit)s at the longest.")
            % {"most": rule.max_extension, "unit": Unit(rule.unit).label}
        )


def _cap(clock: Clock) -> dt.date:
    cap = rule_for(clock.rule.capped_by, clock.division_id, clock.event_on)
    return due_on(cap, clock.event_on, pauses=keeping.pauses_of(clock))
