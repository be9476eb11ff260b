"""Checking institutions: leads are raised, brought up to date, and closed when the facts are
right. A batch costs a constant number of statements."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from governance import audit, competence, daylight, deadlines, people, workflow
from governance.audit import Verb
from governance.models import Clock, Department
from institutions.leads import gather, kinds, readings, table, wording
from institutions.leads.facts import Facts
from institutions.leads.rules import Outcome, Rule, Verdict, judged
from institutions.models import Institution, InstitutionPeriod, Kind, Lead, OperatingStatus

BATCH = 500  # institutions
LOCK = 0x4D53_0010
# Rules whose outcome may change because a day has passed and nothing else did.
OF_THE_DAY = (
    "R08", "R15", "R16", "R18", "R21", "R27", "R32", "R33", "R34", "R37", "R42", "R43", "R44",
    "R46", "R47", "R48", "R50",
)  # fmt: skip
ENDED = {OperatingStatus.CLOSED, OperatingStatus.DEREGISTERED}
Status, Closed = Lead.Status, Lead.Closed
Key = tuple[int, str, str, int]


@dataclass
class Counts:
    """What a check came to."""

    institutions: int = 0
    raised: int = 0
    changed: int = 0
    closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.institutions + other.institutions, self.raised + other.raised,
            self.changed + other.changed, self.closed + other.closed,
        )  # fmt: skip


@dataclass
class Competence:
    """Which department leads a lead; asked once per question."""

    known: dict[Any, Department | None] = field(default_factory=dict)

    def lead_for(
        self, problem: str, row: Institution, licensed_by: tuple[str, ...], kind: str
    ) -> Department:
        question = problem, row.division_id, licensed_by, kind
        if question not in self.known:
            self.known[question] = _competent(problem, row, licensed_by, kind)
        return self.known[question] or row.lead


def _competent(
    problem: str, row: Institution, licensed_by: tuple[str, ...], kind: str
) -> Department | None:
    try:
        return competence.for_problem(problem, row.division, licensed_by=licensed_by).lead
    except competence.NobodyCompetent:
        return competence.department(kind, row.division)


def outcomes(facts: Facts, rules: Iterable[Rule]) -> Iterator[Outcome]:
    """What the rules come to; only training institutions that have not ended are measured."""
    if facts.body.kind == Kind.TRAINING and facts.body.operating_status not in ENDED:
        yield from judged(rules, readings.of(facts))


def check(
    institutions: Iterable[int],
    *,
    codes: Sequence[str] | None = None,
    day: dt.date | None = None,
) -> Counts:
    """Check institutions (keys) by all rules, or by those named; in batches of their own."""
    keys, day = sorted(set(institutions)), day or daylight.today()
    counts, rules = Counts(), Rules(day, codes)
    for first in range(0, len(keys), BATCH):
        counts += _batch(keys[first : first + BATCH], rules)
    return counts


class Rules:
    """The rules of each county on a day, read once."""

    def __init__(self, day: dt.date, codes: Sequence[str] | None) -> None:
        self.day, self.codes = day, codes
        self.competence = Competence()
        self._known: dict[str, list[Rule]] = {}

    def of(self, county: str) -> list[Rule]:
        if county not in self._known:
            rules = table.rules_of(county, self.day)
            self._known[county] = [rule for rule in rules if self._asked(rule.code)]
        return self._known[county]

    def _asked(self, code: str) -> bool:
        return self.codes is None or code in self.codes


@transaction.atomic
def _batch(keys: list[int], rules: Rules) -> Counts:
    _lock(keys)
    found: dict[Key, Outcome] = {}
    for facts in gather.of(keys, rules.day):
        for outcome in outcomes(facts, rules.of(facts.county)):
            key = facts.body.pk, outcome.rule.code, outcome.subject.kind, outcome.subject.pk
            found[key] = outcome
    held, dismissed = _known(keys, rules)
    counts = Counts(institutions=len(keys))
    counts.changed, counts.closed = _follow(held, found)
    fresh = {
        key: outcome
        for key, outcome in found.items()
        if outcome.verdict is Verdict.BROKEN
        and key not in held
        and not _settled(outcome, dismissed.get(key))
    }
    counts.raised = _raise(fresh, rules)
    return counts


def _lock(keys: list[int]) -> None:
    """One check of an institution at a time; the order of keys keeps two from waiting for each
    other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, key::int) FROM unnest(%s::bigint[]) AS key",
            [LOCK, keys],
        )


def _known(keys: list[int], rules: Rules) -> tuple[dict[Key, Lead], dict[Key, Lead]]:
    """The leads that hold, and the last dismissed one of each rule and subject."""
    rows = Lead.objects.filter(institution__in=keys)
    if rules.codes is not None:
        rows = rows.filter(code__in=rules.codes)
    wanted = rows.filter(status__in=(*Lead.HOLDING, Status.DISMISSED)).order_by("pk")
    held: dict[Key, Lead] = {}
    dismissed: dict[Key, Lead] = {}
    for lead in wanted.select_related("institution", "rule"):
        (dismissed if lead.status == Status.DISMISSED else held)[lead.key] = lead
    return held, dismissed


def _settled(outcome: Outcome, dismissed: Lead | None) -> bool:
    """Whether somebody dismissed it at this value or a worse one."""
    if dismissed is None or dismissed.part != outcome.part:
        return False
    operator = outcome.rule.limits[outcome.part].operator
    was = wording.from_json(dismissed.value)
    return kinds.no_worse(operator, wording.from_json(wording.to_json(outcome.value)), was)


# --- leads that hold ---------------------------------------------------------------------------


def _follow(held: Mapping[Key, Lead], found: Mapping[Key, Outcome]) -> tuple[int, int]:
    """Bring them up to date; (how many changed, how many closed)."""
    changed, closing = [], []
    for key, lead in held.items():
        outcome = found.get(key)
        if outcome is None:
            closing.append((lead, Closed.GONE))
        elif outcome.verdict is Verdict.KEPT:
            closing.append((lead, Closed.FIXED))
        elif outcome.verdict is Verdict.BROKEN and _take_over(lead, outcome):
            changed.append(lead)
    now = daylight.now()
    Lead.objects.filter(pk__in=[lead.pk for lead in held.values()]).update(last_checked=now)
    Lead.objects.bulk_update(changed, ("value", "threshold", "detail", "rows", "part", "rule"))
    _close(closing)
    return len(changed), len(closing)


def _take_over(lead: Lead, outcome: Outcome) -> bool:
    """Write what was measured into the lead; whether anything differs.

    The lead keeps its rule's version while its thresholds are the same.
    """
    fields = _measured(outcome)
    if lead.rule.thresholds == outcome.rule.row.thresholds:
        fields.pop("rule")
    before = {name: getattr(lead, name) for name in fields}
    for name, value in fields.items():
        setattr(lead, name, value)
    return before != fields


def _measured(outcome: Outcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule.row,
        "part": outcome.part,
        "value": wording.to_json(outcome.value),
        "threshold": wording.to_json(outcome.limit),
        "detail": outcome.detail[:60],
        "rows": [[ref.kind, ref.pk] for ref in outcome.rows],
    }


def _close(closing: list[tuple[Lead, str]]) -> None:
    """The facts are right now, or there is nothing left to measure."""
    system = people.system_actor() if closing else None
    running = _clocks([lead for lead, _how in closing])
    for lead, how in closing:
        assert system is not None
        workflow.move(
            lead, Status.CLOSED, verb=Verb.LEAD_CLOSED, by=system, how=str(how),
            also={"closed_how": how, "ended_on": daylight.today(), "ended_by": system},
        )  # fmt: skip
        for clock in running.get(lead.pk, ()):
            deadlines.cancel(clock, by=system, reason="the lead closed by itself")


def _clocks(leads: list[Lead]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = defaultdict(list)
    if leads:
        kind = ContentType.objects.get_for_model(Lead)
        rows = Clock.objects.open().filter(
            content_type=kind, object_id__in=[lead.pk for lead in leads]
        )
        for clock in rows.select_related("rule"):
            found[clock.object_id].append(clock)
    return found


# --- new leads ---------------------------------------------------------------------------------


def _raise(fresh: Mapping[Key, Outcome], rules: Rules) -> int:
    if not fresh:
        return 0
    system, today = people.system_actor(), rules.day
    bodies = _bodies({key[0] for key in fresh}, today)
    leads = []
    for key, outcome in fresh.items():
        body, licensed_by = bodies[key[0]]
        row = outcome.rule.row
        leads.append(
            Lead(
                institution=body,
                code=key[1],
                subject_kind=key[2],
                subject_id=key[3],
                severity=row.severity,
                problem_code=row.problem_code,
                since=min(outcome.since or today, today),
                division=body.division,
                lead=rules.competence.lead_for(
                    row.problem_code, body, licensed_by, row.department_kind
                ),
                created_by=system,
                **_measured(outcome),
            )
        )
    made = Lead.objects.bulk_create(leads)
    audit.record_many(
        Verb.LEAD_RAISED, ((lead, {"rule": lead.code, "value": lead.value}) for lead in made),
        by=system,
    )  # fmt: skip
    return len(made)


def _bodies(keys: set[int], day: dt.date) -> dict[int, tuple[Institution, tuple[str, ...]]]:
    """The institutions with the kinds of department that licensed or registered them."""
    rows = Institution.objects.filter(pk__in=keys).select_related("division", "lead")
    periods = InstitutionPeriod.objects.on(day).filter(institution__in=keys)
    by = {
        period.institution_id: tuple(
            department.kind for department in (period.licensor, period.registrar) if department
        )
        for period in periods.select_related("licensor", "registrar")
    }
    return {row.pk: (row, by.get(row.pk, ())) for row in rows}


# --- what the pages ask --------------------------------------------------------------------------


def of_institution(institution: int, county: str, day: dt.date | None = None) -> list[Outcome]:
    """Every outcome of one institution, also what is kept and what cannot be checked."""
    day = day or daylight.today()
    rules = table.rules_of(county, day)
    return [one for facts in gather.of([institution], day) for one in outcomes(facts, rules)]


def impact(rule: Rule, institutions: Iterable[int], day: dt.date | None = None) -> Counter:
    """How many institutions a rule would break for, keep for, and not be able to tell of."""
    day, found = day or daylight.today(), Counter[str]()
    keys = sorted(set(institutions))
    for first in range(0, len(keys), BATCH):
        for facts in gather.of(keys[first : first + BATCH], day):
            verdicts = {one.verdict for one in outcomes(facts, [rule])}
            for verdict in (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.KEPT):
                if verdict in verdicts:
                    found[verdict.value] += 1
                    break
    return found
