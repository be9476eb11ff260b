"""What a few institutions filed, the school year, prices, and the leads that checks make of it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat

from desk.demo.county import COUNTY, County
from desk.demo.registry import Register
from governance.models import Division
from institutions.filings import records
from institutions.filings.kinds import KINDS
from institutions.leads import acts, checking, prices, school_terms
from institutions.leads.school_terms import HourRow, TermRow
from institutions.models import SCHOOLING, Institution, Lead, LeadCheck

EVENING = {"heads": 18, "on_rest_days": False, "dates": []}
MATHS = {
    "category": "SUBJECT", "stages": ["PRIMARY"], "mode": "OFFLINE", "class_size": 20,
    "lesson_minutes": 45,
}  # fmt: skip
ARTS = {"category": "ARTS", "stages": ["PRIMARY"], "mode": "OFFLINE", "class_size": 18}
# One thing amiss each, as it would be filed: (kind, what was filed).
FILED: list[tuple[str, dict[str, Any]]] = [
    ("fee", {"name": "秋季班学费", "amount": Decimal(4680), "lessons": 66, "posted": True}),
    ("fee", {"name": "全年套餐", "amount": Decimal(5800), "lessons": 48, "posted": True}),
    ("fee", {"name": "寒假班", "amount": Decimal(1800), "lessons": 20, "posted": True,
             "pay_methods": ["QR", "TRAINING_LOAN"]}),
    ("course", {"name": "幼小衔接综合班", "category": "OTHER", "stages": ["PRE"],
                "mode": "OFFLINE"}),
    ("course", {"name": "小学数学提高班", **MATHS,
                "slots": [{"weekday": 6, "starts_at": "09:00", "ends_at": "10:30", **EVENING}]}),
    ("course", {"name": "少儿街舞", **ARTS,
                "slots": [{"weekday": 3, "starts_at": "19:00", "ends_at": "20:45", **EVENING}]}),
    ("advertisement", {"kind": "AD", "text": "名师小班，期末提分看得见"}),
    ("contract", {"form_code": "自拟合同"}),
    ("material", {"title": "创意美术第一册", "internal_review_passed": True}),
]  # fmt: skip
WITHOUT_PLATFORM = 3


def file_and_check(made: County, register: Register, today: dt.date) -> None:
    """A dozen leads of different rules; one was dismissed, one asked about."""
    _school_year(made, today)
    _prices(made, today)
    places = register.full[100:]
    licensed = Institution.objects.filter(licences__kind__in=SCHOOLING, platform_id="")
    late = [place.pk for place in places[:WITHOUT_PLATFORM]]
    Institution.objects.filter(pk__in=licensed.values("pk")).exclude(pk__in=late).update(
        platform_id=Concat(Value("PT"), F("number"))
    )
    for place, (kind, facts) in zip(places[WITHOUT_PLATFORM:], FILED, strict=False):
        records.add(KINDS[kind], place, facts, by=made["edu_clerk"])
    assert register.demo is not None
    fee = {"name": "钢琴一对一", "amount": Decimal(5200), "lessons": 40, "posted": True}
    records.add(KINDS["fee"], register.demo, fee, by=made["edu_clerk"])
    checking.check(Institution.objects.registered().values_list("pk", flat=True))
    LeadCheck.objects.all().delete()
    _work_on_some(made, register)


def _work_on_some(made: County, register: Register) -> None:
    rows = Lead.objects.waiting().select_related("institution", "rule", "lead").order_by("pk")
    edu = made.departments["EDU"]
    asked = rows.filter(institution=register.demo, lead=edu).first()
    if asked:
        acts.ask(
            asked,
            by=made["edu_clerk"],
            question="请说明该收费项目的收取方式，是否一次性收取全部费用。",
        )
    dull = rows.filter(code="R47", lead=edu).first()
    if dull:
        acts.dismiss(dull, by=made["edu_clerk"], reason="已提交入驻申请，平台审核中")


def _school_year(made: County, today: dt.date) -> None:
    county, clerk = Division.objects.get(pk=COUNTY), made["edu_clerk"]
    first = today.year if today.month >= 8 else today.year - 1
    for year in (first - 1, first):
        named, after = f"{year}-{year + 1}", year + 1
        for part, start, end in (
            ("AUTUMN", dt.date(year, 9, 1), dt.date(after, 1, 20)),
            ("WINTER_HOLIDAY", dt.date(after, 1, 21), dt.date(after, 2, 25)),
            ("SPRING", dt.date(after, 2, 26), dt.date(after, 7, 8)),
            ("SUMMER_HOLIDAY", dt.date(after, 7, 9), dt.date(after, 8, 31)),
        ):
            school_terms.set_term(county, TermRow(named, part, start, end), by=clerk)
    morning, noon = dt.time(8, 10), dt.time(11, 50)
    afternoon, evening = dt.time(14, 0), dt.time(17, 0)
    hours = [
        HourRow(stage, start, end)
        for stage in ("PRIMARY", "JUNIOR", "SENIOR")
        for start, end in ((morning, noon), (afternoon, evening))
    ]
    school_terms.set_hours(county, hours, by=clerk)


def _prices(made: County, today: dt.date) -> None:
    for low, high, base in ((0, 9, 45), (10, 35, 30), (36, None, 20)):
        prices.set_price(
            COUNTY, by=made["edu_clerk"], stage="", mode="OFFLINE", size_from=low, size_to=high,
            base=Decimal(base), float_percent=Decimal(10), lesson_minutes=45,
            valid_from=today.replace(month=1, day=1), document_number="明川发改价〔2025〕12号",
        )  # fmt: skip
