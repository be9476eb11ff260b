"""The rights that the acts of this app ask for."""

from django.utils.translation import gettext_lazy as _

from governance.models import ActorKind, Role
from governance.scoping import Duty

OFFICE = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})
LEADERS = frozenset({Role.LEADER})
CLOSERS = frozenset({Role.CLERK, Role.LEADER})

PLAN = Duty("inspection.plan", _("Plan and assign inspections"), roles=OFFICE)
INSPECT = Duty("inspection.record", _("Carry out inspections"), roles=OFFICE)
DISMISS = Duty("finding.dismiss", _("Decide that a finding does not stand"), roles=OFFICE)
ISSUE = Duty("task.issue", _("Issue rectification notices"), roles=OFFICE)
APPROVE = Duty("task.approve", _("Approve notices that suspend"), roles=LEADERS)
SERVE = Duty("task.serve", _("Serve rectification notices"), roles=OFFICE)
PROVE = Duty(
    "task.prove",
    _("Hand in proof of rectification"),
    roles=OFFICE,
    kinds=frozenset({"TOWN"}),
    actors=frozenset({ActorKind.STAFF, ActorKind.INSTITUTION}),
)
RECHECK = Duty("task.recheck", _("Re-check what was rectified"), roles=OFFICE)
CLOSE_OUT = Duty("task.close", _("Close tasks out"), roles=CLOSERS)
CLOSE_OUT_CRITICAL = Duty("task.close_critical", _("Close critical tasks out"), roles=LEADERS)
EXTEND = Duty("task.extend", _("Decide on more time"), roles=LEADERS)
SUPERSEDE = Duty("task.supersede", _("End or hand over a task"), roles=CLOSERS)
PRESS = Duty("task.press", _("Press for rectification (督办)"), roles=LEADERS)
