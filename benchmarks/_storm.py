"""Reminders under fire: a database of its own, real Celery workers, and kill -9 at random.

Used by `benchmarks/reminders.py` and, smaller, by the exactly-once test.
"""

import datetime as dt
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import override_settings

from config.celery import app
from governance import daylight, delivery, people, reminders
from governance.models import (
    Clock,
    ClockStep,
    DeadlineRule,
    Department,
    Division,
    Installation,
    Membership,
    Notification,
    Role,
    User,
)

ROOT = Path(__file__).resolve().parent.parent
OFFICES, PEOPLE = 20, 10  # departments, and officers in each
ESCALATED = 5  # every fifth clock is overdue and escalates to a leader
POST_BOX = "benchmarks._storm_mail.Backend"
QUIET = dt.timedelta(seconds=-1)  # at the end every claim is a dead one


@contextmanager
def database_of_its_own(name: str) -> Iterator[None]:
    """A copy of the present database for the block; Django's connection points to it meanwhile."""
    was = str(connection.settings_dict["NAME"])
    connection.close()
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    _maintain(drop, f'CREATE DATABASE "{name}" TEMPLATE "{was}"')
    connection.settings_dict["NAME"] = name
    daylight.forget()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = was
        daylight.forget()
        _maintain(drop)


def _maintain(*statements: str) -> None:
    facts = connection.settings_dict
    door = psycopg2.connect(
        dbname="postgres",
        user=facts["USER"] or None,
        password=facts["PASSWORD"] or None,
        host=facts["HOST"] or None,
        port=facts["PORT"] or None,
    )
    door.autocommit = True
    try:
        with door.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        door.close()


def database_url() -> str:
    """The present database as workers are told of it."""
    facts = connection.settings_dict
    password = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    port = f"&port={facts['PORT']}" if facts["PORT"] else ""
    return (
        f"postgres://{facts['USER']}{password}@/{facts['NAME']}?host={facts['HOST']}{port}"
        f"&user={facts['USER']}"
    )


# --- the county ------------------------------------------------------------------------------

Expected = set[tuple[int, str, int]]  # clock, step, recipient


@dataclass
class Work:
    """Steps that fall due while the storm blows, and what the inbox must hold in the end."""

    expected: Expected
    steps: list[ClockStep]

    def release(self, share: float = 1.0) -> None:
        """Let this share of all steps be due by now."""
        due = max(0, len(self.steps) - int(len(self.expected) * (1 - share)))
        ready, self.steps = self.steps[:due], self.steps[due:]
        ClockStep.objects.bulk_create(ready, batch_size=5_000)


def fill(clocks: int) -> Work:
    """Departments with people, and clocks with one step each that is due today."""
    Installation.objects.get_or_create(only=True, defaults={"kind": Installation.Kind.TEST})
    division, _made = Division.objects.get_or_create(code="999999", defaults={"name": "风暴县"})
    offices = [_office(division, number) for number in range(OFFICES)]
    officers = {office.pk: [_member(office, n) for n in range(PEOPLE)] for office in offices}
    leaders = {office.pk: _member(office, PEOPLE, Role.LEADER) for office in offices}
    made = Clock.objects.bulk_create(_clocks(clocks, offices, officers), batch_size=2_000)
    steps = [_step(clock) for clock in made]
    expected = {
        (clock.pk, step.name, _recipient(clock, step, leaders))
        for clock, step in zip(made, steps, strict=True)
    }
    return Work(expected, steps)


def _office(division: Division, number: int) -> Department:
    return Department.objects.create(
        code=f"999999-STORM{number}",
        kind="STORM",
        name=f"风暴局{number}",
        division=division,
        jurisdictions=["999999"],
    )


def _member(office: Department, number: int, role: Role = Role.OFFICER) -> Membership:
    name = f"storm{office.pk}.{number}"
    user = User.objects.create(username=name, name=name, email=f"{name}@test.invalid")
    return Membership.objects.create(
        user=user, department=office, role=role, valid_from=dt.date(2020, 1, 1)
    )


def _clocks(
    count: int, offices: list[Department], officers: dict[int, list[Membership]]
) -> Iterator[Clock]:
    rule = DeadlineRule.objects.get(code="finding.rectify.major", county="")
    kind = ContentType.objects.get_for_model(Department)
    today, system = daylight.today(), people.system_actor()
    for number in range(count):
        office = offices[number % len(offices)]
        late = number % ESCALATED == 0
        due = today - dt.timedelta(days=1) if late else today + dt.timedelta(days=3)
        yield Clock(
            rule=rule,
            code=rule.code,
            content_type=kind,
            object_id=1_000_000 + number,
            division_id="999999",
            lead=office,
            owner=officers[office.pk][number % PEOPLE],
            created_by=system,
            title=f"第{number}件",
            event_on=due - dt.timedelta(days=15),
            started_on=due - dt.timedelta(days=15),
            due_on=due,
            amber_on=due,
        )


def _step(clock: Clock) -> ClockStep:
    today = daylight.today()
    late = clock.due_on < today
    return ClockStep(
        clock=clock,
        name="after:1" if late else "before:3",
        due_on=clock.due_on,
        fire_on=today,
        send_to="leader" if late else ClockStep.OWNER,
    )


def _recipient(clock: Clock, step: ClockStep, leaders: dict[int, Membership]) -> int:
    recipient = leaders[clock.lead_id] if step.send_to == "leader" else clock.owner
    assert recipient is not None
    return recipient.pk


# --- the workers -----------------------------------------------------------------------------


@dataclass
class Workers:
    """Real Celery workers on a queue and a database of their own."""

    folder: Path
    count: int = 2
    queue: str = field(default_factory=lambda: f"storm-{os.getpid()}")
    processes: list[subprocess.Popen] = field(default_factory=list)
    kills: int = 0

    def __enter__(self) -> "Workers":
        self.processes = [self._start(number) for number in range(self.count)]
        return self

    def __exit__(self, *_exception: object) -> None:
        for process in self.processes:
            _kill_group(process)
        with app.connection_for_write() as broker:
            broker.default_channel.queue_purge(self.queue)

    def _start(self, number: int) -> subprocess.Popen:
        log = (self.folder / f"worker{number}.log").open("ab")
        command = [
            sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=2",
            f"--queues={self.queue}", f"--hostname=storm{number}.{os.getpid()}@%h",
            "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING",
        ]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": database_url(),
            "MINGSHU_EMAIL_BACKEND": POST_BOX,
            "MINGSHU_STORM_MAIL": str(self.folder / "mail"),
            "PYTHONPATH": str(ROOT),
        }
        return dict(os.environ) | own

    def push(self, *names: str) -> None:
        """What the beat would do: one task each."""
        for name in names:
            app.send_task(f"governance.tasks.{name}", queue=self.queue)

    def warm_up(self, seconds: float = 60) -> None:
        """Wait until every worker has processes of its own."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if all(len(children(process.pid)) >= 2 for process in self.processes):
                return
            time.sleep(0.1)
        raise TimeoutError((self.folder / "worker0.log").read_text()[-2_000:])

    def kill_one(self, dice: random.Random) -> None:
        """kill -9: a process of the pool, or a whole worker, which is started again."""
        number = dice.randrange(self.count)
        process = self.processes[number]
        pool = children(process.pid)
        if pool and dice.random() < 0.6:
            _kill(dice.choice(pool))
        else:
            _kill_group(process)
            self.processes[number] = self._start(number)
        self.kills += 1


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    try:
        return [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _kill_group(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# --- the storm -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What came of it."""

    expected: int
    lost: int
    doubled: int
    foreign: int  # messages that nobody expected
    unmailed: int  # urgent messages that never left by e-mail
    mailed_twice: int  # allowed outside: at least once
    kills: int
    seconds: float

    @property
    def intact(self) -> bool:
        return not (self.lost or self.doubled or self.foreign or self.unmailed)


def storm(workers: Workers, work: Work, *, kills: int, seconds: float, seed: int) -> Result:
    """Work falls due, sweeps and deliveries are pushed, workers die; then count."""
    dice = random.Random(seed)
    began = time.monotonic()
    moments = sorted(dice.uniform(0.05, 0.9) * seconds for _kill in range(kills))
    while (passed := time.monotonic() - began) < seconds or moments:
        work.release(min(1.0, passed / seconds / 0.9))
        workers.push("sweep_reminders", "deliver_messages")
        time.sleep(dice.uniform(0.02, 0.2))
        while moments and time.monotonic() - began >= moments[0]:
            moments.pop(0)
            workers.kill_one(dice)
    work.release()
    return _counted(workers, work.expected, time.monotonic() - began)


def _counted(workers: Workers, expected: Expected, seconds: float) -> Result:
    """Finish as the next beats would, then compare the inbox with what it must hold."""
    for process in workers.processes:
        _kill_group(process)
    _finish_sweeping()
    delivery.return_stale(older_than=QUIET)
    os.environ["MINGSHU_STORM_MAIL"] = str(workers.folder / "mail")
    with override_settings(EMAIL_BACKEND=POST_BOX):
        delivery.deliver()
    inbox = Counter(
        Notification.objects.filter(channel="inapp").values_list("clock", "step", "recipient")
    )
    posted = mailed(workers.folder / "mail")
    mails = Notification.objects.filter(channel="email")
    return Result(
        expected=len(expected),
        lost=len(expected - set(inbox)),
        doubled=sum(count - 1 for count in inbox.values()),
        foreign=len(set(inbox) - expected),
        unmailed=sum(not posted[key] for key in mails.values_list("key", flat=True)),
        mailed_twice=sum(count - 1 for count in posted.values() if count > 1),
        kills=workers.kills,
        seconds=seconds,
    )


def _finish_sweeping(patience: float = 60.0) -> None:
    """Sweep until no step is left; the server may still run the statement of a dead worker."""
    until = time.monotonic() + patience
    while ClockStep.objects.filter(swept_at=None).exists() and time.monotonic() < until:
        reminders.sweep()
        time.sleep(0.05)


KEY = re.compile(rb"^X-Mingshu-Key: (\S+)$", re.MULTILINE)


def mailed(folder: Path) -> Counter[str]:
    """How often each key was written to the post box."""
    found: Counter[str] = Counter()
    for path in folder.glob("*"):
        found.update(key.decode() for key in KEY.findall(path.read_bytes()))
    return found
