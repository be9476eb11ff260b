"""Figures that banks, auditors and institutions report, until the accounts themselves are here."""

from typing import ClassVar

from django.db import models

from institutions.models.filed import Filed


class ReportedFigure(Filed):
    """One figure of one day."""

    class Code(models.TextChoices):
        CUSTODY_BALANCE = "CUSTODY_BALANCE"  # yuan
        UNDELIVERED_FEES = "UNDELIVERED_FEES"  # yuan
        RELEASED_SHARE = "RELEASED_SHARE"  # per cent of what was paid in
        DELIVERED_SHARE = "DELIVERED_SHARE"  # per cent of the lessons paid for
        MARGIN_BALANCE = "MARGIN_BALANCE"  # yuan
        ONE_CYCLE_FEES = "ONE_CYCLE_FEES"  # yuan, all learners for one charging cycle
        UNDECLARED_RELATED_DEALS = "UNDECLARED_RELATED_DEALS"  # number
        YEARS_SINCE_AUDIT = "YEARS_SINCE_AUDIT"  # years
        DEVELOPMENT_FUND_SHARE = "DEVELOPMENT_FUND_SHARE"  # per cent of the yearly net increase
        REFUND_COMPLAINT_SHARE = "REFUND_COMPLAINT_SHARE"  # per cent of fees
        BALANCE_FALL_30_DAYS = "BALANCE_FALL_30_DAYS"  # per cent
        UNPAID_RENT = "UNPAID_RENT"  # yuan
        DAYS_WITHOUT_LESSONS = "DAYS_WITHOUT_LESSONS"  # days

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="reported_figures"
    )
    code = models.CharField(max_length=32, choices=Code)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    as_of = models.DateField()

    SPAN: ClassVar[tuple[str, str]] = ("as_of", "")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code", "as_of"],
                condition=models.Q(voided_at=None),
                name="one_figure_per_code_and_day",
            )
        ]

    def __str__(self) -> str:
        return str(self.code)
