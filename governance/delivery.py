"""Sending what goes outside: workers claim rows, send them, mark them.

At least once: a worker killed between sending and marking sends again after its claim has gone
stale, with the same key in the message. Nothing is lost, and the in-app inbox is not concerned.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Iterator, Sequence
from smtplib import SMTPException
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from governance import daylight, digests
from governance.models.notifications import Notification

Kind, State = Notification.Kind, Notification.State
BATCH = 500
STALE_AFTER = dt.timedelta(minutes=15)  # longer than the time limit of a task
MOST_ATTEMPTS = 6
WAIT = dt.timedelta(minutes=2)  # doubled with each failure

log = logging.getLogger(__name__)

CLAIM = """
UPDATE governance_notification
SET state = 'claimed', claimed_at = %(now)s, claim = %(claim)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM governance_notification
    WHERE state = 'queued' AND channel = %(channel)s
      AND (not_before IS NULL OR not_before <= %(now)s)
    ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
"""

Outcome = tuple[Notification, str]  # the error, empty when it was sent
NOTHING = "nothing left to say"


class Sender(Protocol):
    """A way out. It sends a batch and says of each row, as it goes, how that went."""

    def send(self, batch: Sequence[Notification]) -> Iterator[Outcome]: ...


class MailSender:
    """E-mail through Django's backend: files in the demo, SMTP elsewhere."""

    def send(self, batch: Sequence[Notification]) -> Iterator[Outcome]:
        way = get_connection()
        try:
            way.open()
            for row in batch:
                yield row, self._send(row, way)
        except (SMTPException, OSError) as error:
            log.warning("mail server: %s", error)
        finally:
            way.close()

    def _send(self, row: Notification, way) -> str:
        message = letter(row)
        if message is None:
            return NOTHING
        message.connection = way
        try:
            message.send()
        except (SMTPException, OSError) as error:
            return f"{type(error).__name__}: {error}"
        return ""


SENDERS: dict[str, Sender] = {Notification.Channel.EMAIL: MailSender()}


def deliver(batch: int = BATCH) -> int:
    """Send what waits, batch by batch, over every channel; how many rows were sent."""
    return sum(_deliver(channel, sender, batch) for channel, sender in SENDERS.items())


def _deliver(channel: str, sender: Sender, batch: int) -> int:
    sent = 0
    while rows := _claim(channel, batch):
        open_rows = {row.pk: row for row in rows}
        for row, error in sender.send(rows):
            del open_rows[row.pk]
            if error and error is not NOTHING:
                _postpone(row, error)
            else:
                _settle(row, State.DROPPED if error else State.SENT)
                sent += not error
        for row in open_rows.values():  # the way broke down in the middle
            _postpone(row, "the channel could not be opened")
    return sent


def _claim(channel: str, batch: int) -> list[Notification]:
    claim = uuid.uuid4()
    facts: dict[str, Any] = {
        "now": daylight.now(),
        "claim": claim,
        "channel": channel,
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, facts)
        if not cursor.rowcount:
            return []
    rows = Notification.objects.filter(claim=claim, state=State.CLAIMED)
    return list(rows.select_related("recipient__user", "recipient__department").order_by("id"))


def _settle(row: Notification, state: str) -> None:
    """The row has reached its end, if the claim is still this worker's."""
    mine = Notification.objects.filter(pk=row.pk, claim=row.claim)
    mine.update(state=state, sent_at=daylight.now(), error="")


def _postpone(row: Notification, error: str) -> None:
    log.warning("message %s: %s", row.key, error)
    given_up = row.attempts >= MOST_ATTEMPTS
    Notification.objects.filter(pk=row.pk, claim=row.claim).update(
        state=State.FAILED if given_up else State.QUEUED,
        not_before=daylight.now() + WAIT * 2 ** (row.attempts - 1),
        claim=None,
        error=error[:300],
    )


def return_stale(older_than: dt.timedelta = STALE_AFTER) -> int:
    """Put back what a worker claimed and did not finish; how many rows."""
    stale = Notification.objects.filter(
        state=State.CLAIMED, claimed_at__lt=daylight.now() - older_than
    )
    given_up = stale.filter(attempts__gte=MOST_ATTEMPTS * 2)
    given_up.update(state=State.FAILED, claim=None, error="claimed again and again")
    return stale.update(state=State.QUEUED, claim=None)


def letter(row: Notification) -> EmailMessage | None:
    """The e-mail of a row in its reader's language; None when a digest has nothing left to say."""
    user = row.recipient.user
    if user is None or not user.email:
        return None
    with translation.override(user.language):
        if row.kind == Kind.DIGEST:
            return _digest(row, user.email)
        return _single(row, user.email)


def _single(row: Notification, address: str) -> EmailMessage:
    subject = f"【{row.get_kind_display()}】{row.words}"
    context = {"row": row, "base": settings.MINGSHU_BASE_URL}
    body = render_to_string("governance/mail/message.txt", context)
    return _letter(row, subject, body, address)


def _digest(row: Notification, address: str) -> EmailMessage | None:
    content = digests.content(row)
    if not content:
        return None
    subject = _("Mingshu: %(overdue)s overdue, %(today)s due today, %(others)s more") % (
        content.numbers()
    )
    context = {"content": content, "row": row, "base": settings.MINGSHU_BASE_URL}
    body = render_to_string("governance/mail/digest.txt", context)
    return _letter(row, subject, body, address)


def _letter(row: Notification, subject: str, body: str, address: str) -> EmailMessage:
    flat = " ".join(subject.split())[:150]
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{row.key.replace(':', '.')}@{host}>",
        "X-Mingshu-Key": row.key,
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(flat, body, to=[address], headers=headers)


def waiting() -> dict[str, int]:
    """How many rows wait, hang in a claim, or have failed; for the health page."""
    rows = Notification.objects.filter(channel=Notification.Channel.EMAIL)
    return {
        state: rows.filter(state=state).count()
        for state in (State.QUEUED, State.CLAIMED, State.FAILED)
    }


def retry_failed() -> int:
    """Give every failed row a new chance; how many."""
    return Notification.objects.filter(state=State.FAILED).update(
        state=State.QUEUED, attempts=0, not_before=None
    )
