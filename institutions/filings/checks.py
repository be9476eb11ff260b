"""What a clerk should know before deciding on a member of staff: the lists it is held against."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from governance import audit, daylight, private_fields
from governance.audit import Verb
from governance.models import Membership
from governance.scoping import COUNTY_DIGITS
from institutions.duties import DECIDE_FILING
from institutions.models import BarredPerson, Filing, InServiceTeacher, Institution, StaffMember
from institutions.models.staff import ID_PURPOSE


@dataclass(frozen=True)
class Hint:
    """One thing to know; `kind` is ok, warn or bad."""

    kind: str
    text: str


def of_filing(filing: Filing, actor: Membership) -> list[Hint]:
    """Hints about a filing of staff; that a match was shown goes on record."""
    if filing.kind != Filing.Kind.STAFF or not DECIDE_FILING.held_by(actor):
        return []
    data = {**filing.was, **filing.proposed}
    hashed = private_fields.search_hash(str(data.get("id_number") or ""), ID_PURPOSE)
    found = matches(filing.institution, [hashed]).get(hashed, [])
    if found:
        audit.record(Verb.STAFF_MATCH_SHOWN, filing, by=actor, matches=len(found))
    return [*found, *_elsewhere(filing, hashed, actor), *_papers(data)]


def matches(institution: Institution, hashes: list[str]) -> dict[str, list[Hint]]:
    """By hash: what the school staff list and the list of barred persons of the county say."""
    county, wanted = institution.division_id[:COUNTY_DIGITS], [one for one in hashes if one]
    found: dict[str, list[Hint]] = {}
    teachers = InServiceTeacher.objects.filter(county_id=county, id_hash__in=wanted)
    for row in teachers:
        sentence = _("Found on the school staff list: %(school)s, as of %(day)s.")
        words = {"school": row.school or "—", "day": row.as_of}
        found.setdefault(row.id_hash, []).append(Hint("bad", sentence % words))
    for bar in BarredPerson.objects.filter(county_id=county, id_hash__in=wanted):
        if bar.since <= daylight.today() and (bar.until is None or bar.until >= daylight.today()):
            sentence = _("Barred from working with children: %(basis)s")
            found.setdefault(bar.id_hash, []).append(Hint("bad", sentence % {"basis": bar.basis}))
    return found


def of_staff(
    institution: Institution, staff: list[StaffMember], actor: Membership
) -> dict[int, list[Hint]]:
    """By key: the matches of the people on record, for those who decide on filings."""
    if not DECIDE_FILING.held_by(actor):
        return {}
    found = matches(institution, [row.id_number_hash for row in staff])
    if found:
        audit.record(Verb.STAFF_MATCH_SHOWN, institution, by=actor, matches=len(found))
    return {row.pk: found[row.id_number_hash] for row in staff if row.id_number_hash in found}


def _elsewhere(filing: Filing, hashed: str, actor: Membership) -> list[Hint]:
    if not hashed:
        return []
    rows: Any = StaffMember.objects.visible_to(actor).filter(id_number_hash=hashed)
    others = rows.in_force().exclude(institution=filing.institution_id)
    names = [str(row.institution) for row in others.select_related("institution")[:5]]
    if not names:
        return []
    sentence = _("Also on record at: %(names)s") % {"names": "、".join(names)}
    return [Hint("warn", sentence)]


def _papers(data: dict[str, Any]) -> list[Hint]:
    found = []
    if data.get("role") == "TEACHING" and data.get("certificate_kind") == "NONE":
        found.append(Hint("warn", _("Teaches without a certificate on record.")))
    if data.get("crime_query_clear") is False:
        found.append(Hint("bad", _("The query of criminal records found something.")))
    elif not data.get("crime_query_on"):
        found.append(Hint("warn", _("Criminal records were not queried.")))
    return found
