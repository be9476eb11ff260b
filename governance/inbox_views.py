"""The messages of the acting membership, for staff under /desk/, for institutions under /my/."""

import re
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance import notifications, reminders
from governance.access import signed_in
from governance.models import ActorKind, Notification, Role
from governance.request import Request

Kind = Notification.Kind
PAGE = 50
DIGITS = re.compile(r"[0-9]{1,18}")
TABS = {
    "": frozenset(Kind.values),
    "press": frozenset({Kind.PRESS, Kind.ESCALATION}),
    "reminder": frozenset({Kind.REMINDER}),
    "task": frozenset({Kind.TASK, Kind.RETURNED}),
    "system": frozenset({Kind.SYSTEM}),
}
BADGES: dict[str, str] = {
    Kind.PRESS: "bad",
    Kind.ESCALATION: "bad",
    Kind.REMINDER: "warn",
    Kind.RETURNED: "warn",
    Kind.TASK: "wait",
    Kind.SYSTEM: "info",
}


@never_cache
@signed_in
def inbox(request: Request) -> HttpResponse:
    """Unread first, then the newest; filtered by what kind of message it is."""
    chosen = request.GET.get("kind", "")
    mine = Notification.objects.visible_to(request.actor)
    rows = mine.filter(kind__in=TABS.get(chosen, TABS[""])).select_related("clock")
    page = Paginator(rows.unread_first(), PAGE).get_page(request.GET.get("page"))
    for row in cast(Any, page):
        row.badge = BADGES.get(row.kind, "info")
    context = {
        "page": page,
        "tabs": _tabs(mine, chosen),
        "chosen": chosen,
        "late": request.actor.role == Role.SYSADMIN and reminders.is_late(),
    }
    return render(request, "governance/inbox.html", context | _place(request))


def _tabs(mine, chosen: str) -> list[dict]:
    unread = dict(mine.unread().order_by().values_list("kind").annotate(Count("pk")))
    labels = {
        "": _("All"),
        "press": _("Pressed and escalated"),
        "reminder": _("Reminders"),
        "task": _("Tasks"),
        "system": _("System"),
    }
    return [
        {
            "label": labels[code],
            "url": f"?kind={code}" if code else "?",
            "current": code == chosen,
            "count": sum(unread.get(kind, 0) for kind in kinds) or None,
        }
        for code, kinds in TABS.items()
    ]


def _place(request: Request) -> dict[str, str]:
    if request.actor.kind == ActorKind.INSTITUTION:
        return {"base": "my/base.html", "names": "my-messages"}
    return {"base": "base.html", "names": "messages"}


@never_cache
@signed_in
def open_message(request: Request, pk: int) -> HttpResponse:
    """Read it and go where it points."""
    row = get_object_or_404(Notification.objects.visible_to(request.actor), pk=pk)
    notifications.mark_read(request.actor, [row.pk])
    return redirect(row.url or _place(request)["names"])


@require_POST
@signed_in
def mark_read(request: Request) -> HttpResponse:
    """Mark the picked messages, or with `all` every one, as read."""
    ids = [int(pk) for pk in request.POST.getlist("ids") if DIGITS.fullmatch(pk)]
    notifications.mark_read(request.actor, None if "all" in request.POST else ids)
    return redirect(_place(request)["names"])
