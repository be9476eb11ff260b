"""What a county tells the public: announcements and public notices."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models.people import Department, Division, Membership


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self, on=None) -> "NoticeQuerySet":
        """What the public sees on the day, newest first."""
        on = on or daylight.today()
        return self.filter(
            Q(published_to=None) | Q(published_to__gte=on), published_from__lte=on, ended_on=None
        ).order_by("-published_from", "-pk")

    def of_department(self, actor: Membership) -> "NoticeQuerySet":
        """What the actor's department wrote, newest first."""
        return self.filter(department=actor.department_id or 0).order_by("-pk")


class Notice(models.Model):
    """A notice: a draft without `published_from`, over after `published_to` or when ended."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("Announcement")
        PUBLIC_NOTICE = "public_notice", _("Public notice")

    kind = models.CharField(max_length=16, choices=Kind, default=Kind.ANNOUNCEMENT)
    division = models.ForeignKey(Division, models.PROTECT, related_name="notices")
    department = models.ForeignKey(Department, models.PROTECT, related_name="notices")
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    body_zh = models.TextField()
    body_en = models.TextField(blank=True)
    published_from = models.DateField(null=True)
    published_to = models.DateField(null=True)  # the last day shown
    ended_on = models.DateField(null=True)  # taken off before that
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_to=None) | Q(published_to__gte=F("published_from")),
                name="notice_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        """In the reader's language where there is such a text, else in Chinese."""
        return (self.title_en if get_language() == "en" else "") or self.title_zh

    @property
    def body(self) -> str:
        return (self.body_en if get_language() == "en" else "") or self.body_zh
