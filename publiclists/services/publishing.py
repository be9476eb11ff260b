"""Publication: a third person orders it, a worker builds and signs it."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.models import Department, Division, Membership
from governance.workflow import Refused
from institutions.models import SitePeriod
from publiclists import duties, format1, public_pages, publicfiles, signing
from publiclists.models import (
    Kind,
    ListChain,
    ListEntry,
    Publication,
    PublicationEntry,
    Status,
)
from publiclists.services.deciding import lost_grounds

RECONFIRM = "list.whiteReconfirm"
ON_LIST = [Status.DECIDED, Status.LIVE]


@dataclass
class Draft:
    """What the next publication of a list would carry, against the one before."""

    staying: list[ListEntry] = field(default_factory=list)
    entering: list[ListEntry] = field(default_factory=list)
    leaving: list[PublicationEntry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # sentences; each stops the publication

    @property
    def entries(self) -> list[ListEntry]:
        return sorted([*self.staying, *self.entering], key=lambda entry: entry.number or "")


def draft(county: str, kind: str) -> Draft:
    """The next publication as it would be today."""
    made = Draft()
    wanted = ListEntry.objects.of_list(county, kind).filter(status__in=ON_LIST).with_names()
    for entry in wanted.select_related("decided_by__department"):
        (made.staying if entry.status == Status.LIVE else made.entering).append(entry)
    last = Publication.objects.published().of_list(county, kind).first()
    if last:
        kept = [entry.pk for entry in made.entries]
        made.leaving = list(last.entries.exclude(entry__in=kept).order_by("number"))
    for entry in made.entering:
        made.problems += [
            f"{entry.number} {entry.institution}: {why}" for why in lost_grounds(entry)
        ]
    return made


def public_text(entry: ListEntry, listed_on: dt.date) -> dict[str, Any]:
    """The entry as the public reads it: no word of the proposal, no name of a person."""
    with translation.override("zh-hans"):
        name = str(entry.institution)
    department = entry.decided_by.department if entry.decided_by else None
    return {
        "number": entry.number,
        "county": entry.county,
        "kind": entry.kind,
        "name": name,
        "credit_code": entry.institution.credit_code or None,
        "place": entry.division.name,
        "address": _address(entry),
        "grounds": [
            {"code": rest.ground.code, "text": rest.statement}
            for rest in entry.grounds.select_related("ground").order_by("ground__code")
        ],
        "basis": entry.basis,
        "decision": entry.decision_number,
        "decided_on": str(entry.decided_on) if entry.decided_on else None,
        "listed_on": str(entry.listed_on or listed_on),
        "ends_on": str(entry.ends_on) if entry.ends_on else None,
        "authority": department.name if department else entry.lead.name,
    }


def _address(entry: ListEntry) -> str | None:
    used = SitePeriod.objects.on().filter(
        site__institution__in=entry.institution.family(), site__voided_at=None
    )
    return (
        used.exclude(address="").order_by("site__serial").values_list("address", flat=True).first()
    )


@transaction.atomic
def order(county: str, kind: str, *, by: Membership, note: str = "") -> Publication:
    """Order the next publication of a list, exactly as `draft` shows it; a worker builds it.

    Refused to whoever proposed or decided an entry that enters, while the one before is being
    built, and when a ground of an entering entry has fallen away.
    """
    office = duties.office(by, duties.PUBLISH)
    division = Division.objects.get(pk=county)
    if not office.covers(county):
        raise Refused(_("Your department does not publish for %(county)s.") % {"county": division})
    chain = lock_chain(county, kind)
    plan = draft(county, kind)
    for entry in plan.entering:
        hands = [entry.created_by, entry.decided_by]
        duties.other_hand(by, duties.PUBLISH, hands, office)
    if plan.problems:
        raise Refused(" ".join(plan.problems))
    publication = _create(chain, plan, office, by, note)
    audit.record(
        Verb.PUBLICATION_ORDERED, publication, by=by,
        entering=[entry.number for entry in plan.entering],
        leaving=[row.number for row in plan.leaving],
    )  # fmt: skip
    return publication


def lock_chain(county: str, kind: str) -> ListChain:
    """The chain's row, held until the transaction ends: one writer of a list at a time."""
    found, _created = ListChain.objects.get_or_create(division_id=county, kind=Kind(kind))
    return ListChain.objects.select_for_update().get(pk=found.pk)


def _create(
    chain: ListChain, plan: Draft, lead: Department, by: Membership, note: str
) -> Publication:
    earlier = Publication.objects.of_list(chain.division_id, chain.kind)
    if earlier.filter(status=Publication.Status.ORDERED).exists():
        raise Refused(_("A publication of this list is being made; wait until it is out."))
    last = earlier.first()
    today = daylight.today()
    if last and today < last.as_of:
        sentence = _("The last publication is dated %(day)s; a chain does not go back.")
        raise Refused(sentence % {"day": last.as_of})
    publication = Publication.objects.create(
        division_id=chain.division_id,
        lead=lead,
        created_by=by,
        kind=chain.kind,
        number=last.number + 1 if last else 1,
        as_of=today,
        note=note.strip(),
    )
    PublicationEntry.objects.bulk_create(
        PublicationEntry(
            publication=publication,
            entry=entry,
            number=entry.number or "",
            text=public_text(entry, today),
            salt=secrets.token_bytes(format1.SALT_BYTES),
        )
        for entry in plan.entries
    )
    return publication


@transaction.atomic
def build(publication: Publication) -> Publication:
    """Sign and publish what was ordered, and bring its entries onto the list.

    Building twice is harmless. Entries that left the procedure since the order stay out.
    """
    lock_chain(publication.division_id, publication.kind)
    publication = Publication.objects.select_related("created_by__department").get(
        pk=publication.pk
    )
    if publication.status == Publication.Status.PUBLISHED:
        return publication
    publication.entries.exclude(entry__status__in=ON_LIST).delete()
    _bring_live(publication)
    _sign(publication)
    publish_files(publication.division_id, publication.kind)
    return publication


def _bring_live(publication: Publication) -> None:
    for row in publication.entries.select_related("entry", "entry__lead"):
        entry = row.entry
        if entry.status != Status.DECIDED:
            continue
        workflow.move(
            entry,
            Status.LIVE,
            verb=Verb.LIST_LISTED,
            by=publication.created_by,
            publication=publication.number,
            also={
                "listed_on": publication.as_of,
            },
        )
        if entry.kind == Kind.WHITE:
            deadlines.start(RECONFIRM, entry, event_on=publication.as_of, by=publication.created_by)


def _sign(publication: Publication) -> None:
    key = signing.current_key(publication.as_of)
    before = _before(publication)
    moment = daylight.now().replace(microsecond=0)
    if before and before.published_at:  # a clock that was set back must not break the chain
        moment = max(moment, before.published_at)
    header = format1.build_header(
        county=publication.division_id,
        kind=publication.kind,
        number=publication.number,
        as_of=publication.as_of,
        published_at=moment,
        items=signing.items_of(publication),
        previous=before.header_hash if before else None,
        audit_head=_audit_head(),
        key=key,
    )
    workflow.move(
        publication,
        Publication.Status.PUBLISHED,
        verb=Verb.PUBLICATION_BUILT,
        by=publication.created_by,
        header_hash=format1.header_hash(header),
        also={
            "published_at": moment,
            "header": header,
            "header_hash": format1.header_hash(header),
            "signature": format1.sign(header, key),
        },
    )


def _audit_head() -> str | None:
    head = audit.head()
    return None if head == audit.GENESIS else head


def _before(publication: Publication) -> Publication | None:
    chain = Publication.objects.published().of_list(publication.division_id, publication.kind)
    return chain.filter(number=publication.number - 1).first()


def publish_files(county: str, kind: str) -> None:
    """Make every public file of a list new once this transaction is committed."""
    chain = lock_chain(county, kind)
    ListChain.objects.filter(pk=chain.pk).update(generation=chain.generation + 1)
    transaction.on_commit(partial(publicfiles.clear_old, chain.pk))
    transaction.on_commit(public_pages.keys_file)
