"""The rights that the acts on leads ask for."""

from django.utils.translation import gettext_lazy as _

from governance.models import ActorKind, Role
from governance.scoping import Duty

OFFICE = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})

ASK = Duty("lead.ask", _("Ask institutions about leads"), roles=OFFICE)
DISMISS_LEAD = Duty("lead.dismiss", _("Dismiss leads"), roles=OFFICE)
ANSWER = Duty(
    "lead.answer",
    _("Answer questions of departments"),
    actors=frozenset({ActorKind.INSTITUTION}),
)
KEEP_RULES = Duty(
    "compliance.keep",
    _("Set the thresholds of compliance rules and guided prices"),
    roles=frozenset({Role.CLERK, Role.LEADER}),
    kinds=frozenset({"EDU", "LEADGROUP"}),
)
