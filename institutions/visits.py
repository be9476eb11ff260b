"""Noting a look at a dossier."""

import datetime as dt

from django.db import connection

from governance import daylight
from governance.models import Membership

ONE_LOOK = dt.timedelta(minutes=30)  # pages opened within it belong to the same look


def look(viewer: Membership, institution: int) -> dt.datetime | None:
    """Note that `viewer` looks at the dossier now; returns when the look before this one ended,
    None at the first. Turning pages or coming back from a form is still the same look."""
    now = daylight.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institutions_dossiervisit AS visit (viewer_id, institution_id, at) "
            "VALUES (%s, %s, %s) ON CONFLICT (viewer_id, institution_id) DO UPDATE SET "
            "since = CASE WHEN visit.at < %s THEN visit.at ELSE visit.since END, "
            "at = EXCLUDED.at RETURNING since",
            [viewer.pk, institution, now, now - ONE_LOOK],
        )
        return cursor.fetchone()[0]
