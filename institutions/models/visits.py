"""When somebody last looked at a dossier, so that it can say what changed since."""

from django.db import models

from governance.models import Membership
from institutions.models.institutions import Institution


class DossierVisit(models.Model):
    """The present look of one reader at one dossier (`at`), and the one before it (`since`)."""

    viewer = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    since = models.DateTimeField(null=True)  # null: this is the first look
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "institution"], name="one_visit_per_reader_and_dossier"
            )
        ]
