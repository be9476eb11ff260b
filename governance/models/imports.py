"""Imports in hand: a workbook as it was read, what each row would do, and what it did."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from governance import daylight
from governance.models.people import Membership
from governance.private_fields import EncryptedTextField
from governance.scoping import Governed, Rule, ScopedQuerySet


class ImportBatch(Governed):
    """One workbook on its way in. Its file is kept for a month, sealed (`ImportPiece`)."""

    class Status(models.TextChoices):
        READING = "reading"  # a worker reads and plans it
        FAILED = "failed"  # it could not be read; `failure` says why
        PREVIEWED = "previewed"
        APPLYING = "applying"  # a worker enters it
        APPLIED = "applied"
        UNDONE = "undone"
        DROPPED = "dropped"

    TRANSITIONS = {
        Status.READING: {Status.PREVIEWED, Status.FAILED, Status.DROPPED},
        Status.FAILED: {Status.DROPPED},
        Status.PREVIEWED: {Status.READING, Status.APPLYING, Status.APPLIED, Status.DROPPED},
        Status.APPLYING: {Status.APPLIED, Status.PREVIEWED},
        Status.APPLIED: {Status.UNDONE},
    }
    AT_WORK = frozenset({Status.READING, Status.APPLYING})

    kind = models.CharField(max_length=20)  # of the importer, e.g. "ledger"
    status = models.CharField(max_length=12, choices=Status, default=Status.PREVIEWED)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=300, blank=True)  # what stands above the table
    columns = models.JSONField(default=list)  # [{"index", "letter", "title", "field", …}]
    passed = models.JSONField(default=list)  # rows that are no data: [number, reason, text]
    answers = models.JSONField(default=dict)  # what the user decided about columns, years, rows
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)  # what was noticed of the workbook as a whole
    failure = models.CharField(max_length=40, blank=True)  # code of `BadWorkbook`, or why it ended
    job_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    scope_rule: ClassVar[Rule] = Rule.WORKING
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = ("answers",)  # a mended cell may name a person

    class Meta:
        indexes = [models.Index(fields=["lead", "kind", "-id"]), models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return self.file_name or f"{self.kind} {self.pk}"


class ImportRowQuerySet(ScopedQuerySet):
    scope_through = "batch"


class ImportRow(models.Model):
    """One data row of the workbook, under the number it has there."""

    class Result(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        UNCHANGED = "unchanged"
        DUPLICATE = "duplicate"
        SITE = "site"
        ERROR = "error"
        SKIPPED = "skipped"  # the user leaves it out

    # Rows belong to their batch and go with it; a batch that was applied is never deleted.
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=300, blank=True)
    continues = models.PositiveIntegerField(null=True)  # the row that names the institution
    hidden = models.BooleanField(default=False)
    cells = models.JSONField(default=dict)  # by column index, as the workbook holds them
    private_cells = EncryptedTextField(blank=True)  # the same of columns with personal data
    result = models.CharField(max_length=12, choices=Result)
    errors = models.JSONField(default=list)  # [{"column", "value", "code", "sentence"}]
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # {field: [old, new]}
    notes = models.JSONField(default=list)  # codes of remarks that stop nothing
    target_id = models.BigIntegerField(null=True, db_index=True)  # the row it matched or made
    target_row = models.PositiveIntegerField(null=True)  # … or will make, by row number
    target_version = models.PositiveIntegerField(null=True)  # right after it was applied
    undo = EncryptedTextField(blank=True)  # JSON: what stood there before, also private values

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_per_number")
        ]
        indexes = [models.Index(fields=["batch", "result", "number"])]


class ImportPiece(models.Model):
    """A part of an uploaded file, encrypted; the file belongs to who uploaded it and goes after a
    month (`import_files.drop_old`)."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="pieces")
    serial = models.PositiveSmallIntegerField()
    content = EncryptedTextField()  # base64
    created_at = models.DateTimeField(default=daylight.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "serial"], name="one_import_piece_per_number")
        ]


class ImportMapping(models.Model):
    """What the columns under one row of heads mean, as a member said it last."""

    owner = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # of the importer
    shape = models.CharField(max_length=64)  # SHA-256 of the levelled heads
    columns = models.JSONField(default=dict)  # {title or letter: field, "-" for none}
    used_at = models.DateTimeField(default=daylight.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "shape"], name="one_import_mapping_per_heads"
            )
        ]
        indexes = [models.Index(fields=["kind", "shape"])]
