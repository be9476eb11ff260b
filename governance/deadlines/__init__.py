"""Deadlines: rules, the clocks they start, and the acts on a clock. The only home of due dates.

clock = deadlines.start("finding.rectify.major", task, event_on=served_on, by=actor, amount=20)
deadlines.meet(task, "finding.rectify.major", on=day, by=actor)
"""

from governance.deadlines.clocks import (
    AlreadyRuns,
    NotRunning,
    cancel,
    find,
    lapse,
    meet,
    recompute,
    recompute_open,
    redate,
    resume,
    start,
    suspend,
    transfer,
)
from governance.deadlines.explain import explain
from governance.deadlines.extensions import can_be_extended, extend, latest, may_grant
from governance.deadlines.keeping import DayRefused, pauses_of
from governance.deadlines.lights import Light, light
from governance.deadlines.many import Started, cancel_many, start_many
from governance.deadlines.reckoning import COUNTED, Reckoning, TermRefused, due_on, reckon
from governance.deadlines.rules import (
    RuleUnknown,
    load_deadline_rules,
    rule_for,
    turn_reminders_off,
    turn_reminders_on,
)
from governance.deadlines.standing import standing, strays

__all__ = [
    "COUNTED",
    "AlreadyRuns",
    "DayRefused",
    "Light",
    "NotRunning",
    "Reckoning",
    "RuleUnknown",
    "Started",
    "TermRefused",
    "can_be_extended",
    "cancel",
    "cancel_many",
    "due_on",
    "explain",
    "extend",
    "find",
    "lapse",
    "latest",
    "light",
    "load_deadline_rules",
    "may_grant",
    "meet",
    "pauses_of",
    "reckon",
    "recompute",
    "recompute_open",
    "redate",
    "resume",
    "rule_for",
    "standing",
    "start",
    "start_many",
    "strays",
    "suspend",
    "transfer",
    "turn_reminders_off",
    "turn_reminders_on",
]
