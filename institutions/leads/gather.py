"""The facts of institutions from the register: one query a table for a whole batch."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from governance import daylight, workdays
from governance.models import SchoolHours, SchoolTerm
from governance.private_fields import search_hash
from institutions.leads import facts as plain
from institutions.leads import teaching
from institutions.leads.facts import Facts
from institutions.leads.guided import GuidedPrice
from institutions.leads.school_year import Hours, SchoolYear, Term
from institutions.models import (
    Advertisement,
    AnnualResult,
    BarredPerson,
    ContractForm,
    Course,
    FeeItem,
    GuidedPriceRow,
    Identification,
    InServiceTeacher,
    Institution,
    InstitutionPeriod,
    InsurancePolicy,
    Licence,
    Material,
    ReportedFigure,
    SitePeriod,
    StaffMember,
    Tenure,
)

FIGURES_BACK = dt.timedelta(days=800)  # older figures say nothing about today
REVIEWS_BACK = 2  # years
DEDICATED = "dedicated_account"

Rows = dict[int, list[Any]]


def of(institutions: Iterable[int], day: dt.date | None = None) -> list[Facts]:
    """The facts of institutions (keys) on a day, in the order of their keys; those that were
    voided or merged have none. The number of queries does not depend on how many they are."""
    day = day or daylight.today()
    keys = sorted(set(institutions))
    found = list(
        Institution.objects.registered()
        .filter(pk__in=keys)
        .prefetch_related(Prefetch("periods", InstitutionPeriod.objects.on(day)))
        .order_by("pk")
    )
    batch = Batch([row.pk for row in found], {row.division_id[:6] for row in found}, day)
    return [batch.facts(row) for row in found if row.periods.all()]


class Batch:
    """The rows of a batch, by institution."""

    def __init__(self, keys: Sequence[int], counties: set[str], day: dt.date) -> None:
        self.keys, self.counties, self.day = keys, counties, day
        self.calendar = workdays.current()
        self.sites = self._sites()
        self.licences = self._by_institution(Licence.objects.filter(voided_at=None))
        self.staff = self._in_force(StaffMember)
        self.courses = self._in_force(Course, lasting=True)
        self.slots = teaching.slots_of(self.keys)
        self.materials = self._in_force(Material)
        self.fees = self._in_force(FeeItem)
        self.contracts = self._in_force(ContractForm)
        self.policies = self._by_institution(_standing(InsurancePolicy, day))
        self.adverts = self._in_force(Advertisement)
        self.reviews = self._by_institution(
            AnnualResult.objects.standing().filter(year__gte=day.year - REVIEWS_BACK)
        )
        self.figures = self._by_institution(
            _standing(ReportedFigure, day).filter(as_of__gte=day - FIGURES_BACK)
        )
        self.verdicts = self._verdicts()
        self.in_service, self.barred = self._rosters()
        self.years = self._school_years()
        self.prices = self._prices()

    def facts(self, row: Institution) -> Facts:
        county, courses = row.division_id[:6], self.courses[row.pk]
        custody = search_hash(row.custody_account, "account") if row.custody_account else ""
        prices = teaching.lesson_prices(self.fees[row.pk])
        return Facts(
            body=_body(row, self.adverts[row.pk]),
            day=self.day,
            county=county,
            sites=tuple(_place(period) for period in self.sites[row.pk]),
            certificates=tuple(_certificate(paper) for paper in self.licences[row.pk]),
            staff=tuple(self._teacher(person, county) for person in self.staff[row.pk]),
            courses=tuple(teaching.lesson(one, self.verdicts.get(one.pk, "")) for one in courses),
            slots=tuple(teaching.slot(one, line) for one in courses for line in self.slots[one.pk]),
            materials=tuple(teaching.text(one, courses) for one in self.materials[row.pk]),
            fees=tuple(teaching.fee(item, custody, prices) for item in self.fees[row.pk]),
            contracts=tuple(
                plain.Contract(form.pk, form.form_code, form.signed_before_charging)
                for form in self.contracts[row.pk]
            ),
            policies=tuple(
                plain.Policy(one.pk, one.valid_from, one.valid_to) for one in self.policies[row.pk]
            ),
            adverts=tuple(plain.Advert(one.pk, one.text) for one in self.adverts[row.pk]),
            reviews=tuple(_review(one) for one in _last_rounds(self.reviews[row.pk])),
            figures=tuple(
                plain.Figure(one.pk, one.code, one.as_of, one.value) for one in self.figures[row.pk]
            ),
            prices=tuple(self.prices[county]),
            school_year=self.years.get(county, SchoolYear()),
            calendar=self.calendar,
        )

    # --- reading -----------------------------------------------------------------------------

    def _by_institution(self, rows: QuerySet) -> Rows:
        found: Rows = defaultdict(list)
        for row in rows.filter(institution__in=self.keys).order_by("pk"):
            found[row.institution_id].append(row)
        return found

    def _in_force(self, model: Any, *, lasting: bool = False) -> Rows:
        """The rows that hold on the day; `lasting` ones also count before they begin."""
        if lasting:
            last = model.SPAN[1]
            rows = _standing(model, self.day)
            return self._by_institution(
                rows.filter(Q(**{last: None}) | Q(**{f"{last}__gte": self.day}))
            )
        return self._by_institution(model.objects.in_force(self.day))

    def _sites(self) -> Rows:
        rows = SitePeriod.objects.on(self.day).filter(site__institution__in=self.keys)
        found: Rows = defaultdict(list)
        for row in rows.select_related("site").order_by("site__serial", "pk"):
            found[row.site.institution_id].append(row)
        return found

    def _verdicts(self) -> dict[int, str]:
        """What the experts last said about each course."""
        rows = Identification.objects.filter(
            institution__in=self.keys, voided_at=None, decided_on__lte=self.day
        )
        return dict(rows.order_by("decided_on", "pk").values_list("course_id", "verdict"))

    def _rosters(self) -> tuple[dict[str, set[str]], set[str]]:
        """The staff whose keyed hashes stand in the rosters of schools, and among the barred."""
        hashes = {p.id_number_hash for rows in self.staff.values() for p in rows} - {""}
        schools: dict[str, set[str]] = {}
        told = InServiceTeacher.objects.filter(county__in=self.counties)
        for county in told.order_by().values_list("county_id", flat=True).distinct():
            schools[county] = set()
        for county, one in told.filter(id_hash__in=hashes).values_list("county_id", "id_hash"):
            schools[county].add(one)
        rows = BarredPerson.objects.filter(
            Q(until=None) | Q(until__gte=self.day), id_hash__in=hashes, since__lte=self.day
        )
        return schools, set(rows.values_list("id_hash", flat=True))

    def _school_years(self) -> dict[str, SchoolYear]:
        terms, hours = defaultdict(list), defaultdict(list)
        for row in SchoolTerm.objects.filter(division__in=self.counties):
            terms[row.division_id].append(
                Term(row.starts_on, row.ends_on, row.is_holiday, frozenset(row.stages))
            )
        for part in SchoolHours.objects.filter(division__in=self.counties):
            hours[part.division_id].append(Hours(part.stage, part.starts_at, part.ends_at))
        return {
            county: SchoolYear(tuple(terms[county]), tuple(hours[county]))
            for county in self.counties
        }

    def _prices(self) -> dict[str, list[GuidedPrice]]:
        found: dict[str, list[GuidedPrice]] = defaultdict(list)
        for row in GuidedPriceRow.objects.in_force(self.day).filter(county__in=self.counties):
            found[row.county_id].append(
                GuidedPrice(
                    row.stage, row.mode, row.size_from, row.size_to, row.base,
                    row.float_percent, row.lesson_minutes,
                )
            )  # fmt: skip
        return found

    def _teacher(self, person: StaffMember, county: str) -> plain.Teacher:
        hashed, listed = person.id_number_hash, self.in_service.get(county)
        barred = True if person.crime_query_clear is False else None
        if hashed:
            barred = barred or hashed in self.barred
        return teaching.teacher(
            person,
            in_service=None if listed is None or not hashed else hashed in listed,
            barred=barred,
        )


def _standing(model: Any, day: dt.date) -> QuerySet:
    """Neither voided nor ended, whatever its own last day."""
    return model.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), voided_at=None)


def _codes(*values: str) -> frozenset[str]:
    return frozenset(value for value in values if value)


def _body(row: Institution, adverts: Iterable[Advertisement]) -> plain.Body:
    period = row.periods.all()[0]
    signs = [one.text for one in adverts if one.kind == Advertisement.Kind.SIGNBOARD]
    return plain.Body(
        pk=row.pk,
        name=period.name,
        kind=period.kind,
        credit_code=row.credit_code,
        credit_code_pending=row.credit_code_pending,
        founded_on=row.founded_on,
        platform_id=row.platform_id,
        categories=frozenset(period.categories),
        sub_kinds=frozenset(period.sub_kinds),
        stages=frozenset(period.stages),
        modes=_codes(*re.split(r"[;,、+]", period.mode)),
        profit_nature=period.profit_nature,
        operating_status=period.operating_status,
        learners=period.learners,
        startup_funds=row.startup_funds,
        custody_account=DEDICATED if row.custody_account else None,
        sign_names=tuple(signs),
    )


def _place(period: SitePeriod) -> plain.Place:
    return plain.Place(
        pk=period.site_id,
        address=period.address,
        serial=period.site.serial,
        building_use=period.building_use,
        lowest_floor=period.lowest_floor,
        highest_floor=period.highest_floor,
        area=period.area,
        teaching_area=period.teaching_area,
        owned=None if not period.tenure else period.tenure == Tenure.OWNED,
        lease_until=period.lease_until,
        meals=period.meals,
        boarding=period.boarding,
        persons_per_room=period.persons_per_room,
        area_per_boarder=period.area_per_boarder,
        own_building=period.own_building,
    )


def _certificate(row: Licence) -> plain.Certificate:
    return plain.Certificate(
        pk=row.pk,
        kind=row.kind,
        site=row.site_id,
        issued_on=row.issued_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended_on=row.ended_on,
        categories=frozenset(row.categories),
        stages=frozenset(row.stages),
        modes=_codes(row.mode),
    )


def _last_rounds(rows: Iterable[AnnualResult]) -> list[AnnualResult]:
    """The last round of each year counts."""
    last = {row.year: row for row in sorted(rows, key=lambda row: (row.round, row.pk))}
    return list(last.values())


def _review(row: AnnualResult) -> plain.Review:
    return plain.Review(row.pk, row.year, row.result, row.reason)
