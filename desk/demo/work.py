"""Three years of inspections and rectification in every state, some overdue and some due today."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from desk.demo.county import County
from desk.demo.days import Scene
from desk.demo.registry import Register
from governance import daylight, deadlines
from governance.models import Membership
from inspections import services
from inspections.models import ChecklistVersion, Inspection, InspectionPhoto, RectificationTask
from institutions.models import Institution

Kind, Way = Inspection.Kind, RectificationTask.Service
SECTIONS = ["A", "C", "D", "E", "F"]
# Problems that the education bureau answers for, by the severity of their item.
MINOR, MAJOR, CRITICAL = ["A10", "C07", "F06"], ["D01", "A11", "E11", "D07"], ["E02", "C04"]
WORDS = {
    "A10": "大厅未公示办学许可证和收费标准",
    "C07": "未公示从业人员信息",
    "F06": "招生简章与备案文本不一致",
    "D01": "课程表未备案",
    "A11": "上一年度年检未参加",
    "E11": "未建立独立会计账簿",
    "A01": "现场未见办学许可证，负责人称未办理",
    "D07": "培训材料无双审记录",
    "E02": "一次性收取超过三个月费用",
    "C04": "两名教师未做从业查询",
}
ASSURANCES = {
    "responsibility": "校长负责，教务主任具体落实",
    "measures": "逐项对照整改，完善制度并留存记录",
    "funds": "已安排整改经费5000元",
    "contingency_plan": "整改期间停用相关教室，学员分流至其他班次",
}


@dataclass
class Stage:
    """What scenes share: the county, the day of seeding, the dice, one picture."""

    county: County
    register: Register
    today: dt.date
    random: Random

    def __post_init__(self) -> None:
        self.picture = _picture()
        self.signature = _signature()

    def photo(self, name: str = "现场.jpg") -> ContentFile:
        return ContentFile(self.picture, name=name)

    def ago(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)


class Work:
    """The scenes of inspection and rectification."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.county = stage.county
        places = [place for place in stage.register.full[50:] if not place.duplicate_of_id]
        stage.random.shuffle(places)
        register = stage.register
        self.local = [*register.registered_only[8:], *register.expired, *register.neither[26:]]
        self.regular, self.places = places[:24], places[24:]
        checklist = ChecklistVersion.objects.order_by("pk").first()
        items = checklist.items.filter(section__in=SECTIONS).order_by("position")
        self.codes = list(items.values_list("code", flat=True))

    def scenes(self) -> list[Scene]:
        """Every scene, oldest history first."""
        ago = self.stage.ago
        history = [
            self.clean(ago(30 + 19 * visit), self.regular[visit % len(self.regular)])
            for visit in range(54)
        ]
        closed = [self.closed(ago(40 + 29 * place), place) for place in range(24)]
        return [*history, *closed, *self._running(), *self._waiting(), *self._ahead()]

    def _running(self) -> list[Scene]:
        """Terms that run: fresh, near their end, due today, overdue, extended."""
        ago = self.stage.ago
        overdue = [
            self.served(ago(days), MAJOR, place) for place, days in enumerate((24, 31, 38, 52))
        ]
        overdue += [self.served(ago(days), CRITICAL, place) for place, days in enumerate((12, 16))]
        due = [self.due_in(days, place) for place, days in enumerate((0, 0, 2, 3, 5, 8, 12))]
        demo = self.stage.register.demo
        mine = [
            self.due_in(3, 1, demo),
            self.closed(ago(150), 2, demo),
        ]
        return [*overdue, *due, *mine, *(self.extension(ago(11 + place)) for place in range(2))]

    def _waiting(self) -> list[Scene]:
        """Work on somebody's desk: serve, re-check, close out, approve, dismiss, second round."""
        ago = self.stage.ago
        return [
            *(self.issued(ago(3 + place), place) for place in range(3)),
            *(self.proved(ago(14 + place), place) for place in range(4)),
            *(self.rechecked(ago(17 + place), place) for place in range(3)),
            self.suspending(ago(2)),
            self.dismissal(ago(4)),
            self.second_round(ago(26)),
            self.superseded(ago(60)),
            *(self.no_notice(ago(2 + place), place) for place in range(3)),
        ]

    def _ahead(self) -> list[Scene]:
        """Visits that are planned, assigned or begun."""
        return [
            *(self.planned(days) for days in (1, 4, 9, 15)),
            *(self.assigned("town_chengguan", "001", days) for days in (0, 0, 1)),
            *(self.assigned("town_heshan", "100", days) for days in (0, 2)),
            self.begun("town_chengguan", "001"),
        ]

    # --- scenes ------------------------------------------------------------------------------

    def clean(self, day: dt.date, place: Institution) -> Scene:
        """A patrol that found everything in order; the regular ones are visited year by year."""
        yield day
        self._visit(place, [])

    def closed(self, day: dt.date, serial: int, place: Institution | None = None) -> Scene:
        """Found, served, proved, re-checked, closed out."""
        codes = [MINOR, MAJOR, CRITICAL][serial % 3]
        place = place or self._place()
        yield day
        tasks = self._found(place, [codes[serial % len(codes)]])
        yield day + dt.timedelta(days=5)
        self._prove(tasks)
        yield day + dt.timedelta(days=8)
        self._recheck(tasks)
        yield day + dt.timedelta(days=9)
        self._close(tasks)

    def served(self, day: dt.date, codes: list[str], serial: int) -> Scene:
        """Served and never answered."""
        place = self._place()
        yield day
        self._found(place, [codes[serial % len(codes)]])

    def due_in(self, days: int, serial: int, place: Institution | None = None) -> Scene:
        """Served so long ago that the term ends in so many days, or the next working day."""
        place = place or self._place()
        code = MAJOR[serial % len(MAJOR)]
        yield self._served_for("finding.rectify.major", place, days)
        self._found(place, [code])

    def extension(self, day: dt.date) -> Scene:
        """The institution asks for more time; nobody decided yet."""
        place = self._place()
        yield day
        [task] = self._found(place, ["D07"])
        yield day + dt.timedelta(days=7)
        services.ask_extension(
            task, by=self._prover(task), days=10, reason="材料外审排队，需延长十日"
        )

    def issued(self, day: dt.date, serial: int) -> Scene:
        """A notice that waits to be served."""
        place = self._place()
        yield day
        findings = self._visit(place, [MINOR[serial % 3]])
        services.issue(findings, by=self.county["edu_clerk"])

    def proved(self, day: dt.date, serial: int) -> Scene:
        place = self._place()
        yield day
        tasks = self._found(place, [(MINOR + MAJOR)[serial]])
        yield day + dt.timedelta(days=8 + serial)
        self._prove(tasks)

    def rechecked(self, day: dt.date, serial: int) -> Scene:
        place = self._place()
        yield day
        tasks = self._found(place, [MINOR[serial % 3]])
        yield day + dt.timedelta(days=6)
        self._prove(tasks)
        yield day + dt.timedelta(days=10)
        self._recheck(tasks)

    def suspending(self, day: dt.date) -> Scene:
        """A notice that suspends waits for the leader."""
        place = self._place()
        yield day
        findings = self._visit(place, ["E02"])
        services.issue(
            findings, by=self.county["edu_clerk"], mode=RectificationTask.Mode.RECTIFY_SUSPENDED
        )

    def dismissal(self, day: dt.date) -> Scene:
        """A finding is to be dismissed and waits for the second person."""
        place = self._place()
        yield day
        [finding] = self._visit(place, ["C07"])
        yield day + dt.timedelta(days=1)
        services.propose_dismissal(
            finding, by=self.county["edu_officer"], reason="复核时已见公示栏，属检查时遮挡"
        )

    def second_round(self, day: dt.date) -> Scene:
        """The re-check did not pass; the second round runs."""
        place = self._place()
        yield day
        tasks = self._found(place, ["D01"])
        yield day + dt.timedelta(days=9)
        self._prove(tasks)
        yield day + dt.timedelta(days=13)
        self._recheck(tasks, passed=False, note="课表仅备案一半班次，退回继续整改")

    def superseded(self, day: dt.date) -> Scene:
        """A case was filed instead."""
        place = self._place()
        yield day
        [task] = self._found(place, ["E02"])
        yield day + dt.timedelta(days=20)
        services.supersede(
            task,
            by=self.county["edu_clerk"],
            why=RectificationTask.Superseded.CASE_FILED,
            reason="逾期未整改，已立案查处",
        )

    def no_notice(self, day: dt.date, serial: int) -> Scene:
        """Found by the township; the bureau has not issued its notice yet."""
        place = self._in_township("001")
        yield day
        self._visit(place, [MINOR[serial % 3]], by="town_chengguan")

    def planned(self, days: int) -> Scene:
        place = self._place()
        yield self.stage.today
        services.plan(
            place,
            by=self.county["edu_clerk"],
            kind=Kind.SPECIAL,
            planned_for=self.stage.ago(-days),
            purpose="秋季学期专项检查",
        )

    def assigned(self, officer: str, township: str, days: int) -> Scene:
        place = self._in_township(township)
        yield self.stage.today
        services.plan(
            place,
            by=self.county["edu_clerk"],
            kind=Kind.PATROL,
            planned_for=self.stage.ago(-days),
            officers=[self.county[officer]],
        )

    def begun(self, officer: str, township: str) -> Scene:
        place = self._in_township(township)
        yield self.stage.today
        self._record(place, [], self.county[officer], answered=4)

    def unlicensed(self, place: Institution) -> list:
        """A place without papers was visited and would not sign; its findings."""
        return self._visit(place, ["A01"])

    def spare(self) -> list[Institution]:
        """Fully certified bodies that are left for others, none of them inspected."""
        return [self.places.pop() for _n in range(30)]

    # --- steps -------------------------------------------------------------------------------

    def _served_for(self, code: str, place: Institution, days: int) -> dt.date:
        """The day of service for which the term ends `days` from now, or the next day that can."""
        rule = deadlines.rule_for(code, place.division_id, self.stage.today)
        wanted = self.stage.ago(-days)
        served = [self.stage.ago(back) for back in range(45, -1, -1)]
        return next(day for day in served if deadlines.due_on(rule, day) >= wanted)

    def _place(self) -> Institution:
        return self.places.pop(0)

    def _in_township(self, suffix: str) -> Institution:
        code = self.county.departments[suffix].division_id
        found = next(place for place in self.local if place.division_id == code)
        self.local.remove(found)
        return found

    def _visit(self, place: Institution, wrong: list[str], *, by: str = "edu_officer") -> list:
        """A signed patrol; the findings of its NOs."""
        inspection = self._record(place, wrong, self.county[by])
        sha256 = hashlib.sha256(self.stage.signature).hexdigest()
        services.receive_photo(
            inspection,
            self.stage.uuid(),
            ContentFile(self.stage.signature, name="signature.png"),
            by=self.county[by],
            sha256=sha256,
            role=InspectionPhoto.Role.PARTY_SIGNATURE,
        )
        return services.sign(
            inspection,
            by=self.county[by],
            party=Inspection.PartySignature.SIGNED,
            signer_name=place.principal or "现场负责人",
            signer_post="校长",
        )

    def _record(
        self, place: Institution, wrong: list[str], by: Membership, *, answered: int | None = None
    ) -> Inspection:
        document = _document(place, wrong, self._answers(wrong, answered), by)
        inspection, _begun = services.record(self.stage.uuid(), document, by=by)
        return inspection

    def _answers(self, wrong: list[str], answered: int | None) -> list[dict]:
        codes = self.codes[:answered]
        return [
            {
                "item": code,
                "value": "NO" if code in wrong else "YES",
                "note": WORDS[code] if code in wrong else "",
                "fixed": False,
                "fix_note": "",
            }
            for code in codes
        ]

    def _found(self, place: Institution, wrong: list[str]) -> list[RectificationTask]:
        findings = self._visit(place, wrong)
        tasks = services.issue(findings, by=self.county["edu_clerk"])
        services.serve(
            tasks,
            by=self.county["edu_clerk"],
            on=daylight.today(),
            way=Way.DIRECT,
            note=f"{place.principal}签收",
        )
        return tasks

    def _prove(self, tasks: list[RectificationTask]) -> None:
        for task in tasks:
            services.submit_proof(
                _fresh(task),
                by=self._prover(task),
                statement="已按通知书要求整改到位，现提交整改报告和照片。",
                photos=[self.stage.photo("整改后.jpg")],
                **ASSURANCES,
            )

    def _prover(self, task: RectificationTask) -> Membership:
        """The township hands in for institutions without an account."""
        if task.institution_id == self.stage.register.demo.pk:
            return self.county["inst_demo"]
        suffix = task.division_id[6:]
        named = {"001": "town_chengguan", "100": "town_heshan"}
        return self.county[named.get(suffix, f"town_{suffix}")]

    def _recheck(self, tasks: list[RectificationTask], *, passed=True, note="现场复查，已整改到位"):
        for task in tasks:
            services.recheck(
                _fresh(task),
                by=self.county["edu_officer2"],
                companion=self.county["edu_officer"],
                passed=passed,
                note=note,
                photos=[self.stage.photo("复查.jpg")],
            )

    def _close(self, tasks: list[RectificationTask]) -> None:
        for task in tasks:
            fresh = _fresh(task)
            critical = fresh.finding.is_critical
            closer = self.county["edu_leader" if critical else "edu_clerk2"]
            services.close_out(fresh, by=closer, note="同意销号")


def _fresh(task: RectificationTask) -> RectificationTask:
    return RectificationTask.objects.get(pk=task.pk)


def _document(place: Institution, wrong: list[str], answers: list[dict], by: Membership) -> dict:
    return {
        "schema": 1,
        "revision": 1,
        "institution": place.pk,
        "site": None,
        "kind": Kind.PATROL,
        "sections": SECTIONS,
        "officers": [{"membership": by.pk, "leader": True}],
        "answers": answers,
        "observations": [],
        "photos": [],
        "photos_missing_reason": "设备存储已满，照片另存" if wrong else "",
        "position": {"source": Inspection.PositionSource.NONE, "reason": "室内无信号"},
        "summary": "",
    }


def _signature() -> bytes:
    """A flourish."""
    image = Image.new("L", (320, 120), 255)
    ImageDraw.Draw(image).line([(20, 90), (90, 30), (120, 95), (200, 25), (300, 80)], 0, 4)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _picture() -> bytes:
    """A drawn corridor: nobody's premises."""
    image = Image.new("RGB", (960, 720), "#dfe6ee")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 720), (330, 300), (630, 300), (960, 720)], fill="#b9c4d0")
    draw.rectangle((400, 180, 560, 330), fill="#8fa3b8", outline="#4a5568", width=6)
    draw.rectangle((60, 200, 190, 420), fill="#f4f6f9", outline="#4a5568", width=4)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
