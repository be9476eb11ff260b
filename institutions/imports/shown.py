"""A preview in words: tabs, remarks, the rows of a tab and what would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import daylight, labels
from governance.imports import CellError
from governance.models import Department, Division, ImportBatch, ImportRow, Membership
from governance.workbooks import text
from governance.workbooks.door import value as decoded
from institutions.imports.fields import Ledger
from institutions.models import Institution

Result = ImportRow.Result
PASSED = "passed"
TABS = {
    Result.NEW: gettext_lazy("New"),
    Result.CHANGED: gettext_lazy("Changed"),
    Result.UNCHANGED: gettext_lazy("Unchanged"),
    Result.SITE: gettext_lazy("Further sites"),
    Result.DUPLICATE: gettext_lazy("Likely duplicates"),
    Result.ERROR: gettext_lazy("Errors"),
    Result.SKIPPED: gettext_lazy("Left out by you"),
    PASSED: gettext_lazy("Passed over"),
}
REASONS = {
    "code": gettext_lazy("the same credit code"),
    "name_and_place": gettext_lazy("the same name at the same place"),
    "name": gettext_lazy("the same name"),
    "same_name": gettext_lazy("the same name at another place"),
    "near_name": gettext_lazy("a name that looks or sounds the same"),
    "place": gettext_lazy("a nameless place at the same address"),
}
PASSED_REASONS = {
    "title": gettext_lazy("Title"),
    "head": gettext_lazy("Column heads"),
    "section": gettext_lazy("Section title"),
    "footer": gettext_lazy("Footer"),
    "total": gettext_lazy("Total"),
    "number": gettext_lazy("Only a running number"),
}
FACT_LABELS = {
    "name": gettext_lazy("Name"),
    "township_id": gettext_lazy("Township"),
    "licensor_id": gettext_lazy("Licensed by"),
    "registrar_id": gettext_lazy("Registered with"),
    "categories": gettext_lazy("Category"),
    "credit_code_pending": gettext_lazy("Credit code being issued"),
    "site.name": gettext_lazy("Site"),
    "site.township_id": gettext_lazy("Township of the site"),
}
LABEL_DOMAINS = {
    "kind": "Institution.kind", "mode": "Institution.mode", "stages": "Institution.stage",
    "categories": "Institution.category", "sub_kinds": "Institution.sub_kind",
    "licence.mode": "Institution.mode", "licence.stages": "Institution.stage",
    "licence.categories": "Institution.category", "profit_nature": "Institution.profit_nature",
    "operating_status": "Institution.operating_status",
    "site.building_use": "SitePeriod.building_use",
}  # fmt: skip


@dataclass
class Names:
    """Words of the keys that changes hold; two statements for a whole page."""

    divisions: Mapping[str, str]
    departments: Mapping[int, str]

    @classmethod
    def of(cls, rows: Iterable[ImportRow]) -> "Names":
        said = [pair for row in rows for pair in row.changes.items()]
        places = {v for name, pair in said if name.endswith("township_id") for v in pair if v}
        bodies = {v for name, pair in said if name in ("licensor_id", "registrar_id") for v in pair}
        return cls(
            dict(Division.objects.filter(pk__in=places).values_list("pk", "name")),
            dict(Department.objects.filter(pk__in=bodies - {None}).values_list("pk", "name")),
        )

    def shown(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return "—"
        if name.endswith("township_id"):
            return self.divisions.get(value, str(value))
        if name.endswith("_id"):
            return self.departments.get(value, str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "、".join(labels.label(LABEL_DOMAINS.get(name, ""), one) for one in value)
        return labels.label(LABEL_DOMAINS.get(name, ""), str(value))


def change_label(name: str) -> str:
    """The word of a changed column: 证照 of licences, 校区 of sites, else the field's own."""
    if name in FACT_LABELS:
        return str(FACT_LABELS[name])
    if known := Ledger.field(name.replace("licence.", "licence_")):
        return str(known.label)
    if name.startswith("licence."):
        return labels.label("Licence.kind", name.removeprefix("licence."))
    known = Ledger.field(name.removeprefix("site."))
    return str(known.label) if known else name


@dataclass
class Shown:
    """One row of the workbook on the page."""

    number: int
    hidden: bool
    cells: list[str]
    name: str
    place: str
    section: str
    changes: list[dict[str, str]]
    faults: list[dict[str, str]]
    remarks: list[str]
    reason: str
    target: Any
    target_place: str
    target_row: int | None
    decision: str


def rows(batch: ImportBatch, page: Sequence[ImportRow], actor: Membership) -> list[Shown]:
    """The rows of one page of a tab, with the institutions they mean."""
    names, targets = Names.of(page), targets_of(page, actor)
    columns = public_columns(batch)
    return [row_shown(batch, row, columns, names, targets) for row in page]


def targets_of(page: Iterable[ImportRow], actor: Membership) -> dict[int, Institution]:
    keys = {row.target_id for row in page if row.target_id}
    seen = Institution.objects.visible_to(actor).prefetch_related("periods", "sites__periods")
    return seen.in_bulk(list(keys))


def public_columns(batch: ImportBatch) -> list[dict[str, Any]]:
    """The columns that may be shown: neither withheld nor with personal data."""
    private = {known.code for known in Ledger.fields if known.private}
    return [
        column
        for column in batch.columns
        if not column["withheld"] and column["field"] not in private
    ]


def row_shown(
    batch: ImportBatch,
    row: ImportRow,
    columns: Sequence[Mapping[str, Any]],
    names: Names,
    targets: Mapping[int, Institution],
) -> Shown:
    cells = [text(decoded(row.cells.get(str(column["index"])))) for column in columns]
    target = targets.get(row.target_id or 0)

    def said(field: str) -> str:
        pairs = zip(columns, cells, strict=True)
        return next((words for column, words in pairs if column["field"] == field), "").strip()

    return Shown(
        number=row.number,
        hidden=row.hidden,
        cells=cells,
        name=said("name"),
        place=said("address") or said("site_name"),
        section=row.section,
        changes=[
            {
                "label": change_label(field),
                "was": names.shown(field, was),
                "now": names.shown(field, now),
            }
            for field, (was, now) in row.changes.items()
        ],
        faults=[fault | {"message": message(fault)} for fault in row.errors],
        remarks=[words for note in row.notes if (words := remark(note))],
        reason=reason(row.notes),
        target=target,
        target_place=place_of(target) if target else "",
        target_row=row.target_row if row.target_row != row.number else None,
        decision=batch.answers.get("rows", {}).get(str(row.number), "skip"),
    )


def place_of(institution: Institution) -> str:
    """Where it teaches, as far as is known: addresses of its sites today."""
    today = daylight.today()
    periods = [period for site in institution.sites.all() for period in site.periods.all()]
    words = [period.address or period.name for period in periods if today in period.during]
    return "; ".join(filter(None, words))


def message(fault: Mapping[str, str]) -> str:
    return str(CellError(fault["code"], fault["sentence"]))


def reason(notes: Iterable[str]) -> str:
    found = next((note for note in notes if note.startswith("reason:")), "")
    return str(REASONS.get(found.removeprefix("reason:"), ""))


def remark(note: str) -> str:
    """A remark that stops nothing, in words."""
    kind, _colon, about = note.partition(":")
    if kind == "unknown":
        return _("“%(column)s” holds a word that is not known; the cell is kept.") % {
            "column": about
        }
    if kind == "about":
        return _("“%(column)s” is not an exact number; the cell is kept.") % {
            "column": change_label(about)
        }
    if kind == "lost":
        return _("“%(column)s” lost its last digits and is read as empty.") % {"column": about}
    if kind == "currency":
        return _("The funds are in %(currency)s; they are not converted, the cell is kept.") % {
            "currency": about
        }
    if kind == "certs_differ":
        return _("The ledger says a certificate is missing; the register has one in force.")
    return ""


# --- the whole --------------------------------------------------------------------------------


def tabs(batch: ImportBatch, current: str, url: str) -> list[dict[str, Any]]:
    counts = batch.counts | {PASSED: len(batch.passed)}
    return [
        {
            "label": label,
            "url": f"{url}?tab={code}",
            "count": counts.get(code, 0),
            "current": str(code) == current,
        }
        for code, label in TABS.items()
    ]


def first_tab(batch: ImportBatch) -> str:
    """Errors first, then what wants a decision, then what is new."""
    for code in (Result.ERROR, Result.DUPLICATE, Result.NEW, Result.CHANGED):
        if batch.counts.get(code):
            return str(code)
    return str(Result.UNCHANGED)


def passed(batch: ImportBatch) -> list[dict[str, Any]]:
    return [
        {"number": number, "reason": PASSED_REASONS.get(why, why), "text": words}
        for number, why, words in batch.passed
    ]


# --- where facts came from --------------------------------------------------------------------


@dataclass
class Origin:
    """A row of a workbook that spoke of an institution, with the words it used."""

    batch: ImportBatch
    number: int
    cells: list[tuple[str, str]]


def origins(institution: Institution, actor: Membership) -> list[Origin]:
    """The ledger rows behind an institution, newest first, as far as the actor sees the imports:
    what a ledger says beyond the fields of the register (problem, result, days) stands here."""
    rows_ = (
        ImportRow.objects.visible_to(actor)
        .filter(batch__status=ImportBatch.Status.APPLIED, target_id__in=institution.family())
        .exclude(result__in=(Result.ERROR, Result.DUPLICATE))
        .select_related("batch")
        .order_by("-batch_id", "number")
    )
    return [Origin(row.batch, row.number, words_of(row)) for row in rows_]


def words_of(row: ImportRow) -> list[tuple[str, str]]:
    """Title and text of the filled cells, without running number and personal data."""
    columns = [c for c in public_columns(row.batch) if c["field"] != "ordinal"]
    pairs = [
        (column["title"] or column["letter"], text(decoded(row.cells.get(str(column["index"])))))
        for column in columns
    ]
    return [(title, words.strip()) for title, words in pairs if words.strip()]
