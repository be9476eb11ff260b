"""The acts a page offers on an entry: form, service, and why an act is not possible now."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import daylight
from governance.models import Membership
from governance.scoping import Duty
from publiclists import duties, services
from publiclists.forms import (
    DecideForm,
    NoticeForm,
    ObjectionForm,
    ReasonForm,
    VersionForm,
    WithdrawForm,
)
from publiclists.models import Kind, ListEntry, Status
from publiclists.services.noticing import window_ends

Why = Callable[[ListEntry, Membership], str]


@dataclass(frozen=True)
class Act:
    """One act of the procedure on an entry."""

    code: str  # last part of the address
    label: Any
    duty: Duty
    form: type[forms.Form]
    run: Callable[..., Any]
    statuses: frozenset[str]  # in which the act is offered at all
    why_not: Why = lambda entry, actor: ""  # a sentence when it cannot be done now
    text: Any = ""
    danger: bool = False
    only: str = ""  # the one kind of list it exists for

    def url(self, entry: ListEntry) -> str:
        return reverse("list-act", args=[entry.pk, self.code])

    def offered(self, entry: ListEntry) -> bool:
        return entry.status in self.statuses and self.only in ("", entry.kind)

    def initial(self, entry: ListEntry) -> dict[str, Any]:
        today = daylight.today()
        return {"version": entry.version, "served_on": today, "received_on": today}

    def do(self, entry: ListEntry, data: dict[str, Any], *, by: Membership) -> None:
        """Call the service with what the form holds."""
        self.run(entry, by=by, **data)


def _not_by_proposer(entry: ListEntry, actor: Membership) -> str:
    if entry.created_by.user_id == actor.user_id:
        return _("You proposed this entry; another person does this.")
    return ""


def _before_decision(entry: ListEntry, actor: Membership) -> str:
    ends = window_ends(entry)
    if ends and daylight.today() <= ends:
        return _("The party may object until %(day)s.") % {"day": ends}
    if entry.objections.filter(status="received").exists():
        return _("An objection has not been answered yet.")
    return _not_by_proposer(entry, actor)


def _before_objection(entry: ListEntry, actor: Membership) -> str:
    ends = window_ends(entry)
    if ends and daylight.today() > ends:
        return _("The time for objections ended on %(day)s.") % {"day": ends}
    return ""


def _before_removal(entry: ListEntry, actor: Membership) -> str:
    least: dt.date | None = entry.least_until
    if least and daylight.today() < least:
        return _("This entry stays at least until %(day)s.") % {"day": least}
    return ""


def _object(entry: ListEntry, *, by: Membership, text: str, received_on: dt.date) -> None:
    services.record_objection(entry, text, received_on=received_on, by=by)


ON_LIST = frozenset({Status.LIVE, Status.SUSPENDED})
ACTS = [
    Act(
        "notice",
        gettext_lazy("Serve the notice"),
        duties.SERVE,
        NoticeForm,
        services.serve_notice,
        frozenset({Status.PROPOSED}),
        text=gettext_lazy(
            "The party learns what it is to be listed for and may object. "
            "After this the evidence is fixed."
        ),
    ),
    Act(
        "objection",
        gettext_lazy("Record an objection"),
        duties.OBJECT,
        ObjectionForm,
        _object,
        frozenset({Status.NOTICED}),
        _before_objection,
    ),
    Act(
        "decide",
        gettext_lazy("Decide"),
        duties.DECIDE,
        DecideForm,
        services.decide,
        frozenset({Status.NOTICED}),
        _before_decision,
        text=gettext_lazy(
            "The entry gets its number. It is public only after a third person has published it."
        ),
    ),
    Act(
        "reconfirm",
        gettext_lazy("Reconfirm"),
        duties.REMOVE,
        VersionForm,
        services.reconfirm,
        frozenset({Status.LIVE}),
        text=gettext_lazy("The grounds are checked again; the entry runs for its term from today."),
        only=Kind.WHITE,
    ),
    Act(
        "remove",
        gettext_lazy("Remove from the list"),
        duties.REMOVE,
        ReasonForm,
        services.remove,
        ON_LIST,
        _before_removal,
        text=gettext_lazy("Its text disappears at once from every page and every published file."),
        danger=True,
    ),
    Act(
        "withdraw",
        gettext_lazy("Withdraw"),
        duties.REMOVE,
        WithdrawForm,
        services.withdraw,
        ON_LIST,
        text=gettext_lazy(
            "Because the basis fell away or the decision was annulled. "
            "Its text disappears at once from every page and every published file."
        ),
        danger=True,
    ),
    Act(
        "suspend",
        gettext_lazy("Suspend"),
        duties.REMOVE,
        ReasonForm,
        services.suspend,
        frozenset({Status.LIVE}),
        text=gettext_lazy("The entry leaves the current list at once; it can be put back."),
    ),
    Act(
        "reinstate",
        gettext_lazy("Put back on the list"),
        duties.REMOVE,
        ReasonForm,
        services.reinstate,
        frozenset({Status.SUSPENDED}),
    ),
    Act(
        "drop",
        gettext_lazy("Drop the proposal"),
        duties.PROPOSE,
        ReasonForm,
        services.drop,
        frozenset({Status.PROPOSED, Status.NOTICED, Status.DECIDED}),
        danger=True,
    ),
]
BY_CODE = {act.code: act for act in ACTS}


@dataclass(frozen=True)
class Offer:
    """An act as the page of an entry offers it to one actor."""

    label: str
    url: str
    why_not: str
    danger: bool


def offers(entry: ListEntry, actor: Membership, *, editable: bool) -> list[Offer]:
    """The acts this actor may see on the entry now, the lawful next one first."""
    wanted = [act for act in ACTS if act.offered(entry) and act.duty.held_by(actor)]
    made = [
        Offer(str(act.label), act.url(entry), act.why_not(entry, actor), act.danger)
        for act in wanted
        if editable
    ]
    return sorted(made, key=lambda offer: bool(offer.why_not))
