"""List entries for tests, brought along by the services; three people of the bureau take turns.

Lin proposes and serves, Luo decides and removes, Ning publishes.
"""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from governance import attachments, daylight
from governance.models import Attachment
from institutions.models import LicenceKind
from publiclists import grounds, services
from publiclists.models import ListEntry, Publication
from tests.institutions.builders import make_institution

COUNTY = "520121"
WHITE, UNLICENSED, RISK = "white.certified", "black.uncertified", "watch.risk"
CODES = {"WHITE": WHITE, "BLACK": UNLICENSED, "WATCH": RISK}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cf"
    "c0000003010100c9fe92ef0000000049454e44ae426082"
)


def make_proposal(world: Any, kind: str = "WHITE", name: str = "晨光艺术培训学校", **facts: Any):
    """A proposal by Lin for a new institution that has what the ground asks for."""
    grounds.load()
    if kind == "BLACK":
        facts.setdefault("licences", [LicenceKind.BUSINESS_LICENCE])
    institution = make_institution(world, name, **facts)
    return services.propose(institution, kind, [CODES[kind]], reason="事实", by=world.lin)


def back(world: Any, entry: ListEntry) -> None:
    """Something that backs a black or watch entry."""
    licence = entry.institution.licences.first()
    services.add_evidence(entry, licence=licence, note="仅有营业执照", by=world.lin)


def make_noticed(world: Any, kind: str = "WHITE", name: str = "晨光艺术培训学校", **facts: Any):
    """A proposal whose notice was served today."""
    entry = make_proposal(world, kind, name, **facts)
    if kind != "WHITE":
        back(world, entry)
    services.serve_notice(entry, way="paper", by=world.lin)
    return entry


def after_window() -> dt.date:
    """Two weeks on: the objection window of a notice of today is over."""
    day = daylight.today() + dt.timedelta(days=14)
    daylight.set_day(day)
    return day


def make_decided(world: Any, kind: str = "WHITE", name: str = "晨光艺术培训学校", **facts: Any):
    """A decided entry; the day has moved on by the objection window."""
    entry = make_noticed(world, kind, name, **facts)
    after_window()
    services.decide(entry, decision="同意列入", number="开教名单〔2026〕1号", by=world.luo)
    return entry


def publish(world: Any, kind: str = "WHITE") -> Publication:
    """Order and build the next publication of a list."""
    return services.build(services.order(COUNTY, kind, by=world.ning))


def make_live(world: Any, kind: str = "WHITE", name: str = "晨光艺术培训学校", **facts: Any):
    """An entry on the list, with the publication that brought it there."""
    entry = make_decided(world, kind, name, **facts)
    publication = publish(world, kind)
    entry.refresh_from_db()
    return entry, publication


def attach_photo(world: Any, entry: ListEntry) -> Attachment:
    return attachments.attach(
        entry, ContentFile(PNG, "photo.png"), by=world.lin, kind=Attachment.Kind.EVIDENCE
    )
