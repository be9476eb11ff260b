"""Figures as they were when somebody signed for them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from governance import daylight
from governance.models.people import Division, Membership


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    def of_figure(self, figure: str, day) -> "FrozenReportQuerySet":
        return self.filter(figure=figure, day=day).order_by("-pk")


class FrozenReport(models.Model):
    """A figure of a day with the keys of its rows and a hash over both; a trigger keeps it so."""

    figure = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    day = models.DateField()
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    values = models.JSONField(encoder=DjangoJSONEncoder)
    row_keys = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=daylight.now)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["figure", "day"])]

    def __str__(self) -> str:
        return f"{self.title} {self.day}"
