"""What a county sets for itself: keys, types and defaults here, values in the database.

The value for a place is the one set for the nearest division around it, else the one set for the
whole installation, else the default. Legal amounts and thresholds are dated reference data and not
settings.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, daylight
from governance.models.people import ActorKind, Department, Division, Membership, Role
from governance.models.settings import Setting
from governance.scoping import Duty, DutyMissing, require
from governance.workflow import Refused

SET = Duty("settings.set", gettext_lazy("Change settings"), frozenset({Role.SYSADMIN}))
LEVELS = (2, 4, 6, 9, 12)  # digits of division codes


@dataclass(frozen=True)
class Definition:
    """A key: what kind of value it takes (text, whole number, yes/no) and what counts unset."""

    label: Any  # translated lazily
    default: str | int | bool
    help: Any = ""
    minimum: int = 0
    maximum: int = 1_000_000

    @property
    def kind(self) -> type:
        return type(self.default)


DEFINITIONS: dict[str, Definition] = {
    "site.owner": Definition(
        gettext_lazy("Owner of the public site"),
        "",
        gettext_lazy("Full name of the department, shown at the head of every public page."),
    ),
    "site.host": Definition(gettext_lazy("Host of the public site"), ""),
    "site.phone": Definition(gettext_lazy("Telephone for the public"), ""),
    "site.website_code": Definition(gettext_lazy("Website identification code"), ""),
    "site.icp": Definition(gettext_lazy("ICP filing number"), ""),
    "site.police_record": Definition(gettext_lazy("Police filing number"), ""),
    "site.about_url": Definition(gettext_lazy("Page about the department"), ""),
    "notices.days": Definition(
        gettext_lazy("Days a notice is shown"),
        30,
        gettext_lazy("Calendar days proposed when a notice is published."),
        minimum=1,
        maximum=365,
    ),
}
TEXT_LENGTH = 200


def get(key: str, place: str = "") -> Any:
    """The value of `key` for the division code `place` ("" is the whole installation)."""
    return values([key], place)[key]


def values(keys: list[str], place: str = "") -> dict[str, Any]:
    """Several keys in one query."""
    around = [place[:digits] for digits in LEVELS if digits <= len(place)]
    rows = Setting.objects.filter(Q(division=None) | Q(division_id__in=around), key__in=keys)
    nearest_last = sorted(rows, key=lambda row: len(row.division_id or ""))
    return {key: DEFINITIONS[key].default for key in keys} | {
        row.key: row.value for row in nearest_last
    }


def site() -> dict[str, Any]:
    """Head and foot of the public pages; what is not set is empty and hidden."""
    found = values([key for key in DEFINITIONS if key.startswith("site.")])
    return {key.removeprefix("site."): value for key, value in found.items()}


@transaction.atomic
def put(key: str, value: Any, *, division: Division | None, by: Membership) -> None:
    """Set `key` for a division, or with None for the whole installation.

    Raises `DutyMissing` outside the actor's jurisdiction and `Refused` for a value of the wrong
    kind or out of bounds.
    """
    _require_reach(division, by)
    value = parse(key, value)
    was = _set_here(key, division)
    if was == value:
        return
    Setting.objects.update_or_create(
        key=key,
        division=division,
        defaults={"value": value, "set_by": by, "set_at": daylight.now()},
    )
    audit.record(audit.Verb.SETTING_SET, division, by=by, key=key, was=was, now=value)


@transaction.atomic
def unset(key: str, *, division: Division | None, by: Membership) -> None:
    """Let the value of the wider division, or the default, count again."""
    _require_reach(division, by)
    was = _set_here(key, division)
    deleted, _rows = Setting.objects.filter(key=key, division=division).delete()
    if deleted:
        audit.record(audit.Verb.SETTING_SET, division, by=by, key=key, was=was, now=None)


def parse(key: str, value: Any) -> Any:
    """`value` as the key wants it; `Refused` with a sentence naming the key otherwise."""
    definition = DEFINITIONS[key]
    if definition.kind is bool:
        return bool(value)
    if definition.kind is int:
        return _number(definition, value)
    text = str(value).strip()
    if len(text) > TEXT_LENGTH:
        sentence = _("“%(label)s” may have %(limit)d characters.")
        raise Refused(sentence % {"label": definition.label, "limit": TEXT_LENGTH})
    return text


def reach(by: Membership) -> Division | None:
    """What the actor sets for: everything where no other county is served, else the own seat."""
    if by.department is None or not _serves_all(by.department):
        return by.department.division if by.department else None
    return None


def _number(definition: Definition, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = definition.minimum - 1
    if not definition.minimum <= number <= definition.maximum:
        sentence = _("“%(label)s” must be a whole number from %(minimum)d to %(maximum)d.")
        bounds = {"minimum": definition.minimum, "maximum": definition.maximum}
        raise Refused(sentence % {"label": definition.label, **bounds})
    return number


def _require_reach(division: Division | None, by: Membership) -> None:
    require(by, SET)
    if by.kind == ActorKind.SYSTEM:
        return
    department = by.department
    inside = department and (
        department.covers(division.code) if division else _serves_all(department)
    )
    if not inside:
        raise DutyMissing(SET)


def _serves_all(department: Department) -> bool:
    seats = Department.objects.filter(is_active=True).values_list("division_id", flat=True)
    return all(department.covers(seat) for seat in seats.distinct())


def _set_here(key: str, division: Division | None) -> Any:
    row = Setting.objects.filter(key=key, division=division).first()
    return row and row.value
