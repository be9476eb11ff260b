"""Long ledgers: a worker writes the workbook; who asked for it is told and fetches it in a day.

The order is the queue, as with imports: the task only wakes a worker up, and what a dead worker
or a lost message left is found by `wake_all`.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from desk import ledger
from governance import audit, daylight, export_files, notifications
from governance.audit import Verb
from governance.models import ExportOrder, Membership
from governance.workflow import Refused
from institutions.exports import LedgerExport

TASK = "desk.tasks.make_export"
ATTEMPTS = 3
EVERY = 1_000  # rows between two signs of life
KEPT = 24 * 60 * 60  # seconds
Picks = dict[str, list[str]]  # {"picked": keys}, {"all_but": keys} or nothing


class ScopeChanged(Refused):
    """The owner no longer sees what was in their scope when the file was made."""

    code = "scope_changed"


def picked(rows: Any, picks: Picks) -> tuple[Any, str]:
    """The rows picked by hand, or all but those left out, and how that is said."""
    if left_out := picks.get("all_but"):
        words = ngettext(
            "%(count)s row left out by hand", "%(count)s rows left out by hand", len(left_out)
        )
        return rows.exclude(institution_id__in=left_out), words % {"count": len(left_out)}
    if keys := picks.get("picked"):
        words = ngettext("%(count)s row picked by hand", "%(count)s rows picked by hand", len(keys))
        return rows.filter(institution_id__in=keys), words % {"count": len(keys)}
    return rows, ""


def export_of(screen: ledger.Screen, picks: Picks) -> LedgerExport:
    """What is shown, or the rows picked, as columns over rows in scope."""
    rows, words = picked(screen.ordered(), picks)
    sentence = "; ".join(part for part in (screen.sentence, words) if part)
    return LedgerExport(
        screen.actor, filters=sentence, rows=rows, columns=screen.columns, facts=screen.facts
    )


def scope_of(actor: Membership) -> str:
    """A digest of whom the actor acts for and where: what decides which rows are theirs."""
    office = actor.department
    facts = [
        actor.pk, actor.kind, actor.role, actor.department_id,
        office.kind if office else "", sorted(office.jurisdictions) if office else [],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


# --- who asks ---------------------------------------------------------------------------------


@transaction.atomic
def place(screen: ledger.Screen, picks: Picks, kind: str, expected: int) -> ExportOrder:
    """Keep what is asked for, with the columns as they are on the screen; a worker makes it."""
    columns = ".".join(column.key for column in screen.columns)
    order = ExportOrder.objects.create(
        owner=screen.actor, kind=kind, picks=picks, expected=expected,
        query=screen.conditions.query(("sort", screen.sort.text), ("cols", columns)),
    )  # fmt: skip
    audit.record(
        Verb.EXPORT_ORDERED, None, by=screen.actor,
        order=order.pk, filters=screen.sentence, rows=expected, kind=kind,
    )  # fmt: skip
    transaction.on_commit(partial(wake, order.pk), robust=True)
    return order


@transaction.atomic
def fetch(order: ExportOrder, *, by: Membership) -> Any:
    """The file, for who ordered it and still sees the same; raises `ScopeChanged`."""
    if order.scope != scope_of(by):
        raise ScopeChanged(
            _("Your office or area changed since this workbook was made. Export again.")
        )
    file = export_files.opened(order)
    if file is None:
        raise Refused(_("This workbook was kept for a day and is gone. Export again."))
    audit.record(Verb.EXPORT_FETCHED, None, by=by, order=order.pk, rows=order.rows or 0)
    return file


# --- what a worker does -----------------------------------------------------------------------


def wake(pk: int) -> None:
    """Ask a worker; without a broker `wake_all` does it later."""
    current_app.send_task(TASK, [pk], ignore_result=True, retry=False)


def wake_all() -> None:
    waiting = ExportOrder.objects.filter(made_at=None, failed_at=None)
    for pk in waiting.values_list("pk", flat=True):
        wake(pk)


@transaction.atomic
def run(pk: int) -> None:
    """Make the file of an order that waits and that no other worker has."""
    waiting = ExportOrder.objects.filter(pk=pk, made_at=None, failed_at=None)
    order = waiting.select_for_update(skip_locked=True).first()
    if order is None:
        return
    members = Membership.objects.active().select_related("user", "department")
    owner = members.filter(pk=order.owner_id).first()
    if owner is None or _attempt(pk) > ATTEMPTS:
        _give_up(order)
        return
    language = owner.user.language if owner.user else settings.LANGUAGE_CODE
    with translation.override(language):
        _make(order, owner)
    cache.delete_many([_key(pk, "attempts"), _key(pk, "done")])


def _make(order: ExportOrder, owner: Membership) -> None:
    screen = ledger.screen_of(owner, QueryDict(order.query), ledger.SIZES[0])
    export = followed(export_of(screen, order.picks), order.pk)
    file, count = export.made(order.kind)
    with file:
        export_files.keep(order, file)
    order.rows, order.made_at, order.scope = count, daylight.now(), scope_of(owner)
    fields = {"rows": count, "made_at": order.made_at, "scope": order.scope}
    ExportOrder.objects.filter(pk=order.pk).update(**fields)
    _tell(order, gettext_noop("The workbook you asked for is ready: %(rows)s rows."), rows=count)


def _give_up(order: ExportOrder) -> None:
    ExportOrder.objects.filter(pk=order.pk).update(failed_at=daylight.now())
    audit.record(Verb.EXPORT_FAILED, None, by=order.owner, order=order.pk)
    _tell(order, gettext_noop("The workbook you asked for could not be made."))


def _tell(order: ExportOrder, text: str, **params: Any) -> None:
    url = reverse("institution-order", args=[order.pk])
    notifications.notify(
        order.owner, key=f"export:{order.pk}", kind="system", text=text, params=params, url=url
    )


def followed(export: LedgerExport, pk: int) -> LedgerExport:
    """An export that says how far it is."""
    records = export.records

    def told() -> Iterator[list[Any]]:
        for number, record in enumerate(records(), start=1):
            if number % EVERY == 0:
                cache.set(_key(pk, "done"), number, KEPT)
            yield record

    export.records = told  # type: ignore[method-assign]
    return export


def done(order: ExportOrder) -> int:
    """Rows written so far."""
    return int(cache.get(_key(order.pk, "done")) or 0)


def _attempt(pk: int) -> int:
    cache.add(_key(pk, "attempts"), 0, KEPT)
    return int(cache.incr(_key(pk, "attempts")))


def _key(pk: int, what: str) -> str:
    return f"export:{pk}:{what}"
