"""What each row of a ledger would do to the register. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from governance import competence, daylight, import_progress
from governance.imports import Answers, Fault, Outcome, Result, Staged
from governance.models import Department, Division, Membership
from governance.workbooks import text
from governance.workbooks.heads import Column
from institutions import names
from institutions.imports import changes, words
from institutions.imports.places import Places
from institutions.imports.register import Known, Match, Place, Register

TICKS = 200  # rows between two signs of life
DAYS_THAT_HAVE_BEEN = ("founded_on", "issued_on", "found_on")


@dataclass
class Step(Outcome):
    """One row and its effect, ready to be applied."""

    known: Known | None = None
    identity: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    site: dict[str, Any] = field(default_factory=dict)
    site_pk: int | None = None  # the site that changes; None: a further one
    licences: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""  # why two may be one
    number: str = ""  # in the register, once entered


class Planner:
    """Goes through the rows in order; what a row will make is known to the rows below it."""

    def __init__(
        self,
        register: Register,
        context: Division,
        columns: Sequence[Column],
        answers: Answers,
        *,
        by: Membership,
    ) -> None:
        self.register, self.context, self.answers, self.by = register, context, answers, by
        self.places, self.today = Places(context), daylight.today()
        self.columns = {column.field: column for column in columns if column.field}
        self.foreign = False  # the ledger names places of another county
        self.done: dict[int, Step] = {}
        self._departments: dict[tuple[str, str], Department | None] = {}

    def steps(self, rows: Sequence[Staged]) -> list[Step]:
        said = {row.values["township"] for row in rows if row.values.get("township")}
        self.foreign = bool(said) and not any(self.places.find(word) for word in said)
        for done, row in enumerate(rows):
            if done % TICKS == 0:
                import_progress.tick(import_progress.PLANNING, done, len(rows))
            self.done[row.number] = self.step(row)
        return list(self.done.values())

    def step(self, row: Staged) -> Step:
        if row.hidden and self.answers.hidden == "skip":
            return Step(row, Result.SKIPPED)
        self.check(row)
        if row.faults:
            return Step(row)
        if row.continues is not None:
            return self.further(row)
        match = self.match(row)
        if match is None:
            return self.new(row)
        if match.sure:
            return self.meant(row, match.known)
        return self.doubtful(row, match)

    # --- checks -------------------------------------------------------------------------------

    def check(self, row: Staged) -> None:
        values = row.values
        self.take_section(row)
        self.complete(row)
        self.check_name(row)
        self.check_place(row)
        for name in DAYS_THAT_HAVE_BEEN:
            if name in values and values[name] > self.today:
                self.fault(row, name, "future", _("This day has not come yet."))
        start, end = changes.validity(values)
        if start and end and end < start:
            self.fault(row, "valid_until", "ends_first", _("It would end before it begins."))
        certs = values.get("cert_status")
        if certs and certs.licence is False and values.get("licence_number"):
            sentence = _("The row has a licence number and says that there is no licence.")
            self.fault(row, "cert_status", "contradiction", sentence)

    def complete(self, row: Staged) -> None:
        """What a head says for all of its cells, and what stands in for a missing column."""
        values = row.values
        if capital := values.get("startup_funds"):
            values["startup_funds"] = capital.under(self.columns["startup_funds"].title)
            if capital.currency:
                row.notes.append(f"currency:{capital.currency}")
        if "address" not in self.columns and values.get("registered_address"):
            values.setdefault("address", values["registered_address"])

    def take_section(self, row: Staged) -> None:
        """A title inside the table speaks for its rows: 一、证照齐全…, 二、城关镇."""
        if not row.section:
            return
        certs = words.section_certs(row.section)
        if certs and "cert_status" not in row.values:
            row.values["cert_status"] = certs
        place = words.unnumbered(row.section)
        if "township" not in self.columns and self.places.find(place):
            row.values["township"] = place

    def check_name(self, row: Staged) -> None:
        values = row.values
        wrong = any(fault.column == self.label("name") for fault in row.faults)
        if row.continues is not None or wrong:
            return
        if not values.get("name"):
            self.fault(row, "name", "required")
        elif words.nameless(values["name"]):
            values["nameless"], values["name"] = values["name"], ""
            if not marks(values):
                sentence = _("A place without a name needs an address, or nobody finds it again.")
                self.fault(row, "address", "nameless_without_place", sentence)

    def check_place(self, row: Staged) -> None:
        said = row.values.get("township")
        if not said:
            return
        found = self.places.find(said)
        row.values["division"] = found
        if found is None and self.foreign:
            row.notes.append("foreign_place")
        elif found is None:
            sentence = _("%(place)s is not a township of %(county)s.")
            words_ = {"place": said, "county": self.context.name}
            self.fault(row, "township", "unknown_place", sentence % words_)
        elif self.by.department and not self.by.department.covers(found.code):
            sentence = _("%(place)s is outside the jurisdiction of %(department)s.")
            words_ = {"place": said, "department": self.by.department.name}
            self.fault(row, "township", "outside", sentence % words_)

    def fault(self, row: Staged, name: str, code: str, sentence: str = "") -> None:
        column = self.columns.get(name)
        value = text(row.cells.get(column.index)) if column else ""
        row.faults.append(Fault(self.label(name), value, code, sentence))

    def label(self, name: str) -> str:
        column = self.columns.get(name)
        return column.label if column else ""

    # --- meaning ------------------------------------------------------------------------------

    def match(self, row: Staged) -> Match | None:
        values = row.values
        values["name"] = names.tidy(values["name"])
        values["sound"] = names.name_key(values["name"])
        code = values["credit_code"].code if "credit_code" in values else ""
        return self.register.match(values["name"], values["sound"], code, marks(values))

    def doubtful(self, row: Staged, match: Match) -> Step:
        """A row that may mean what is there already: the user decides, nothing is assumed."""
        decision = self.answers.rows.get(str(row.number), self.answers.duplicates)
        if decision == "new":
            return self.new(row)
        if decision == "site" or (decision == "same" and match.known.pk is None):
            return self.place(row, match.known)
        if decision == "same":
            return self.meant(row, match.known)
        return self.pointing(Step(row, Result.DUPLICATE, reason=match.reason), match.known)

    def pointing(self, step: Step, known: Known) -> Step:
        step.known, step.target_id, step.target_row = known, known.pk, known.row
        if step.reason:
            step.row.notes.append(f"reason:{step.reason}")
        return step

    def new(self, row: Staged) -> Step:
        step = Step(row, Result.NEW)
        step.identity = changes.identity(row.values)
        step.facts = self.facts(row) | changes.defaults(row.values)
        step.facts |= {"name": row.values["name"], "name_key": row.values["sound"]}
        step.facts.setdefault("township_id", self.context.code)
        step.site = self.site(row) if marks(row.values) else {}
        step.licences = changes.licences(row.values)
        places = [Place(step.site)] if step.site else []
        known = Known(row=row.number, identity=step.identity, facts=step.facts, places=places)
        self.register.add(known)
        return self.pointing(step, known)

    def meant(self, row: Staged, known: Known) -> Step:
        """A row about an institution of the register."""
        if known.met is not None or known.pk is None:
            return self.place(row, known)
        known.met = row.number
        step = self.pointing(Step(row), known)
        changes.compare(step, known, self.facts(row), self.site(row))
        return self.allowed(step, known)

    def further(self, row: Staged) -> Step:
        """A row that adds a site to the institution of a row above."""
        head = self.done.get(row.continues or 0)
        if head is not None and head.result == Result.SKIPPED:
            return Step(row, Result.SKIPPED)
        if head is None or head.result == Result.ERROR or head.known is None:
            sentence = _("Row %(row)s, which names the institution, has an error.")
            return self.refuse(row, "head_row", sentence % {"row": row.continues})
        if head.result == Result.DUPLICATE:
            return self.pointing(Step(row, Result.DUPLICATE), head.known)
        return self.place(row, head.known)

    def place(self, row: Staged, known: Known) -> Step:
        """A row that is about one site of an institution which another row speaks for."""
        found = marks(row.values)
        if not found:
            return self.refuse(row, "no_place", _("A further site needs an address or a name."))
        at = known.place(found)
        step = self.pointing(Step(row), known)
        if at is None:
            step.result, step.site = Result.SITE, self.site(row)
            step.site.setdefault("township_id", known.facts.get("township_id", self.context.code))
            known.places.append(Place(step.site))
        elif at.pk is None:
            step.result = Result.DUPLICATE
        else:
            changes.compare_site(step, at, self.site(row))
        return self.allowed(step, known)

    def allowed(self, step: Step, known: Known) -> Step:
        if step.result in (Result.CHANGED, Result.SITE) and not known.editable:
            return self.refuse(
                step.row, "kept_by_other", _("Another department keeps this institution.")
            )
        return step

    def refuse(self, row: Staged, code: str, sentence: str) -> Step:
        row.faults.append(Fault(self.label("name"), row.values.get("name", ""), code, sentence))
        return Step(row)

    # --- facts --------------------------------------------------------------------------------

    def facts(self, row: Staged) -> dict[str, Any]:
        """The facts of the row for a period; only what the row says."""
        found = changes.facts(row)
        if row.values.get("division"):
            found["township_id"] = row.values["division"].code
        for name in ("licensor", "registrar"):
            if kind := row.values.get(name):
                department = self.department(kind)
                if department:
                    found[f"{name}_id"] = department.pk
                else:
                    row.notes.append(f"unknown:{self.label(name)}")
        return found

    def site(self, row: Staged) -> dict[str, Any]:
        found = changes.site(row)
        if row.values.get("division"):
            found["township_id"] = row.values["division"].code
        return found

    def department(self, kind: str) -> Department | None:
        at = (kind, self.context.code)
        if at not in self._departments:
            self._departments[at] = competence.department(kind, self.context)
        return self._departments[at]


def marks(values: dict[str, Any]) -> set[str]:
    """By which the place of a row is found again."""
    facts = {"address": values.get("address", ""), "name": values.get("site_name", "")}
    return Place(facts).marks()
