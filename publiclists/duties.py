"""The duties of the list procedure, and the rule that its steps need different people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import ActorKind, Department, Membership, Role
from governance.scoping import Duty, DutyMissing, require
from governance.workflow import Refused

# Departments that license, register or supervise: their findings carry an entry.
KINDS = frozenset({"EDU", "CIVIL", "HRSS", "SAMR", "CULTURE", "SPORT", "SCI", "LEADGROUP"})
HANDS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})

PROPOSE = Duty("lists.propose", gettext_lazy("Propose list entries"), HANDS, KINDS)
SERVE = Duty("lists.serve", gettext_lazy("Serve notices of the lists"), HANDS, KINDS)
OBJECT = Duty(
    "lists.object",
    gettext_lazy("Record objections to list entries"),
    HANDS | {Role.WINDOW},
    KINDS,
    frozenset({ActorKind.STAFF, ActorKind.INSTITUTION}),
)
REVIEW = Duty(
    "lists.review",
    gettext_lazy("Review objections to list entries"),
    frozenset({Role.LEADER, Role.LEGAL_REVIEWER}),
    KINDS,
)
DECIDE = Duty("lists.decide", gettext_lazy("Decide list entries"), frozenset({Role.LEADER}), KINDS)
PUBLISH = Duty(
    "lists.publish",
    gettext_lazy("Publish lists"),
    HANDS | {Role.WINDOW},
    frozenset({"EDU", "LEADGROUP"}),
)
REMOVE = Duty(
    "lists.remove",
    gettext_lazy("Suspend and remove list entries"),
    frozenset({Role.LEADER}),
    KINDS,
)
REVEAL = Duty(
    "lists.reveal",
    gettext_lazy("See the text of withdrawn list entries"),
    frozenset({Role.LEADER, Role.LEGAL_REVIEWER, Role.AUDITOR}),
)


class SameHand(Refused):
    """The procedure asks for another person; the message names those who may."""

    code = "same_hand"


def other_hand(
    by: Membership, duty: Duty, earlier: Iterable[Membership | None], department: Department
) -> None:
    """Pass when `by` is none of the people of the earlier steps, else `SameHand`."""
    people = {member.user_id for member in earlier if member and member.user_id}
    if by.user_id and by.user_id in people:
        raise SameHand(_sentence(duty, people, department))


def _sentence(duty: Duty, people: set[int], department: Department) -> str:
    free = who_may(duty, department, without=people)
    refusal = _("You took an earlier step of this entry; this one needs another person.")
    if free:
        return refusal + " " + _("These may: %(names)s.") % {"names": "、".join(free)}
    advice = _("Nobody else in %(department)s has the duty “%(duty)s”: have it given to somebody.")
    return refusal + " " + advice % {"department": department, "duty": duty.label}


def office(by: Membership, duty: Duty) -> Department:
    """The department for which `by` acts; `DutyMissing` without the duty or a department."""
    require(by, duty)
    if by.department is None:
        raise DutyMissing(duty)
    return by.department


def who_may(duty: Duty, department: Department, *, without: set[int]) -> list[str]:
    """Names of the people of the department who hold the duty, apart from some."""
    if duty.kinds and department.kind not in duty.kinds:
        return []
    members = Membership.objects.active().filter(
        kind=ActorKind.STAFF, department=department, role__in=duty.roles
    )
    return sorted({member.person for member in members.exclude(user__in=without)})
