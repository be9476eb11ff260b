"""Doing what a plan says: new institutions in bulk, changes by the acts of the registry."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from governance import audit, bulk, competence, daylight, deadlines, import_progress
from governance.audit import Verb
from governance.imports import Result
from governance.models import Department, Division, ImportBatch, Membership, Share
from institutions import services
from institutions.imports.plan import Step
from institutions.imports.undo import snapshot, states, was_licence
from institutions.leads import due
from institutions.models import (
    Institution,
    InstitutionPeriod,
    Kind,
    Licence,
    OperatingStatus,
    Site,
    SitePeriod,
    Source,
)
from institutions.services import expiry, origins
from institutions.services.periods import ASSIST_BASIS, FACTS

WRITING = (Result.NEW, Result.CHANGED, Result.SITE)
MANY = 500  # new rows from which the planner must be told
IDENTITY = (
    "credit_code", "credit_code_pending", "founded_on", "principal", "legal_representative",
    "sponsor", "controller", "startup_funds", "contact_phone", "note",
)  # fmt: skip
NOTHING = {"credit_code_pending": False, "founded_on": None, "startup_funds": None}
SITE = ("area", "teaching_area", "rooms", "capacity", "floors", "building_use")
SITE_UNSAID = {"floors": "", "building_use": ""}
PERIOD = (*FACTS, "name_key", "initials")
UNSAID = {
    "kind": Kind.TRAINING, "categories": [], "sub_kinds": [], "stages": [], "mode": "",
    "profit_nature": "",
    "operating_status": OperatingStatus.OPERATING,
}  # fmt: skip
LICENCE = (
    "kind", "number", "issuer_name", "issued_on", "valid_from", "valid_to", "conditions", "mode",
    "categories", "stages",
)  # fmt: skip
LICENCE_UNSAID = {
    "issuer_name": "", "conditions": "", "mode": "", "categories": [], "stages": [],
}  # fmt: skip


NO_IDENTITY = dict.fromkeys(IDENTITY, "") | NOTHING
NO_PERIOD = dict.fromkeys(PERIOD) | UNSAID
identity_of, period_of = itemgetter(*IDENTITY), itemgetter(*PERIOD)


class Application:
    """One run, inside the transaction of `apply`."""

    def __init__(self, batch: ImportBatch, since: dt.date | None, *, by: Membership) -> None:
        self.batch, self.by = batch, by
        self.today = daylight.today()
        self.since = since or self.today
        self.divisions = Division.objects.in_bulk()
        self._leads: dict[str, Department] = {}
        self.entered: Counter[int] = Counter()  # new institutions and the rows each brought

    def run(self, steps: Sequence[Step]) -> None:
        new = [step for step in steps if step.result == Result.NEW]
        sites = [step for step in steps if step.result == Result.SITE]
        self.enter(new, [step for step in sites if step.known and step.known.pk is None])
        for done, step in enumerate(steps):
            if step.result == Result.CHANGED:
                import_progress.tick(import_progress.ENTERING, done, len(steps))
                self.change(step)
        for step in sites:
            if step.target_id is None or step.site_pk is None:
                self.add_site(step)
        self.note_versions(steps)

    # --- new ----------------------------------------------------------------------------------

    def enter(self, new: Sequence[Step], sites: Sequence[Step]) -> None:
        """New institutions with everything the file says of them: one COPY for each table."""
        if not new:
            return
        import_progress.tick(import_progress.ENTERING, 0, len(new))
        made = self.enter_institutions(new)
        self.enter_periods(new)
        self.enter_sites([step for step in new if step.site], sites, made)
        self.enter_licences(new)
        self.share(new)
        audit.record_rows(
            Verb.INSTITUTION_IMPORTED,
            Institution,
            [
                (step.target_id or 0, self.label(step), step.facts["township_id"], self.trace(step))
                for step in new
            ],
            by=self.by,
        )
        if len(new) >= MANY:
            bulk.analyze(Institution, InstitutionPeriod, Site, SitePeriod, Licence)

    def enter_institutions(self, new: Sequence[Step]) -> dict[int, Step]:
        """Returns the steps by the number of their row; each has its key now."""
        numbers = services.next_numbers(self.batch.division.county_code, len(new))
        keys = bulk.insert_values(
            Institution,
            ("number", "division_id", "lead_id", "sources", *IDENTITY),
            [
                (
                    number,
                    step.facts["township_id"],
                    self.lead(step.facts["township_id"]).pk,
                    self.noted(step.identity | self.said(step)),
                    *identity_of({**NO_IDENTITY, **step.identity}),
                )
                for step, number in zip(new, numbers, strict=True)
            ],
            created_by=self.by,
        )
        for step, key, number in zip(new, keys, numbers, strict=True):
            step.target_id, step.target_row, step.number = key, None, number
        self.entered.update(keys)
        return {step.row.number: step for step in new}

    def said(self, step: Step) -> dict[str, Any]:
        return {name: step.facts[name] for name in FACTS if name in step.facts}

    def noted(self, facts: dict[str, Any]) -> origins.Sources:
        return origins.noted(origins.known_of(facts), Source.IMPORT, self.today)

    def label(self, step: Step) -> str:
        """As `str(institution)` would say it."""
        nameless = _("Nameless place %(number)s") % {"number": step.number}
        return step.facts["name"] or nameless

    def trace(self, step: Step) -> dict[str, Any]:
        return {"batch": self.batch.pk, "file": self.batch.file_name, "row": step.row.number}

    def lead(self, code: str) -> Department:
        if code not in self._leads:
            found = competence.department("EDU", self.divisions[code])
            self._leads[code] = found or self.batch.lead
        return self._leads[code]

    def start(self, step: Step) -> dt.date:
        return min(step.identity.get("founded_on") or self.since, self.today)

    def during(self, step: Step) -> DateRange:
        return DateRange(self.start(step), None)

    def enter_periods(self, new: Sequence[Step]) -> None:
        bulk.insert_values(
            InstitutionPeriod,
            ("institution_id", "during", *PERIOD),
            [
                (
                    step.target_id,
                    self.during(step),
                    *period_of({**NO_PERIOD, **step.facts}),
                )
                for step in new
            ],
            source=Source.IMPORT,
            recorded_by=self.by,
        )

    def enter_sites(
        self, first: Sequence[Step], further: Sequence[Step], made: dict[int, Step]
    ) -> None:
        """The sites of new institutions, numbered in the order of the rows."""
        serials: Counter[int] = Counter()
        rows = []
        for step in [*first, *further]:
            if step.result != Result.NEW:
                step.target_id, step.target_row = made[step.target_row or 0].target_id, None
            serials[step.target_id or 0] += 1
            rows.append((step.target_id, serials[step.target_id or 0], self.noted(step.site)))
        keys = bulk.insert_values(Site, ("institution_id", "serial", "sources"), rows)
        for step, key in zip([*first, *further], keys, strict=True):
            step.site_pk = key
        self.entered.update(step.target_id for step in [*first, *further])
        bulk.insert_values(
            SitePeriod,
            ("site_id", "during", "name", "address", "township_id", *SITE),
            [
                (
                    step.site_pk, self.during(step), step.site["name"], step.site["address"],
                    step.site.get("township_id") or step.facts["township_id"],
                    *(step.site.get(name, SITE_UNSAID.get(name)) for name in SITE),
                )
                for step in [*first, *further]
            ],
            source=Source.IMPORT,
            recorded_by=self.by,
        )  # fmt: skip

    def enter_licences(self, new: Sequence[Step]) -> None:
        rows = [(step, licence) for step in new for licence in step.licences]
        keys = bulk.insert_values(
            Licence,
            ("institution_id", *LICENCE),
            [
                (
                    step.target_id,
                    *(licence.get(name, LICENCE_UNSAID.get(name)) for name in LICENCE),
                )
                for step, licence in rows
            ],
            source=Source.IMPORT,
            recorded_by=self.by,
        )
        self.entered.update(step.target_id for step, _licence in rows)
        self.watch(list(zip(keys, rows, strict=True)))

    def watch(self, entered: Sequence[tuple[int, tuple[Step, dict[str, Any]]]]) -> None:
        """The clocks of certificates whose last day is still to come."""
        for code in (expiry.EXPIRY, expiry.RENEWAL):
            started = [
                self.started(key, step, licence)
                for key, (step, licence) in entered
                if expiry.last_day(licence) and code in expiry.rules_for(licence["kind"])
            ]
            deadlines.start_many(code, Licence, started, by=self.by)

    def started(self, key: int, step: Step, facts: dict[str, Any]) -> deadlines.Started:
        row = Licence(
            pk=key, institution_id=step.target_id, kind=facts["kind"], number=facts["number"]
        )
        township = step.facts["township_id"]
        return deadlines.Started(
            key, facts["valid_to"], self.lead(township).pk, township, step.target_id, str(row),
            row.get_absolute_url(), row.get_party_url(),
        )  # fmt: skip

    def share(self, new: Sequence[Step]) -> None:
        """谁审批谁监管: who licensed or registered an institution keeps its record too."""
        kind = ContentType.objects.get_for_model(Institution)
        names = dict(Department.objects.values_list("pk", "name"))
        shares = [
            (step, department)
            for step in new
            for department in {step.facts.get("licensor_id"), step.facts.get("registrar_id")}
            if department and department != self.lead(step.facts["township_id"]).pk
        ]
        bulk.insert_values(
            Share,
            ("object_id", "department_id"),
            [(step.target_id, department) for step, department in shares],
            content_type=kind, part=Share.Part.ASSIST, basis=ASSIST_BASIS, created_by=self.by,
        )  # fmt: skip
        audit.record_rows(
            Verb.SHARED,
            Institution,
            [
                (
                    step.target_id or 0, self.label(step), step.facts["township_id"],
                    {"department": names[department], "basis": ASSIST_BASIS},
                )
                for step, department in shares
            ],
            by=self.by,
        )  # fmt: skip

    # --- changes ------------------------------------------------------------------------------

    def change(self, step: Step) -> None:
        institution = Institution.objects.select_for_update().get(pk=step.target_id)
        step.undo = snapshot(institution, step)
        if step.identity:
            services.change_identity(institution, by=self.by, source=Source.IMPORT, **step.identity)
        if step.facts:
            services.record_period(
                institution, by=self.by, start=self.since, source=Source.IMPORT,
                reason=self.batch.file_name, **self.rows_of(step.facts),
            )  # fmt: skip
        if step.site and step.site_pk:
            self.change_site(step)
        elif step.site:
            self.add_site(step)
        for licence in step.licences:
            self.certify(step, institution, dict(licence))
        audit.record(
            Verb.INSTITUTION_UPDATED_BY_IMPORT, institution, by=self.by, **self.trace(step)
        )

    def certify(self, step: Step, institution: Institution, facts: dict[str, Any]) -> None:
        """A certificate comes in, or one that was known only by word gets its number."""
        if pk := facts.pop("pk", None):
            known = Licence.objects.get(pk=pk)
            said = {name: value for name, value in facts.items() if value and name != "kind"}
            step.undo["corrected"].append(was_licence(known))
            services.correct_licence(known, by=self.by, **said)
        else:
            made = services.record_licence(institution, by=self.by, source=Source.IMPORT, **facts)
            step.undo["licences"].append(made.pk)

    def rows_of(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Keys as rows, as the services take them."""
        departments = Department.objects.in_bulk(
            [facts[name] for name in ("licensor_id", "registrar_id") if name in facts]
        )
        found = {name: value for name, value in facts.items() if not name.endswith("_id")}
        for name in ("licensor", "registrar"):
            if f"{name}_id" in facts:
                found[name] = departments[facts[f"{name}_id"]]
        if "township_id" in facts:
            found["township"] = self.divisions[facts["township_id"]]
        return found

    def change_site(self, step: Step) -> None:
        site = Site.objects.select_related("institution").get(pk=step.site_pk)
        services.record_site_period(
            site, by=self.by, start=self.since, source=Source.IMPORT,
            reason=self.batch.file_name, **self.rows_of(step.site),
        )  # fmt: skip

    def add_site(self, step: Step) -> None:
        institution = Institution.objects.get(pk=step.target_id)
        step.undo = step.undo or snapshot(institution, step)
        facts = self.rows_of(step.site)
        site = services.add_site(
            institution, by=self.by, start=self.since, source=Source.IMPORT,
            address=facts.pop("address", ""), **facts,
        )  # fmt: skip
        step.undo["new_sites"].append(site.pk)

    def note_versions(self, steps: Sequence[Step]) -> None:
        touched = [step for step in steps if step.result in WRITING and step.target_id]
        known = {step.target_id for step in touched if step.target_id}
        found = states(known - set(self.entered)) | self.entered  # a new row has version 1
        for step in touched:
            step.target_version = found[step.target_id or 0]
        due.mark(found)
