"""The ledger page over 100,000 institutions of which the reader sees a quarter.

Against a floor view (one indexed SELECT of 50 rows, plain template) in the same processes, at 1
and at 8 clients; then pages over 100,000 rows against the same pages over 1,000. Aims: ≤ 4 × the
floor; list ≤ 1.3, last page ≤ 1.5, search ≤ 2 times the page over 1,000 rows; ≤ 8 statements.
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
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks._measure import table, verdict  # noqa: E402
from governance import people, reference  # noqa: E402
from governance.models import Department, Installation, Membership, Role, User  # noqa: E402

COUNTIES = ("520121", "341203", "330411", "110101")
FEW, MANY = 1_000, 100_000
ROUNDS, CLIENTS, SECONDS = 40, 8, 6.0
PAGES = {
    "list": "/institutions/?tab=all",
    "last page": "/institutions/?page=100000",
    "filtered": "/institutions/?cert=FULL&status=OPERATING&sort=-expires",
    "search by name": "/institutions/?q=晨光",
    "search by initials": "/institutions/?q=cgys",
    "search by number": "/institutions/?q=520121-000776",
}
AIMS = {"list": 1.3, "last page": 1.5, "search by name": 2, "search by initials": 2}

INSTITUTIONS = """
INSERT INTO institutions_institution (number, credit_code, credit_code_pending, platform_id,
    principal, legal_representative, sponsor, contact_phone, contact_phone_hash, found_how, note,
    void_reason, division_id, lead_id, version, created_at, created_by_id)
SELECT c.code || '-' || lpad(n::text, 6, '0'), '', false, '', '王' || n % 97, '', '', '', '', '',
    '', '', c.code || '001', c.lead, 1, now(), %(by)s
FROM generate_series(%(first)s, %(last)s) n
JOIN (SELECT row_number() OVER () - 1 AS at, code, lead
      FROM unnest(%(codes)s::text[], %(leads)s::bigint[]) AS u(code, lead)) c ON c.at = n %% 4
"""
PERIODS = """
INSERT INTO institutions_institutionperiod (institution_id, during, name, name_key, initials, kind,
    categories, stages, mode, profit_nature, operating_status, township_id, source, recorded_at,
    recorded_by_id)
SELECT i.id, daterange('2024-01-01', NULL),
    (ARRAY['晨光','博雅','启明','育才','新知','金榜','春晖','墨香'])[i.id %% 8 + 1]
        || (ARRAY['艺术','文化','体育','科技'])[i.id / 8 %% 4 + 1] || '培训学校' || i.id,
    (ARRAY['chen guang','bo ya','qi ming','yu cai','xin zhi','jin bang','chun hui','mo xiang'])
        [i.id %% 8 + 1] || ' ' || (ARRAY['yi shu','wen hua','ti yu','ke ji'])[i.id / 8 %% 4 + 1]
        || ' pei xun xue xiao ' || i.id,
    (ARRAY['cg','by','qm','yc','xz','jb','ch','mx'])[i.id %% 8 + 1]
        || (ARRAY['ys','wh','ty','kj'])[i.id / 8 %% 4 + 1] || 'pxxx' || i.id,
    'TRAINING', ARRAY[(ARRAY['ARTS','SUBJECT','SPORT','SCITECH'])[i.id / 8 %% 4 + 1]], '{}', '', '',
    CASE WHEN i.id %% 20 = 0 THEN 'SUSPENDED' ELSE 'OPERATING' END,
    i.division_id, 'import', now(), %(by)s
FROM institutions_institution i
WHERE NOT EXISTS (SELECT FROM institutions_institutionperiod p WHERE p.institution_id = i.id)
"""
LICENCES = """
INSERT INTO institutions_licence (institution_id, kind, number, issuer_name, scope, valid_from,
    valid_to, status, source, version, recorded_at, recorded_by_id, void_reason)
SELECT i.id, k.kind, k.kind || i.id, '', '', '2024-01-01',
    CASE WHEN k.kind = 'school_licence' THEN date '2026-06-01' + (i.id %% 900)::int END,
    'valid', 'import', 1, now(), %(by)s, ''
FROM institutions_institution i
JOIN (VALUES ('school_licence'), ('business_licence')) k(kind)
    ON i.id %% 5 < 4 OR k.kind <> 'school_licence'
WHERE NOT EXISTS (SELECT FROM institutions_licence l WHERE l.institution_id = i.id)
"""


def clerk() -> Membership:
    """A clerk of the first of four counties."""
    reference.load_divisions(reference.DATA / "divisions.csv")
    Installation.objects.get_or_create(only=True, defaults={"kind": "test"})
    with connection.cursor() as cursor:
        for code in COUNTIES:
            cursor.execute(
                "INSERT INTO governance_division (code, name, is_local) VALUES (%s, %s, true), "
                "(%s, %s, true) ON CONFLICT DO NOTHING",
                [code, code, f"{code}001", f"{code}001"],
            )
            Department.objects.get_or_create(
                code=f"{code}-EDU",
                defaults={"kind": "EDU", "name": f"{code}教育局", "division_id": code,
                          "jurisdictions": [code]},
            )  # fmt: skip
    office = Department.objects.get(code=f"{COUNTIES[0]}-EDU")
    user, _new = User.objects.get_or_create(username="bench", defaults={"name": "量"})
    member, _new = Membership.objects.get_or_create(
        user=user, department=office, role=Role.CLERK,
        defaults={"valid_from": dt.date(2020, 1, 1)},
    )  # fmt: skip
    return member


def fill(upto: int) -> None:
    """Institutions up to this number, a quarter per county, each with period and certificates."""
    offices = [Department.objects.get(code=f"{code}-EDU").pk for code in COUNTIES]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM institutions_institution")
        facts = {
            "by": people.system_actor().pk, "first": cursor.fetchone()[0] + 1, "last": upto,
            "codes": list(COUNTIES), "leads": offices,
        }  # fmt: skip
        cursor.execute(INSTITUTIONS.replace("n % 97", "n %% 97"), facts)
        cursor.execute(PERIODS, facts)
        cursor.execute(LICENCES, facts)
        cursor.execute("VACUUM ANALYZE")


def cookie(member: Membership) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session["_auth_user_backend"] = "governance.accounts.ActiveUserBackend"
    session["_auth_user_hash"] = member.user.get_session_auth_hash()
    session["membership"] = member.pk
    session.create()
    return f"sessionid={session.session_key}"


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
                get(port, "/floor/", "")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def get(port: int, path: str, cookies: str) -> int:
    """One request on a connection of its own; returns the bytes of the answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    encoded = "".join(sign if sign.isascii() else "".join(f"%{b:02X}" for b in sign.encode())
                      for sign in path)  # fmt: skip
    link.request("GET", encoded, headers={"Cookie": cookies})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return len(body)


def medians(port: int, cookies: str, paths: dict[str, str]) -> dict[str, float]:
    """Median milliseconds of each page at one client, rounds interleaved."""
    taken: dict[str, list[float]] = {name: [] for name in paths}
    for turn in range(ROUNDS + 5):
        for name, path in paths.items():
            began = time.perf_counter()
            get(port, path, cookies)
            if turn >= 5:
                taken[name].append((time.perf_counter() - began) * 1_000)
    return {name: statistics.median(times) for name, times in taken.items()}


def throughput(port: int, cookies: str, path: str) -> float:
    """Requests per second of eight clients."""
    until, counts = time.perf_counter() + SECONDS, []

    def client() -> None:
        count = 0
        while time.perf_counter() < until:
            get(port, path, cookies)
            count += 1
        counts.append(count)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return sum(counts) / SECONDS


def statements(member: Membership, path: str) -> int:
    client = Client()
    client.cookies["sessionid"] = cookie(member).split("=")[1]
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def main() -> None:
    member = clerk()
    paths = {"floor": "/floor/", **PAGES}
    fill(FEW)
    with served() as port:
        few = medians(port, cookie(member), paths)
    fill(MANY)
    with served() as port:
        cookies = cookie(member)
        many = medians(port, cookies, paths)
        rates = [
            (throughput(port, cookies, "/floor/"), throughput(port, cookies, PAGES["list"]))
            for _round in range(3)
        ]
    print(f"{MANY:,} institutions, the reader sees a quarter; milliseconds at one client\n")
    rows = []
    for name, path in PAGES.items():
        # Both runs are taken relative to their own floor: the machine may have changed between.
        growth = (many[name] / many["floor"]) / (few[name] / few["floor"])
        rows.append([
            name, few[name], many[name], many[name] / many["floor"], growth,
            verdict(round(growth, 2), AIMS[name]) if name in AIMS else "", statements(member, path),
        ])  # fmt: skip
    heads = ["page", f"at {FEW:,}", f"at {MANY:,}", "÷ floor", "growth", "", "statements"]
    table([["floor", few["floor"], many["floor"], 1.0, "", "", 1], *rows], heads)
    one = many["list"] / many["floor"]
    eight = statistics.median(floor / page for floor, page in rates)
    best = max(rate for _floor, rate in rates)
    table(
        [[1, one, verdict(round(one, 2), 4)], [CLIENTS, eight, verdict(round(eight, 2), 4)]],
        ["clients", "list ÷ floor", ""],
    )
    print(f"\n{best:.0f} list pages per second with {CLIENTS} clients")


if __name__ == "__main__":
    main()
