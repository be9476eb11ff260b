"""The rights that collecting asks for, and whose collection it is."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Collection
from governance.models import Department, Membership, Role
from governance.scoping import Duty, DutyMissing, require

HANDS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})
# Whoever leads or shares in governance may ask others; townships and schools answer.
ISSUERS = frozenset({
    "EDU", "LEADGROUP", "CIVIL", "HRSS", "SAMR", "POLICE", "FIRE", "HEALTH", "URBAN", "ENFORCE",
    "HOUSING", "SCI", "CULTURE", "SPORT", "DRC", "DISCIPLINE",
})  # fmt: skip

ISSUE = Duty("collections.issue", _("Issue collections and check what comes in"), HANDS, ISSUERS)
FILL = Duty("collections.fill", _("Fill in and hand in returns"), HANDS | {Role.WINDOW})


def office(by: Membership, duty: Duty) -> Department:
    """The department for which `by` acts; `DutyMissing` without the duty or a department."""
    require(by, duty)
    if by.department is None:
        raise DutyMissing(duty)
    return by.department


def need_issuer(collection: Collection, by: Membership) -> None:
    """Pass for the hands of the department that issued it, and for the scheduler."""
    require(by, ISSUE)
    if by.department_id != collection.lead_id and by.department_id is not None:
        raise DutyMissing(ISSUE)


def issues(collection: Collection, actor: Membership) -> bool:
    """Whether the actor may act on the collection."""
    return ISSUE.held_by(actor) and actor.department_id == collection.lead_id


def fills(lead_id: int, actor: Membership) -> bool:
    """Whether the actor may fill in the return of this unit."""
    return FILL.held_by(actor) and actor.department_id == lead_id
