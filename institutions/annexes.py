"""Annexes 1 to 4 of the township ledger, made from the register for any day.

Every head is one the import understands and every word one it reads, so an annex that was sent
out, filled in and sent back changes what was written into it and nothing else. Annexes are Chinese
papers in every language of the pages. Columns with persons go out empty: an empty cell takes
nothing away.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance import daylight, labels
from governance.exports import DATE, NUMBER, TEXT, Column, Export
from governance.models import Membership
from institutions.models import (
    SCHOOLING,
    CertStatus,
    Institution,
    InstitutionPeriod,
    Kind,
    Licence,
    SitePeriod,
)

CHUNK = 1_000
TITLES = {
    1: _("Annex 1 Sweep register of training institutions"),
    2: _("Annex 2 Licensed and registered institutions"),
    3: _("Annex 3 Institutions registered but not licensed"),
    4: _("Annex 4 Institutions neither licensed nor registered"),
}
STATUSES = {
    1: tuple(CertStatus), 2: (CertStatus.FULL,), 3: (CertStatus.REG_ONLY,),
    4: (CertStatus.NONE, CertStatus.LICENSE_ONLY),
}  # fmt: skip
CERTS = {"FULL": "有证有照", "REG_ONLY": "有照无证", "LICENSE_ONLY": "有证无照", "NONE": "无证无照"}
PENDING, NAMELESS, YES, NO = "办理中", "无名称", "是", "否"


@dataclass
class Entry:
    """One line: an institution at one of its sites."""

    serial: int
    institution: Institution
    period: InstitutionPeriod
    site: SitePeriod | None
    licence: Licence | None


Get = Callable[[Entry], Any]


def word(domain: str, value: str | None) -> str:
    entry = labels.table().get(domain, {}).get(value or "")
    return entry.zh if entry else ""


def kind(entry: Entry) -> str:
    period = entry.period
    if period.kind != Kind.TRAINING:
        return word("Institution.kind", period.kind)
    return "、".join(word("Institution.category", value) for value in period.categories)


def credit_code(entry: Entry) -> str:
    known = entry.institution
    return known.credit_code or (PENDING if known.credit_code_pending else "")


def of_site(name: str) -> Get:
    return lambda entry: getattr(entry.site, name) if entry.site else None


def of_licence(name: str) -> Get:
    return lambda entry: getattr(entry.licence, name) if entry.licence else None


def words_of(domain: str, get: Get) -> Get:
    """Several values in one cell: 小学、初中."""
    return lambda entry: "、".join(word(domain, value) for value in get(entry) or ())


def can_qualify(entry: Entry) -> str:
    said = entry.period.can_qualify
    return "" if said is None else YES if said else NO


def empty(entry: Entry) -> None:
    return None


def certs(entry: Entry) -> str:
    return CERTS[getattr(entry.institution, "cert_status")]  # noqa: B009 (annotated)


# code → (head, value, kind, width, whether every site says it)
COLUMNS: dict[str, tuple[str, Get, str, int, bool]] = {
    "ordinal": ("序号", lambda e: e.serial, NUMBER, 6, False),
    "township": ("乡镇(街道)", lambda e: e.period.township.name, TEXT, 14, False),
    "name": ("机构名称", lambda e: e.period.name or NAMELESS, TEXT, 32, False),
    "address": ("地址", of_site("address"), TEXT, 36, True),
    "site_name": ("校区", of_site("name"), TEXT, 14, True),
    "legal": ("法定代表人", empty, TEXT, 12, False),
    "principal": ("负责人", empty, TEXT, 12, False),
    "phone": ("联系电话", empty, TEXT, 14, False),
    "licence": ("办学许可证号", of_licence("number"), TEXT, 22, False),
    "from": ("有效期起", of_licence("valid_from"), DATE, 12, False),
    "until": ("有效期止", of_licence("valid_to"), DATE, 12, False),
    "granted": ("许可条件", of_licence("conditions"), TEXT, 20, False),
    "granted_kind": ("许可类别", words_of("Institution.category", of_licence("categories")), TEXT,
                     16, False),
    "granted_stages": ("许可学段", words_of("Institution.stage", of_licence("stages")), TEXT, 16,
                       False),
    "granted_mode": ("许可培训形式", lambda e: word("Institution.mode", of_licence("mode")(e)),
                     TEXT, 10, False),
    "code": ("统一社会信用代码", credit_code, TEXT, 22, False),
    "registrar": ("登记机关", lambda e: e.period.registrar and e.period.registrar.name, TEXT, 18,
                  False),
    "licensor": ("审批机关", lambda e: e.period.licensor and e.period.licensor.name, TEXT, 18,
                 False),
    "certs": ("证照情况", certs, TEXT, 12, False),
    "kind": ("类别", kind, TEXT, 16, False),
    "sub_kinds": ("培训项目", words_of("Institution.sub_kind", lambda e: e.period.sub_kinds), TEXT,
                  16, False),
    "mode": ("培训形式", lambda e: word("Institution.mode", e.period.mode), TEXT, 10, False),
    "stages": ("学段", words_of("Institution.stage", lambda e: e.period.stages), TEXT, 16, False),
    "profit": ("营利性质", lambda e: word("Institution.profit_nature", e.period.profit_nature),
               TEXT, 10, False),
    "status": ("经营状态", lambda e: word("Institution.operating_status",
                                      e.period.operating_status), TEXT, 12, False),
    "founded": ("成立日期", lambda e: e.institution.founded_on, DATE, 12, False),
    "funds": ("开办资金", lambda e: e.institution.startup_funds, NUMBER, 14, False),
    "area": ("建筑面积(平方米)", of_site("area"), NUMBER, 12, True),
    "teaching": ("教学用房面积", of_site("teaching_area"), NUMBER, 12, True),
    "floors": ("楼层", of_site("floors"), TEXT, 8, True),
    "rooms": ("教室数", of_site("rooms"), NUMBER, 8, True),
    "capacity": ("核定人数", of_site("capacity"), NUMBER, 8, True),
    "use": ("房屋性质", lambda e: word("SitePeriod.building_use",
                                   e.site.building_use if e.site else ""), TEXT, 12, True),
    "learners": ("学生数", lambda e: e.period.learners, NUMBER, 8, False),
    "qualify": ("是否具备办证条件", can_qualify, TEXT, 10, False),
    "problem": ("主要问题", empty, TEXT, 30, False),
    "result": ("处理意见", empty, TEXT, 20, False),
    "note": ("备注", lambda e: e.institution.note, TEXT, 24, False),
}  # fmt: skip
_HEAD = ("ordinal", "township", "name", "address", "site_name", "legal", "principal", "phone")
_LICENCE = (
    "licence", "from", "until", "granted", "granted_kind", "granted_stages", "granted_mode",
)  # fmt: skip
_FACTS = (
    "kind", "sub_kinds", "mode", "stages", "profit", "status", "founded", "funds", "area",
    "teaching", "floors", "rooms", "capacity", "use", "learners",
)  # fmt: skip
OF = {
    1: (*_HEAD, *_LICENCE, "code", "registrar", "licensor", "certs", *_FACTS,
        "qualify", "problem", "result", "note"),
    2: (*_HEAD, *_LICENCE, "code", "registrar", "licensor", "certs", *_FACTS,
        "note"),
    3: (*_HEAD, "code", "registrar", "certs", *_FACTS, "qualify", "problem", "result", "note"),
    4: (*_HEAD, "certs", *_FACTS, "qualify", "problem", "result", "note"),
}  # fmt: skip


class Annex(Export):
    """One annex as of a day: what the actor sees of the register, one line for each site."""

    def __init__(
        self, actor: Membership, number: int, on: dt.date | None = None, *, filters: str = ""
    ) -> None:
        super().__init__(actor, filters=filters)
        self.number, self.on = number, on or daylight.today()
        self.title = TITLES[number]  # type: ignore[misc]
        self.columns = [  # type: ignore[misc]
            Column(head, read(get, every), kind_, width)
            for head, get, kind_, width, every in (COLUMNS[code] for code in OF[number])
        ]

    def rows(self) -> Any:
        seen = Institution.objects.visible_to(self.actor).registered()
        held = seen.with_cert_status(self.on).filter(cert_status__in=STATUSES[self.number])
        return held.order_by("division_id", "pk")

    def records(self) -> Iterator[list[Any]]:
        getters = [column.value for column in self.columns]
        for lines in self.institutions():
            for nth, entry in enumerate(lines):
                yield [get((entry, nth == 0)) for get in getters]

    def institutions(self) -> Iterator[list[Entry]]:
        """The lines of each institution; four statements for every thousand of them."""
        serial, part = 0, []
        for row in self.rows().iterator(chunk_size=CHUNK):
            part.append(row)
            if len(part) == CHUNK:
                for lines in self.lines_of(part, serial):
                    serial += 1
                    yield lines
                part = []
        yield from self.lines_of(part, serial)

    def lines_of(self, part: list[Institution], serial: int) -> Iterator[list[Entry]]:
        keys = [row.pk for row in part]
        periods = {
            period.institution_id: period
            for period in InstitutionPeriod.objects.on(self.on)
            .filter(institution__in=keys)
            .select_related("township", "licensor", "registrar")
        }
        sites = grouped(
            SitePeriod.objects.on(self.on)
            .filter(site__institution__in=keys)
            .select_related("site")
            .order_by("site__serial"),
            lambda period: period.site.institution_id,
        )
        licences = grouped(
            Licence.objects.in_force(self.on)
            .filter(institution__in=keys, kind__in=SCHOOLING)
            .order_by("pk"),
            lambda licence: licence.institution_id,
        )
        for row in part:
            if period := periods.get(row.pk):
                serial += 1
                licence = next(iter(licences[row.pk]), None)
                yield [
                    Entry(serial, row, period, site, licence) for site in sites[row.pk] or [None]
                ]


def read(get: Get, every: bool) -> Callable[[tuple[Entry, bool]], Any]:
    """A fact of the institution stands on its first line only, one of a site on each."""
    return lambda line: get(line[0]) if every or line[1] else None


def grouped(rows: Iterable[Any], by: Callable[[Any], int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return found
