"""How an institution deals with families: fees, contracts, insurance, advertisements and signs."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models

from governance.models import Attachment
from governance.private_fields import EncryptedTextField, SearchHashField
from institutions.models.filed import Filed
from institutions.models.teaching import Course


class FeeItem(Filed):
    """A fee or a package of lessons, as it is charged."""

    class Pay(models.TextChoices):
        CASH = "CASH"
        CARD = "CARD"
        TRANSFER = "TRANSFER"
        QR = "QR"
        TRAINING_LOAN = "TRAINING_LOAN"
        OTHER = "OTHER"

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="fee_items"
    )
    name = models.CharField(max_length=120)
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="fee_items")
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # yuan, of one charge
    lessons = models.PositiveSmallIntegerField(null=True)  # what the charge pays for
    starts_on = models.DateField(null=True)  # first and last day that the charge pays for
    ends_on = models.DateField(null=True)
    charged_from = models.DateField(null=True)  # first day on which it is charged
    lessons_left_when_charged = models.PositiveSmallIntegerField(null=True)
    payee_account = EncryptedTextField(blank=True)
    payee_account_hash = SearchHashField(of="payee_account", purpose="account")
    pay_methods = ArrayField(models.CharField(max_length=16, choices=Pay), default=list, blank=True)
    posted = models.BooleanField(default=False)  # on the notice of fees
    in_use_from = models.DateField(null=True)
    in_use_until = models.DateField(null=True)

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("in_use_from", "in_use_until")

    def __str__(self) -> str:
        return self.name


class ContractForm(Filed):
    """The contract form that families sign."""

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="contract_forms"
    )
    form_code = models.CharField(max_length=40)  # GF-2021-2604, the national model
    signed_before_charging = models.BooleanField(default=True)
    in_use_from = models.DateField(null=True)
    in_use_until = models.DateField(null=True)

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("in_use_from", "in_use_until")

    def __str__(self) -> str:
        return self.form_code


class InsurancePolicy(Filed):
    """A liability or accident policy."""

    class Kind(models.TextChoices):
        LIABILITY = "LIABILITY"
        ACCIDENT = "ACCIDENT"
        PERFORMANCE = "PERFORMANCE"
        OTHER = "OTHER"

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="insurance_policies"
    )
    insurer = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LIABILITY)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan insured

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("valid_from", "valid_to")

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"


class Advertisement(Filed):
    """An advertisement, or the signboard: the text of a signboard is the name on the sign."""

    class Kind(models.TextChoices):
        AD = "AD"
        SIGNBOARD = "SIGNBOARD"
        ONLINE = "ONLINE"

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="advertisements"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.AD)
    text = models.CharField(max_length=1_000)
    place = models.CharField(max_length=120, blank=True)
    shown_from = models.DateField(null=True)
    shown_until = models.DateField(null=True)

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("shown_from", "shown_until")

    def __str__(self) -> str:
        return self.text[:60]
