import django.db.models.deletion
from django.db import migrations, models

import governance.daylight
import governance.private_fields


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0012_preferences"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("query", models.TextField()),
                ("picks", models.JSONField(default=dict)),
                ("expected", models.PositiveIntegerField()),
                ("scope", models.CharField(blank=True, max_length=64)),
                ("rows", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=governance.daylight.now)),
                ("made_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.PositiveSmallIntegerField()),
                ("content", governance.private_fields.EncryptedTextField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="governance.exportorder",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="exportorder",
            index=models.Index(
                condition=models.Q(("failed_at", None), ("made_at", None)),
                fields=["created_at"],
                name="export_orders_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportpiece",
            constraint=models.UniqueConstraint(
                fields=("order", "serial"), name="one_export_piece_per_number"
            ),
        ),
    ]
