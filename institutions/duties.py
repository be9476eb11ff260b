"""Who may do what in the registry, and the door to a row one wants to change."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from governance.models import ActorKind, Membership, Role
from governance.scoping import Duty, DutyMissing, require

DESK = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER, Role.WINDOW})

LICENSORS = frozenset({"EDU", "HRSS", "CULTURE", "SCI", "SPORT"})

KEEP = Duty(
    code="registry.keep",
    label=_("Keep the register of institutions"),
    roles=DESK,
    kinds=frozenset(
        {"EDU", "HRSS", "CIVIL", "SAMR", "SCI", "CULTURE", "SPORT", "LEADGROUP", "TOWN"}
    ),
)
REGISTER = Duty(
    code="registry.register",
    label=_("Enter institutions in the register"),
    roles=DESK,
    kinds=frozenset({"EDU", "HRSS", "CIVIL", "SAMR", "SCI", "CULTURE", "SPORT", "LEADGROUP"}),
)
REPORT_FOUND = Duty(
    code="registry.report_found",
    label=_("Report a place that was found"),
    roles=DESK,
)
WALL = Duty(
    code="registry.wall_codes",
    label=_("Issue and revoke codes for the wall"),
    roles=frozenset({Role.CLERK, Role.LEADER, Role.WINDOW}),
    kinds=frozenset({"EDU", "HRSS", "CULTURE", "SCI", "SPORT"}),
)
GUIDE = Duty(
    code="registry.guide",
    label=_("Guide applications for a licence"),
    roles=DESK,
    kinds=frozenset({"EDU", "HRSS", "CIVIL", "SAMR", "CULTURE", "SCI", "SPORT"}),
)
REVIEW = Duty(
    code="registry.annual_results",
    label=_("Record the results of the annual review"),
    roles=frozenset({Role.CLERK, Role.OFFICER, Role.LEADER}),
    kinds=frozenset({"EDU", "HRSS", "CIVIL", "CULTURE", "SCI", "SPORT"}),
)
DISPOSE = Duty(
    code="registry.dispose",
    label=_("Record what became of an institution"),
    roles=frozenset({Role.CLERK, Role.OFFICER, Role.LEADER}),
)
WEED = Duty(
    code="registry.weed",
    label=_("Merge, void and mark duplicates in the register"),
    roles=frozenset({Role.CLERK, Role.LEADER}),
    kinds=frozenset({"EDU", "HRSS", "CULTURE", "SCI", "SPORT", "LEADGROUP"}),
)
BIND = Duty(
    code="registry.bind_member",
    label=_("Give accounts to institutions"),
    roles=frozenset({Role.CLERK, Role.LEADER, Role.WINDOW}),
    kinds=frozenset({"EDU", "HRSS", "CULTURE", "SCI", "SPORT"}),
)
FILE = Duty(
    code="filing.file",
    label=_("File for the institution"),
    actors=frozenset({ActorKind.INSTITUTION}),
)
DECIDE_FILING = Duty(
    code="filing.decide",
    label=_("Decide on filings of institutions"),
    roles=DESK,
    kinds=LICENSORS,
)
IDENTIFY = Duty(
    code="filing.identify",
    label=_("Identify the subject nature of courses"),
    roles=DESK,
    kinds=frozenset({"EDU"}),
)
LOAD_STAFF_LISTS = Duty(
    code="filing.staff_lists",
    label=_("Load the school staff list and the list of barred persons"),
    roles=frozenset({Role.CLERK, Role.LEADER}),
    kinds=frozenset({"EDU"}),
)
CHANGE_OWN = Duty(
    code="registry.lead_or_assist",
    label=_("Change this institution (its lead department or one that assists)"),
)


def to_change(model: Any, actor: Membership, duty: Duty, *related: str, **which: Any) -> Any:
    """The one row the actor wants to change, with `related` rows at hand: 404 when it is not
    visible, `DutyMissing` when the duty is lacking or another department keeps it."""
    rows = model.objects.visible_to(actor)
    row = get_object_or_404(rows.select_related(*related) if related else rows, **which)
    require(actor, duty)
    if not model.objects.editable_by(actor).filter(pk=row.pk).exists():
        raise DutyMissing(CHANGE_OWN)
    return row


def may_change(model: Any, actor: Membership, duty: Duty, pk: int) -> bool:
    """Whether a button for the act is shown."""
    return duty.held_by(actor) and model.objects.editable_by(actor).filter(pk=pk).exists()
