"""What a county sets for itself."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from governance import daylight
from governance.models.people import Division, Membership


class Setting(models.Model):
    """A value set for one division and what lies in it, or (no division) for everybody.

    Keys, types and defaults stand in `settings_store.DEFINITIONS`.
    """

    key = models.CharField(max_length=60)
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="settings")
    value = models.JSONField(encoder=DjangoJSONEncoder)
    set_at = models.DateTimeField(default=daylight.now)
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "division"],
                name="one_setting_per_division",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.key
