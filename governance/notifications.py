"""Messages to people: one row per recipient and channel, whose key makes a second one impossible.

In-app rows are delivered by being there; `in_digest` says that the next digest tells of them too.
E-mail rows are the queue of `governance.delivery`.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise

from governance import daylight
from governance.models.clocks import Clock
from governance.models.notifications import Notification
from governance.models.people import ActorKind, Membership

Kind, State = Notification.Kind, Notification.State


class Mail(Enum):
    """How a message also goes by e-mail."""

    NOW = "now"  # press, escalation, same-day limits
    DIGEST = "digest"  # with the rest, at eight in the morning
    NONE = "none"


def notify(
    recipient: Membership,
    *,
    key: str,
    text: str | Promise,
    params: dict[str, Any] | None = None,
    kind: str = Kind.TASK,
    subject: models.Model | None = None,
    url: str = "",
    clock: Clock | None = None,
    mail: Mail = Mail.DIGEST,
) -> None:
    """Tell one person something once; see `notify_all`."""
    notify_all(
        [recipient], key=key, text=text, params=params, kind=kind,
        subject=subject, url=url, clock=clock, mail=mail,
    )  # fmt: skip


@transaction.atomic
def notify_all(
    recipients: Iterable[Membership],
    *,
    key: str,
    text: str | Promise,
    params: dict[str, Any] | None = None,
    kind: str = Kind.TASK,
    subject: models.Model | None = None,
    url: str = "",
    clock: Clock | None = None,
    mail: Mail = Mail.DIGEST,
) -> None:
    """Tell each of them once: the same `key` never reaches the same recipient a second time.

    `text` is a source string (`gettext_lazy`, `gettext_noop`) with `%(names)s` of `params`; it is
    translated when shown. A value `{"zh": …, "en": …}` is chosen by the reader's language.
    """
    shared: dict[str, Any] = {
        "kind": Kind(kind),
        "text": source(text),
        "params": params or {},
        "subject": subject,
        "clock": clock,
    }
    rows = []
    for recipient in recipients:
        address = url or _address(subject, recipient)
        for channel in _channels(recipient, mail):
            unique = f"{key}:{recipient.pk}:{channel.value}"
            rows.append(_row(recipient, channel, unique, address, mail, shared))
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def source(text: str | Promise) -> str:
    """The untranslated source of a lazy string; a plain string as it is."""
    with translation.override(None):
        return str(text)


def _has_address(recipient: Membership) -> bool:
    return recipient.user is not None and bool(recipient.user.email)


def _channels(recipient: Membership, mail: Mail) -> list[Notification.Channel]:
    if mail is Mail.NOW and _has_address(recipient):
        return [Notification.Channel.INAPP, Notification.Channel.EMAIL]
    return [Notification.Channel.INAPP]


def _row(
    recipient: Membership,
    channel: Notification.Channel,
    key: str,
    url: str,
    mail: Mail,
    shared: dict[str, Any],
) -> Notification:
    return Notification(
        key=key,
        recipient=recipient,
        channel=channel,
        url=url[:200],
        state=State.QUEUED if channel == Notification.Channel.EMAIL else State.SENT,
        in_digest=mail is Mail.DIGEST and _has_address(recipient),
        **shared,
    )


def _address(subject: models.Model | None, recipient: Membership) -> str:
    wanted = "get_absolute_url"
    if recipient.kind == ActorKind.INSTITUTION:
        wanted = "get_party_url"
    return getattr(subject, wanted)() if hasattr(subject, wanted) else ""


def unread_count(actor: Membership) -> int:
    """How many messages this membership has not read."""
    return Notification.objects.visible_to(actor).unread().count()


def mark_read(actor: Membership, ids: Iterable[int] | None = None) -> int:
    """Mark the given messages of this membership as read, or all; returns how many changed."""
    rows = Notification.objects.visible_to(actor).unread()
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return rows.update(read_at=daylight.now())
