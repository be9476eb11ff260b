"""Results of the annual review from a published list: each row becomes a result or says why not.

A list names institutions and says 合格, 基本合格, 不合格 or 未参加; those being wound up stand in
it with 注销 and no result. Year, day and document are those of the list, given with the file.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, daylight, workbooks, workflow
from governance import import_books as books
from governance.audit import Verb
from governance.imports import Answers, Fault, Field, Importer, Outcome, Result, Staged
from governance.models import Division, ImportBatch, ImportRow, Membership
from governance.scoping import require
from governance.workbooks import cells
from governance.workbooks.cells import folded, key
from governance.workflow import Refused
from institutions import duties, services
from institutions.imports import fields, register
from institutions.imports.acts import keeper
from institutions.imports.words import core
from institutions.models import AnnualResult, Institution, Source

Said, Reason = AnnualResult.Result, AnnualResult.Reason
Status = ImportBatch.Status
# In this order: the longer word before the one it contains.
_RESULTS = (
    (r"基本合格|整改后合格", Said.BASIC_PASS),
    (r"不合格|不通过", Said.FAIL),
    (r"未参加|未参检|未年检|未年审|缓检|免检|不参加", Said.NOT_TAKEN),
    (r"注销|吊销|终止|停办|关停", Said.NOT_TAKEN),
    (r"合格|通过", Said.PASS),
)
_REASONS = (
    (r"新设|新办|新审批|新成立|不满一年|未满1年", Reason.NEW),
    (r"未复课|未复学|停课", Reason.NOT_RESUMED),
    (r"注销|吊销|终止|停办|关停|拟关|拟终止|清退", Reason.CLOSING),
)


def result_of(words: str) -> str | None:
    text = folded(words)
    return next((str(value) for pattern, value in _RESULTS if re.search(pattern, text)), None)


def reason_of(words: str) -> str:
    text = folded(words)
    return next((str(value) for pattern, value in _REASONS if re.search(pattern, text)), "")


class AnnualResults(Importer):
    """A list of results."""

    kind = "annual_results"
    personal = fields.PERSONAL
    fields = (
        fields.column("ordinal", gettext_lazy("Running number"), fields.bounded(400)),
        fields.column("name", gettext_lazy("Name"), fields.bounded(120, cells.name)),
        fields.column("credit_code", gettext_lazy("Unified credit code"), fields.credit_code),
        fields.column("review", gettext_lazy("Annual review"), fields.bounded(80)),
        fields.column("result", gettext_lazy("Result"), fields.bounded(2_000)),
        Field(
            "reason", gettext_lazy("Why it took no part"),
            ("未参加原因", "原因", "未参检原因"), fields.bounded(200),
        ),
        fields.column("note", gettext_lazy("Note"), fields.bounded(2_000)),
    )  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """What holds for every row of a list."""

    year: int
    round: int = 1
    decided_on: dt.date | None = None
    document_number: str = ""
    published_on: dt.date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name in self.__dataclass_fields__
            if (value := getattr(self, name))
        }

    @classmethod
    def of(cls, answers: Mapping[str, Any]) -> "Paper":
        days = {
            name: dt.date.fromisoformat(answers[name])
            for name in ("decided_on", "published_on")
            if answers.get(name)
        }
        plain = {name: answers[name] for name in ("year", "round", "document_number")
                 if name in answers}  # fmt: skip
        return cls(**plain, **days)


# --- what the rows come to ----------------------------------------------------------------------


class Plan:
    """Holds the rows of a list against the register and the results on record."""

    def __init__(self, paper: Paper, county: str, actor: Membership) -> None:
        self.paper = paper
        self.known = register.of_county(county, actor)
        self.met: dict[int, int] = {}  # institution → the row that named it first
        rows = AnnualResult.objects.standing().filter(year=paper.year, round=paper.round)
        self.recorded = {row.institution_id: row for row in rows}

    def outcomes(self, rows: Sequence[Staged]) -> list[Outcome]:
        return [self.outcome(row) for row in rows]

    def outcome(self, row: Staged) -> Outcome:
        said = self.said(row)
        found = None if row.faults else self.institution(row)
        if found is None or row.faults:
            return Outcome(row, Result.ERROR)
        made = Outcome(row, target_id=found, changes=self.changes(found, said))
        known = self.recorded.get(found)
        made.result = Result.NEW if known is None else Result.CHANGED
        if not made.changes:
            made.result = Result.UNCHANGED
        return made

    def said(self, row: Staged) -> dict[str, str]:
        """Result and reason of a row; a word that is not known is a fault."""
        values = row.values
        told = " ".join(values.get(name, "") for name in ("review", "result", "reason"))
        words = values.get("review", "") or told
        result = result_of(words)
        if result is None:
            fault(row, "review", words, _("The row says neither pass nor fail nor not taken."))
            return {}
        if result != Said.NOT_TAKEN:
            return {"result": result, "reason": "", "reason_text": ""}
        reason = reason_of(told) or Reason.OTHER
        text = " ".join(filter(None, (values.get("reason"), values.get("result"))))
        return {"result": result, "reason": reason, "reason_text": (text or words)[:200]}

    def institution(self, row: Staged) -> int | None:
        """The one institution of the register that the row names, or a fault."""
        name, code = row.values.get("name", ""), row.values.get("credit_code")
        exact = self.known.by_name.get(key(name), [])
        known = self.known.by_code.get(code.code) if code and code.code else None
        if known is None and len(exact) == 1:
            known = exact[0]
        if known is None or known.pk is None:
            fault(row, "name", name, self.unknown(name, len(exact)))
        elif not known.editable:
            fault(row, "name", name, _("Another department keeps this institution."))
        elif known.pk in self.met:
            words = _("Row %(row)s names the same institution.") % {"row": self.met[known.pk]}
            fault(row, "name", name, words)
        else:
            self.met[known.pk] = row.number
            return known.pk
        return None

    def unknown(self, name: str, exact: int) -> str:
        if exact:
            return _("Several institutions bear this name; add a column with the credit code.")
        near = self.known.by_core.get(core(name), [])
        if near:
            return _("It is not in the register; did you mean %(name)s?") % {"name": near[0].name}
        return _("It is not in the register.")

    def changes(self, institution: int, said: dict[str, str]) -> dict[str, list[Any]]:
        known = self.recorded.get(institution)
        new = said | {
            name: value
            for name in ("decided_on", "document_number", "published_on")
            if (value := getattr(self.paper, name))
        }
        return {
            name: [was, value]
            for name, value in new.items()
            if (was := getattr(known, name, None)) != value and (known or value)
        }


def fault(row: Staged, column: str, value: str, sentence: str) -> None:
    label = next(str(one.label) for one in AnnualResults.fields if one.code == column)
    row.faults.append(Fault(label, value, "refused", sentence))


# --- the acts -----------------------------------------------------------------------------------


@transaction.atomic
def preview(
    file: Any, context: Division, paper: Paper, *, by: Membership, name: str = ""
) -> ImportBatch:
    """Read a list and keep what it would record, for the user to look at. Raises `BadWorkbook`."""
    require(by, duties.REVIEW)
    table = AnnualResults.table(workbooks.read(file), None, Answers())
    batch = ImportBatch.objects.create(
        kind=AnnualResults.kind,
        division=context,
        lead=by.department or keeper(context),
        created_by=by,
        file_name=name[-200:],
        sha256=books.digest(file),
        sheet=table.sheet[:100],
        title=table.title[:300],
        columns=books.described(table.columns, AnnualResults),
        passed=[[row.number, row.reason, row.text[:200]] for row in table.passed],
        answers=paper.as_json(),
    )
    kept(batch, planned(batch, table.columns, table.lines, by=by))
    audit.record(Verb.IMPORT_PREVIEWED, batch, by=by, counts=batch.counts)
    return batch


def planned(batch: ImportBatch, columns: Any, lines: Any, *, by: Membership) -> list[Outcome]:
    rows = AnnualResults.stage(columns, lines, Answers())
    plan = Plan(Paper.of(batch.answers), batch.division.county_code, by)
    return plan.outcomes(rows)


def kept(batch: ImportBatch, outcomes: Sequence[Outcome]) -> None:
    books.keep(batch, outcomes)
    batch.counts = books.counted(outcomes)
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)


@transaction.atomic
def apply(batch: ImportBatch, *, by: Membership, version: int | None = None) -> ImportBatch:
    """Record what the preview shows; rows with errors stay out. Raises `Refused` when the register
    or the results are no longer what they were."""
    require(by, duties.REVIEW)
    outcomes = planned(batch, books.columns_of(batch), books.lines_of(batch), by=by)
    shown = dict(ImportRow.objects.filter(batch=batch).values_list("number", "result"))
    if shown != {outcome.row.number: outcome.result for outcome in outcomes}:
        kept(batch, outcomes)
        raise Refused(
            _("The register changed since the preview. Look at the rows again, then confirm.")
        )
    workflow.move(
        batch, Status.APPLIED, verb=Verb.IMPORT_APPLIED, by=by, version=version,
        also={"applied_at": daylight.now()}, counts=batch.counts,
    )  # fmt: skip
    for outcome in outcomes:
        record(outcome, Paper.of(batch.answers), by=by)
    kept(batch, outcomes)
    return batch


def record(outcome: Outcome, paper: Paper, *, by: Membership) -> None:
    if outcome.result not in (Result.NEW, Result.CHANGED):
        return
    new = {name: value for name, (_was, value) in outcome.changes.items()}
    if outcome.result == Result.NEW:
        institution = Institution.objects.get(pk=outcome.target_id)
        row = services.record_annual_result(
            institution, by=by, year=paper.year, round=paper.round, source=Source.IMPORT, **new
        )
        outcome.undo = {"made": row.pk}
    else:
        row = AnnualResult.objects.standing().get(
            institution=outcome.target_id, year=paper.year, round=paper.round
        )
        services.correct_annual_result(row, by=by, **new)
        outcome.undo = {"corrected": row.pk}
    row.refresh_from_db()
    outcome.target_version = row.version


@transaction.atomic
def undo(batch: ImportBatch, *, by: Membership, version: int | None = None) -> int:
    """Take the results of a list back; refused once one of them was worked with, or corrected one
    that stood there before."""
    require(by, duties.REVIEW)
    workflow.move(
        batch, Status.UNDONE, verb=Verb.IMPORT_UNDONE, by=by, version=version,
        also={"undone_at": daylight.now()},
    )  # fmt: skip
    rows = ImportRow.objects.filter(batch=batch, result__in=[Result.NEW, Result.CHANGED])
    made = {row.target_id: row.target_version for row in rows}
    if rows.filter(result=Result.CHANGED).exists():
        raise Refused(_("The list corrected results on record; correct those one by one."))
    paper = Paper.of(batch.answers)
    results = AnnualResult.objects.standing().filter(
        institution__in=made, year=paper.year, round=paper.round
    )
    found = list(results.select_related("institution"))
    if any(row.version != made[row.institution_id] for row in found) or len(found) != len(made):
        raise Refused(_("Somebody worked with these results since; correct them one by one."))
    for row in found:
        services.void_annual_result(row, by=by, reason=_("Import undone: %(file)s") % {
            "file": str(batch)[:150]})  # fmt: skip
    return len(found)
