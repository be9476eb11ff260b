"""Filters with a name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance import daylight
from governance.models.people import Department, Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, actor: Membership, page: str) -> "SavedViewQuerySet":
        """The actor's own views of a page, those shared in the department, the public ones."""
        mine = Q(owner=actor)
        shared = Q(visibility=SavedView.Visibility.SHARED, department=actor.department_id or 0)
        public = Q(visibility=SavedView.Visibility.PUBLIC)
        return self.filter(mine | shared | public, page=page).order_by("visibility", "name")


class SavedView(models.Model):
    """A page and its query string under a name; only its owner changes it."""

    class Visibility(models.TextChoices):
        MINE = "mine", _("Only me")
        SHARED = "shared", _("My department")
        PUBLIC = "public", _("Everybody, locked")

    owner = models.ForeignKey(Membership, models.PROTECT, related_name="saved_views")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    page = models.CharField(max_length=80)  # name of the URL
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)  # without the question mark
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.MINE)
    is_default = models.BooleanField(default=False)  # what the owner sees first on the page
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=daylight.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"], name="one_saved_view_per_name"
            ),
            models.UniqueConstraint(
                fields=["owner", "page"],
                condition=Q(is_default=True),
                name="one_default_view_per_page",
            ),
        ]

    def __str__(self) -> str:
        return self.name
