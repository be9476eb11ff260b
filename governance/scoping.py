"""Who may see and change which rows, and which duty an act asks for.

A governed row carries the division it lies in and the department that leads it. Views, API,
exports, search, counts and files fetch through `visible_to` or `editable_by` and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from governance import daylight
from governance.models.people import ActorKind, Department, Division, Membership, Role
from governance.models.shares import Share

BLIND_ROLES = {Role.SYSADMIN, Role.SECURITY_ADMIN}  # administrators see no case content
WORKING_ROLES = {Role.CLERK, Role.OFFICER, Role.LEADER, Role.LEGAL_REVIEWER, Role.WINDOW}
COUNTY_DIGITS = 6


class Rule(Enum):
    """How far a governed class is seen among the departments of its jurisdiction."""

    REGISTRY = "registry"  # by every one of them
    WORKING = "working"  # by lead, shares, leading group and the township of the place
    SECRET = "secret"  # by its handler, the handler's leader and auditors


class ScopedQuerySet(models.QuerySet):
    """Rows that are reached only in the scope of an actor."""

    scope_through: str = ""  # path of the governed parent; empty when the row is governed itself

    def visible_to(self, actor: Membership) -> Self:
        """The rows this actor may know of; none for administrators and the anonymous public."""
        condition = _visible(self._governed(), self._path(), actor)
        return self.filter(condition, **self._standing())

    def editable_by(self, actor: Membership) -> Self:
        """The rows this actor's department may change: as lead, or with an assisting share."""
        condition = _editable(self._governed(), self._path(), actor)
        return self.filter(condition, **self._standing())

    def saying_whether_editable(self, actor: Membership) -> Self:
        """Annotate `is_editable`: whether `editable_by(actor)` finds the row too."""
        condition = _editable(self._governed(), self._path(), actor)
        return self.annotate(
            is_editable=ExpressionWrapper(condition, output_field=models.BooleanField())
        )

    def _path(self) -> str:
        return f"{self.scope_through}__" if self.scope_through else ""

    def _governed(self) -> type["Governed"]:
        model: Any = self.model
        for step in filter(None, self.scope_through.split("__")):
            model = model._meta.get_field(step).related_model
        return model

    def _standing(self) -> dict[str, None]:
        """What leaves voided rows out, for classes that have them."""
        return {"voided_at": None} if _has(self.model, "voided_at") else {}


class Governed(models.Model):
    """A row of somebody's work: where it lies, who leads it, which version it is."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Department, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    scope_rule: ClassVar[Rule] = Rule.WORKING
    party: ClassVar[str | None] = None  # path to the id of the institution that may see the row
    handler: ClassVar[str | None] = None  # SECRET rows: path to the membership that handles them

    class Meta:
        abstract = True

    @classmethod
    def share_key(cls, path: str) -> dict[str, Any]:
        """Whose shares open a row: its own; a row that only serves another one names that."""
        kind = ContentType.objects.get_for_model(cls)
        return {"content_type": kind, "object_id": OuterRef(f"{path}pk")}


@cache
def _has(model: type[models.Model], name: str) -> bool:
    return any(candidate.name == name for candidate in model._meta.get_fields())


NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY


def jurisdiction(department: Department, path: str = "") -> Q:
    """The condition that a row's division lies in one of the department's code prefixes."""
    lookup = f"{path}division__code__startswith"
    inside = [Q(**{lookup: prefix}) for prefix in department.jurisdictions]
    return reduce(or_, inside) if inside else NOBODY


def _visible(model: type[Governed], path: str, actor: Membership) -> Q:
    if actor.kind == ActorKind.SYSTEM:
        return EVERYBODY
    if actor.kind == ActorKind.INSTITUTION:
        return _own(model, path, actor)
    if actor.kind == ActorKind.PUBLIC or actor.role in BLIND_ROLES or actor.department is None:
        return NOBODY
    inside = jurisdiction(actor.department, path)
    if model.scope_rule == Rule.REGISTRY or actor.role == Role.AUDITOR:
        return inside
    if model.scope_rule == Rule.SECRET:
        return inside & _secret(model, path, actor)
    return inside & _working(model, path, actor.department)


def _own(model: type[Governed], path: str, actor: Membership) -> Q:
    if model.party is None:
        return NOBODY
    return Q(**{f"{path}{model.party}__in": actor.institutions})


def _working(model: type[Governed], path: str, department: Department) -> Q:
    if department.kind in ("LEADGROUP", "TOWN"):
        return EVERYBODY
    condition = Q(**{f"{path}lead": department})
    condition |= Q(_shared(model, path, department, Share.Part))
    if len(department.division_id) < COUNTY_DIGITS:  # a superior bureau reads its own trade
        same_trade = Department.objects.filter(kind=department.kind).values("pk")
        condition |= Q(**{f"{path}lead__in": same_trade})
    return condition


def _secret(model: type[Governed], path: str, actor: Membership) -> Q:
    condition = NOBODY
    if model.handler:
        condition = Q(**{f"{path}{model.handler}": actor.pk})
    if actor.role == Role.LEADER:
        condition |= Q(**{f"{path}lead": actor.department})
    return condition


def _shared(
    model: type[Governed], path: str, department: Department, parts: Iterable[Share.Part]
) -> Exists:
    today = daylight.today()
    return Exists(
        Share.objects.filter(
            Q(until=None) | Q(until__gte=today),
            department=department,
            part__in=list(parts),
            since__lte=today,
            **model.share_key(path),
        )
    )


def _editable(model: type[Governed], path: str, actor: Membership) -> Q:
    if actor.kind == ActorKind.SYSTEM:
        return EVERYBODY
    if actor.kind not in (ActorKind.STAFF, ActorKind.PARTNER) or actor.department is None:
        return NOBODY
    if actor.kind == ActorKind.STAFF and actor.role not in WORKING_ROLES:
        return NOBODY
    mine = Q(**{f"{path}lead": actor.department})
    mine |= Q(_shared(model, path, actor.department, [Share.Part.ASSIST]))
    return _visible(model, path, actor) & mine


@dataclass(frozen=True)
class Duty:
    """A right that an act asks for: which roles have it, in which kinds of department."""

    code: str
    label: Any  # translated lazily; named to whoever lacks the duty
    roles: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[str] = field(default_factory=frozenset)  # empty: every kind of department
    actors: frozenset[str] = frozenset({ActorKind.STAFF})

    def held_by(self, actor: Membership) -> bool:
        """Whether the actor may do what asks for this duty, wherever the row is in scope."""
        if actor.kind == ActorKind.SYSTEM:
            return True
        if actor.kind not in self.actors:
            return False
        if actor.kind != ActorKind.STAFF:
            return True
        kind = actor.department.kind if actor.department else ""
        return actor.role in self.roles and (not self.kinds or kind in self.kinds)


class DutyMissing(Exception):
    """The actor sees the row but lacks the duty; answered with 403 naming it and who grants it."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(str(duty.label))
        self.duty = duty


def require(actor: Membership, duty: Duty) -> None:
    """Pass, or raise `DutyMissing`."""
    if not duty.held_by(actor):
        raise DutyMissing(duty)
