"""The rest of the record of the demo county: buildings, money, reviews of three years, wall codes.

Drawn from a random source of its own, so that it changes nothing of what other steps draw.
"""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from desk.demo.county import County
from desk.demo.registry import Register
from institutions import services
from institutions.models import (
    AnnualResult,
    BuildingUse,
    Category,
    Institution,
    Meals,
    Site,
    SubKind,
    Tenure,
)

TAUGHT = {
    Category.ARTS: (SubKind.MUSIC, SubKind.FINE_ART, SubKind.DANCE, SubKind.CALLIGRAPHY),
    Category.SPORT: (SubKind.BALL, SubKind.SWIMMING, SubKind.MARTIAL_ARTS, SubKind.CHESS),
    Category.SCITECH: (SubKind.ROBOTICS, SubKind.PROGRAMMING, SubKind.MAKER),
    Category.SUBJECT: (SubKind.FOREIGN_LANGUAGE, SubKind.MATHEMATICS, SubKind.CHINESE),
}
BANKS = ("明川农村商业银行城关支行", "中国邮政储蓄银行明川县支行", "中国农业银行明川县支行")
FUNDS = (100_000, 200_000, 300_000, 500_000)  # yuan
YEARS, CODES, GUIDED = 3, 40, 6


class Whole:
    """Fills what the first entry of an institution leaves open."""

    def __init__(self, county: County, register: Register, seed: int, today: dt.date) -> None:
        self.register, self.today = register, today
        self.random = Random(f"record-{seed}")
        self.by = county["edu_clerk"]

    def fill(self) -> None:
        for institution in self.register.all:
            self.teaching(institution)
        licensed = [*self.register.full, *self.register.expired]
        for institution in licensed:
            self.money(institution)
        for site in self.sites():
            self.building(site)
        for ago in range(1, YEARS + 1):
            self.review(licensed, self.today.year - ago)
        for institution in self.register.full[:CODES]:
            services.issue_wall_token(institution, by=self.by)
        self.qualify()

    def sites(self) -> Sequence[Site]:
        rows = Site.objects.filter(institution__in=self.register.all, voided_at=None)
        return list(rows.select_related("institution").prefetch_related("periods").order_by("pk"))

    def teaching(self, institution: Institution) -> None:
        period = institution.periods.order_by("during").last()
        known = TAUGHT.get(Category(period.categories[0])) if period and period.categories else None
        if period and known:
            taught = sorted(self.random.sample(known, k=self.random.randint(1, 2)))
            self.facts(institution, period.during.lower, sub_kinds=taught)

    def facts(self, institution: Institution, start: dt.date, **facts: Any) -> None:
        services.record_period(institution, by=self.by, start=start, **facts)

    def money(self, institution: Institution) -> None:
        digits = "".join(str(self.random.randint(0, 9)) for _n in range(12))
        services.change_identity(
            institution, by=self.by, startup_funds=self.random.choice(FUNDS),
            custody_bank=self.random.choice(BANKS), custody_account=f"9901{digits}",
        )  # fmt: skip

    def building(self, site: Site) -> None:
        [period, *_later] = sorted(site.periods.all(), key=lambda row: row.during.lower)
        area = period.area or 160
        low = self.random.choice((1, 1, 2, 2, 3))
        services.record_site_period(
            site, by=self.by, start=period.during.lower, until=period.during.upper,
            building_use=self.random.choices(
                (BuildingUse.COMMERCIAL, BuildingUse.OFFICE, BuildingUse.EDUCATION,
                 BuildingUse.HOME), (70, 18, 9, 3),
            )[0],
            lowest_floor=low, highest_floor=low + self.random.choice((0, 0, 1)),
            teaching_area=round(area * self.random.uniform(0.55, 0.85), 2),
            rooms=max(2, int(area) // 45), capacity=int(area) // 4,
            meals=Meals.NONE, boarding=False, own_building=False, **self.lease(),
        )  # fmt: skip

    def lease(self) -> dict[str, Any]:
        if self.random.random() < 0.1:
            return {"tenure": Tenure.OWNED}
        first = self.today - dt.timedelta(days=self.random.randint(60, 900))
        years = self.random.choice((1, 3, 3, 5))
        return {
            "tenure": Tenure.LEASED,
            "lease_from": first,
            "lease_until": first + dt.timedelta(days=365 * years - 1),
        }

    def review(self, licensed: Sequence[Institution], year: int) -> None:
        """The results of a year, decided and published in the spring that followed."""
        decided = dt.date(year + 1, 3, 20)
        if decided >= self.today:
            return
        for institution in licensed:
            if institution.founded_on and institution.founded_on.year > year:
                continue
            self.result(institution, year, decided)

    def result(self, institution: Institution, year: int, decided: dt.date) -> None:
        new = institution.founded_on is not None and institution.founded_on.year == year
        drawn = self.random.choices(("PASS", "BASIC_PASS", "FAIL", "NOT_TAKEN"), (84, 8, 4, 4))[0]
        result = AnnualResult.Result.NOT_TAKEN if new else AnnualResult.Result(drawn)
        reason = ""
        if result == AnnualResult.Result.NOT_TAKEN:
            reason = "NEW" if new else self.random.choice(("NOT_RESUMED", "CLOSING"))
        services.record_annual_result(
            institution, by=self.by, year=year, result=result, reason=reason, decided_on=decided,
            document_number=f"明教发〔{year + 1}〕12号",
            published_on=decided + dt.timedelta(days=10),
        )  # fmt: skip

    def qualify(self) -> None:
        """Whether those without a licence can come to meet the standard; some are guided."""
        without = [*self.register.registered_only, *self.register.neither]
        for at, institution in enumerate(without):
            if at % 4 == 3:
                continue  # not looked at yet
            can = at % 4 != 2
            self.facts(institution, self.today - dt.timedelta(days=40), can_qualify=can)
        for institution in self.register.registered_only[: GUIDED * 2 : 2]:
            begun = self.today - dt.timedelta(days=self.random.randint(5, 35))
            services.begin_guidance(
                institution, by=self.by, goal="SCHOOL_LICENCE", begun_on=begun,
                text="约谈举办者，发放一次性告知书；尚缺消防材料和资金证明。",
            )  # fmt: skip
