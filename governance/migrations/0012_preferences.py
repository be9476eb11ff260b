from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0011_import_files_and_meanings")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="preferences",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
