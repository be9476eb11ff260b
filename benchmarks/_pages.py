"""Pages of the registry and the API over 100,000 institutions, for a county's clerk (a quarter of
them) and a township's officer (a fortieth).

Against a floor view (one indexed SELECT of 50 rows, plain template) in the same processes, at 1
and at 8 clients; then pages over 100,000 rows against the same pages over 1,000. Aims: page ≤ 4 ×,
API ≤ 3 × the floor; list ≤ 1.3, last page ≤ 1.5, search ≤ 2 times the page over 1,000 rows; ≤ 8
statements.
"""

import datetime as dt
import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks._measure import table, verdict  # noqa: E402
from governance import bulk, people, reference  # noqa: E402
from governance.api import keys  # noqa: E402
from governance.models import Department, Installation, Membership, Role, User  # noqa: E402
from institutions.models import Institution, InstitutionPeriod, Licence  # noqa: E402

COUNTIES = ("520121", "341203", "330411", "110101")
FEW, MANY = 1_000, 100_000
ROUNDS, CLIENTS, SECONDS = 40, 8, 6.0
PAGES = {
    "list": "/institutions/?tab=all",
    "last page": "/institutions/?page=100000",
    "filtered": "/institutions/?cert=FULL&status=OPERATING&sort=-expires",
    "sorted": "/institutions/?sort=-name",
    "search, 2 signs": "/institutions/?q=晨光",
    "search, 4 signs": "/institutions/?q=晨光艺术",
    "search by initials": "/institutions/?q=cgys",
    "search by number": "/institutions/?q=520121-000776",
}
API = "/api/v1/institutions/?page_size=50"
BOTH = ("list", "last page", "filtered", "search, 2 signs")  # measured for the officer too
AIMS = {
    "list": 1.3, "list, officer": 1.3, "last page": 1.5, "last page, officer": 1.5,
    "search, 2 signs": 2, "search, 2 signs, officer": 2, "search, 4 signs": 2,
    "search by initials": 2, "search everywhere": 2, "dossier": 1.3, "API": 1.3,
}  # fmt: skip
TOWNS, KEYS = 10, 200  # townships of a county; keys, because each may ask 1,200 times a minute

FIRST = {
    "晨光": "chen guang", "博雅": "bo ya", "启明": "qi ming", "育才": "yu cai",
    "新知": "xin zhi", "金榜": "jin bang", "春晖": "chun hui", "墨香": "mo xiang",
}  # fmt: skip
SECOND = {"艺术": "yi shu", "文化": "wen hua", "体育": "ti yu", "科技": "ke ji"}
CATEGORIES = ("ARTS", "SUBJECT", "SPORT", "SCITECH")


def readers() -> dict[str, Membership]:
    """A clerk of the first of four counties, and an officer of one of its townships."""
    reference.load_divisions(reference.DATA / "divisions.csv")
    Installation.objects.get_or_create(only=True, defaults={"kind": "test"})
    with connection.cursor() as cursor:
        for code in COUNTIES:
            places = [code, *(f"{code}{number:03d}" for number in range(1, TOWNS + 1))]
            cursor.execute(
                "INSERT INTO governance_division (code, name, is_local) "
                "SELECT code, code, true FROM unnest(%s) AS code ON CONFLICT DO NOTHING",
                [places],
            )
            Department.objects.get_or_create(
                code=f"{code}-EDU",
                defaults={"kind": "EDU", "name": f"{code}教育局", "division_id": code,
                          "jurisdictions": [code]},
            )  # fmt: skip
    office = Department.objects.get(code=f"{COUNTIES[0]}-EDU")
    town, _new = Department.objects.get_or_create(
        code=f"{COUNTIES[0]}001-TOWN",
        defaults={"kind": "TOWN", "name": "街道办", "division_id": f"{COUNTIES[0]}001",
                  "jurisdictions": [f"{COUNTIES[0]}001"]},
    )  # fmt: skip
    return {
        "clerk": _member("bench", office, Role.CLERK),
        "officer": _member("town", town, Role.OFFICER),
    }


def _member(name: str, department: Department, role: Role) -> Membership:
    user, _new = User.objects.get_or_create(username=name, defaults={"name": "量"})
    member, _new = Membership.objects.get_or_create(
        user=user, department=department, role=role,
        defaults={"valid_from": dt.date(2020, 1, 1)},
    )  # fmt: skip
    return member


def api_keys() -> Iterator[str]:
    """Keys of a partner of the county, round and round."""
    office = Department.objects.get(code=f"{COUNTIES[0]}-EDU")
    by = people.system_actor()
    return cycle(
        [keys.issue("bench", office, ["institutions:read"], by=by) for _number in range(KEYS)]
    )


def fill(upto: int) -> None:
    """Institutions up to this number, a quarter per county, each with period and certificates."""
    offices = [Department.objects.get(code=f"{code}-EDU").pk for code in COUNTIES]
    by, first = people.system_actor(), Institution.objects.count() + 1
    numbers = range(first, upto + 1)
    places = [f"{COUNTIES[n % 4]}{n // 4 % TOWNS + 1:03d}" for n in numbers]
    made = bulk.insert_values(
        Institution,
        ("number", "division_id", "lead_id", "principal"),
        [
            (f"{place[:6]}-{n:06d}", place, offices[n % 4], f"王{n % 97}")
            for n, place in zip(numbers, places, strict=True)
        ],
        created_by=by,
    )
    fill_periods(made, places, by)
    fill_licences(made, by)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_periods(made: list[int], places: list[str], by: Membership) -> None:
    during = DateRange(dt.date(2024, 1, 1), None)
    rows = []
    for pk, place in zip(made, places, strict=True):
        at = pk // 32 % 4
        one, two = list(FIRST)[pk // 4 % 8], list(SECOND)[at]
        sound = f"{FIRST[one]} {SECOND[two]} pei xun xue xiao {pk}"
        initials = "".join(part[0] for part in sound.split()[:-1]) + str(pk)
        status = "SUSPENDED" if pk % 20 == 0 else "OPERATING"
        name = f"{one}{two}培训学校{pk}"
        rows.append((pk, during, name, sound, initials, [CATEGORIES[at]], status, place))
    names = ("institution_id", "during", "name", "name_key", "initials", "categories",
             "operating_status", "township_id")  # fmt: skip
    bulk.insert_values(InstitutionPeriod, names, rows, source="import", recorded_by=by)


def fill_licences(made: list[int], by: Membership) -> None:
    """Four of five have a school licence, all have a business licence."""
    begin = dt.date(2024, 1, 1)
    rows: list[tuple] = [(pk, "business_licence", f"business{pk}", begin, None) for pk in made]
    rows += [
        (pk, "school_licence", f"school{pk}", begin, dt.date(2026, 6, 1) + dt.timedelta(pk % 900))
        for pk in made
        if pk % 5 < 4
    ]
    names = ("institution_id", "kind", "number", "valid_from", "valid_to")
    bulk.insert_values(Licence, names, rows, source="import", recorded_by=by)


def cookie(member: Membership) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session["_auth_user_backend"] = "governance.accounts.ActiveUserBackend"
    session["_auth_user_hash"] = member.user.get_session_auth_hash()
    session["membership"] = member.pk
    session.create()
    return f"sessionid={session.session_key}"


@dataclass(frozen=True)
class Asker:
    """Who asks: by session, or by one of the keys of a partner."""

    session: str = ""
    keys: Iterator[str] | None = None

    def headers(self) -> dict[str, str]:
        if self.keys is not None:
            return {"Authorization": f"Bearer {next(self.keys)}"}
        return {"Cookie": self.session}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served() -> Iterator[int]:
    """The product and the floor view behind two sync workers, as performance is measured."""
    port = free_port()
    argv = [sys.executable, "-m", "gunicorn", "benchmarks._floor:application", "--workers", "2",
            "--bind", f"127.0.0.1:{port}", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(argv)
    try:
        for _try in range(200):
            try:
                get(port, "/floor/", Asker())
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def get(port: int, path: str, asker: Asker) -> int:
    """One request on a connection of its own; returns the bytes of the answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    encoded = "".join(sign if sign.isascii() else "".join(f"%{b:02X}" for b in sign.encode())
                      for sign in path)  # fmt: skip
    link.request("GET", encoded, headers=asker.headers())
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return len(body)


Case = tuple[str, Asker]


def medians(port: int, cases: Mapping[str, Case]) -> dict[str, float]:
    """Median milliseconds of each page at one client, rounds interleaved."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(ROUNDS + 5):
        for name, case in cases.items():
            began = time.perf_counter()
            get(port, *case)
            if turn >= 5:
                taken[name].append((time.perf_counter() - began) * 1_000)
    return {name: statistics.median(times) for name, times in taken.items()}


def throughput(port: int, case: Case) -> float:
    """Requests per second of eight clients."""
    until, counts = time.perf_counter() + SECONDS, []

    def client() -> None:
        count = 0
        while time.perf_counter() < until:
            get(port, *case)
            count += 1
        counts.append(count)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return sum(counts) / SECONDS


def statements(case: Case) -> int:
    path, asker = case
    client = Client(headers=asker.headers())
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def cases_of(actors: Mapping[str, Membership]) -> dict[str, Case]:
    """Every page for the clerk, some of them for the officer, and the API."""
    clerk, officer = (Asker(cookie(actors[who])) for who in ("clerk", "officer"))
    pages = {name: (path, clerk) for name, path in PAGES.items()}
    place = Institution.objects.visible_to(actors["officer"]).order_by("pk").first()
    return {
        "floor": ("/floor/", Asker()),
        **pages,
        **{f"{name}, officer": (PAGES[name], officer) for name in BOTH},
        "search everywhere": ("/search/?q=晨光", clerk),
        "dossier": (place.get_absolute_url(), clerk),
        "API": (API, Asker(keys=api_keys())),
    }


def rates(port: int, cases: Mapping[str, Case], names: list[str]) -> dict[str, list[float]]:
    """Requests per second of each case in three interleaved rounds."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for _round in range(3):
        for name in names:
            found[name].append(throughput(port, cases[name]))
    return found


def measure(fewer: int = FEW, more: int = MANY) -> None:
    """Fill the registry up to both sizes and print what the pages take."""
    actors = readers()
    fill(fewer)
    cases = cases_of(actors)
    with served() as port:
        few = medians(port, cases)
    asked = counts(cases)
    fill(more)
    with served() as port:
        many = medians(port, cases)
        at_once = rates(port, cases, ["floor", "list", "list, officer", "API"])
    print(f"{more:,} institutions, the clerk sees a quarter; milliseconds at one client\n")
    heads = ["page", f"at {fewer:,}", f"at {more:,}", "÷ floor", "growth", "", "statements"]
    table(growth_rows(few, many, asked, counts(cases)), heads)
    print("\nTimes the floor\n")
    table(floor_rows(many, at_once), ["page", "1 client", "", f"{CLIENTS} clients", "", "pages/s"])


def counts(cases: Mapping[str, Case]) -> dict[str, int]:
    return {name: statements(case) for name, case in cases.items() if name != "floor"}


def growth_rows(
    few: Mapping[str, float],
    many: Mapping[str, float],
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> list[list[object]]:
    """Both runs are taken relative to their own floor: the machine may have changed between."""
    rows = []
    for name in many:
        growth = (many[name] / many["floor"]) / (few[name] / few["floor"])
        aim = verdict(round(growth, 2), AIMS[name]) if name in AIMS else ""
        ratio = many[name] / many["floor"]
        same = before.get(name) == after.get(name)
        count = after.get(name, 1) if same else f"{before[name]} → {after[name]}"
        rows.append([name, few[name], many[name], ratio, growth, aim, count])
    return rows


def floor_rows(many: Mapping[str, float], at_once: Mapping[str, list[float]]) -> list[list[object]]:
    """Each page as a multiple of the floor, at one client and at eight."""
    rows = []
    for name in ("list", "list, officer", "API"):
        aim = 3 if name == "API" else 4
        one = many[name] / many["floor"]
        pairs = zip(at_once["floor"], at_once[name], strict=True)
        eight = statistics.median(floor / rate for floor, rate in pairs)
        rows.append([
            name, one, verdict(round(one, 2), aim), eight, verdict(round(eight, 2), aim),
            max(at_once[name]),
        ])  # fmt: skip
    return rows
