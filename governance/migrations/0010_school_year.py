"""Terms know their school year, part and stages (nothing used them before); hours beside them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import governance.daylight


class Migration(migrations.Migration):
    dependencies = [("governance", "0009_lighter_messages")]
    operations = [
        migrations.DeleteModel("SchoolTerm"),
        migrations.CreateModel(
            name="SchoolHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=12)),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.division",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["stage", "starts_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division", "stage", "starts_at"), name="one_school_hour_per_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="school_hours_end_after_they_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_year", models.CharField(max_length=9)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("AUTUMN", "Autumn"),
                            ("WINTER_HOLIDAY", "Winter Holiday"),
                            ("SPRING", "Spring"),
                            ("SUMMER_HOLIDAY", "Summer Holiday"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("recorded_at", models.DateTimeField(default=governance.daylight.now)),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.division",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division", "school_year", "part", "stages"),
                        name="one_term_per_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="term_ends_after_it_starts",
                    ),
                ],
            },
        ),
    ]
