"""The main job in one story: from a township's workbook to a list that a stranger verifies.

The days are real ones: the notice is served on Thursday 5 February 2026, so its fifteen days end in
the Spring Festival and roll to Tuesday the 24th; the Saturdays 14 and 28 February are workdays.
"""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from governance import audit, daylight, deadlines, delivery, reminders
from governance.models import Clock, Department, Division, Notification, Role
from inspections import services as inspecting
from inspections.models import Inspection, RectificationTask
from institutions import services as registry
from institutions.models import Institution, LicenceKind
from publiclists import services as listing
from publiclists.models import ListEntry
from tests.conftest import make_institution_member, make_member
from tests.governance.files import ledger
from tests.inspections.builders import MAJOR, MINOR, make_signed, no, pass_recheck, prove
from tests.institutions.ledgers import bring_in

pytestmark = pytest.mark.django_db
FEBRUARY_5 = dt.date(2026, 2, 5)
DUE = dt.date(2026, 2, 24)


@pytest.fixture
def place(world) -> Institution:
    """乐学堂 of the Zhengzhou workbook, sent to 硒城街道 by the clerk after the import."""
    daylight.set_day(dt.date(2026, 2, 2))
    with ledger("zhengzhou").open("rb") as file:
        bring_in(file, by=world.lin, year=2022)
    found = Institution.objects.get(periods__name__startswith="乐学堂")
    registry.record_period(
        found,
        by=world.lin,
        start=daylight.today(),
        township=Division.objects.get(pk="520121001"),
        reason="核实所在街道",
    )
    return Institution.objects.get(pk=found.pk)


def inspect(world, place) -> list[RectificationTask]:
    """The township logs two NOs with photos; the bureau issues and serves."""
    inspecting.plan(
        place,
        by=world.lin,
        kind=Inspection.Kind.PATROL,
        planned_for=daylight.today(),
        officers=[world.shi],
    )
    inspection = make_signed(place, world.shi, no(MAJOR), no(MINOR))
    tasks = []
    for finding in inspection.findings.order_by("pk"):
        tasks += inspecting.issue([finding], by=world.lin)
    for task in tasks:
        inspecting.serve([task], by=world.lin, on=daylight.today(), way="direct", note="陈某签收")
    return [RectificationTask.objects.get(pk=task.pk) for task in tasks]


def inbox(member) -> list[str]:
    delivery.deliver()
    return list(
        Notification.objects.filter(recipient=member, channel="inapp").values_list(
            "kind", flat=True
        )
    )


def download(address: str) -> bytes:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.getvalue()


def certify(world, place) -> None:
    """The institution gets both certificates."""
    for kind, number in (
        (LicenceKind.SCHOOL_LICENCE, "教民152012170000018号"),
        (LicenceKind.BUSINESS_LICENCE, ""),
    ):
        registry.record_licence(
            place,
            by=world.lin,
            kind=kind,
            number=number,
            issuer=world.department("edu" if number else "samr"),
            valid_from=daylight.today(),
            valid_to=dt.date(2029, 1, 1),
        )


def test_from_the_workbook_to_a_list_that_a_stranger_verifies(world, place, tmp_path):
    chen = make_institution_member(place.pk)
    second = make_member("du2", world.department("edu"), Role.OFFICER, card="52012109", name="邓")

    # The township inspects on Thursday; the term of the major problem ends after the holidays.
    daylight.set_day(FEBRUARY_5)
    tasks = inspect(world, place)
    major = next(task for task in tasks if task.clock_rule == "finding.rectify.major")
    assert deadlines.find(major, major.clock_rule).due_on == DUE

    # A reminder before the end, the escalation after it, and the leader presses.
    daylight.set_day(DUE - dt.timedelta(days=1))
    reminders.sweep()
    assert "reminder" in inbox(world.lin)
    daylight.set_day(DUE + dt.timedelta(days=1))
    reminders.sweep()
    assert "escalation" in inbox(world.luo)
    assert list(RectificationTask.objects.visible_to(world.luo).overdue()) == [major]
    inspecting.press(major, by=world.luo, text="请本周内整改到位")
    assert "press" in inbox(chen)

    # Proof by the institution, re-check by officers, close-out by a third hand.
    for task in tasks:
        prove(task, chen)
        pass_recheck(RectificationTask.objects.get(pk=task.pk), world.du, companion=second)
        inspecting.close_out(RectificationTask.objects.get(pk=task.pk), by=world.ning)
    assert set(Inspection.objects.values_list("status", flat=True)) >= {"closed"}
    assert not Clock.objects.open().filter(code__startswith="finding").exists()

    # The white list: proposal, notice, window, decision by another person, publication by a third.
    certify(world, place)
    place = Institution.objects.get(pk=place.pk)
    entry = listing.propose(place, "WHITE", ["white.certified"], reason="整改到位", by=world.lin)
    listing.serve_notice(entry, way="paper", by=world.lin)
    daylight.set_day(listing.noticing.window_ends(entry) + dt.timedelta(days=1))
    listing.decide(ListEntry.objects.get(pk=entry.pk), by=world.luo, decision="同意列入")
    listing.build(listing.order("520121", "WHITE", by=world.ning))

    # A stranger reads the page, takes the file away and verifies it; one flipped byte fails.
    number = ListEntry.objects.get(pk=entry.pk).number
    page = Client().get(reverse("public-list", args=["white"]))
    assert number in page.content.decode()
    file = tmp_path / "1.json"
    file.write_bytes(download("/public/lists/white/1.json"))
    (tmp_path / "keys.json").write_bytes(download("/public/keys.json"))
    call_command("verify_publication", str(file))
    body = json.loads(file.read_bytes())
    body["entries"][0]["salt"] = ("0" if body["entries"][0]["salt"][0] != "0" else "1") + body[
        "entries"
    ][0]["salt"][1:]
    file.write_text(json.dumps(body, ensure_ascii=False))
    with pytest.raises(CommandError, match="not verified"):
        call_command("verify_publication", str(file))

    # Everything left its trace, and the trail is whole.
    audit.seal()
    assert audit.verify().intact
    assert {"institution.imported", "inspection.signed", "task.served", "task.closed"} <= set(
        audit.AuditEvent.objects.values_list("verb", flat=True)
    )
    assert Department.objects.filter(pk=entry.lead_id, kind="EDU").exists()
