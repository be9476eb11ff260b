"""What institutions of the county filed: people, courses, fees; filings in every state."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from desk.demo.days import Scene
from desk.demo.names import GIVEN, SURNAMES
from desk.demo.steps import Stage
from governance import people, private_fields
from governance.models import Division, Membership, User
from governance.scoping import COUNTY_DIGITS
from institutions.filings import acts, identify, records, values
from institutions.filings.kinds import KINDS
from institutions.models import (
    BarredPerson,
    Course,
    Filing,
    InServiceTeacher,
    Institution,
    StaffMember,
)
from institutions.models.staff import ID_PURPOSE

PLACES = 36  # of them what they teach and charge is on record
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TAUGHT = {
    "ARTS": ("美术", "fine_art", ("少儿素描", "创意美术", "硬笔书法")),
    "SPORT": ("体育", "ball", ("篮球基础班", "少儿体适能", "跆拳道启蒙")),
    "SCITECH": ("信息科技", "programming", ("图形化编程", "机器人搭建", "科学实验")),
    "SUBJECT": ("数学", "", ("思维训练提高班", "阅读写作", "英语同步")),
}
TIMES = ("周六 09:00-10:30 18人", "周日 14:00-15:30 16人", "周三 18:30-20:00 15人")
LATE = "周五 19:30-21:00 20人"
OTHERS = ("周教材", "吴海洋", "郑一鸣", "王思齐", "冯知秋", "陈若水")
REASON = "课程时间与公示的课程表不一致，请核对后重新提交。"
SCHOOLS = ("明川县第一中学", "明川县实验小学", "城关街道中心小学")


class Filings:
    """Dice of its own: the other scenes fall as they did before."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.county = stage, stage.county
        self.random = Random(f"filings {stage.today:%Y-%m-%d}")
        full = [place for place in stage.register.full if not place.duplicate_of_id]
        self.demo, *self.others = full[: PLACES + 1]
        self.serial = 0

    def scenes(self) -> list[Scene]:
        demo, ago = self.county["inst_demo"], self.stage.ago
        on_record = [
            self._on_record(place, number) for number, place in enumerate([self.demo, *self.others])
        ]
        return [
            *on_record,
            self._accepted(demo, ago(40)),
            self._returned(demo, ago(9)),
            self._withdrawn(demo, ago(20)),
            self._waiting(self.demo, demo, "fee", ago(2), name="暑期集训课程费"),
            self._drafted(demo, ago(0)),
            *self._of_others(),
            self._lists(ago(60)),
            self._identified(ago(50)),
        ]

    # --- what is on record ---------------------------------------------------------------------

    def _on_record(self, place: Institution, number: int) -> Scene:
        yield self.stage.ago(200 - number)
        category = place.periods.last().categories[0]
        teacher = self._add("staff", place, **self._person(category))
        self._add("staff", place, **self._person(category, posted=number % 7 != 3))
        self._add("staff", place, **self._person(category, role="OTHER", what="前台"))
        material = self._add("material", place, **self._material(number))
        _subject, branch, names = TAUGHT.get(category, TAUGHT["ARTS"])
        for name, times in zip(names[:2], (TIMES[number % 3], TIMES[0]), strict=True):
            course = self._add(
                "course", place, name=name, category=category, sub_kind=branch,
                stages=["PRIMARY"], mode="OFFLINE", class_size=20, lesson_minutes=45, lessons=40,
                teacher=teacher.pk, material=material.pk,
                slots=LATE if number % 9 == 4 else times,
            )  # fmt: skip
            self._add("fee", place, **self._fee(name, course.pk, number))
        self._add("contract", place, form_code="GF-2021-2604", signed_before_charging=True)
        self._add("insurance", place, **self._policy(place, number))
        self._add("advertisement", place, kind="SIGNBOARD", text=str(place), place="大门上方")

    def _add(self, code: str, place: Institution, /, **data: Any) -> Any:
        form = KINDS[code].form(data, institution=place)
        if not form.is_valid():
            raise AssertionError(form.errors)
        return records.add(KINDS[code], place, form.cleaned_data, by=self.county["edu_window"])

    def _person(self, category: str, **other: Any) -> dict[str, Any]:
        subject = TAUGHT.get(category, TAUGHT["ARTS"])[0]
        role = other.get("role", "TEACHING")
        teaching = {
            "subjects": subject, "teaches": [category], "stages": ["PRIMARY"],
            "certificate_kind": "TEACHER" if category == "SUBJECT" else "PROFESSIONAL",
            "certificate_number": f"2021{self.random.randrange(10**10):010d}",
        }  # fmt: skip
        queried = self.stage.ago(self.random.randrange(210, 400))
        return {
            "name": self.random.choice(SURNAMES) + self.random.choice(GIVEN),
            "id_number": self._id(), "role": role, "full_time": True, "posted": True,
            "certificate_kind": "NONE", "crime_query_on": f"{queried:%Y-%m-%d}",
            "crime_query_clear": True,
        } | (teaching if role == "TEACHING" else {}) | other  # fmt: skip

    def _id(self) -> str:
        """An invented number of the county, with its check digit."""
        self.serial += 1
        born = dt.date(1975, 1, 1) + dt.timedelta(days=self.random.randrange(9_000))
        body = f"990121{born:%Y%m%d}{self.serial % 1000:03d}"
        total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
        return body + "10X98765432"[total % 11]

    def _material(self, number: int) -> dict[str, Any]:
        inside, outside = self.stage.ago(260), self.stage.ago(240)
        facts = {
            "title": f"{('素描', '篮球', '编程', '阅读')[number % 4]}基础教程",
            "origin": "OWN" if number % 3 else "PUBLISHED",
            "internal_review_on": f"{inside:%Y-%m-%d}", "internal_review_passed": True,
            "internal_review_by": "教研组",
        }  # fmt: skip
        if number % 5:
            facts |= {
                "external_review_on": f"{outside:%Y-%m-%d}", "external_review_passed": True,
                "external_review_by": "县教研室",
            }  # fmt: skip
        return facts

    def _fee(self, name: str, course: int, number: int) -> dict[str, Any]:
        return {
            "name": f"{name}课程费", "course": course, "lessons": 72 if number % 11 == 5 else 40,
            "amount": "6800" if number % 10 == 6 else "2400", "posted": number % 8 != 2,
            "pay_methods": ["QR", "TRAINING_LOAN"] if number % 12 == 7 else ["QR", "TRANSFER"],
            "payee_account": f"62220000{number:08d}",
        }  # fmt: skip

    def _policy(self, place: Institution, number: int) -> dict[str, Any]:
        first = self.stage.ago(350 - 7 * number)
        last = first + dt.timedelta(days=364)
        return {
            "insurer": "明川财产保险支公司", "number": f"MC{number:06d}", "kind": "LIABILITY",
            "valid_from": f"{first:%Y-%m-%d}", "valid_to": f"{last:%Y-%m-%d}",
            "amount": "1000000",
        }  # fmt: skip

    # --- filings in every state ----------------------------------------------------------------

    def _draft(self, place: Institution, by: Membership, code: str, /, **data: Any) -> Filing:
        form = KINDS[code].form(data, institution=place)
        if not form.is_valid():
            raise AssertionError(form.errors)
        return acts.draft(place, KINDS[code], Filing.Action.ADD, values.cleaned(form), by=by)

    def _accepted(self, by: Membership, day: dt.date) -> Scene:
        yield day
        rows = [
            self._draft(self.demo, by, "staff", **self._person("ARTS", name=name))
            for name in ("柳如眉", "江晚舟")
        ]
        acts.submit(rows, by=by)
        yield day + dt.timedelta(days=2)
        for row in rows:
            acts.accept(row, by=self._clerk(row))

    def _returned(self, by: Membership, day: dt.date) -> Scene:
        yield day
        course = Course.objects.filter(institution=self.demo).order_by("pk").first()
        assert course is not None
        now = values.present(KINDS["course"], course)
        wanted = now | {"class_size": 24, "slots": [now["slots"][0] | {"heads": 24}]}
        filing = acts.draft(
            self.demo, KINDS["course"], Filing.Action.CHANGE, wanted, by=by, record=course,
            note="班额调整",
        )  # fmt: skip
        acts.submit([filing], by=by)
        yield day + dt.timedelta(days=2)
        acts.give_back(filing, by=self._clerk(filing), reason=REASON)

    def _clerk(self, filing: Filing) -> Membership:
        """Who decides in the department that licensed the institution."""
        return self.county["edu_clerk" if filing.lead.kind == "EDU" else "culture_clerk"]

    def _withdrawn(self, by: Membership, day: dt.date) -> Scene:
        yield day
        filing = self._draft(
            self.demo, by, "advertisement", kind="ONLINE", text="暑期班火热报名", place="公众号"
        )
        acts.submit([filing], by=by)
        yield day + dt.timedelta(days=1)
        acts.withdraw(filing, by=by)

    def _drafted(self, by: Membership, day: dt.date) -> Scene:
        yield day
        self._draft(
            self.demo, by, "material", title="少儿国画入门", origin="OWN",
            internal_review_on=f"{day:%Y-%m-%d}", internal_review_passed=True,
        )  # fmt: skip

    def _waiting(
        self, place: Institution, by: Membership, code: str, day: dt.date, /, **other: Any
    ) -> Scene:
        yield day
        category = place.periods.last().categories[0]
        data = self._fee("暑期集训", 0, 1) | {"course": ""}
        if code == "staff":
            data = self._person(category)
        acts.submit([self._draft(place, by, code, **(data | other))], by=by)

    def _of_others(self) -> Iterator[Scene]:
        """Other institutions file staff; the first waits longer than it should."""
        edu = self.county.departments["EDU"]
        places = [row for row in self.others if acts.competent(row) == edu]
        for number, (place, name) in enumerate(zip(places, OTHERS, strict=False)):
            user = User.objects.create(
                username=f"inst_{number + 2}", name=name, password=self.county.password,
                email=f"inst_{number + 2}@mingchuan.example",
            )  # fmt: skip
            by = people.bind_institution(
                user, place.pk, by=self.county["edu_clerk"], label=str(place)[:80],
                valid_from=self.stage.ago(300),
            )  # fmt: skip
            yield self._waiting(place, by, "staff", self.stage.ago(11 - 2 * number), name=name)

    # --- lists and identification --------------------------------------------------------------

    def _lists(self, day: dt.date) -> Scene:
        """One of those who are filed teaches at a school; another on record is barred."""
        yield day
        clerk = self.county["edu_clerk"]
        county = Division.objects.get(pk=self.demo.division_id[:COUNTY_DIGITS])
        InServiceTeacher.objects.bulk_create(
            InServiceTeacher(
                county=county, id_hash=self._hash(self._id()), school=SCHOOLS[number % 3],
                as_of=day, recorded_by=clerk,
            )
            for number in range(120)
        )  # fmt: skip
        known = StaffMember.objects.filter(institution__in=self.others[8:10]).order_by("pk")
        for row, school in zip(known[:1], SCHOOLS, strict=False):
            InServiceTeacher.objects.create(
                county=county, id_hash=row.id_number_hash, school=school, as_of=day,
                recorded_by=clerk,
            )  # fmt: skip
        BarredPerson.objects.create(
            county=county, id_hash=self._hash(self._id()), basis="刑事判决书：从业禁止五年",
            since=day, department=clerk.department, recorded_by=clerk,
        )  # fmt: skip

    def _hash(self, number: str) -> str:
        return private_fields.search_hash(number, ID_PURPOSE)

    def _identified(self, day: dt.date) -> Scene:
        yield day
        clerk = self.county["edu_clerk"]
        courses = Course.objects.filter(name="思维训练提高班") | Course.objects.filter(
            name="阅读写作"
        )
        decided, *rest = [identify.ask(row, by=clerk) for row in courses.order_by("pk")[:2]]
        yield day + dt.timedelta(days=6)
        for row, experts in ((decided, 3), *((row, 1) for row in rest)):
            for expert in ("方教研", "唐研训", "许督学")[:experts]:
                identify.give_opinion(
                    row, by=clerk, expert=expert, employer="明川县教师发展中心", independent=True,
                    purpose="以提升学科考试成绩为目的", content="与教材单元同步的解题训练",
                    evaluation="以阶段测试分数排名", verdict="SUBJECT",
                    given_on=day + dt.timedelta(days=5),
                )  # fmt: skip
        yield day + dt.timedelta(days=10)
        identify.decide(decided, by=clerk, verdict="SUBJECT", reason="三名专家一致认定为学科类培训")
