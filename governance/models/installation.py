"""What this installation is: the marker row that lets demo and test databases move their day."""

from django.db import models

from governance import daylight


class Installation(models.Model):
    """One row. `demo` and `test` may be seeded and may set their day; `production` never."""

    class Kind(models.TextChoices):
        DEMO = "demo"
        TEST = "test"
        PRODUCTION = "production"

    only = models.BooleanField(primary_key=True, default=True)
    kind = models.CharField(max_length=12, choices=Kind)
    day_offset = models.IntegerField(default=0)  # days added to the machine's clock
    seed = models.IntegerField(null=True)
    seeded_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=daylight.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="one_installation_row")
        ]
