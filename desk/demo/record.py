"""The rest of the record of the demo county: buildings, money, reviews of three years, wall codes.

As a county brings them in from its own files: in bulk, a few statements for all. Drawn from a
random source of its own, so that it changes nothing of what other steps draw.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from django.db import connection

from desk.demo.county import County
from desk.demo.registry import Register
from governance import audit, bulk
from governance.audit import Verb
from institutions import services
from institutions.models import (
    AnnualResult,
    BuildingUse,
    Category,
    Institution,
    Licence,
    LicenceKind,
    Meals,
    Mode,
    Site,
    Source,
    Stage,
    SubKind,
    Tenure,
    WallToken,
)
from institutions.services import origins

Facts = dict[str, Any]
Result, Reason, Round = AnnualResult.Result, AnnualResult.Reason, AnnualResult.Round
TAUGHT: dict[str, tuple[SubKind, ...]] = {
    Category.ARTS: (SubKind.MUSIC, SubKind.FINE_ART, SubKind.DANCE, SubKind.CALLIGRAPHY),
    Category.SPORT: (SubKind.BALL, SubKind.SWIMMING, SubKind.MARTIAL_ARTS, SubKind.CHESS),
    Category.SCITECH: (SubKind.ROBOTICS, SubKind.PROGRAMMING, SubKind.MAKER),
    Category.SUBJECT: (SubKind.FOREIGN_LANGUAGE, SubKind.MATHEMATICS, SubKind.CHINESE),
}
BANKS = ("明川农村商业银行城关支行", "中国邮政储蓄银行明川县支行", "中国农业银行明川县支行")
FUNDS, SHORT = (300_000, 300_000, 500_000), 200_000  # yuan; one of forty has too little
AREAS, SMALL = (300, 320, 360, 400, 480, 560, 640), 220  # square metres; one too small in forty
USES = ((BuildingUse.COMMERCIAL, BuildingUse.OFFICE, BuildingUse.EDUCATION), (74, 18, 8))
YEARS, CODES = 3, 40
LEASE = dt.timedelta(days=6 * 365)
PUBLISHED_AFTER = dt.timedelta(days=10)
PERIOD = {  # column of a site: its type
    "building_use": "text", "lowest_floor": "smallint", "highest_floor": "smallint",
    "area": "numeric", "teaching_area": "numeric", "rooms": "smallint", "capacity": "integer",
    "meals": "text", "boarding": "boolean", "own_building": "boolean", "tenure": "text",
    "lease_from": "date", "lease_until": "date",
}  # fmt: skip
TEACHING = {"sub_kinds": "text[]", "stages": "text[]", "mode": "text"}
MONEY = {"startup_funds": "numeric", "custody_bank": "text"}


class Whole:
    """Fills what the ledger leaves open."""

    def __init__(self, county: County, register: Register, seed: int, today: dt.date) -> None:
        self.county, self.register, self.today = county, register, today
        self.random = Random(f"record-{seed}")
        self.by = county["edu_clerk"]
        self.licensed = [*register.full, *register.expired]

    def fill(self) -> None:
        self._buildings()
        self._fire_papers()
        self._money()
        self._subjects()
        self._reviews()
        self._wall_codes()
        self._former_names()

    # --- buildings and money ---------------------------------------------------------------------

    def _buildings(self) -> None:
        """First sites: the facts of the application; a dozen were measured on an inspection."""
        sites = Site.objects.filter(institution__in=self.licensed, serial=1, voided_at=None)
        keys = dict(sites.values_list("institution_id", "pk"))
        facts = [(keys[one.pk], self._building(at, one)) for at, one in enumerate(self.licensed)]
        put("institutions_siteperiod", "site_id", PERIOD, facts)
        put(
            "institutions_site",
            "id",
            {"sources": "jsonb"},
            [(pk, {"sources": _told_by(at, found)}) for at, (pk, found) in enumerate(facts)],
        )

    def _building(self, at: int, institution: Institution) -> Facts:
        area = SMALL if at % 40 == 39 else self.random.choice(AREAS)
        low = self.random.choice((1, 1, 2, 2))
        return {
            "building_use": self.random.choices(*USES)[0],
            "lowest_floor": low,
            "highest_floor": low + self.random.choice((0, 0, 1)),
            "area": area,
            "teaching_area": round(area * self.random.uniform(0.55, 0.85)),
            "rooms": area // 45,
            "capacity": area // 4,
            "meals": Meals.NONE,
            "boarding": False,
            "own_building": False,
            **self._lease(institution.founded_on or self.today),
        }

    def _lease(self, first: dt.date) -> Facts:
        if self.random.random() < 0.1:
            return {"tenure": Tenure.OWNED}
        return {"tenure": Tenure.LEASED, "lease_from": first, "lease_until": first + LEASE}

    def _fire_papers(self) -> None:
        fire = self.county.departments["FIRE"]
        rows = [
            Licence(
                institution=one, kind=LicenceKind.FIRE, issuer=fire, recorded_by=self.by,
                number=f"明消安检字〔{first.year}〕第{at:04}号", issued_on=first, valid_from=first,
                source=Source.IMPORT,
            )
            for at, one in enumerate(self.licensed, start=1)
            if (first := one.founded_on)
        ]  # fmt: skip
        bulk.insert(rows)
        self._say(
            Verb.LICENCE_RECORDED,
            [
                (row.institution, {"licence": row.pk, "kind": row.kind, "number": row.number})
                for row in rows
            ],
        )

    def _money(self) -> None:
        choice = self.random.choice
        facts = [
            (
                one.pk,
                {
                    "startup_funds": SHORT if at % 40 == 19 else choice(FUNDS),
                    "custody_bank": choice(BANKS),
                },
            )
            for at, one in enumerate(self.licensed)
        ]
        put("institutions_institution", "id", MONEY, facts)
        told = {"sources": origins.noted([*MONEY, *TEACHING], Source.IMPORT)}
        put(
            "institutions_institution", "id", {"sources": "jsonb"}, [(pk, told) for pk, _f in facts]
        )

    def _subjects(self) -> None:
        """What each teaches within its category, to whom, and how."""
        found = [(one.pk, self._taught(one) | {"mode": Mode.OFFLINE}) for one in self.licensed]
        put("institutions_institutionperiod", "institution_id", TEACHING, found)

    def _taught(self, institution: Institution) -> Facts:
        period = institution.period()
        known = TAUGHT.get(period.categories[0], ()) if period and period.categories else ()
        some = self.random.sample(known, k=min(len(known), self.random.randint(1, 2)))
        stages = self.random.choice(((Stage.PRIMARY,), (Stage.PRIMARY, Stage.JUNIOR)))
        return {"sub_kinds": sorted(some), "stages": list(stages)}

    # --- reviews, codes, names -------------------------------------------------------------------

    def _reviews(self) -> None:
        """The published lists of three years; what failed was mostly put right by the second."""
        columns = (
            "institution_id", "year", "round", "result", "reason", "decided_on", "document_number",
            "published_on",
        )  # fmt: skip
        rows = [
            (one, year, *facts)
            for year in range(self.today.year - YEARS, self.today.year)
            if (decided := dt.date(year + 1, 3, 20)) + PUBLISHED_AFTER < self.today
            for at, one in enumerate(self.licensed)
            for facts in self._review(at, one, year, decided)
        ]
        bulk.insert_values(
            AnnualResult, columns, [(one.pk, *rest) for one, *rest in rows],
            source=Source.IMPORT, recorded_by=self.by,
        )  # fmt: skip
        self._say(
            Verb.ANNUAL_RESULT_RECORDED,
            [
                (one, {"year": year, "round": round, "result": result, "reason": reason,
                       "source": Source.IMPORT})
                for one, year, round, result, reason, *_rest in rows
            ],
        )  # fmt: skip

    def _review(
        self, at: int, institution: Institution, year: int, decided: dt.date
    ) -> list[tuple[Any, ...]]:
        """(round, result, reason, decided on, document, published on) of one year."""
        founded = institution.founded_on
        if founded is None or founded.year > year:
            return []
        new = str(Result.NOT_TAKEN), str(Reason.NEW)
        result, reason = new if founded.year == year else _drawn((at * 7 + year) % 60)
        document, second = f"明教发〔{year + 1}〕12号", f"明教发〔{year + 1}〕31号"
        rows: list[tuple[Any, ...]] = [
            (Round.FIRST, result, reason, decided, document, decided + PUBLISHED_AFTER),
        ]
        again = decided + dt.timedelta(days=60)
        if result == Result.FAIL and at % 2 and again + PUBLISHED_AFTER < self.today:
            rows.append(
                (Round.AFTER_CORRECTION, Result.PASS, "", again, second, again + PUBLISHED_AFTER)
            )
        return rows

    def _wall_codes(self) -> None:
        hung = self.register.full[:CODES]
        rows = bulk.insert([WallToken(institution=one, issued_by=self.by) for one in hung])
        self._say(
            Verb.WALL_TOKEN_ISSUED,
            [(row.institution, {"code": row.pk, "site": None}) for row in rows],
        )

    def _former_names(self) -> None:
        """Three were called otherwise until this year."""
        schools = [one for one in self.register.full[3:] if str(one).endswith("培训学校")]
        for one in schools[:3]:
            first, until = one.founded_on, self.today - dt.timedelta(days=200)
            if first and first < until:
                former = str(one).replace("培训学校", "培训中心")
                services.record_period(
                    one, by=self.by, start=first, until=until, name=former, source=Source.IMPORT,
                    reason="变更名称",
                )  # fmt: skip

    def _say(self, verb: str, events: Iterable[tuple[Institution, Facts]]) -> None:
        audit.record_rows(
            verb, Institution, [(one.pk, str(one), one.division_id, said) for one, said in events],
            by=self.by,
        )  # fmt: skip


def _told_by(at: int, facts: Facts) -> dict[str, list[str]]:
    return origins.noted(facts, Source.INSPECTION if at % 18 == 5 else Source.SELF)


def _drawn(number: int) -> tuple[str, str]:
    """Of sixty four pass with remarks, one or two fail, two take no part."""
    if number in (11, 25, 38, 52):
        return Result.BASIC_PASS, ""
    if number == 44:
        return Result.FAIL, ""
    if number in (5, 33):
        return Result.NOT_TAKEN, Reason.NOT_RESUMED
    return Result.PASS, ""


def put(table: str, key: str, types: dict[str, str], rows: Sequence[tuple[int, Facts]]) -> None:
    """Put facts into rows that stand already, those of `key` each, by one statement; what a row
    does not name stays empty, and sources join those that were noted before."""
    sets = ", ".join(
        f"{name} = {'t.sources || ' if name == 'sources' else ''}v.{name}" for name in types
    )
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    empty = {name: "" for name, kind in types.items() if kind == "text"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS t SET {sets} FROM jsonb_to_recordset(%s)"
            f" AS v(pk bigint, {columns}) WHERE t.{key} = v.pk",
            [json.dumps([empty | {"pk": pk} | facts for pk, facts in rows], default=str)],
        )
