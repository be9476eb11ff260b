"""Divisions, departments and accounts of the demo county."""

import datetime as dt
from dataclasses import dataclass, field

from governance import people
from governance.models import Department, Division, Membership, Role, User

PROVINCE, CITY, COUNTY = "99", "9901", "990121"
BEGINNING = dt.date(2020, 1, 1)

TOWNSHIPS = [
    ("001", "城关街道"), ("002", "东湖街道"), ("003", "新城街道"), ("100", "河山镇"),
    ("101", "清溪镇"), ("102", "柳塘镇"), ("103", "石桥镇"), ("104", "云岭镇"),
    ("105", "白马镇"), ("106", "青田镇"), ("107", "望江镇"), ("108", "龙泉镇"),
    ("109", "枫林镇"), ("110", "长宁镇"), ("200", "竹溪乡"), ("201", "凤鸣乡"),
    ("202", "桃源乡"), ("203", "双河乡"),
]  # fmt: skip

# kind: (name, short name, prefix of its papers)
BUREAUX = {
    "EDU": ("明川县教育局", "县教育局", "明川教"),
    "CIVIL": ("明川县民政局", "县民政局", "明川民"),
    "HRSS": ("明川县人力资源和社会保障局", "县人社局", "明川人社"),
    "SAMR": ("明川县市场监督管理局", "县市监局", "明川市监"),
    "POLICE": ("明川县公安局", "县公安局", "明川公"),
    "FIRE": ("明川县消防救援大队", "县消防大队", "明川消"),
    "HEALTH": ("明川县卫生健康局", "县卫健局", "明川卫健"),
    "URBAN": ("明川县城市管理局", "县城管局", "明川城管"),
    "CULTURE": ("明川县文化广电和旅游局", "县文旅局", "明川文旅"),
    "SPORT": ("明川县体育局", "县体育局", "明川体"),
    "SCI": ("明川县科学技术局", "县科技局", "明川科"),
    "LEADGROUP": ("明川县校外培训治理领导小组办公室", "县治理办", "明川校治办"),
}

# username: (person, department, role, enforcement card)
PEOPLE = {
    "edu_clerk": ("林晓岚", "EDU", Role.CLERK, ""),
    "edu_clerk2": ("程立言", "EDU", Role.CLERK, ""),
    "edu_leader": ("罗建平", "EDU", Role.LEADER, ""),
    "edu_window": ("段雅琴", "EDU", Role.WINDOW, ""),
    "edu_legal": ("宋明理", "EDU", Role.LEGAL_REVIEWER, ""),
    "edu_officer": ("杜启明", "EDU", Role.OFFICER, "99012101001"),
    "edu_officer2": ("戴思源", "EDU", Role.OFFICER, "99012101002"),
    "samr_officer": ("马国栋", "SAMR", Role.OFFICER, "99012104001"),
    "samr_clerk": ("梅若琳", "SAMR", Role.CLERK, ""),
    "samr_leader": ("孟宪章", "SAMR", Role.LEADER, ""),
    "civil_officer": ("石磊", "CIVIL", Role.OFFICER, "99012102001"),
    "hrss_officer": ("何静怡", "HRSS", Role.OFFICER, "99012103001"),
    "culture_clerk": ("乔艺文", "CULTURE", Role.CLERK, ""),
    "fire_officer": ("霍卫东", "FIRE", Role.OFFICER, "99012106001"),
    "fire_leader": ("郝志刚", "FIRE", Role.LEADER, ""),
    "office_leader": ("周正宇", "LEADGROUP", Role.LEADER, ""),
    "town_chengguan": ("陈望春", "001", Role.OFFICER, ""),
    "town_chengguan2": ("程雪梅", "001", Role.OFFICER, ""),
    "town_heshan": ("何山青", "100", Role.OFFICER, ""),
    "auditor": ("沈慎之", "EDU", Role.AUDITOR, ""),
    "sysadmin": ("习文维", "EDU", Role.SYSADMIN, ""),
    "security_admin": ("安守正", "EDU", Role.SECURITY_ADMIN, ""),
}
# One more officer in each township, so that every place has hands.
TOWN_OFFICERS = [
    "陈思远", "东方玉", "辛晓光", "何秀清", "清明月", "柳如丝", "石敬之", "云中鹤", "白云飞",
    "田一禾", "江帆远", "龙在天", "叶知秋", "宁静安", "竹青青", "凤来仪", "陶然亭", "双喜来",
]  # fmt: skip
# The accounts a visitor is offered; the others give separate hands to the story.
SHOWN = [
    "edu_clerk", "edu_leader", "edu_window", "edu_legal", "samr_officer", "civil_officer",
    "hrss_officer", "town_chengguan", "town_heshan", "auditor", "sysadmin", "security_admin",
    "inst_demo",
]  # fmt: skip


@dataclass
class County:
    """Departments by kind or township suffix, memberships by username."""

    departments: dict[str, Department] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    townships: list[Division] = field(default_factory=list)
    password: str = ""  # hashed, the same for every account

    def __getitem__(self, username: str) -> Membership:
        return self.members[username]


def build(password: str) -> County:
    """Make the county's divisions, departments and accounts; all accounts share the password."""
    template = User(username="template")
    template.set_password(password)  # hashed once: forty slow hashes would delay the first start
    made = County(townships=_divisions(), password=template.password)
    for kind, (name, short, prefix) in BUREAUX.items():
        made.departments[kind] = _department(kind, COUNTY, name, short, prefix)
    for division in made.townships:
        suffix = division.code[6:]
        office = "人民政府" if division.name.endswith(("镇", "乡")) else "办事处"
        name = f"{division.name}{office}"
        made.departments[suffix] = _department("TOWN", division.code, name, division.name, "")
    for username, (person, department, role, card) in PEOPLE.items():
        made.members[username] = _member(
            username, person, made.departments[department], role, card, made.password
        )
    for division, person in zip(made.townships, TOWN_OFFICERS, strict=True):
        suffix = division.code[6:]
        made.members[f"town_{suffix}"] = _member(
            f"town_{suffix}", person, made.departments[suffix], Role.OFFICER, "", made.password
        )
    return made


def bind_institution(made: County, institution_id: int, name: str) -> None:
    """The account of an institution, as the window clerk would bind it."""
    user = User.objects.create(
        username="inst_demo",
        name="苏晨",
        email="inst_demo@mingchuan.example",
        password=made.password,
    )
    made.members["inst_demo"] = people.bind_institution(
        user, institution_id, by=made["edu_clerk"], label=name, valid_from=BEGINNING
    )


def _divisions() -> list[Division]:
    for code, name, parent in (
        (PROVINCE, "示范省", None),
        (CITY, "示范市", PROVINCE),
        (COUNTY, "明川县", CITY),
    ):
        Division.objects.create(code=code, name=name, parent_id=parent, is_local=True)
    return [
        Division.objects.create(code=COUNTY + suffix, name=name, parent_id=COUNTY, is_local=True)
        for suffix, name in TOWNSHIPS
    ]


def _department(kind: str, code: str, name: str, short: str, prefix: str) -> Department:
    return Department.objects.create(
        code=f"{code}-{kind}",
        kind=kind,
        name=name,
        short_name=short,
        paper_prefix=prefix,
        division_id=code,
        jurisdictions=[code],
        phone="0990-5550123",
        address="明川县城关街道政务路1号",
    )


def _member(
    username: str, person: str, department: Department, role: str, card: str, password: str
) -> Membership:
    user = User.objects.create(
        username=username,
        name=person,
        email=f"{username}@mingchuan.example",
        password=password,
    )
    return Membership.objects.create(
        user=user,
        department=department,
        role=role,
        enforcement_card=card,
        valid_from=BEGINNING,
    )
