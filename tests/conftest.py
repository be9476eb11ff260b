"""The cast, known to all tests, in a county of their own.

Lin 林 keeps the books at the education bureau of 开阳县 (520121), Luo 罗 leads it and Ning 宁 is a
second clerk. Du 杜 and Dai 戴 are its officers with cards. Shi 石 inspects for 硒城街道, He 何 for
双流镇. Ma 马 is at market supervision. Ying 应 keeps books in 颍东区, another county. Chen 陈 acts
for an institution, Shen 沈 audits, Xi 习 administers the machine.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation

from governance import daylight, people, reference, workdays
from governance.models import ActorKind, Department, Division, Installation, Membership, Role, User

COUNTY, OTHER_COUNTY = "520121", "341203"
TODAY = dt.date(2026, 3, 4)  # a Wednesday
PASSWORD = "a-long-enough-password"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Reference data once per database; every test rolls back to it."""
    with django_db_blocker.unblock():
        refuse_the_real_database()
        load_reference()


def refuse_the_real_database() -> None:
    """pytest-django makes one only where a collected test is marked `django_db`."""
    if not connection.settings_dict["NAME"].startswith("test_"):
        raise pytest.UsageError("no collected test is marked django_db")


@pytest.fixture(autouse=True)
def no_notice_outlives_its_test():
    """A process keeps the calendar for half a minute, also one that was rolled back."""
    yield
    workdays.forget()


@pytest.fixture(autouse=True)
def each_test_begins_in_chinese():
    """The language of the last request stays with the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def load_reference() -> None:
    Installation.objects.get_or_create(only=True, defaults={"kind": Installation.Kind.TEST})
    reference.load_divisions(reference.DATA / "divisions.csv")
    call_command("load_reference", verbosity=0)


@dataclass
class World:
    """Departments and members by short name."""

    departments: dict[str, Department] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Membership:
        try:
            return self.members[name]
        except KeyError:
            raise AttributeError(name) from None

    def department(self, name: str) -> Department:
        return self.departments[name]


def make_department(kind: str, division: str, name: str, *, seat: str = "") -> Department:
    return Department.objects.create(
        code=f"{division}-{kind}",
        kind=kind,
        name=name,
        short_name=name,
        division=Division.objects.get(pk=seat or division),
        jurisdictions=[division],
        paper_prefix=name[:3],
        phone="0851-80000000",
        address="开阳县城关大道1号",
    )


def make_member(
    username: str, department: Department, role: Role, *, card: str = "", name: str = ""
) -> Membership:
    user = User.objects.create_user(
        username, PASSWORD, name=name or username, email=f"{username}@test.invalid"
    )
    return Membership.objects.create(
        user=user,
        department=department,
        role=role,
        enforcement_card=card,
        valid_from=dt.date(2020, 1, 1),
    )


def make_institution_member(institution_id: int, username: str = "chen") -> Membership:
    user = User.objects.create_user(username, PASSWORD, name="陈", email=f"{username}@test.invalid")
    return Membership.objects.create(
        kind=ActorKind.INSTITUTION,
        user=user,
        institution_id=institution_id,
        label="机构",
        valid_from=dt.date(2020, 1, 1),
    )


DEPARTMENTS = {
    # name: (kind, jurisdiction, shown name)
    "edu": ("EDU", COUNTY, "开阳县教育局"),
    "samr": ("SAMR", COUNTY, "开阳县市场监督管理局"),
    "civil": ("CIVIL", COUNTY, "开阳县民政局"),
    "hrss": ("HRSS", COUNTY, "开阳县人力资源和社会保障局"),
    "fire": ("FIRE", COUNTY, "开阳县消防救援大队"),
    "leadgroup": ("LEADGROUP", COUNTY, "开阳县校外培训治理领导小组办公室"),
    "xicheng": ("TOWN", "520121001", "硒城街道办事处"),
    "shuangliu": ("TOWN", "520121101", "双流镇人民政府"),
    "edu_other": ("EDU", OTHER_COUNTY, "颍东区教育局"),
}
MEMBERS = {
    # name: (department, role, card, person)
    "lin": ("edu", Role.CLERK, "", "林"),
    "luo": ("edu", Role.LEADER, "", "罗"),
    "ning": ("edu", Role.CLERK, "", "宁"),  # a second clerk, for separate hands
    "du": ("edu", Role.OFFICER, "52012101", "杜"),
    "dai": ("edu", Role.OFFICER, "52012102", "戴"),
    "ma": ("samr", Role.OFFICER, "52012103", "马"),
    "mei": ("samr", Role.LEADER, "", "梅"),
    "shi": ("xicheng", Role.OFFICER, "", "石"),
    "he": ("shuangliu", Role.OFFICER, "", "何"),
    "zhou": ("leadgroup", Role.LEADER, "", "周"),
    "shen": ("edu", Role.AUDITOR, "", "沈"),
    "xi": ("edu", Role.SYSADMIN, "", "习"),
    "an": ("edu", Role.SECURITY_ADMIN, "", "安"),
    "ying": ("edu_other", Role.CLERK, "", "应"),
}


@pytest.fixture
def world(db) -> World:
    return make_world()


def make_world() -> World:
    """The cast on Wednesday 4 March 2026."""
    daylight.set_day(TODAY)
    made = World()
    for name, (kind, division, shown) in DEPARTMENTS.items():
        made.departments[name] = make_department(kind, division, shown)
    for name, (department, role, card, person) in MEMBERS.items():
        made.members[name] = make_member(
            name, made.departments[department], role, card=card, name=person
        )
    made.members["system"] = people.system_actor()
    made.members["public"] = people.public_actor()
    return made


@pytest.fixture(autouse=True)
def real_day_between_tests():
    """A day set by one test must not reach the next one in this process."""
    daylight.forget()
    yield
    daylight.forget()


@pytest.fixture
def sign_in(client: Client):
    """`sign_in(world.lin)` → a client that acts as Lin."""

    def enter(member: Membership) -> Client:
        fresh = Client()
        if member.user:
            fresh.force_login(member.user, backend="governance.accounts.ActiveUserBackend")
            session = fresh.session
            session["membership"] = member.pk
            session.save()
        return fresh

    return enter
