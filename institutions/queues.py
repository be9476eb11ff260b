"""What of the register waits for an actor: filings, applications to guide, certificates that end,
likely duplicates. The list pages filter by the same codes."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import daylight
from governance.labels import label
from governance.models import ActorKind, Clock, Membership
from governance.queues import Queue, name_of
from institutions import duties
from institutions.filings import lists
from institutions.leads import queues as lead_queues
from institutions.models import DuplicatePair, Filing, Guidance, Licence

NEAR = dt.timedelta(days=30)


def queues(actor: Membership) -> list[Queue]:
    """The queues whose act this actor may do."""
    if actor.kind != ActorKind.STAFF:
        return []
    offered = [
        (duties.DECIDE_FILING, _filings),
        (duties.GUIDE, _to_guide),
        (duties.KEEP, _to_renew),
        (duties.WEED, _duplicates),
    ]
    found = [make(actor) for duty, make in offered if duty.held_by(actor)]
    return [*found, *lead_queues.queues(actor)]


def _to_guide(actor: Membership) -> Queue:
    rows = Guidance.objects.visible_to(actor).open().filter(lead=actor.department)
    return Queue(
        "guidance.mine", _("Guided applications"), _("Guide"),
        rows.select_related("institution").prefetch_related("institution__periods"),
        f"{reverse('guidance-list')}?queue=mine", lambda row: label("Guidance.goal", row.goal),
        _party,
    )  # fmt: skip


def _to_renew(actor: Membership) -> Queue:
    return Queue(
        "licence.ending", _("Certificates near or past their end"), _("Ask for renewal"),
        ending(actor), reverse("licences-ending"), str, _party,
    )  # fmt: skip


def ending(actor: Membership) -> QuerySet:
    """Certificates of institutions this department keeps, whose clock ends soon or has ended."""
    clocks = Clock.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Licence), object_id=OuterRef("pk"),
        code="licence.expiry", due_on__lte=daylight.today() + NEAR,
    )  # fmt: skip
    rows = Licence.objects.visible_to(actor).filter(institution__lead=actor.department)
    return (
        rows.filter(Exists(clocks))
        .select_related("institution")
        .prefetch_related("institution__periods")
        .order_by("valid_to", "pk")
    )


def _filings(actor: Membership) -> Queue:
    return Queue(
        code="filing.decide",
        label=_("Filings to decide"),
        act=_("Look at it and decide"),
        rows=lists.waiting(actor)
        .select_related("institution")
        .prefetch_related("institution__periods"),
        url=f"{reverse('filings')}?queue=decide",
        title=_title_of_filing,
        party=_party,
    )


def _title_of_filing(row: Filing) -> str:
    words = {"kind": row.kind_word, "act": row.action_word, "title": row.title}
    return _("%(act)s · %(kind)s: %(title)s") % words


def _duplicates(actor: Membership) -> Queue:
    return Queue(
        code="duplicate.decide",
        label=_("Likely duplicates"),
        act=_("Compare"),
        rows=DuplicatePair.objects.editable_by(actor).open().with_names().by_score(),
        url=reverse("duplicate-pairs"),
        title=str,
        party=lambda pair: pair.first.division.name,
    )


def _party(row: Any) -> str:
    return name_of(row.institution)
