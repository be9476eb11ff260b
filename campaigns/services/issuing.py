"""Issuing a collection: every unit gets its return, its clock and its message."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns import duties
from campaigns.models import Collection, Return, TemplateVersion
from campaigns.models.collections import MONTHLY, month_end
from governance import audit, daylight, deadlines, notifications, reminders
from governance.audit import Verb
from governance.models import Department, Division, Membership, Share
from governance.workflow import Refused

ISSUED_TEXT = gettext_noop("“%(title)s” is to be handed in by %(due)s.")


@dataclass(frozen=True)
class Plan:
    """What is asked for which days; `due_day` only with the rules that take a given date."""

    title: str
    template: TemplateVersion
    period_from: dt.date
    period_to: dt.date
    due_rule: str
    due_day: dt.date | None = None
    note: str = ""
    repeats_until: dt.date | None = None
    units: Sequence[Department] = field(default=())


@transaction.atomic
def issue(plan: Plan, *, by: Membership) -> Collection:
    """Issue a collection to its units and tell them; returns it.

    Raises `DutyMissing`, and `Refused` without units or when its due day is over.
    """
    lead = duties.office(by, duties.ISSUE)
    return _issue(plan, lead, by)


def _issue(
    plan: Plan, lead: Department, by: Membership, previous: Collection | None = None
) -> Collection:
    _need_units(plan, lead)
    _need_time(plan, lead)
    collection = Collection.objects.create(
        division_id=lead.division_id,
        lead=lead,
        created_by=by,
        title=plan.title.strip(),
        template=plan.template,
        period_from=plan.period_from,
        period_to=plan.period_to,
        due_rule=plan.due_rule,
        due_day=plan.due_day,
        note=plan.note.strip(),
        repeats_until=plan.repeats_until,
        previous=previous,
    )
    audit.record(
        Verb.COLLECTION_ISSUED, collection, by=by, units=[unit.name for unit in plan.units]
    )
    made = [_return(collection, unit, by) for unit in plan.units]
    _let_issuer_read(collection, made, by)
    for owed in made:
        _start(owed, by)
    return collection


def _need_units(plan: Plan, lead: Department) -> None:
    if not plan.units:
        raise Refused(_("Choose at least one unit that reports."))
    if lead in plan.units:
        raise Refused(_("A department does not report to itself."))


def _need_time(plan: Plan, lead: Department) -> None:
    due = due_day(plan.due_rule, plan.due_day or plan.period_from, lead)
    if due < daylight.today():
        raise Refused(_("The due day %(day)s is over.") % {"day": due})


def due_day(rule: str, event_on: dt.date, lead: Department) -> dt.date:
    """The last day for handing in, as the clocks of the returns will say."""
    return deadlines.due_on(deadlines.rule_for(rule, lead.division_id, event_on), event_on)


def _return(collection: Collection, unit: Department, by: Membership) -> Return:
    return Return.objects.create(
        collection=collection, lead=unit, division_id=place_of(unit), created_by=by
    )


def place_of(unit: Department) -> str:
    """Where the return of a unit lies: its seat, or a place it answers for (学区 sit in town)."""
    if unit.covers(unit.division_id):
        return unit.division_id
    inside = Division.objects.filter(code__in=unit.jurisdictions).order_by("code").first()
    return inside.pk if inside else unit.division_id


def _let_issuer_read(collection: Collection, made: Iterable[Return], by: Membership) -> None:
    kind = ContentType.objects.get_for_model(Return)
    Share.objects.bulk_create(
        Share(
            content_type=kind,
            object_id=owed.pk,
            department=collection.lead,
            part=Share.Part.READ,
            basis=collection.title[:200],
            created_by=by,
        )
        for owed in made
    )


def _start(owed: Return, by: Membership) -> None:
    collection = owed.collection
    clock = deadlines.start(collection.due_rule, owed, event_on=collection.event_on, by=by)
    notifications.notify_all(
        reminders.addressees(clock),
        key=f"return-issued:{owed.pk}",
        text=ISSUED_TEXT,
        params={"title": str(collection), "due": clock.due_on.isoformat()},
        subject=owed,
        clock=clock,
    )


# --- every month again -----------------------------------------------------------------------


@transaction.atomic
def issue_next(collection: Collection, *, by: Membership) -> Collection | None:
    """The same for the next month, once that has begun; None when it is not time or it exists.

    Where the job comes so late that the 20th is over, the units have until today's working day.
    """
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    first = month_end(locked.period_from) + dt.timedelta(days=1)
    if locked.repeats_until is None or Collection.objects.filter(previous=locked).exists():
        return None
    if not locked.period_from < first <= min(daylight.today(), locked.repeats_until):
        return None
    units = [owed.lead for owed in locked.returns.select_related("lead") if owed.lead.is_active]
    return _issue(_next_plan(locked, first, units), locked.lead, by, previous=locked)


def _next_plan(last: Collection, first: dt.date, units: list[Department]) -> Plan:
    template = last.template.template.versions.order_by("-number")[0]
    missed = due_day(MONTHLY, first, last.lead) < daylight.today()
    return Plan(
        title=last.title,
        template=template,
        period_from=first,
        period_to=month_end(first),
        due_rule="collection.due.next" if missed else MONTHLY,
        due_day=daylight.today() if missed else None,
        note=last.note,
        repeats_until=last.repeats_until,
        units=units,
    )
