"""Doing what a plan says: new institutions in bulk, changes by the acts of the registry."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import prefetch_related_objects

from governance import audit, bulk, competence, daylight
from governance.audit import Verb
from governance.imports import Result
from governance.models import Department, Division, ImportBatch, Membership, Share
from institutions import services
from institutions.imports.plan import Step
from institutions.imports.undo import snapshot, states
from institutions.models import (
    Institution,
    InstitutionPeriod,
    Licence,
    Site,
    SitePeriod,
    Source,
)
from institutions.services.periods import ASSIST_BASIS

WRITING = (Result.NEW, Result.CHANGED, Result.SITE)


class Application:
    """One run, inside the transaction of `apply`."""

    def __init__(self, batch: ImportBatch, since: dt.date | None, *, by: Membership) -> None:
        self.batch, self.by = batch, by
        self.since = since or daylight.today()
        self.divisions = Division.objects.in_bulk()
        self._leads: dict[str, Department] = {}

    def run(self, steps: Sequence[Step]) -> None:
        new = [step for step in steps if step.result == Result.NEW]
        sites = [step for step in steps if step.result == Result.SITE]
        self.enter(new, [step for step in sites if step.known and step.known.pk is None])
        for step in steps:
            if step.result == Result.CHANGED:
                self.change(step)
        for step in sites:
            if step.target_id is None or step.site_pk is None:
                self.add_site(step)
        self.note_versions(steps)

    # --- new ----------------------------------------------------------------------------------

    def enter(self, new: Sequence[Step], sites: Sequence[Step]) -> None:
        """New institutions with everything the file says of them; a COPY for each table."""
        numbers = self.numbers(new)
        rows = [self.institution(step, number) for step, number in zip(new, numbers, strict=True)]
        bulk.insert(rows)
        made = {step.row.number: row for step, row in zip(new, rows, strict=True)}
        for step, row in zip(new, rows, strict=True):
            step.target_id, step.target_row = row.pk, None
        bulk.insert([self.period(step, made[step.row.number]) for step in new])
        self.enter_sites([step for step in new if step.site], sites, made)
        self.enter_licences(new, made)
        prefetch_related_objects(rows, "periods")  # their names go into the audit events
        self.share(new, made)
        audit.record_many(
            Verb.INSTITUTION_IMPORTED,
            [(made[step.row.number], self.trace(step)) for step in new],
            by=self.by,
        )

    def numbers(self, new: Sequence[Step]) -> list[str]:
        county = self.batch.division_id[:6]
        return services.next_numbers(county, len(new)) if new else []

    def trace(self, step: Step) -> dict[str, Any]:
        return {"batch": self.batch.pk, "file": self.batch.file_name, "row": step.row.number}

    def institution(self, step: Step, number: str) -> Institution:
        place = self.divisions[step.facts["township_id"]]
        return Institution(
            number=number, division=place, lead=self.lead(place), created_by=self.by,
            **step.identity,
        )  # fmt: skip

    def lead(self, place: Division) -> Department:
        if place.code not in self._leads:
            self._leads[place.code] = competence.department("EDU", place) or self.batch.lead
        return self._leads[place.code]

    def start(self, step: Step) -> dt.date:
        return min(step.identity.get("founded_on") or self.since, daylight.today())

    def period(self, step: Step, institution: Institution) -> InstitutionPeriod:
        return InstitutionPeriod(
            institution=institution, during=DateRange(self.start(step), None),
            source=Source.IMPORT, recorded_by=self.by, **step.facts,
        )  # fmt: skip

    def enter_sites(
        self, first: Sequence[Step], further: Sequence[Step], made: dict[int, Institution]
    ) -> None:
        serials: dict[int, int] = {}
        rows, steps = [], []
        for step in [*first, *further]:
            at = step.row.number if step.result == Result.NEW else step.target_row or 0
            serials[at] = serials.get(at, 0) + 1
            rows.append(Site(institution=made[at], serial=serials[at]))
            steps.append((step, at))
        bulk.insert(rows)
        periods = []
        for site, (step, at) in zip(rows, steps, strict=True):
            step.site_pk, step.target_id, step.target_row = site.pk, made[at].pk, None
            periods.append(self.site_period(step, site, made[at]))
        bulk.insert(periods)

    def site_period(self, step: Step, site: Site, institution: Institution) -> SitePeriod:
        facts = {"township_id": institution.division_id} | step.site
        return SitePeriod(
            site=site, during=DateRange(self.start(step), None),
            source=Source.IMPORT, recorded_by=self.by, **facts,
        )  # fmt: skip

    def enter_licences(self, new: Sequence[Step], made: dict[int, Institution]) -> None:
        bulk.insert(
            [
                Licence(
                    institution=made[step.row.number], source=Source.IMPORT, recorded_by=self.by,
                    **licence,
                )
                for step in new
                for licence in step.licences
            ]
        )  # fmt: skip

    def share(self, new: Sequence[Step], made: dict[int, Institution]) -> None:
        """谁审批谁监管: who licensed or registered an institution keeps its record too."""
        kind = ContentType.objects.get_for_model(Institution)
        shares, traces = [], []
        names = dict(Department.objects.values_list("pk", "name"))
        for step in new:
            row = made[step.row.number]
            for department in {step.facts.get("licensor_id"), step.facts.get("registrar_id")}:
                if department and department != row.lead_id:
                    shares.append(
                        Share(
                            content_type=kind, object_id=row.pk, department_id=department,
                            part=Share.Part.ASSIST, basis=ASSIST_BASIS, created_by=self.by,
                            since=daylight.today(),
                        )
                    )  # fmt: skip
                    facts = {"department": names[department], "basis": ASSIST_BASIS}
                    traces.append((row, facts))
        bulk.insert(shares)
        audit.record_many(Verb.SHARED, traces, by=self.by)

    # --- changes ------------------------------------------------------------------------------

    def change(self, step: Step) -> None:
        institution = Institution.objects.select_for_update().get(pk=step.target_id)
        step.undo = snapshot(institution, step)
        if step.identity:
            services.change_identity(institution, by=self.by, **step.identity)
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
            made = services.record_licence(institution, by=self.by, source=Source.IMPORT, **licence)
            step.undo["licences"].append(made.pk)
        audit.record(
            Verb.INSTITUTION_UPDATED_BY_IMPORT, institution, by=self.by, **self.trace(step)
        )

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
        found = states({step.target_id for step in touched if step.target_id})
        for step in touched:
            step.target_version = found[step.target_id or 0]
