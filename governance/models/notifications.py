"""Messages to memberships: the outbox whose rows are the queue, and the beat that must not stop."""

from typing import Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models.clocks import Clock
from governance.models.people import Membership


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, actor: Membership) -> Self:
        """The inbox of this membership."""
        return self.filter(recipient=actor, channel=Notification.Channel.INAPP)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unread_first(self) -> Self:
        """Unread before read, each newest first."""
        is_read = models.ExpressionWrapper(Q(read_at__isnull=False), models.BooleanField())
        return self.order_by(is_read, "-id")


class Notification(models.Model):
    """One message to one membership on one channel. The key makes a second one impossible."""

    class Channel(models.TextChoices):
        INAPP = "inapp", _("Inbox")
        EMAIL = "email", _("E-mail")

    class Kind(models.TextChoices):
        PRESS = "press", _("Pressed")
        ESCALATION = "escalation", _("Overdue, escalated")
        REMINDER = "reminder", _("Reminder")
        TASK = "task", _("Task")
        RETURNED = "returned", _("Returned")
        SYSTEM = "system", _("System")
        DIGEST = "digest", _("Digest")

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"  # in-app rows are sent by being there
        FAILED = "failed"
        DROPPED = "dropped"  # nothing was left to say when its time came

    key = models.CharField(max_length=160, unique=True)
    recipient = models.ForeignKey(
        Membership, models.PROTECT, related_name="notifications", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300)  # an English source string with %(names)s
    params = models.JSONField(default=dict)  # a value {"zh": …, "en": …} is chosen by language
    url = models.CharField(max_length=200, blank=True)
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey()
    clock = models.ForeignKey(
        Clock, models.PROTECT, null=True, related_name="notifications", db_index=False
    )
    step = models.CharField(max_length=12, blank=True)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=daylight.now)
    read_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(default=False)  # the next digest tells of it too: its parcel
    parcel = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="contents", db_index=False
    )
    # What goes outside
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["recipient", "-id"], condition=Q(channel="inapp"), name="inbox_newest"
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(channel="inapp", read_at=None),
                name="inbox_unread",
            ),
            models.Index(
                fields=["id"], condition=Q(in_digest=True, parcel=None), name="waits_for_digest"
            ),
            models.Index(
                fields=["parcel"], condition=Q(parcel__isnull=False), name="digest_contents"
            ),
            models.Index(
                fields=["id"], condition=Q(state__in=("queued", "claimed")), name="outbox_to_send"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The message in the active language."""
        chosen = {name: _in_language(value) for name, value in self.params.items()}
        return gettext(self.text) % chosen if chosen else gettext(self.text)


def _in_language(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    english = (get_language() or "").startswith("en")
    return value.get("en" if english else "zh") or value.get("zh") or value.get("en") or ""


class Heartbeat(models.Model):
    """When a periodic job last ran to its end, and what it did."""

    name = models.CharField(max_length=40, primary_key=True)
    # Seconds since 1970 by the machine's clock: a day that was set must not look like a dead beat.
    beat_at = models.FloatField()
    done = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
