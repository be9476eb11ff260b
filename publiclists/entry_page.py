"""What the page of an entry shows: its steps, facts, grounds, history; and helps to propose."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from governance import audit, daylight
from governance.labels import label
from governance.models import Attachment, Membership
from governance.models.clocks import Clock
from governance.scoping import COUNTY_DIGITS
from institutions.models import Institution
from institutions.models.institutions import InstitutionQuerySet
from publiclists import grounds, words
from publiclists.forms import name_of
from publiclists.models import Ground, ListEntry, Objection, PublicationEntry, Status
from publiclists.services.noticing import WINDOW, window

MOST = 20  # institutions offered when a name is not unique


def context(entry: ListEntry, actor: Membership) -> dict[str, Any]:
    """Everything but the forms."""
    return {
        "entry": entry,
        "steps": steps(entry),
        "facts": facts(entry),
        "grounds": _grounds(entry),
        "evidence": entry.evidence.select_related(
            "finding__item", "finding__inspection", "licence", "added_by__user"
        ).order_by("pk"),
        "files": Attachment.objects.of(entry).select_related("created_by__user"),
        "objections": _objections(entry),
        "clocks": _running(entry),
        "window": window(entry),
        "published": _published(entry, actor),
        "history": [words.event(event) for event in audit.history(entry)[:100]],
    }


def _objections(entry: ListEntry) -> list[Objection]:
    """What the party said; before the notice there was nobody to say anything."""
    if entry.served_on is None:
        return []
    rows = entry.objections.select_related("recorded_by__user", "reviewed_by__user")
    return list(rows.order_by("pk"))


def _published(entry: ListEntry, actor: Membership) -> list[PublicationEntry]:
    """The publications that carried it; none before it was decided."""
    if entry.decided_on is None:
        return []
    rows = PublicationEntry.objects.visible_to(actor).select_related("publication")
    told = rows.filter(entry=entry, publication__status="published")
    return list(told.order_by("-publication__number"))


def _running(entry: ListEntry) -> list[Clock]:
    """What still runs; a window that is over is no deadline of anybody's."""
    clocks = sorted(entry.clocks.all(), key=lambda clock: clock.due_on)
    return [clock for clock in clocks if clock.is_open and not _is_over(clock)]


def _is_over(clock: Clock) -> bool:
    return clock.code == WINDOW and clock.due_on < daylight.today()


def steps(entry: ListEntry) -> list[dict[str, Any]]:
    """The step bar: what is done with its day, what is current, what comes."""
    clock = window(entry)
    days = [
        (_("Proposal"), entry.proposed_on),
        (_("Notice"), entry.served_on),
        (_("Time for objections"), clock.due_on if clock else None),
        (_("Decision"), entry.decided_on),
        (_("Publishing"), entry.listed_on),
    ]
    if entry.status == Status.DROPPED:
        days = [pair for pair in days if pair[1]]
    over = clock is None or clock.due_on < daylight.today()
    done = sum(1 for _label, day in days if day) - (entry.status == Status.NOTICED and not over)
    made = [
        {"label": word, "on": day, "state": _state(place, done)}
        for place, (word, day) in enumerate(days)
    ]
    return [*made, _last_step(entry)]


def _state(place: int, done: int) -> str:
    if place < done:
        return "done"
    return "current" if place == done else "todo"


def _last_step(entry: ListEntry) -> dict[str, Any]:
    """How it ended, or when it will."""
    if entry.status == Status.DROPPED:
        word = label("ListEntry.status", entry.status)
        return {"label": word, "on": entry.ended_on, "state": "bad"}
    step = {"label": _("Off the list"), "on": entry.ended_on}
    if entry.ended_on:
        return step | {"state": "done"}
    return step | {"state": "todo", "note": _until(entry)}


def _until(entry: ListEntry) -> str:
    return _("until %(on)s") % {"on": entry.ends_on} if entry.ends_on else ""


def facts(entry: ListEntry) -> list[dict[str, Any]]:
    """The facts of the entry, with who answers for each step."""
    shown = [
        (_("Number"), entry.number or _("given with the decision")),
        (_("Department"), entry.lead.name),
        (_("Township"), entry.division.name),
        (_("Proposed by"), f"{entry.created_by.person} · {entry.proposed_on}"),
        (_("Basis"), entry.basis),
    ]
    if entry.served_on:
        way = label("ListEntry.served_by_way_of", entry.served_by_way_of)
        shown.append((_("Notice"), f"{entry.served_on} · {way} {entry.served_note}".strip()))
    if entry.decided_by:
        shown.append((_("Decided by"), f"{entry.decided_by.person} · {entry.decided_on}"))
        shown.append((_("Decision"), f"{entry.decision_number} {entry.decision}".strip()))
        if entry.least_until and entry.least_until != entry.decided_on:
            shown.append((_("Stays at least until"), str(entry.least_until)))
        ends = str(entry.ends_on) if entry.ends_on else _("when it is removed")
        shown.append((_("Ends on"), ends))
    if entry.ended_on:
        word = label("ListEntry.ended", entry.ended) or label("ListEntry.status", entry.status)
        shown.append((_("Ended"), f"{entry.ended_on} · {word} · {entry.end_reason}"))
    return [{"label": word, "value": value} for word, value in shown]


def short_facts(entry: ListEntry) -> list[dict[str, Any]]:
    """What the page before an act repeats."""
    return [
        {"label": _("List"), "value": label("ListEntry.kind", entry.kind)},
        {"label": _("Institution"), "value": str(entry.institution)},
        {"label": _("Status"), "value": label("ListEntry.status", entry.status)},
        {"label": _("Grounds"), "value": "；".join(row["statement"] for row in _grounds(entry))},
    ]


def _grounds(entry: ListEntry) -> list[dict[str, Any]]:
    """Grounds with their published sentence, and whether a computed one holds today."""
    shown = []
    for rest in entry.grounds.select_related("ground").order_by("ground__code"):
        verdict = grounds.check(rest.ground, entry.institution, daylight.today())
        shown.append(
            {
                "name": name_of(rest.ground),
                "statement": rest.statement,
                "computed": bool(rest.ground.check_code),
                "against": verdict.against,
                "facts": rest.facts,
            }
        )
    return shown


def checks(institution: Institution, kind: str) -> list[dict[str, Any]]:
    """The computed grounds of a list for an institution today, before anything is proposed."""
    today = daylight.today()
    offered = Ground.objects.in_force(today, institution.division_id[:COUNTY_DIGITS])
    return [
        {"name": name_of(ground), "against": grounds.check(ground, institution, today).against}
        for ground in offered.filter(kind=kind).exclude(check_code="")
    ]


def institutions_called(rows: InstitutionQuerySet, asked: str) -> list[Institution]:
    """Institutions with this register number, credit code, or part of a name."""
    exact = rows.filter(Q(number=asked) | Q(credit_code=asked.upper()))
    if exact:
        return list(exact[:MOST])
    named = Q(periods__during__contains=daylight.today(), periods__name__contains=asked)
    return list(rows.filter(named).order_by("periods__name_key")[:MOST])
