"""The acts of which the scenes of inspection and rectification are made."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from desk.demo.county import County
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


class Steps:
    """What officials do in a scene, one act of the procedure after the other."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.county = stage.county
        places = [place for place in stage.register.full[50:] if not place.duplicate_of_id]
        stage.random.shuffle(places)
        register = stage.register
        self.local = [*register.registered_only[8:], *register.expired, *register.neither[26:35]]
        self.regular, self.places = places[:24], places[24:]
        checklist = ChecklistVersion.objects.order_by("pk").first()
        items = checklist.items.filter(section__in=SECTIONS).order_by("position")
        self.codes = list(items.values_list("code", flat=True))

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
                fresh(task),
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
                fresh(task),
                by=self.county["edu_officer2"],
                companion=self.county["edu_officer"],
                passed=passed,
                note=note,
                photos=[self.stage.photo("复查.jpg")],
            )

    def _close(self, tasks: list[RectificationTask]) -> None:
        for task in tasks:
            row = fresh(task)
            closer = self.county["edu_leader" if row.finding.is_critical else "edu_clerk2"]
            services.close_out(row, by=closer, note="同意销号")


def fresh(task: RectificationTask) -> RectificationTask:
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
