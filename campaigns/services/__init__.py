"""The acts of collecting: `services.issue(…)`, `services.submit(…)`, `services.close(…)`."""

from campaigns.services.closing import cancel, close, stop_repeating
from campaigns.services.deciding import accept, give_back
from campaigns.services.extending import extend
from campaigns.services.filling import begin, replace, save, submit, withdraw, zero
from campaigns.services.forms import make_template, retire_template, revise_template
from campaigns.services.issuing import Plan, issue, issue_next
from campaigns.services.pressing import press, press_late

__all__ = [
    "Plan",
    "accept",
    "begin",
    "cancel",
    "close",
    "extend",
    "give_back",
    "issue",
    "issue_next",
    "make_template",
    "press",
    "press_late",
    "replace",
    "retire_template",
    "revise_template",
    "save",
    "stop_repeating",
    "submit",
    "withdraw",
    "zero",
]
