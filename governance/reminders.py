"""Due steps become messages; leaders press; a heartbeat says that the sweep still runs.

The sweep asks what is due by today, not what is due now, so a missed beat is made up. One statement
takes the steps, writes the messages and marks the steps: a killed process leaves all or nothing.
"""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from governance import audit, daylight, notifications
from governance.deadlines import keeping
from governance.deadlines.clocks import NotRunning
from governance.models.clocks import Clock, ClockEvent
from governance.models.notifications import Heartbeat, Notification
from governance.models.people import Membership, Role
from governance.scoping import Duty, DutyMissing

SWEEP = "reminder sweep"
SWEEP_LOCK = 0x4D53_0002
BATCH = 1_000  # steps a statement
MOST_PER_RUN = 20_000  # steps; the rest waits for the next beat
LATE_AFTER = 15 * 60  # seconds without a sweep after which administrators are told

PRESS = Duty(
    code="clock.press",
    label=_("Press for an overdue or urgent matter, as a leader"),
    roles=frozenset({Role.LEADER}),
)

TEXTS = {
    "before": gettext_noop("“%(title)s”: %(rule)s is due on %(due)s."),
    "due": gettext_noop("“%(title)s”: %(rule)s is due today, %(due)s."),
    "overdue": gettext_noop("“%(title)s”: %(rule)s was due on %(due)s and is overdue."),
    "after": gettext_noop("Overdue and escalated: “%(title)s”, %(rule)s, due on %(due)s."),
}

# Of several steps ahead of one due date that were missed together only the last one speaks.
# Without an active owner the department's clerks and officers are told, and where it has none its
# leaders. `send_to` of an escalation is a role in that department or a kind of department.
# What is urgent (an escalation, a same-day limit) goes out by e-mail at once, the rest by digest.
STATEMENT = """
WITH due AS MATERIALIZED (
    SELECT step.id, step.clock_id, step.name, step.due_on, step.fire_on, step.send_to,
           clock.lead_id, clock.division_id, clock.owner_id, clock.institution_id,
           clock.content_type_id, clock.object_id, clock.title, clock.url, clock.party_url,
           clock.rule_id, step.send_to <> 'owner' OR clock.due_on = clock.started_on AS urgent
    FROM governance_clockstep AS step
    JOIN governance_clock AS clock ON clock.id = step.clock_id
    WHERE step.swept_at IS NULL AND step.fire_on <= %(today)s
      AND clock.status = 'running' AND clock.due_on = step.due_on
    ORDER BY step.fire_on, step.id
    LIMIT %(batch)s
    FOR UPDATE OF step SKIP LOCKED
), speaking AS (
    SELECT DISTINCT ON (clock_id, CASE WHEN send_to = 'owner' THEN '' ELSE name || send_to END)
           due.*
    FROM due
    ORDER BY clock_id, CASE WHEN send_to = 'owner' THEN '' ELSE name || send_to END,
             fire_on DESC, id DESC
), active AS (
    SELECT member.id, member.kind, member.role, member.department_id, member.institution_id,
           member.also_institutions,
           COALESCE(account.email, '') AS email
    FROM governance_membership AS member
    LEFT JOIN governance_user AS account ON account.id = member.user_id
    LEFT JOIN governance_department AS office ON office.id = member.department_id
    WHERE member.valid_from <= %(today)s
      AND (member.valid_to IS NULL OR member.valid_to >= %(today)s)
      AND (account.id IS NULL OR account.is_active)
      AND (office.id IS NULL OR office.is_active)
), told AS (
    SELECT speaking.*, active.id AS recipient_id, active.kind AS reader, active.email
    FROM speaking JOIN active ON active.id = speaking.owner_id
    WHERE speaking.send_to = 'owner'
  UNION ALL
    SELECT speaking.*, active.id, active.kind, active.email
    FROM speaking JOIN active ON active.department_id = speaking.lead_id
    WHERE speaking.send_to = 'owner' AND active.kind = 'staff'
      AND NOT EXISTS (SELECT 1 FROM active AS owner WHERE owner.id = speaking.owner_id)
      AND (active.role IN ('clerk', 'officer')
           OR active.role = 'leader' AND NOT EXISTS (
               SELECT 1 FROM active AS worker WHERE worker.department_id = speaking.lead_id
               AND worker.kind = 'staff' AND worker.role IN ('clerk', 'officer')))
  UNION ALL
    SELECT speaking.*, active.id, active.kind, active.email
    FROM speaking JOIN active ON active.institution_id = speaking.institution_id
    WHERE speaking.send_to = 'owner' AND active.kind = 'institution'
  UNION ALL
    SELECT speaking.*, joined.id, joined.kind, joined.email
    FROM speaking
    JOIN (SELECT active.*, unnest(also_institutions) AS also FROM active) AS joined
      ON joined.also = speaking.institution_id
    WHERE speaking.send_to = 'owner' AND joined.kind = 'institution'
  UNION ALL
    SELECT speaking.*, active.id, active.kind, active.email
    FROM speaking JOIN active
      ON active.department_id = speaking.lead_id AND active.role = speaking.send_to
    WHERE active.kind = 'staff'
  UNION ALL
    SELECT speaking.*, active.id, active.kind, active.email
    FROM speaking
    JOIN governance_department AS office ON office.kind = speaking.send_to AND office.is_active
     AND EXISTS (SELECT 1 FROM unnest(office.jurisdictions) AS prefix
                 WHERE starts_with(speaking.division_id, prefix))
    JOIN active ON active.department_id = office.id
    WHERE active.kind = 'staff' AND active.role IN ('clerk', 'officer', 'leader')
), made AS (
    INSERT INTO governance_notification
        (key, recipient_id, channel, kind, text, params, url, content_type_id, object_id,
         clock_id, step, due_on, created_at, in_digest, state, attempts, error)
    SELECT concat_ws(':', 'clock', told.clock_id, told.name, told.due_on, told.recipient_id,
                     way.channel),
           told.recipient_id, way.channel,
           CASE WHEN told.send_to = 'owner' THEN 'reminder' ELSE 'escalation' END,
           CASE WHEN told.send_to <> 'owner' THEN %(after)s
                WHEN told.due_on < %(today)s THEN %(overdue)s
                WHEN told.due_on = %(today)s THEN %(due)s ELSE %(before)s END,
           jsonb_build_object('title', told.title, 'due', told.due_on,
                              'rule', jsonb_build_object('zh', rule.name_zh, 'en', rule.name_en)),
           CASE WHEN told.reader = 'institution' THEN told.party_url ELSE told.url END,
           told.content_type_id, told.object_id, told.clock_id, told.name, told.due_on, %(now)s,
           told.email <> '' AND NOT told.urgent,
           CASE WHEN way.channel = 'email' THEN 'queued' ELSE 'sent' END, 0, ''
    FROM told
    JOIN governance_deadlinerule AS rule ON rule.id = told.rule_id
    JOIN (VALUES ('inapp'), ('email')) AS way (channel)
      ON way.channel = 'inapp' OR (told.urgent AND told.email <> '')
    ON CONFLICT DO NOTHING
    RETURNING channel
), marked AS (
    UPDATE governance_clockstep SET swept_at = %(now)s
    WHERE id IN (SELECT id FROM due)
    RETURNING id
)
SELECT (SELECT count(*) FROM marked),
       (SELECT count(*) FROM made WHERE channel = 'inapp'),
       (SELECT count(*) FROM speaking
        WHERE NOT EXISTS (SELECT 1 FROM told WHERE told.id = speaking.id))
"""


@dataclass
class Swept:
    """What a sweep did."""

    steps: int = 0
    messages: int = 0  # to the inbox
    unheard: int = 0  # steps whose department has nobody to tell
    more: bool = False  # the cap was reached


def sweep(most: int = MOST_PER_RUN, batch: int = BATCH) -> Swept:
    """Turn the steps that are due by today into messages; each once, however often it runs."""
    _tell_of_silence()
    done = Swept()
    while done.steps < most:
        found = _sweep_batch(min(batch, most - done.steps))
        if found is None or not found[0]:
            break
        done.steps += found[0]
        done.messages += found[1]
        done.unheard += found[2]
    done.more = done.steps >= most
    beat(SWEEP, done.messages, _remark(done))
    return done


@transaction.atomic
def _sweep_batch(batch: int) -> tuple[int, int, int] | None:
    """One statement's worth, or None while another sweep works."""
    facts: dict[str, Any] = {"today": daylight.today(), "now": daylight.now(), "batch": batch}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(STATEMENT, facts | TEXTS)
        return cursor.fetchone()


def _remark(done: Swept) -> str:
    remarks = [f"{done.steps} steps"]
    if done.unheard:
        remarks.append(f"{done.unheard} without anybody to tell")
    if done.more:
        remarks.append("cap reached")
    return ", ".join(remarks)


# --- the heartbeat ---------------------------------------------------------------------------


def beat(name: str, done: int, note: str = "") -> None:
    """A periodic job ran to its end."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"beat_at": time.time(), "done": done, "note": note[:200]}
    )


def seconds_since_beat(name: str = SWEEP) -> float | None:
    """Seconds since the sweep last ran to its end; None when it never did."""
    beat_at = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
    return None if beat_at is None else max(0.0, time.time() - beat_at)


def is_late() -> bool:
    """Whether the sweep has been silent for too long; pages of administrators say so."""
    age = seconds_since_beat()
    return age is None or age > LATE_AFTER


def _tell_of_silence() -> None:
    """A sweep that finds a long silence behind it tells the administrators once."""
    age = seconds_since_beat()
    if age is None or age <= LATE_AFTER:
        return
    administrators = Membership.objects.active().filter(role=Role.SYSADMIN).select_related("user")
    notifications.notify_all(
        administrators,
        key=f"silence:{int(time.time() - age)}",
        kind=Notification.Kind.SYSTEM,
        text=_("Reminders did not run for %(minutes)s minutes; what was missed is made up now."),
        params={"minutes": round(age / 60)},
        mail=notifications.Mail.NOW,
    )


# --- pressing --------------------------------------------------------------------------------


@transaction.atomic
def press(clock: Clock, *, by: Membership, text: str) -> ClockEvent:
    """A leader presses (督办): whoever works on the clock is told at once, in-app and by e-mail.

    Raises `DutyMissing` for others than leaders of the department in charge or of the leading group
    of the place, `NotRunning` when it has ended.
    """
    if not may_press(clock, by):
        raise DutyMissing(PRESS)
    keeping.lock(clock)
    if not clock.is_open:
        raise NotRunning(_("This clock has ended."))
    keeping.write(clock, pressed_at=daylight.now())
    event = keeping.note(clock, ClockEvent.Kind.PRESSED, daylight.today(), by, reason=text)
    keeping.trace(clock, audit.Verb.CLOCK_PRESSED, by, text=text)
    _tell_pressed(clock, event, by)
    return event


def may_press(clock: Clock, actor: Membership) -> bool:
    """Whether this person may press on this clock."""
    if not PRESS.held_by(actor) or actor.department is None:
        return False
    leads_all = actor.department.kind == "LEADGROUP" and actor.department.covers(clock.division_id)
    return leads_all or actor.department_id == clock.lead_id


def _tell_pressed(clock: Clock, event: ClockEvent, by: Membership) -> None:
    notifications.notify_all(
        addressees(clock),
        key=f"press:{event.pk}",
        kind=Notification.Kind.PRESS,
        text=_("%(leader)s presses: “%(title)s”, due on %(due)s. %(text)s"),
        params=_press_params(clock, event, by),
        subject=clock.subject,
        url=clock.url,
        clock=clock,
        mail=notifications.Mail.NOW,
    )


def _press_params(clock: Clock, event: ClockEvent, by: Membership) -> dict[str, Any]:
    return {
        "leader": by.person,
        "title": clock.title,
        "due": clock.due_on.isoformat(),
        "text": event.reason,
    }


def addressees(clock: Clock, on: dt.date | None = None) -> list[Membership]:
    """Who works on a clock: its owner, else the department's clerks and officers, else its leaders.

    The sweep says the same in SQL; a test compares the two.
    """
    active = Membership.objects.active(on).select_related("user", "department")
    owner = active.filter(pk=clock.owner_id).first() if clock.owner_id else None
    if owner:
        return [owner]
    staff = active.filter(department=clock.lead_id, kind="staff")
    workers = list(staff.filter(Q(role=Role.CLERK) | Q(role=Role.OFFICER)))
    return workers or list(staff.filter(role=Role.LEADER))
