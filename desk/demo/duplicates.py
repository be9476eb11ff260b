"""Places that were entered twice: what a clerk finds under likely duplicates on the first day."""

import re

from desk.demo.registry import Register
from governance.models import Membership
from institutions import services
from institutions.duplicates import records, search, wording
from institutions.models import DuplicatePair, Institution, SitePeriod

PREFIX = re.compile(r"^明川县")


def enter_twice(register: Register, *, by: Membership) -> None:
    """Five places found without papers look like bodies on record; one of them was told apart.

    Nothing is added: the figures of the county stay as they are.
    """
    spare = [row for row in register.neither[14:] if str(row).startswith("明川县")]
    ways = (_in_brackets, _shortened, _under_another_name, _shortened, _in_brackets)
    for row, original, way in zip(spare, register.full[60:], ways, strict=False):
        way(row, original, by)
    search.look_at_all()
    last = DuplicatePair.objects.open().by_score().last()
    if last:
        services.tell_apart(last, by=by, reason="现场核实：两家负责人、场所均不同")


def _in_brackets(row: Institution, original: Institution, by: Membership) -> None:
    """明川县清溪晨光艺术培训学校 was found as 晨光教育（清溪校区）."""
    town = original.division.name.rstrip("街道镇乡")
    brand = wording.name(str(original), records.regions(original.division.county_code)).brand
    _rewrite(row, original, by, name=f"{brand}教育（{town}校区）")


def _shortened(row: Institution, original: Institution, by: Membership) -> None:
    """The same place, its name without the county and its address as people say it."""
    address = _address(original).removeprefix(f"明川县{original.division.name}")
    _rewrite(row, original, by, name=PREFIX.sub("", str(original)), address=address)


def _under_another_name(row: Institution, original: Institution, by: Membership) -> None:
    """One site, two signboards."""
    _rewrite(
        row, original, by, name="启航学习馆", address=_address(original).split("号")[0] + "号2楼"
    )
    [site] = original.sites.all()[:1]
    start = site.periods.get().during.lower
    services.record_site_period(
        site, by=by, start=start, address=_address(original).split("号")[0] + "号二层"
    )


def _rewrite(
    row: Institution, original: Institution, by: Membership, *, name: str, address: str = ""
) -> None:
    row.refresh_from_db()
    start = row.periods.earliest("during").during.lower
    services.record_period(row, by=by, start=start, name=name, township=original.division)
    site = row.sites.first()
    if address and site:
        services.record_site_period(
            site, by=by, start=start, address=address, township=original.division
        )


def _address(row: Institution) -> str:
    period = SitePeriod.objects.filter(site__institution=row).order_by("site__serial").first()
    return period.address if period else ""
