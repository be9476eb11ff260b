"""Taking an import back, as long as nobody worked with what it brought."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import audit, daylight, deadlines, workflow
from governance.audit import Verb
from governance.imports import Result
from governance.models import ImportBatch, ImportRow, Membership
from governance.workflow import Refused
from institutions import services
from institutions.imports.register import GRANTED
from institutions.leads import due
from institutions.models import (
    Institution,
    Licence,
    Site,
    SitePeriod,
)
from institutions.services import expiry, snapshots
from institutions.services.periods import SITE_FACTS

CHUNK = 5_000
LICENCE = ("number", "issuer_name", "issued_on", "valid_from", "valid_to", *GRANTED)


class Edited(Refused):
    """Somebody worked with rows of the import since."""

    code = "import_edited"


# --- what stood there before ------------------------------------------------------------------


def snapshot(institution: Institution, step: Any) -> dict[str, Any]:
    """Everything that applying `step` may change of the institution, as JSON."""
    rows = SitePeriod.objects.filter(site=step.site_pk).select_related("site")
    sites = list(rows) if step.site_pk else []
    return {
        "sources": institution.sources,
        "site_sources": sites[0].site.sources if sites else {},
        "identity": {name: getattr(institution, name) for name in step.identity},
        "periods": snapshots.periods(institution),
        "site": step.site_pk,
        "site_periods": [snapshots.kept(period, SITE_FACTS) for period in sites],
        "new_sites": [],
        "licences": [],
        "corrected": [],
    }


def was_licence(licence: Licence) -> dict[str, Any]:
    return {"pk": licence.pk} | {name: getattr(licence, name) for name in LICENCE}


def states(institutions: Iterable[int]) -> dict[int, int]:
    """A figure per institution that rises with every change of it, its sites or certificates."""
    found: dict[int, int] = defaultdict(int)
    keys = list(institutions)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found.update(Institution.objects.filter(pk__in=part).values_list("pk", "version"))
        for model in (Site, Licence):
            sums = model.objects.filter(institution__in=part).values_list("institution")
            for pk, total in sums.annotate(total=Sum("version")):
                found[pk] += total
    return found


# --- undoing ----------------------------------------------------------------------------------


def undo(batch: ImportBatch, *, by: Membership) -> int:
    """Void what the import entered and restore what it changed; returns how many rows.

    Call inside a transaction, after the batch was moved. Raises `Edited`.
    """
    rows = list(ImportRow.objects.filter(batch=batch, target_version__isnull=False).order_by("pk"))
    check_untouched(rows)
    new = [row.target_id for row in rows if row.result == Result.NEW]
    take_out(new, batch, by=by)
    entered = set(new)
    for row in reversed(rows):
        if row.target_id not in entered:
            restore(row, batch, by=by)
    due.mark(row.target_id for row in rows if row.target_id)
    return len(rows)


def check_untouched(rows: Sequence[ImportRow]) -> None:
    now = states({row.target_id for row in rows if row.target_id})
    edited = {row.number for row in rows if now.get(row.target_id or 0) != row.target_version}
    pointed_at = worked_with(rows)
    edited |= {row.number for row in rows if row.target_id in pointed_at}
    if edited:
        sentence = ngettext(
            "The import cannot be undone: row %(rows)s was worked with since.",
            "The import cannot be undone: rows %(rows)s were worked with since.",
            len(edited),
        )
        shown = ", ".join(str(number) for number in sorted(edited)[:20])
        raise Edited(sentence % {"rows": shown})


def worked_with(rows: Sequence[ImportRow]) -> set[int]:
    """New institutions that rows outside the registry point at: inspections, lists and so on."""
    new = [row.target_id for row in rows if row.result == Result.NEW and row.target_id]
    found: set[int] = set()
    for relation in Institution._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not (relation.auto_created and relation.one_to_many):
            continue
        if model._meta.app_label != Institution._meta.app_label:
            field: Any = relation.field  # type: ignore[union-attr]
            pointing = model._base_manager.filter(**{f"{field.name}__in": new})
            found.update(pointing.values_list(field.attname, flat=True))
    return found


def take_out(keys: Sequence[int | None], batch: ImportBatch, *, by: Membership) -> None:
    rows = Institution.objects.filter(pk__in=keys)
    rows.update(
        voided_at=daylight.now(),
        void_reason=_("Import undone: %(file)s") % {"file": str(batch)[:150]},
    )
    deadlines.cancel_many(expiry.of_institutions(keys), by=by, reason=str(batch))
    audit.record_many(
        Verb.INSTITUTION_IMPORT_UNDONE,
        [(row, {"batch": batch.pk}) for row in rows.prefetch_related("periods")],
        by=by,
    )


def restore(row: ImportRow, batch: ImportBatch, *, by: Membership) -> None:
    """Bring one institution back to what it was."""
    was = json.loads(row.undo)
    institution = Institution.objects.select_for_update().get(pk=row.target_id)
    reason = _("Import undone: %(file)s") % {"file": str(batch)[:150]}
    for site in Site.objects.filter(pk__in=was["new_sites"], voided_at=None):
        services.void_site(site, by=by, reason=reason)
    for licence in Licence.objects.filter(pk__in=was["licences"], voided_at=None):
        services.void_licence(licence, by=by, reason=reason)
    for corrected in was["corrected"]:
        services.correct_licence(
            Licence.objects.get(pk=corrected.pop("pk")), by=by, **snapshots.days(corrected)
        )
    snapshots.restore_periods(institution, was["periods"], was.get("sources", {}))
    if was["site"] is not None:
        snapshots.restore_site(was["site"], was["site_periods"], was.get("site_sources", {}))
    workflow.change(
        institution, verb=Verb.INSTITUTION_IMPORT_UNDONE, by=by, **snapshots.days(was["identity"])
    )
    audit.record(Verb.INSTITUTION_IMPORT_UNDONE, institution, by=by, batch=batch.pk, row=row.number)
