"""What campaigns made of institutions."""

from django.db import models

from governance import daylight
from governance.models import Department, Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import Source
from institutions.models.institutions import Institution


class DisposalQuerySet(ScopedQuerySet):
    scope_through = "institution"


class Disposal(models.Model):
    """What a campaign made of an institution (规范、整改、取缔), with the measures taken."""

    class Outcome(models.TextChoices):
        REGULARIZE = "REGULARIZE"
        RECTIFY = "RECTIFY"
        SHUT_DOWN = "SHUT_DOWN"
        PERMANENT_CLOSE = "PERMANENT_CLOSE"
        CLOSE_DOWN = "CLOSE_DOWN"
        SIGN_REMOVED = "SIGN_REMOVED"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="disposals")
    campaign = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    measures = models.TextField(blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = DisposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "campaign", "decided_on", "outcome"],
                name="one_disposal_of_a_kind_per_day",
            )
        ]
