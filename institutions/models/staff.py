"""The people who work at an institution, and the two lists they are held against."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models

from governance import daylight
from governance.models import Attachment, Department, Division, Membership
from governance.privacy import mask_name
from governance.private_fields import EncryptedTextField, SearchHashField
from institutions.models.choices import Category
from institutions.models.filed import Filed

ID_PURPOSE = "id"  # one purpose, so that a person is found across the lists by the same hash


class StaffMember(Filed):
    """Somebody who works there (从业人员): teaching, research or other."""

    class Role(models.TextChoices):
        TEACHING = "TEACHING"
        RESEARCH = "RESEARCH"
        OTHER = "OTHER"

    class Certificate(models.TextChoices):
        TEACHER = "TEACHER"  # 教师资格证
        PROFESSIONAL = "PROFESSIONAL"  # 职业资格、专业技术或等级证书
        NONE = "NONE"

    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="staff"
    )
    name = models.CharField(max_length=60)
    id_number = EncryptedTextField(blank=True)
    id_number_hash = SearchHashField(of="id_number", purpose=ID_PURPOSE)
    role = models.CharField(max_length=12, choices=Role, default=Role.TEACHING)
    what = models.CharField(max_length=60, blank=True)  # the work of the others: cook, guard, …
    full_time = models.BooleanField(default=True)
    subjects = models.CharField(max_length=120, blank=True)
    stages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    teaches = ArrayField(
        models.CharField(max_length=16, choices=Category), default=list, blank=True
    )
    certificate_kind = models.CharField(
        max_length=12, choices=Certificate, default=Certificate.NONE
    )
    certificate_number = models.CharField(max_length=60, blank=True)
    certificate_subject = models.CharField(max_length=60, blank=True)
    certificate_stage = models.CharField(max_length=12, blank=True)
    foreign = models.BooleanField(default=False)
    overseas = models.BooleanField(default=False)  # teaches from abroad
    foreign_qualified = models.BooleanField(null=True)  # work permit and proof held
    crime_query_on = models.DateField(null=True)  # the yearly query of criminal records, MPL §62
    crime_query_clear = models.BooleanField(null=True)
    posted = models.BooleanField(default=False)  # name, photo and certificate shown to the public
    health_certificate_until = models.DateField(null=True)
    employed_from = models.DateField(null=True)
    employed_until = models.DateField(null=True)

    attachments = GenericRelation(Attachment)

    SPAN: ClassVar[tuple[str, str]] = ("employed_from", "employed_until")
    PRIVATE_FIELDS: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        indexes = [models.Index(fields=["institution", "role"], name="staff_of_institution")]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "id_number_hash"],
                condition=models.Q(voided_at=None, ended_on=None) & ~models.Q(id_number_hash=""),
                name="one_person_once_per_institution",
            )
        ]

    def __str__(self) -> str:
        """For audit, clocks and messages; pages of the record show the name."""
        return mask_name(self.name)


class InServiceTeacher(models.Model):
    """A teacher of a public school, by the keyed hash of the id alone: R26 forbids to employ them.

    The workbook of the school staff list is read once; neither name nor number is kept.
    """

    county = models.ForeignKey(Division, models.PROTECT, related_name="+")
    id_hash = models.CharField(max_length=64)
    school = models.CharField(max_length=80, blank=True)
    as_of = models.DateField()
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "id_hash"], name="one_in_service_teacher_per_county"
            )
        ]


class BarredPerson(models.Model):
    """Somebody who may not work with children, by the keyed hash of the id alone."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+")
    id_hash = models.CharField(max_length=64)
    basis = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)  # null: for good
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=daylight.now)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "id_hash", "since"], name="one_bar_per_person_and_day"
            )
        ]
