"""Which lists there are, and the grounds in law for standing on them."""

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q


class Kind(models.TextChoices):
    WHITE = "WHITE"
    BLACK = "BLACK"
    WATCH = "WATCH"


LETTERS = {Kind.WHITE: "W", Kind.BLACK: "B", Kind.WATCH: "Y"}
SLUGS = {kind.value.lower(): kind for kind in Kind}


class GroundQuerySet(models.QuerySet["Ground"]):
    def in_force(self, on: dt.date, county: str = "") -> "GroundQuerySet":
        """Grounds that count on the day, a county's own version before the general one."""
        own = Ground.objects.filter(code=OuterRef("code"), county=county)
        dated = self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )
        general = Q(county="") & ~Exists(own.exclude(county=""))
        return dated.filter(general | Q(county=county)).order_by("kind", "code")


class Ground(models.Model):
    """A reason in law for standing on a list: dated data, with a county's own where it differs."""

    class Check(models.TextChoices):
        """Facts that the system can establish itself; empty: staff state the facts."""

        CERTIFIED_AND_CLEAR = "certified_and_clear"
        FAILED_RECTIFICATION = "failed_rectification"
        UNCERTIFIED = "uncertified"

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind)
    county = models.CharField(max_length=6, blank=True)  # empty: everywhere
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)
    check_code = models.CharField(max_length=40, choices=Check, blank=True)
    least_months = models.PositiveSmallIntegerField(default=0)  # before it may be removed
    most_months = models.PositiveSmallIntegerField(null=True)  # then it ends by itself
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = GroundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county", "valid_from"],
                name="one_ground_per_code_and_day",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name_zh
