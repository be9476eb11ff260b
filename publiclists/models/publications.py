"""What was published: chains, publications, their entries, and the keys that signed them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.labels import label
from governance.models import Division
from governance.scoping import Governed, Rule, ScopedQuerySet
from publiclists.models.entries import ListEntry, Status
from publiclists.models.grounds import Kind


class ListChain(models.Model):
    """One county's list of one kind: the lock of its publications, and the age of its files.

    `generation` rises with everything that changes what the public may see; files are kept in a
    folder per generation, so a stale one is never served.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    generation = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "kind"], name="one_chain_per_list")
        ]

    def __str__(self) -> str:
        return f"{self.division} {label('ListEntry.kind', self.kind)}"

    @property
    def slug(self) -> str:
        return self.kind.lower()


class PublicationQuerySet(ScopedQuerySet):
    def published(self) -> "PublicationQuerySet":
        return self.filter(status=Publication.Status.PUBLISHED)

    def of_list(self, county: str, kind: str) -> "PublicationQuerySet":
        """One chain, newest first."""
        return self.filter(division_id=county, kind=kind).order_by("-number")


class Publication(Governed):
    """One link of a chain: ordered by a person, built and signed by a worker, then unchangeable."""

    class Status(models.TextChoices):
        ORDERED = "ordered"
        PUBLISHED = "published"

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {Status.ORDERED: {Status.PUBLISHED}}

    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ORDERED)
    as_of = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    header = models.JSONField(null=True)
    header_hash = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)

    objects = PublicationQuerySet.as_manager()
    scope_rule: ClassVar[Rule] = Rule.REGISTRY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind", "number"], name="one_publication_per_number"
            ),
            models.UniqueConstraint(
                fields=["division", "kind"],
                condition=Q(status="ordered"),
                name="one_publication_in_the_making",
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(header__isnull=False, signature__gt="", published_at__isnull=False),
                name="published_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return _("%(kind)s no. %(number)s") % {
            "kind": label("ListEntry.kind", self.kind),
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return reverse("publication", args=[self.pk])

    @property
    def slug(self) -> str:
        return self.kind.lower()

    @property
    def file_name(self) -> str:
        """`3.json`, the last part of its public address."""
        return f"{self.number}.json"


class PublicationEntryQuerySet(ScopedQuerySet):
    scope_through = "publication"

    def shown(self) -> "PublicationEntryQuerySet":
        """What the public may read: text that was not withdrawn since."""
        return self.filter(withdrawn_on=None)

    def current(self, county: str, kind: str) -> "PublicationEntryQuerySet":
        """The list as the public sees it now: the newest publication without what left it since."""
        newest = Publication.objects.published().of_list(county, kind).values("pk")[:1]
        return (
            self.shown()
            .filter(publication=Subquery(newest), entry__status=Status.LIVE)
            .select_related("publication")
            .order_by("number")
        )


class PublicationEntry(models.Model):
    """An entry as one publication carries it. Salt and text stay here after a withdrawal."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="entries")
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="published")
    number = models.CharField(max_length=20)
    text = models.JSONField()
    salt = models.BinaryField()  # 16 random bytes
    withdrawn_on = models.DateField(null=True)

    objects = PublicationEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="entry_once_per_publication"
            )
        ]
        indexes = [models.Index(fields=["number"])]


class SigningKey(models.Model):
    """The public half of a key that signed publications; the private half is a file."""

    key_id = models.CharField(max_length=16, primary_key=True)
    public_key = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True)  # day another key took over

    class Meta:
        ordering = ["since", "key_id"]
