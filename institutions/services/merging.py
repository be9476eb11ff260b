"""Joining two records of one body, and taking that back.

The record that goes keeps its rows; whoever asks for the other one is shown both (`family`). What
joining changes stands in `InstitutionMerge`, so that undoing it puts every fact back.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from governance import audit, daylight, workflow
from governance.audit import Verb
from governance.models import Department, Division, Membership
from governance.workflow import Refused
from institutions.leads import due
from institutions.models import Institution, InstitutionMerge, Licence, Site
from institutions.services import snapshots
from institutions.services.certificates import void_licence
from institutions.services.identity import change_identity
from institutions.services.members import share_accounts
from institutions.services.pairs import settle, unsettle
from institutions.services.periods import FACTS, record_period
from institutions.services.registration import check_code_is_free
from institutions.services.sites import void_site

IDENTITY_FACTS = (
    "credit_code", "founded_on", "platform_id", "principal", "legal_representative", "sponsor",
    "controller", "startup_funds", "custody_bank", "custody_account", "contact_phone", "found_how",
    "note",
)  # fmt: skip
HERE = Institution._meta.app_label
ROWS = {"township_id": Division, "licensor_id": Department, "registrar_id": Department}


class Leaning(Refused):
    """Later acts rest on the merge."""

    code = "merge_in_use"


@transaction.atomic
def merge(
    institution: Institution,
    into: Institution,
    *,
    by: Membership,
    reason: str,
    version: int | None = None,
    into_version: int | None = None,
    take: Collection[str] = (),
    aside: Collection[Site | Licence] = (),
) -> InstitutionMerge:
    """Join two records of one body: `institution` leaves the register, its rows stay where they
    are and show in the dossier of `into`.

    `take` names the facts (of IDENTITY_FACTS and FACTS) whose value `into` gets from the other
    record; they correct its present period. `aside` are sites and certificates of `institution`
    that stand on both records and are taken out of this one. Raises `Refused`, `StaleVersion`.
    """
    institution, into = _locked(institution, into)
    _check(institution, into, reason)
    before = {
        "duplicate_of": institution.duplicate_of_id,
        "followers": _point(Institution.objects.filter(merged_into=institution), merged_into=into),
        "doubles": _point(Institution.objects.filter(duplicate_of=institution), duplicate_of=into),
        "branches": _point(Institution.objects.filter(branch_of=institution), branch_of=into),
        "sources": into.sources,
    }
    workflow.change(
        institution, verb=Verb.INSTITUTION_MERGED, by=by, version=version,
        merged_into=into, duplicate_of=None,
    )  # fmt: skip
    if into_version is not None:
        workflow.touch(into, version=into_version)
    share_accounts(into)
    before |= _take(institution, into, set(take), by=by, reason=reason.strip())
    before |= _set_aside(institution, aside, by=by)
    due.mark([institution.pk, into.pk])
    audit.record(
        Verb.INSTITUTION_MERGED, into, by=by, merged=institution.number, reason=reason.strip(),
        taken=sorted(take),
    )  # fmt: skip
    return InstitutionMerge.objects.create(
        kept=into,
        merged=institution,
        pair=settle(institution, into, by=by, decision=reason.strip()),
        reason=reason.strip()[:300],
        taken=sorted(take),
        before=json.dumps(before, default=str),
        merged_by=by,
    )


def _locked(*rows: Institution) -> list[Institution]:
    """The same rows, locked in the order of their keys and read anew."""
    found = {
        row.pk: row
        for row in Institution.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in rows])
        .order_by("pk")
    }
    return [found[row.pk] for row in rows]


def _check(institution: Institution, into: Institution, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why the two are one."))
    if institution.pk == into.pk:
        raise Refused(_("An institution cannot be merged into itself."))
    for row in (into, institution):
        if row.merged_into_id or row.voided_at:
            raise Refused(_("%(name)s is no longer in the register.") % {"name": row})
    if institution.division_id[:6] != into.division_id[:6]:
        raise Refused(_("The two lie in different counties."))
    if into.duplicate_of_id == institution.pk:
        raise Refused(_("Take the flag of a duplicate off first, or keep the other record."))
    if into.branch_of_id == institution.pk:
        raise Refused(_("The one is on record as a branch of the other; change that first."))


def _point(rows: models.QuerySet[Institution], **to: Institution) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    Institution.objects.filter(pk__in=keys).update(**to)
    return keys


def _take(
    institution: Institution, into: Institution, names: set[str], *, by: Membership, reason: str
) -> dict[str, Any]:
    """Bring the chosen facts over; returns what stood there before and what stands there now."""
    identity = {name: getattr(institution, name) for name in IDENTITY_FACTS if name in names}
    if "credit_code" in identity:
        identity["credit_code_pending"] = institution.credit_code_pending
    was = {name: getattr(into, name) for name in identity}
    if identity:
        change_identity(into, by=by, **identity)
    theirs, ours = _present(institution), _present(into)
    facts = {
        name: getattr(theirs, name)
        for name in FACTS
        if name in names and theirs and getattr(theirs, name) != getattr(ours, name, None)
    }
    periods = snapshots.periods(into) if facts else None
    if facts and theirs and ours:
        record_period(
            into, by=by, start=ours.during.lower, until=ours.during.upper, source=theirs.source,
            reason=reason, **_rows(facts),
        )  # fmt: skip
    _note_origin(into, names, institution.sources)
    return {
        "identity": was,
        "identity_now": {name: getattr(into, name) for name in identity},
        "periods": periods,
        "periods_now": snapshots.periods(into) if facts else None,
    }


def _note_origin(into: Institution, names: Iterable[str], sources: dict[str, Any]) -> None:
    """The fields among `names` come from where `sources` says, or from nowhere."""
    fields = {name.removesuffix("_id") for name in names}
    kept = {name: said for name, said in into.sources.items() if name not in fields}
    into.sources = kept | {name: sources[name] for name in fields if name in sources}
    Institution.objects.filter(pk=into.pk).update(sources=into.sources)


def _present(institution: Institution) -> Any:
    """The period of today, else the last one."""
    return institution.period() or institution.periods.order_by("-during").first()


def _rows(facts: dict[str, Any]) -> dict[str, Any]:
    """Keys as rows, as `record_period` takes them."""
    return {
        name.removesuffix("_id"): ROWS[name].objects.filter(pk=value).first()  # type: ignore[attr-defined]
        if name in ROWS
        else value
        for name, value in facts.items()
    }


def _set_aside(
    institution: Institution, rows: Iterable[Site | Licence], *, by: Membership
) -> dict[str, list[int]]:
    reason = _("It stands on the record that stays.")
    gone: dict[str, list[int]] = {"sites": [], "licences": []}
    for row in rows:
        if row.institution_id != institution.pk:
            raise Refused(_("%(row)s belongs to another record.") % {"row": row})
        if isinstance(row, Site):
            void_site(row, by=by, reason=reason)
            gone["sites"].append(row.pk)
        else:
            void_licence(row, by=by, reason=reason)
            gone["licences"].append(row.pk)
    return gone


# --- undoing ----------------------------------------------------------------------------------


@transaction.atomic
def undo_merge(
    merge: InstitutionMerge, *, by: Membership, reason: str, version: int | None = None
) -> None:
    """Make two records of one again, each with the facts it had.

    Raises `Leaning` when later acts rest on the merge, `CodeTaken` when the code of the record
    that comes back was given to somebody else, `Refused` otherwise.
    """
    if not reason.strip():
        raise Refused(_("Say why the two are not one."))
    if merge.undone_at:
        raise Refused(_("This was taken back already."))
    institution, into = _locked(merge.merged, merge.kept)
    before = json.loads(merge.before)
    _check_undo(merge, institution, into, before)
    workflow.change(
        merge, verb=Verb.INSTITUTION_MERGE_UNDONE, by=by, version=version,
        undone_at=daylight.now(), undone_by=by, undo_reason=reason.strip()[:300],
    )  # fmt: skip
    _give_back(institution, into, before, by=by)
    for row in (institution, into):
        share_accounts(row)
    _note_origin(into, merge.taken, before["sources"])
    due.mark([institution.pk, into.pk])
    for row, other in ((institution, into), (into, institution)):
        audit.record(
            Verb.INSTITUTION_MERGE_UNDONE, row, by=by, other=other.number, reason=reason.strip()
        )
    if merge.pair:
        unsettle(merge.pair, by=by, reason=reason.strip())


def _give_back(
    institution: Institution, into: Institution, before: dict[str, Any], *, by: Membership
) -> None:
    verb = Verb.INSTITUTION_MERGE_UNDONE
    if before["identity"]:
        workflow.change(into, verb=verb, by=by, **snapshots.days(before["identity"]))
    if before["periods"]:
        snapshots.restore_periods(into, before["periods"], into.sources)
        workflow.touch(into)
    check_code_is_free(
        "" if before["duplicate_of"] else institution.credit_code,
        institution.division_id[:6],
        besides=institution.pk,
    )
    original = Institution.objects.filter(pk=before["duplicate_of"] or 0).first()
    workflow.change(institution, verb=verb, by=by, merged_into=None, duplicate_of=original)
    for model, keys in ((Site, before["sites"]), (Licence, before["licences"])):
        for row in model.objects.filter(pk__in=keys).exclude(voided_at=None):
            workflow.change(row, verb=verb, by=by, voided_at=None, void_reason="")
    pointing = {"followers": "merged_into", "doubles": "duplicate_of", "branches": "branch_of"}
    for name, field in pointing.items():
        _point(
            Institution.objects.filter(pk__in=before[name], **{field: into}), **{field: institution}
        )


def _check_undo(
    merge: InstitutionMerge, institution: Institution, into: Institution, before: dict[str, Any]
) -> None:
    if institution.merged_into_id != into.pk:
        other = {"name": institution.merged_into or institution}
        raise Leaning(_("It was joined with %(name)s since; undo that first.") % other)
    if institution.voided_at or into.voided_at:
        raise Leaning(_("One of the two was taken out of the register since."))
    if into.merged_into_id:
        name = {"name": into.merged_into}
        raise Leaning(_("It was joined with %(name)s since; undo that first.") % name)
    now = json.loads(
        json.dumps(
            {
                "identity": {name: getattr(into, name) for name in before["identity_now"]},
                "periods": snapshots.periods(into) if before["periods_now"] else None,
            },
            default=str,
        )
    )
    if now["identity"] != before["identity_now"] or now["periods"] != before["periods_now"]:
        raise Leaning(_("Facts that were taken over were changed since; correct them by hand."))
    for row in leaning(institution, into):
        raise Leaning(_("%(row)s rests on both records; settle it first.") % {"row": row})


def leaning(institution: Institution, into: Institution) -> Iterator[models.Model]:
    """Rows of other apps about `into` that use a site or certificate of `institution`."""
    for model in (Site, Licence):
        for relation in model._meta.get_fields(include_hidden=True):
            other: Any = relation.related_model
            if (
                not (relation.auto_created and relation.one_to_many)
                or other._meta.app_label == HERE
            ):
                continue
            if owner := _owner(other):
                field = relation.field.name  # type: ignore[union-attr]
                both = {f"{field}__institution": institution, owner: into}
                yield from other._base_manager.filter(**both)[:1]


def _owner(model: Any) -> str:
    """The path from a row to its institution: its own, or that of its parent; else empty."""
    through = getattr(model._default_manager.all(), "scope_through", "")
    steps = through.split("__") if through else []
    for depth in range(len(steps) + 1):
        target = model
        for step in steps[:depth]:
            target = target._meta.get_field(step).related_model
        if any(field.name == "institution" for field in target._meta.get_fields()):
            return "__".join([*steps[:depth], "institution"])
    return ""
