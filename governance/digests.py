"""One e-mail a day and person at eight: what is overdue and due today first, then the rest."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from governance import daylight
from governance.models.notifications import Notification

HOUR = dt.timedelta(hours=8)
LOCK = 0x4D53_0003

# A digest is a row of its own, one per account and day, and the rows that wait for it its contents.
MAKE = """
INSERT INTO governance_notification
    (key, recipient_id, channel, kind, text, params, url, created_at, state, in_digest, attempts,
     step, error)
SELECT DISTINCT ON (member.user_id)
       'digest:' || member.user_id || ':' || %(day)s, member.id, 'email', 'digest', '',
       '{}'::jsonb, '', %(now)s, 'queued', false, 0, '', ''
FROM governance_notification AS row
JOIN governance_membership AS member ON member.id = row.recipient_id
WHERE row.in_digest AND row.parcel_id IS NULL AND row.created_at < %(until)s
ORDER BY member.user_id, member.id
ON CONFLICT DO NOTHING
"""
FILL = """
UPDATE governance_notification AS row SET parcel_id = digest.id
FROM governance_membership AS member, governance_notification AS digest
WHERE row.in_digest AND row.parcel_id IS NULL AND row.created_at < %(until)s
  AND member.id = row.recipient_id
  AND digest.key = 'digest:' || member.user_id || ':' || %(day)s
  AND digest.state = 'queued'
"""


@transaction.atomic
def make_digests() -> int:
    """After eight o'clock: one digest for everyone for whom something came in before eight.

    Runs every few minutes and does its work once a day, also when eight o'clock was missed.
    Returns how many digests were made.
    """
    until = daylight.start_of(daylight.today()) + HOUR
    if daylight.now() < until:
        return 0
    facts: dict[str, Any] = {
        "now": daylight.now(),
        "until": until,
        "day": daylight.today().isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(MAKE, facts)
        made = cursor.rowcount
        cursor.execute(FILL, facts)
    return made


@dataclass
class Content:
    """What a digest says, each clock once."""

    overdue: list[Notification] = field(default_factory=list)
    today: list[Notification] = field(default_factory=list)
    others: list[Notification] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.overdue or self.today or self.others)

    def numbers(self) -> dict[str, int]:
        return {
            "overdue": len(self.overdue),
            "today": len(self.today),
            "others": len(self.others),
        }


def content(digest: Notification) -> Content:
    """What is still worth saying: messages of clocks that have ended meanwhile are left out."""
    today = daylight.today()
    found = Content()
    for row in _latest(digest.contents.select_related("clock").order_by("-id")):
        if row.clock is None or row.clock.due_on > today:
            found.others.append(row)
        elif row.clock.due_on == today:
            found.today.append(row)
        else:
            found.overdue.append(row)
    found.overdue.sort(key=_due)
    return found


def _latest(rows: Iterable[Notification]) -> Iterable[Notification]:
    seen: set[int] = set()
    for row in rows:
        if row.clock is None:
            yield row
        elif row.clock.is_open and row.clock.pk not in seen:
            seen.add(row.clock.pk)
            yield row


def _due(row: Notification) -> dt.date:
    return row.clock.due_on if row.clock else dt.date.max
