"""The 312 institutions of the demo county with their places and certificates.

Those with papers come from the county's ledger, an Excel workbook, as in a county that begins with
Mingshu; those without were found by the townships.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from desk.demo import ledger
from desk.demo.county import County
from desk.demo.names import Names
from governance.models import Division
from institutions import services
from institutions.models import (
    SCHOOLING,
    Category,
    Disposal,
    FoundHow,
    Institution,
    Kind,
    Licence,
    OperatingStatus,
    Source,
)

CAMPAIGN = "2026年校外培训机构专项治理"
DEMO_NAME = "明川县城关晨光艺术培训学校"  # inst_demo's

# Shares of the whole, in rows; together 312.
FULL, EXPIRED, LICENCE_ONLY, REGISTERED_ONLY, NEITHER = 196, 14, 6, 58, 38
TOTAL = FULL + EXPIRED + LICENCE_ONLY + REGISTERED_ONLY + NEITHER
CATEGORIES = [
    (Category.ARTS, 40), (Category.SPORT, 20), (Category.SCITECH, 12), (Category.OTHER, 10),
    (Category.SUBJECT, 10), (Category.VOCATIONAL, 8),
]  # fmt: skip
LICENSORS = {Category.ARTS: "CULTURE", Category.SPORT: "SPORT", Category.SCITECH: "SCI",
             Category.VOCATIONAL: "HRSS"}  # fmt: skip
AREAS = (80, 120, 160, 220, 300, 360, 480, 620)  # square metres


@dataclass
class Register:
    """What was registered, by certificate status, for the steps that follow."""

    full: list[Institution] = field(default_factory=list)
    expired: list[Institution] = field(default_factory=list)
    licence_only: list[Institution] = field(default_factory=list)
    registered_only: list[Institution] = field(default_factory=list)
    neither: list[Institution] = field(default_factory=list)
    demo: Institution | None = None

    @property
    def all(self) -> list[Institution]:
        return [
            *self.full, *self.expired, *self.licence_only, *self.registered_only, *self.neither,
        ]  # fmt: skip


class Registrar:
    """Makes up institutions one after the other from one random source."""

    def __init__(self, county: County, random: Random, today: dt.date) -> None:
        self.county, self.random, self.today = county, random, today
        self.names = Names(random)
        self.by = county["edu_clerk"]

    def build(self) -> Register:
        made = Register()
        rows = [
            self.certified(name=DEMO_NAME, township=self.county.townships[0]),
            *(self.certified() for _n in range(FULL - 1)),
            *(self.certified(ends=self._ago(10, 300)) for _n in range(EXPIRED)),
            *(self.certified(registered=False) for _n in range(LICENCE_ONLY)),
            *(self.registered() for _n in range(REGISTERED_ONLY)),
        ]
        entered = iter(ledger.bring_in(rows, self.county, by=self.by))
        made.full = list(islice(entered, FULL))
        made.expired = list(islice(entered, EXPIRED))
        made.licence_only = list(islice(entered, LICENCE_ONLY))
        made.registered_only = list(entered)
        made.demo = made.full[0]
        made.neither = [self.found() for _n in range(NEITHER)]
        self._branches(made)
        self._duplicates(made)
        self._dispose(made)
        self._closed(made)
        self._licences_end(made)
        return made

    def certified(
        self,
        *,
        name: str = "",
        township: Division | None = None,
        ends: dt.date | None = None,
        registered: bool = True,
    ) -> ledger.Row:
        """A licensed body; `ends` is the last day of its licence, in the past when expired."""
        township = township or self._township()
        category = Category.ARTS if name else self._category()
        founded = self._ago(400, 1900)
        licensor = self.county.departments[LICENSORS.get(category, "EDU")]
        nonprofit = category == Category.SUBJECT
        return self._row(
            name or self.names.institution(township.name, category),
            township,
            category,
            founded,
            nonprofit=nonprofit,
            code=self.names.credit_code("nonprofit" if nonprofit else "company")
            if registered
            else "",
        ) | {
            "审批机关": licensor.name,
            "办学许可证号": self.names.licence_number(),
            "发证机关": licensor.name,
            "发证日期": founded,
            "有效期起": founded,
            "有效期止": ends or self._licence_end(),
        }

    def registered(self) -> ledger.Row:
        """A body with a business licence and no school licence."""
        township, category = self._township(), self._category()
        return self._row(
            self.names.institution(township.name, category),
            township,
            category,
            self._ago(60, 1200),
            nonprofit=False,
            code=self.names.credit_code("company"),
        ) | {"能否办证": "是" if self.random.random() < 0.55 else "否"}

    def _row(
        self,
        name: str,
        township: Division,
        category: str,
        founded: dt.date,
        *,
        nonprofit: bool,
        code: str,
    ) -> ledger.Row:
        registrar = self.county.departments["CIVIL" if nonprofit else "SAMR"]
        return {
            "机构名称": name,
            "乡镇": township.name,
            "地址": self.names.address(township.name),
            "机构类型": _words(category),
            "办学性质": "非营利" if nonprofit else "营利",
            "成立日期": founded,
            "学员数": self.random.randrange(8, 260),
            "负责人": self.names.person(),
            "联系电话": self.names.phone(),
            "统一社会信用代码": code,
            "登记机关": registrar.name if code else "",
        }

    def found(self) -> Institution:
        """A place found without any paper; one in five has not even a name."""
        township = self._township()
        nameless = self.random.random() < 0.2
        return services.register_institution(
            by=self.by,
            township=township,
            name="" if nameless else self.names.institution(township.name, "CARE"),
            since=self._ago(5, 500),
            address=self.names.address(township.name),
            kind=Kind.AFTERCARE if self.random.random() < 0.5 else Kind.TRAINING,
            categories=[Category.UNCLEAR],
            learners=self.random.randrange(8, 260),
            principal=self.names.person(),
            contact_phone=self.names.phone(),
            can_qualify=self.random.random() < 0.3,
            source=Source.QUICK,
            found_how=self.random.choice([FoundHow.SWEEP, FoundHow.PATROL, FoundHow.TIP]),
        )

    def _branches(self, made: Register) -> None:
        """Every fourteenth licensed body teaches at a second place."""
        for institution in made.full[5::14]:
            services.add_site(
                institution,
                by=self.by,
                address=self.names.address(institution.division.name),
                start=self._ago(30, 300),
                name="分校区",
                area=self.random.choice(AREAS),
            )

    def _duplicates(self, made: Register) -> None:
        """Eight bodies were entered twice by different townships."""
        for original, double in zip(made.full[40:48], made.registered_only[:8], strict=True):
            services.mark_duplicate(double, original, by=self.by, reason="与已登记机构为同一主体")

    def _dispose(self, made: Register) -> None:
        for institution in made.registered_only[10:26]:
            self._outcome(institution, Disposal.Outcome.REGULARIZE, "指导申办办学许可证")
        for institution in made.registered_only[26:40]:
            self._outcome(institution, Disposal.Outcome.RECTIFY, "限期整改，停止超范围培训")
        for institution in made.neither[:14]:
            self._outcome(institution, Disposal.Outcome.SHUT_DOWN, "责令停止办学，退还剩余费用")

    def _outcome(self, institution: Institution, outcome: str, measures: str) -> None:
        services.dispose(
            institution,
            by=self.by,
            outcome=outcome,
            decided_on=self._ago(3, 90),
            campaign=CAMPAIGN,
            measures=measures,
        )

    def _closed(self, made: Register) -> None:
        statuses = [
            OperatingStatus.SUSPENDED,
            OperatingStatus.CLOSING,
            OperatingStatus.LOST_CONTACT,
        ]
        for place, institution in enumerate(made.expired[:9]):
            services.record_period(
                institution,
                by=self.by,
                start=self._ago(1, 9),
                operating_status=statuses[place % 3],
                reason="巡查发现",
            )

    def _licences_end(self, made: Register) -> None:
        """What happened to licences: lapsed, given up, revoked, obtained by deceit, stopped."""
        for institution in made.expired[9:12]:
            self._licence_turns(institution, Licence.State.LAPSED, "有效期届满未延续")
        self._licence_turns(made.expired[12], Licence.State.CANCELLED, "举办者申请终止办学")
        self._licence_turns(made.expired[13], Licence.State.REVOKED, "屡次违规收费，依法吊销")
        self._licence_turns(made.expired[8], Licence.State.WITHDRAWN, "提交虚假材料取得许可")
        self._licence_turns(made.full[49], Licence.State.SUSPENDED, "整改期间暂停招生")

    def _licence_turns(self, institution: Institution, to: str, reason: str) -> None:
        licence = institution.licences.filter(kind__in=SCHOOLING).get()
        services.change_licence_status(licence, to, by=self.by, on=self._ago(1, 10), reason=reason)

    def _township(self) -> Division:
        """The seat has most institutions, the far townships few."""
        weights = [60, 32, 28, 18, *([9] * 9), *([4] * 5)]
        return self.random.choices(self.county.townships, weights)[0]

    def _category(self) -> str:
        names, weights = zip(*CATEGORIES, strict=True)
        return self.random.choices(names, weights)[0]

    def _ago(self, least: int, most: int) -> dt.date:
        return self.today - dt.timedelta(days=self.random.randrange(least, most))

    def _licence_end(self) -> dt.date:
        """Most licences run for long; one in ten ends within the next two months."""
        soon = self.random.random() < 0.1
        days = self.random.randrange(3, 60) if soon else self.random.randrange(120, 1000)
        return self.today + dt.timedelta(days=days)


def _words(category: str) -> str:
    return {
        Category.SUBJECT: "学科类", Category.ARTS: "文化艺术类", Category.SPORT: "体育类",
        Category.SCITECH: "科技类", Category.VOCATIONAL: "职业技能类",
    }.get(category, "非学科类")  # fmt: skip
