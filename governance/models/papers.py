"""Papers: dated templates, and what was issued from them."""

import secrets

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from governance import daylight
from governance.models.numbers import Number
from governance.models.people import Department, Membership


def new_token() -> str:
    """128 random bits: what a stranger must hold to look a paper up."""
    return secrets.token_urlsafe(16)


class PaperTemplateQuerySet(models.QuerySet["PaperTemplate"]):
    def in_force(self, code: str, on) -> "PaperTemplateQuerySet":
        """The version of a template that counts on the day (at most one)."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), code=code, valid_from__lte=on
        ).order_by("-version")[:1]


class PaperTemplate(models.Model):
    """A version of a template; its files in `paper_templates/<folder>/` never change."""

    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    folder = models.CharField(max_length=60)
    number_word = models.CharField(max_length=10)  # 文种代字: 改 in 明川教改字
    fields = models.JSONField(default=list)  # [{name, label_zh, label_en, required, example}]
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = PaperTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_template_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} v{self.version}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def of(self, subject: models.Model) -> "PaperQuerySet":
        """The papers of one row (which the caller fetched in scope), newest first."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=kind, object_id=subject.pk).order_by("-pk")

    def in_force(self) -> "PaperQuerySet":
        return self.filter(status=Paper.Status.ISSUED)


class Paper(models.Model):
    """One issued paper: facts, files by hash, number. A trigger keeps all but a withdrawal out."""

    class Status(models.TextChoices):
        ISSUED = "issued"
        WITHDRAWN = "withdrawn"

    TRANSITIONS = {Status.ISSUED: {Status.WITHDRAWN}}

    template = models.ForeignKey(PaperTemplate, models.PROTECT, related_name="papers")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    department = models.ForeignKey(Department, models.PROTECT, related_name="papers")
    division_id = models.CharField(max_length=12, blank=True)
    number = models.OneToOneField(Number, models.PROTECT, related_name="paper")
    number_text = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    issued_on = models.DateField()
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    pdf_sha256 = models.CharField(max_length=64)
    docx_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)  # over number, facts and both files
    token = models.CharField(max_length=32, unique=True, default=new_token)
    status = models.CharField(max_length=10, choices=Status, default=Status.ISSUED)
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    issued_at = models.DateTimeField(default=daylight.now)
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | Q(withdrawn_on__isnull=False, withdrawal_reason__gt=""),
                name="withdrawn_paper_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number_text}"

    @property
    def pdf_url(self) -> str:
        return reverse("paper", args=[self.token, "pdf"])

    @property
    def docx_url(self) -> str:
        return reverse("paper", args=[self.token, "docx"])
