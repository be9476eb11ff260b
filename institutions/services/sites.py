"""Sites of an institution."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Division, Membership
from governance.workflow import Refused
from institutions.leads import due
from institutions.models import Institution, Site, SitePeriod, Source
from institutions.services import origins
from institutions.services.periods import check_site_facts


@transaction.atomic
def add_site(
    institution: Institution,
    *,
    by: Membership,
    address: str,
    township: Division | None = None,
    start: dt.date | None = None,
    version: int | None = None,
    source: str = Source.ENTRY,
    **facts: Any,
) -> Site:
    """Add a place where the institution teaches, from `start` (today) on.

    The township is that of the institution unless given; further facts as in `record_site_period`.
    """
    start = start or daylight.today()
    check_site_facts(facts)
    if start > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    workflow.touch(institution, version=version)  # its row lock makes the serials consecutive
    used = institution.sites.aggregate(last=Max("serial"))["last"] or 0
    address = " ".join(address.split())
    said = origins.known_of({"address": address, "township": township, **facts})
    site = Site.objects.create(
        institution=institution, serial=used + 1, sources=origins.noted(said, source)
    )
    SitePeriod.objects.create(
        site=site,
        during=DateRange(start, None),
        address=address,
        township=township or institution.division,
        source=source,
        recorded_by=by,
        **facts,
    )
    due.mark([institution.pk])
    audit.record(Verb.SITE_ADDED, institution, by=by, site=site.serial, address=address)
    return site


@transaction.atomic
def void_site(site: Site, *, by: Membership, reason: str, version: int | None = None) -> None:
    """Take out a site that was entered by mistake; one that is given up has its period closed."""
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if site.voided_at:
        raise Refused(_("It was already taken out."))
    workflow.change(
        site,
        verb=Verb.SITE_VOIDED,
        by=by,
        version=version,
        voided_at=daylight.now(),
        void_reason=reason.strip()[:200],
    )
    due.mark([site.institution_id])
    audit.record(Verb.SITE_VOIDED, site.institution, by=by, site=site.serial, reason=reason.strip())


@transaction.atomic
def close_site(
    site: Site, *, by: Membership, on: dt.date, version: int | None = None, reason: str = ""
) -> None:
    """End the use of a site: `on` is the first day on which it is no longer used."""
    if on > daylight.today():
        raise Refused(_("What begins in the future is recorded on the day it begins."))
    workflow.touch(site, version=version)
    period = site.periods.filter(during__contains=on).first()
    if period is None or period.during.lower >= on:
        raise Refused(_("The site is not in use on the day before."))
    site.periods.filter(during__fully_gt=DateRange(on, None, "[]")).delete()
    site.periods.filter(pk=period.pk).update(during=DateRange(period.during.lower, on))
    due.mark([site.institution_id])
    audit.record(
        Verb.SITE_PERIOD_RECORDED, site.institution, by=by, site=site.serial, closed=on,
        reason=reason,
    )  # fmt: skip
