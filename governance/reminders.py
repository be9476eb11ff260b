"""Due steps become messages; leaders press; a heartbeat says that the sweep still runs."""

import time

from governance.models.notifications import Heartbeat

SWEEP = "reminder sweep"


def seconds_since_beat() -> float | None:
    """Seconds since the sweep last ran to its end; None when it never did."""
    beat_at = Heartbeat.objects.filter(name=SWEEP).values_list("beat_at", flat=True).first()
    return None if beat_at is None else max(0.0, time.time() - beat_at)
