"""What the annual review found, year by year."""

from django.db import models
from django.db.models import Q

from governance import daylight
from governance.models import Membership
from governance.scoping import ScopedQuerySet
from institutions.models.choices import Source
from institutions.models.institutions import Institution


class AnnualResultQuerySet(ScopedQuerySet):
    scope_through = "institution"

    def standing(self) -> "AnnualResultQuerySet":
        """The results that were not taken out."""
        return self.filter(voided_at=None)


class AnnualResult(models.Model):
    """The result of one round of one year's review (年检结论); its procedure is not kept here."""

    class Round(models.IntegerChoices):
        FIRST = 1
        AFTER_CORRECTION = 2  # 复审: after the time set for putting things right

    class Result(models.TextChoices):
        PASS = "PASS"
        BASIC_PASS = "BASIC_PASS"
        FAIL = "FAIL"
        NOT_TAKEN = "NOT_TAKEN"

    class Reason(models.TextChoices):
        """Why an institution took no part."""

        NEW = "NEW"
        NOT_RESUMED = "NOT_RESUMED"
        CLOSING = "CLOSING"
        OTHER = "OTHER"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="annual_results")
    year = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(choices=Round, default=Round.FIRST)
    result = models.CharField(max_length=12, choices=Result)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    reason_text = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True)
    document_number = models.CharField(max_length=60, blank=True)
    published_on = models.DateField(null=True)  # null: not published
    source = models.CharField(max_length=12, choices=Source, default=Source.ENTRY)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = AnnualResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "year", "round"],
                condition=Q(voided_at=None),
                name="one_annual_result_per_round",
            ),
            models.CheckConstraint(
                condition=Q(result="NOT_TAKEN") | Q(reason="", reason_text=""),
                name="only_who_took_no_part_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(result="NOT_TAKEN") | ~Q(reason=""),
                name="who_took_no_part_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["year", "round"], condition=Q(voided_at=None), name="annual_result_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.year}"
