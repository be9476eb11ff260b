"""How far from its registered place an inspection was positioned."""

import math

from governance import daylight
from inspections.models import Inspection

FAR = 300  # metres; farther than this is said and asked about, never refused
EARTH = 6_371_000  # metres


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two positions in degrees."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def distance(inspection: Inspection) -> int | None:
    """Metres from the nearest known site of the institution; None where either is unknown."""
    if inspection.latitude is None or inspection.longitude is None:
        return None
    here = (inspection.latitude, inspection.longitude)
    sites = inspection.institution.sites.filter(voided_at=None)
    if inspection.site_id:
        sites = sites.filter(pk=inspection.site_id)
    day = inspection.inspected_on or daylight.today()
    known = sites.filter(periods__during__contains=day).values_list(
        "periods__latitude", "periods__longitude"
    )
    found = [
        metres_between(here, (float(latitude), float(longitude)))
        for latitude, longitude in known
        if latitude is not None and longitude is not None
    ]
    return round(min(found)) if found else None
