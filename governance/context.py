"""What every page needs: actor, memberships, menu, installation, day."""

from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from governance import daylight, notifications, settings_store
from governance.models import ActorKind, Role
from governance.request import Request
from governance.scoping import BLIND_ROLES


class Entry(NamedTuple):
    """One entry of the menu; shown when its page exists and the actor may open it."""

    name: str  # URL name
    label: Any  # translated lazily
    icon: str
    area: str  # beginning of its paths: the longest that fits is the current entry
    roles: frozenset[str] = frozenset()  # empty: everyone but the administrators
    key: str = ""  # `g` then this letter


FOLLOWERS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})
ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN})

MENU = [
    Entry("desk", _("Desk"), "desk", "desk", key="w"),
    Entry("institutions", _("Institutions"), "building", "institutions", key="l"),
    Entry("leads", _("Compliance leads"), "alert", "institutions/leads", FOLLOWERS, key="x"),
    Entry("inspections", _("Inspections"), "clipboard", "inspections", key="j"),
    Entry("rectification", _("Rectification"), "wrench", "rectification", key="d"),
    Entry("lists", _("Lists"), "list", "lists", key="m"),
    Entry("collections", _("Collections"), "inbox", "campaigns", key="b"),
    Entry("notices", _("Notices"), "info", "notices"),
    Entry("stats", _("Statistics"), "chart", "stats"),
    Entry("audit", _("Audit"), "eye", "audit", frozenset({Role.AUDITOR})),
    Entry("manage", _("Administration"), "settings", "manage", ADMINISTRATORS),
]


def shell(request: Request) -> dict:
    """Lazy, so that public pages and fragments pay for nothing they do not show."""
    return {
        "actor": getattr(request, "actor", None),
        "memberships": getattr(request, "memberships", []),
        "menu": SimpleLazyObject(lambda: menu(request)),
        "installation": SimpleLazyObject(daylight.installation_kind),
        "today": SimpleLazyObject(daylight.today),
        "unread": SimpleLazyObject(lambda: notifications.unread_count(request.actor)),
        "site": SimpleLazyObject(settings_store.site),
    }


def menu(request: Request) -> list[dict]:
    """The entries for this actor, with address and whether they are current."""
    actor = request.actor
    if actor.kind != ActorKind.STAFF:
        return []
    shown = [entry for entry in MENU if _for(entry, actor.role)]
    areas = [entry.area for entry in shown if request.path.startswith(f"/{entry.area}/")]
    current = max(areas, key=len, default="")
    return [
        entry._asdict() | {"url": url, "current": entry.area == current}
        for entry in shown
        if (url := _url(entry.name))
    ]


def _for(entry: Entry, role: str) -> bool:
    return role in entry.roles if entry.roles else role not in BLIND_ROLES


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
