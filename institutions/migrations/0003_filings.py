"""What institutions file: people, courses, dealings, figures, and the filings themselves."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import governance.daylight
import governance.private_fields


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0009_lighter_messages"),
        ("institutions", "0002_statistics"),
    ]

    operations = [
        migrations.CreateModel(
            name="Advertisement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("AD", "Ad"), ("SIGNBOARD", "Signboard"), ("ONLINE", "Online")],
                        default="AD",
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("shown_from", models.DateField(null=True)),
                ("shown_until", models.DateField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advertisements",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContractForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("form_code", models.CharField(max_length=40)),
                ("signed_before_charging", models.BooleanField(default=True)),
                ("in_use_from", models.DateField(null=True)),
                ("in_use_until", models.DateField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contract_forms",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=120)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("SUBJECT", "Subject"),
                            ("SPORT", "Sport"),
                            ("ARTS", "Arts"),
                            ("SCITECH", "Scitech"),
                            ("OTHER", "Other"),
                            ("VOCATIONAL", "Vocational"),
                            ("UNCLEAR", "Unclear"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sub_kind", models.CharField(blank=True, max_length=24)),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("mode", models.CharField(default="OFFLINE", max_length=12)),
                ("foreign_language", models.BooleanField(default=False)),
                ("class_size", models.PositiveSmallIntegerField(null=True)),
                ("lesson_minutes", models.PositiveSmallIntegerField(null=True)),
                ("lessons", models.PositiveSmallIntegerField(null=True)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="institutions.site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="course_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("lessons", models.PositiveSmallIntegerField(null=True)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("charged_from", models.DateField(null=True)),
                ("lessons_left_when_charged", models.PositiveSmallIntegerField(null=True)),
                ("payee_account", governance.private_fields.EncryptedTextField(blank=True)),
                (
                    "payee_account_hash",
                    governance.private_fields.SearchHashField(
                        of="payee_account", purpose="account"
                    ),
                ),
                (
                    "pay_methods",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CASH", "Cash"),
                                ("CARD", "Card"),
                                ("TRANSFER", "Transfer"),
                                ("QR", "Qr"),
                                ("TRAINING_LOAN", "Training Loan"),
                                ("OTHER", "Other"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("posted", models.BooleanField(default=False)),
                ("in_use_from", models.DateField(null=True)),
                ("in_use_until", models.DateField(null=True)),
                (
                    "course",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_items",
                        to="institutions.course",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_items",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Identification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("requested_on", models.DateField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SUBJECT", "Subject"),
                            ("NON_SUBJECT", "Non Subject"),
                            ("UNCLEAR", "Unclear"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifications",
                        to="institutions.course",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.department",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifications",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", ""), ("voided_at", None)),
                        fields=("course",),
                        name="one_open_identification_per_course",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on", None), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("decided_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="identification_is_decided_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpertOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expert", models.CharField(max_length=60)),
                ("employer", models.CharField(max_length=80)),
                ("independent", models.BooleanField(default=False)),
                ("purpose", models.TextField()),
                ("content", models.TextField()),
                ("evaluation", models.TextField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("SUBJECT", "Subject"),
                            ("NON_SUBJECT", "Non Subject"),
                            ("UNCLEAR", "Unclear"),
                        ],
                        max_length=12,
                    ),
                ),
                ("given_on", models.DateField()),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
                (
                    "identification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="institutions.identification",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identification", "expert"), name="one_opinion_per_expert"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InServiceTeacher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("id_hash", models.CharField(max_length=64)),
                ("school", models.CharField(blank=True, max_length=80)),
                ("as_of", models.DateField()),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.division",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("county", "id_hash"), name="one_in_service_teacher_per_county"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InsurancePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("insurer", models.CharField(max_length=80)),
                ("number", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LIABILITY", "Liability"),
                            ("ACCIDENT", "Accident"),
                            ("PERFORMANCE", "Performance"),
                            ("OTHER", "Other"),
                        ],
                        default="LIABILITY",
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insurance_policies",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LessonSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(null=True)),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                ("heads", models.PositiveSmallIntegerField(null=True)),
                ("on_rest_days", models.BooleanField(default=False)),
                (
                    "dates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="institutions.course",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("weekday__isnull", False), ("weekday__range", (1, 7))),
                            models.Q(("dates__len__gt", 0), ("weekday", None)),
                            _connector="OR",
                        ),
                        name="slot_has_a_weekday_or_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="slot_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=120)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("OWN", "Own"),
                            ("PUBLISHED", "Published"),
                            ("FOREIGN", "Foreign"),
                        ],
                        default="OWN",
                        max_length=12,
                    ),
                ),
                ("internal_review_on", models.DateField(null=True)),
                ("internal_review_by", models.CharField(blank=True, max_length=80)),
                ("internal_review_passed", models.BooleanField(null=True)),
                ("external_review_on", models.DateField(null=True)),
                ("external_review_by", models.CharField(blank=True, max_length=80)),
                ("external_review_passed", models.BooleanField(null=True)),
                ("stopped_on", models.DateField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="course",
            name="material",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="courses",
                to="institutions.material",
            ),
        ),
        migrations.CreateModel(
            name="ReportedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("CUSTODY_BALANCE", "Custody Balance"),
                            ("UNDELIVERED_FEES", "Undelivered Fees"),
                            ("RELEASED_SHARE", "Released Share"),
                            ("DELIVERED_SHARE", "Delivered Share"),
                            ("MARGIN_BALANCE", "Margin Balance"),
                            ("ONE_CYCLE_FEES", "One Cycle Fees"),
                            ("UNDECLARED_RELATED_DEALS", "Undeclared Related Deals"),
                            ("YEARS_SINCE_AUDIT", "Years Since Audit"),
                            ("DEVELOPMENT_FUND_SHARE", "Development Fund Share"),
                            ("REFUND_COMPLAINT_SHARE", "Refund Complaint Share"),
                            ("BALANCE_FALL_30_DAYS", "Balance Fall 30 Days"),
                            ("UNPAID_RENT", "Unpaid Rent"),
                            ("DAYS_WITHOUT_LESSONS", "Days Without Lessons"),
                        ],
                        max_length=32,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("as_of", models.DateField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_figures",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)),
                        fields=("institution", "code", "as_of"),
                        name="one_figure_per_code_and_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("entry", "entered by staff"),
                            ("quick", "found on the spot"),
                            ("import", "imported"),
                            ("inspection", "verified on inspection"),
                            ("self", "reported by the institution"),
                            ("partner", "sent by another system"),
                        ],
                        default="entry",
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_on", models.DateField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=60)),
                ("id_number", governance.private_fields.EncryptedTextField(blank=True)),
                (
                    "id_number_hash",
                    governance.private_fields.SearchHashField(of="id_number", purpose="id"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("TEACHING", "Teaching"),
                            ("RESEARCH", "Research"),
                            ("OTHER", "Other"),
                        ],
                        default="TEACHING",
                        max_length=12,
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=60)),
                ("full_time", models.BooleanField(default=True)),
                ("subjects", models.CharField(blank=True, max_length=120)),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "teaches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("SUBJECT", "Subject"),
                                ("SPORT", "Sport"),
                                ("ARTS", "Arts"),
                                ("SCITECH", "Scitech"),
                                ("OTHER", "Other"),
                                ("VOCATIONAL", "Vocational"),
                                ("UNCLEAR", "Unclear"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "certificate_kind",
                    models.CharField(
                        choices=[
                            ("TEACHER", "Teacher"),
                            ("PROFESSIONAL", "Professional"),
                            ("NONE", "None"),
                        ],
                        default="NONE",
                        max_length=12,
                    ),
                ),
                ("certificate_number", models.CharField(blank=True, max_length=60)),
                ("certificate_subject", models.CharField(blank=True, max_length=60)),
                ("certificate_stage", models.CharField(blank=True, max_length=12)),
                ("foreign", models.BooleanField(default=False)),
                ("overseas", models.BooleanField(default=False)),
                ("foreign_qualified", models.BooleanField(null=True)),
                ("crime_query_on", models.DateField(null=True)),
                ("crime_query_clear", models.BooleanField(null=True)),
                ("posted", models.BooleanField(default=False)),
                ("health_certificate_until", models.DateField(null=True)),
                ("employed_from", models.DateField(null=True)),
                ("employed_until", models.DateField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["institution", "role"], name="staff_of_institution")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("voided_at", None),
                            models.Q(("id_number_hash", ""), _negated=True),
                        ),
                        fields=("institution", "id_number_hash"),
                        name="one_person_once_per_institution",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="course",
            name="teacher",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="courses",
                to="institutions.staffmember",
            ),
        ),
        migrations.CreateModel(
            name="BarredPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("id_hash", models.CharField(max_length=64)),
                ("basis", models.CharField(max_length=200)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.division",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.department",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("county", "id_hash", "since"), name="one_bar_per_person_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("course", "Course"),
                            ("material", "Material"),
                            ("fee", "Fee"),
                            ("contract", "Contract"),
                            ("insurance", "Insurance"),
                            ("advertisement", "Advertisement"),
                            ("figure", "Figure"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("ADD", "Add"), ("CHANGE", "Change"), ("END", "End")], max_length=8
                    ),
                ),
                ("record", models.BigIntegerField(null=True)),
                ("values", governance.private_fields.EncryptedTextField(blank=True)),
                ("before", governance.private_fields.EncryptedTextField(blank=True)),
                ("sheet", models.UUIDField(default=uuid.uuid4)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("submitted", "Submitted"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="drafted",
                        max_length=12,
                    ),
                ),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.division",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="institutions.institution",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.department",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["institution", "status"], name="filing_of_institution"),
                    models.Index(
                        condition=models.Q(("status", "submitted")),
                        fields=["lead", "submitted_at"],
                        name="filing_waiting",
                    ),
                    models.Index(fields=["sheet"], name="filing_sheet"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["drafted", "submitted", "returned"]),
                            models.Q(("action", "ADD"), _negated=True),
                        ),
                        fields=("kind", "record"),
                        name="one_open_filing_per_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action", "ADD"), ("record__isnull", False), _connector="OR"
                        ),
                        name="filing_of_a_change_names_its_record",
                    ),
                ],
            },
        ),
    ]
