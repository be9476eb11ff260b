"""Institutions for tests, entered through the services."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from governance import competence
from governance.models import Division, Membership
from institutions import services
from institutions.models import Category, Institution, LicenceKind

SINCE = dt.date(2024, 1, 1)
ISSUERS = {
    LicenceKind.SCHOOL_LICENCE: "EDU",
    LicenceKind.SETUP_APPROVAL: "EDU",
    LicenceKind.VOCATIONAL_LICENCE: "HRSS",
    LicenceKind.BUSINESS_LICENCE: "SAMR",
    LicenceKind.NONPROFIT_CERT: "CIVIL",
    LicenceKind.FIRE: "FIRE",
}
XICHENG, SHUANGLIU = "520121001", "520121101"


def make_institution(
    world: Any,
    name: str = "晨光艺术培训学校",
    *,
    township: str = XICHENG,
    licences: Sequence[str] = (LicenceKind.SCHOOL_LICENCE, LicenceKind.BUSINESS_LICENCE),
    since: dt.date = SINCE,
    valid_to: dt.date | None = dt.date(2027, 12, 31),
    address: str = "人民路1号",
    by: Membership | None = None,
    **facts: Any,
) -> Institution:
    """An institution of 开阳县, by default licensed and registered since 1 January 2024."""
    by = by or world.lin
    facts.setdefault("categories", [Category.ARTS])
    institution = services.register_institution(
        by=by,
        name=name,
        township=Division.objects.get(pk=township),
        since=since,
        address=address,
        **facts,
    )
    for kind in licences:
        make_licence(institution, kind, by=by, valid_from=since, valid_to=valid_to)
    institution.refresh_from_db()
    return institution


def make_licence(institution: Institution, kind: str, *, by: Membership, **facts: Any):
    """A certificate from the department that issues its kind in the place."""
    facts.setdefault("valid_from", SINCE)
    facts.setdefault("number", f"教民{institution.number.replace('-', '')}{kind[:3]}")
    issuer = competence.department(ISSUERS.get(kind, "EDU"), institution.division)
    return services.record_licence(institution, by=by, kind=kind, issuer=issuer, **facts)


def valid_credit_code(serial: int, head: str = "52", division: str = "520121") -> str:
    """A made-up credit code with the right check sign."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"{head}{division}MJ{serial:07d}"
    total = sum(alphabet.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]
