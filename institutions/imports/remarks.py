"""What the user should know of a workbook as a whole, what was cured, and what is asked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.import_memory import is_ours
from governance.models import ImportBatch, ImportRow


def notices(batch: ImportBatch) -> list[str]:
    """What the user should know of the workbook as a whole."""
    found = [*of_columns(batch), *cured(batch)]
    if ImportRow.objects.filter(batch=batch, notes__contains="foreign_place").exists():
        sentence = _("The places in the ledger are not in %(place)s; the rows are placed there.")
        found.append(sentence % {"place": batch.division.name})
    return found


def of_columns(batch: ImportBatch) -> list[str]:
    """Columns that are not taken in, not used, hidden, or remembered."""
    found = []
    if batch.remarks.get("remembered"):
        found.append(_("The columns have the meanings you gave such a workbook before."))
    withheld = [column["title"] for column in batch.columns if column["withheld"]]
    if withheld:
        sentence = _("Not taken in, because it is personal and the register has no place for it: ")
        found.append(sentence + "、".join(withheld))
    if unread := unused(batch):
        found.append(_("No field takes these columns: ") + "、".join(unread))
    hidden = [column["title"] or column["letter"] for column in batch.columns if column["hidden"]]
    if hidden:
        found.append(_("Hidden columns were read too: ") + "、".join(hidden))
    return found


def unused(batch: ImportBatch) -> list[str]:
    """Titled columns without meaning; their cells stay with the import and enter no field."""
    said = batch.answers.get("columns", {})
    return [
        column["title"]
        for column in batch.columns
        if column["title"]
        and not column["withheld"]
        and not is_ours(column["title"])
        and meaning(column, said) in (None, "-")
    ]


def name_is_missing(batch: ImportBatch) -> bool:
    said = batch.answers.get("columns", {})
    return all(meaning(column, said) != "name" for column in batch.columns)


def meaning(column: dict[str, Any], said: dict[str, str]) -> str | None:
    choice = said.get(column["title"]) or said.get(column["letter"])
    return choice or column["field"]


def cured(batch: ImportBatch) -> list[str]:
    """What was put right while reading."""
    found, remarks = [], batch.remarks
    if n := remarks.get("full_width"):
        words = ngettext(
            "In %(n)s row letters and digits of full width were read as common ones.",
            "In %(n)s rows letters and digits of full width were read as common ones.",
            n,
        )
        found.append(words % {"n": n})
    if n := remarks.get("merged"):
        words = ngettext(
            "%(n)s merged range was filled into each of its rows.",
            "%(n)s merged ranges were filled into each of their rows.",
            n,
        )
        found.append(words % {"n": n})
    if n := remarks.get("uncalculated"):
        words = ngettext(
            "%(n)s formula was saved without its value and reads as empty.",
            "%(n)s formulas were saved without their values and read as empty.",
            n,
        )
        found.append(words % {"n": n})
    return found


def cures(batch: ImportBatch) -> list[dict[str, Any]]:
    """What one press puts right: {part, value, words, label}."""
    return [cure for cure in (hidden_rows(batch), lost_digits(batch)) if cure]


def hidden_rows(batch: ImportBatch) -> dict[str, Any] | None:
    n = batch.remarks.get("hidden_rows", 0)
    if not n:
        return None
    if batch.answers.get("hidden") == "skip":
        words = ngettext("%(n)s hidden row is left out.", "%(n)s hidden rows are left out.", n) % {
            "n": n
        }
        return {"part": "hidden", "value": "read", "words": words, "label": _("Read them too")}
    words = ngettext("%(n)s hidden row was read too.", "%(n)s hidden rows were read too.", n) % {
        "n": n
    }
    return {"part": "hidden", "value": "skip", "words": words, "label": _("Leave them out")}


def lost_digits(batch: ImportBatch) -> dict[str, Any] | None:
    """Numbers like 5.2E+17: their digits are gone for good; only leaving them empty is honest."""
    rows = ImportRow.objects.filter(batch=batch)
    if batch.answers.get("lost") == "empty":
        return {
            "part": "lost", "value": "error",
            "words": _("Numbers that a program cut to 15 digits are read as empty."),
            "label": _("Show them as errors"),
        }  # fmt: skip
    n = rows.filter(errors__contains=[{"code": "digits_lost"}]).count()
    if not n:
        return None
    words = ngettext(
        "In %(n)s row a code was saved as a number like 5.2E+17: its last digits are lost.",
        "In %(n)s rows codes were saved as numbers like 5.2E+17: their last digits are lost.",
        n,
    ) % {"n": n}
    return {"part": "lost", "value": "empty", "words": words, "label": _("Read them as empty")}


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """The same file, applied before."""
    same = ImportBatch.objects.filter(
        sha256=batch.sha256, kind=batch.kind, status=ImportBatch.Status.APPLIED,
        division__code__startswith=batch.division.county_code,
    )  # fmt: skip
    return same.exclude(pk=batch.pk).order_by("-id").first()


def yearless(batch: ImportBatch) -> list[dict[str, Any]]:
    """Columns in which dates lack a year, with the first such cell."""
    found: dict[str, dict[str, Any]] = {}
    rows_ = ImportRow.objects.filter(batch=batch, errors__contains=[{"code": "no_year"}])
    for number, faults in rows_.order_by("number").values_list("number", "errors"):
        for fault in faults:
            if fault["code"] == "no_year":
                column = found.setdefault(
                    fault["column"],
                    {"label": fault["column"], "n": 0, "row": number, "value": fault["value"]},
                )
                column["n"] += 1
    for column in found.values():
        column["example"] = ngettext(
            "%(n)s date without a year, in row %(row)s: %(value)s",
            "%(n)s dates without a year, first in row %(row)s: %(value)s",
            column["n"],
        ) % {"n": column["n"], "row": column["row"], "value": column["value"]}
    for label in batch.answers.get("years", {}):
        found.setdefault(label, {"label": label, "example": ""})
    return list(found.values())
