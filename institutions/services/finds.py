"""A place found on the spot: on record in under a minute, once, however often it is sent."""

import uuid as uuids
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance import attachments, audit
from governance.audit import Verb
from governance.models import Division, Membership
from governance.workflow import Refused
from institutions.models import Category, Institution, Kind, Source
from institutions.services.periods import assist
from institutions.services.registration import register_institution

TERRITORIAL = "属地管理"  # territorial duty: a legal term, not a translated word


def quick_find(
    *,
    by: Membership,
    uuid: uuids.UUID,
    township: Division,
    kind: str = Kind.TRAINING,
    name: str = "",
    address: str = "",
    categories: Sequence[str] = (),
    found_how: str = "",
    note: str = "",
    photos: Iterable[Any] = (),
    position: attachments.Position | None = None,
) -> tuple[Institution, bool]:
    """Put a found place on the register, also a nameless one; returns (institution, created).

    The sender's `uuid` makes repeating harmless: the second time adds only photos that are missing.
    The finding department keeps an assisting part in the record. Raises `Refused` for a township
    outside the actor's jurisdiction and when there is neither name nor address nor photo.
    """
    photos = list(photos)
    if not (by.department and by.department.covers(township.pk)):
        raise Refused(_("%(place)s is outside your jurisdiction.") % {"place": township})
    if not (name.strip() or address.strip() or photos):
        raise Refused(_("Give a name, an address or a photo: the place must be found again."))
    institution = _known(uuid, by)
    created = institution is None
    if institution is None:
        institution, created = _entered(
            by, uuid, township=township, kind=kind, name=name, address=address,
            categories=list(categories) or [Category.UNCLEAR], found_how=found_how, note=note,
        )  # fmt: skip
    for photo in photos:
        attachments.attach(institution, photo, by=by, kind="photo", position=position)
    return institution, created


def _known(uuid: uuids.UUID, by: Membership) -> Institution | None:
    """The place sent before under this uuid; somebody else's uuid is refused."""
    found = Institution.objects.filter(uuid=uuid).select_related("created_by").first()
    if found and found.created_by.department_id != by.department_id:
        raise Refused(_("Another department already reported a place under this identifier."))
    return found


def _entered(by: Membership, uuid: uuids.UUID, **facts: Any) -> tuple[Institution, bool]:
    try:
        with transaction.atomic():
            institution = register_institution(by=by, uuid=uuid, source=Source.QUICK, **facts)
            audit.record(
                Verb.INSTITUTION_FOUND, institution, by=by, how=facts["found_how"],
                township=facts["township"].pk,
            )  # fmt: skip
            if by.department and by.department_id != institution.lead_id:
                assist(institution, by.department, basis=TERRITORIAL, by=by)
            return institution, True
    except IntegrityError:  # the phone sent it twice at once; the first one counts
        known = _known(uuid, by)
        if known is None:
            raise
        return known, False
