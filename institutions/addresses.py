"""Today's addresses of sites that are known already."""

from collections.abc import Iterable

from institutions.models import Institution, SitePeriod


def of_sites(sites: Iterable[int]) -> dict[int, str]:
    """{key of the site: its address today}."""
    return dict(SitePeriod.objects.on().filter(site__in=list(sites)).values_list("site", "address"))


def of_institution(institution: Institution) -> dict[int, str]:
    """The same for all sites that an institution uses today."""
    return of_sites(institution.sites.values_list("pk", flat=True))
