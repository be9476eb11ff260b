"""Every address × every member of the cast: `tests/permissions.csv` says what each one gets.

Cells are `GET/POST`. An address that is not in the table fails, so no page can be forgotten. To
see what would change, run `python -m pytest tests/test_permissions.py` and read the differences;
a cell is changed by hand, after thinking.
"""

import copy
import csv
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from campaigns import services as collecting
from desk import statistics_frozen
from governance import daylight, deadlines, notices, notifications
from governance.models import Attachment, Division, Notification, Paper
from inspections import services as inspecting
from institutions import services as registry
from institutions.conditions import Conditions
from institutions.filings import identify
from institutions.imports import annual
from institutions.leads import checking
from institutions.models import DuplicatePair, Lead
from publiclists import services as listing
from tests.campaigns.builders import make_collection, make_submitted
from tests.conftest import TODAY, make_institution_member
from tests.inspections.builders import MAJOR, add_photo, make_record, make_signed, no
from tests.institutions import ledgers
from tests.institutions.builders import make_institution
from tests.institutions.filed import make_filing
from tests.institutions.filed import make_record as make_filed
from tests.institutions.leads.rows import make_price, make_term
from tests.publiclists.builders import make_decided

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permissions.csv")
CAST = ["lin", "luo", "ma", "shi", "he", "ying", "shen", "xi", "chen", "public"]
METHODS = ("get", "post")


def names() -> list[str]:
    """The name of every address of the product."""

    def walk(resolver: URLResolver):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name
            else:
                yield from walk(pattern)

    return sorted({name for name in walk(get_resolver()) if name})


@pytest.fixture
def rows(world) -> dict[str, Any]:
    """One row of everything, in 硒城街道, with something in every state that an address needs."""
    place = make_institution(world, "晨光艺术培训学校")
    world.members["chen"] = make_institution_member(place.pk)
    signed = make_signed(place, world.du, no(MAJOR))
    [finding] = signed.findings.all()
    [task] = inspecting.issue([finding], by=world.lin)
    inspecting.serve([task], by=world.lin, on=signed.inspected_on, way="direct", note="陈签收")
    draft = make_record(place, world.shi)
    photo = add_photo(draft, world.shi)
    other = make_institution(world, "星河艺术培训学校")
    entry = listing.propose(other, "WHITE", ["white.certified"], reason="事实", by=world.lin)
    evidence = listing.add_evidence(entry, licence=other.licences.first(), by=world.lin)
    listing.serve_notice(entry, way="paper", by=world.lin)
    objection = listing.record_objection(entry, "有异议", by=world.lin)
    decided = make_decided(world, name="云帆艺术培训学校")
    publication = listing.build(listing.order("520121", "WHITE", by=world.ning))
    daylight.set_day(TODAY)
    notice = notices.draft(
        kind="announcement",
        division=Division.objects.get(pk="520121"),
        title_zh="通知",
        title_en="Notice",
        body_zh="正文",
        body_en="Text",
        by=world.luo,
    )
    notifications.notify(world.lin, key="k", kind="system", text="x")
    filing = make_filing(place, world.members["chen"])
    course = make_filed(place, world.lin, "course")
    identification = identify.ask(course, by=world.lin)
    collection = make_collection(world)
    template = collecting.make_template(
        name_zh="自建报表", columns=[{"key": "A", "name_zh": "内容"}], by=world.lin
    )
    batch = ledgers.previewed(world, ledgers.sheet(ledgers.row("新来的学校")))
    checking.check([place.pk])
    return {
        "lead": Lead.objects.get(institution=place, code="R47"),
        "price": make_price(world),
        "report": statistics_frozen.freeze(world.lin, Conditions()),
        "term": make_term(world),
        "filing": filing,
        "course": course,
        "identification": identification,
        "batch": batch,
        "collection": collection,
        "return": make_submitted(world, collection),
        "template": template,
        "decided": decided,
        "publication": publication,
        "notice": notice,
        "message": Notification.objects.filter(recipient=world.lin).first(),
        "attachment": Attachment.objects.filter(object_id=draft.pk).first(),
        "paper": Paper.objects.first(),
        "institution": place,
        "licence": place.licences.first(),
        "result": registry.record_annual_result(place, by=world.lin, year=2025, result="PASS"),
        "list": annual.preview(
            ledgers.sheet(("甲", "合格"), heads=("机构名称", "年检结论")),
            Division.objects.get(pk="520121"),
            annual.Paper(year=2024),
            by=world.lin,
        ),
        "guidance": registry.begin_guidance(
            place, by=world.lin, goal="SCHOOL_LICENCE", begun_on=TODAY
        ),
        "wall": registry.issue_wall_token(place, by=world.lin),
        "site": place.sites.first(),
        "inspection": signed,
        "draft": draft,
        "photo": photo,
        "finding": finding,
        "task": task,
        "entry": entry,
        "evidence": evidence,
        "objection": objection,
        "clock": deadlines.find(task, task.clock_rule),
        **make_pair(world),
    }


def make_pair(world) -> dict[str, Any]:
    """Two records that look alike, and two that were joined."""
    one, same, twin = (make_institution(world, "启明书院", licences=()) for _n in range(3))
    pair = DuplicatePair.objects.create(first=one, second=twin, score=70)
    return {"pair": pair, "merge": registry.merge(same, one, by=world.lin, reason="同一家")}


def arguments(rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses that need some, by the beginning of their name."""
    pk = {name: {"pk": row.pk} for name, row in rows.items() if hasattr(row, "pk")}
    institution = pk["institution"]
    member = {**institution, "member": 0}
    draft = {"uuid": rows["draft"].uuid}
    entry = pk["entry"]
    white = {"kind": "white"}
    return {
        "annual-result-new": institution,
        "annual-result": pk["result"],
        "annual-list": pk["list"],
        "annual-apply": pk["list"],
        "api-": institution,
        "attachment": {"uuid": rows["attachment"].uuid, "variant": "thumb"},
        "clock": pk["clock"],
        "collection": pk["collection"],
        "collection-act": {**pk["collection"], "act": "cancel"},
        "collection-template": pk["template"],
        "compliance-rule": {"code": "R02"},
        "disposal-new": institution,
        "duplicate-": pk["pair"],
        "merge-": pk["merge"],
        "filing": pk["filing"],
        "identification-ask": pk["course"],
        "identification": pk["identification"],
        "record-new": {**institution, "kind": "staff"},
        "record-": {**pk["course"], "kind": "course"},
        "records": {"kind": "staff"},
        "my_filing": pk["filing"],
        "my_filing_change": {"kind": "course", "record": rows["course"].pk},
        "my_filing_end": {"kind": "course", "record": rows["course"].pk},
        "my_filing_new": {"kind": "staff"},
        "my_filing_sheet": {"kind": "staff"},
        "my_filing_template": {"kind": "staff"},
        "my_records": {"kind": "staff"},
        "field_new": {"institution": rows["institution"].pk},
        "field_section": {**draft, "section": "A"},
        "field_": draft,
        "finding": pk["finding"],
        "first-entry": {"key": "x", "token": "y"},
        "ledger-annex": {"number": 1},
        "ledger-import-": pk["batch"],
        "guided-price-end": pk["price"],
        "inspection": pk["inspection"],
        "lead": pk["lead"],
        "my_lead": pk["lead"],
        "school-term-out": pk["term"],
        "institution-member-": member,
        "institution-order": {"pk": 0},
        "institution-view": {"pk": 0},
        "institution": institution,
        "licence-new": institution,
        "licence": pk["licence"],
        "list-act": {**entry, "act": "withdraw"},
        "list-evidence-drop": {**entry, "evidence": rows["evidence"].pk},
        "list-publish": white,
        "list-review": {**entry, "objection": rows["objection"].pk},
        "list-": entry,
        "message": pk["message"],
        "my-message": pk["message"],
        "my_": pk["task"],
        "notice": pk["notice"],
        "guidance-begin": institution,
        "guidance": pk["guidance"],
        "my-wall-paper": pk["wall"],
        "verify": {"token": rows["paper"].token},
        "wall-": pk["wall"],
        "paper": {"token": rows["paper"].token, "form": "pdf"},
        "phone_photo": {**draft, "photo": rows["photo"]},
        "phone_": draft,
        "public-entry": {**white, "number": rows["decided"].number},
        "public-institution": {"number": rows["institution"].number},
        "public-": white,
        "publication-file": {**white, "number": 1},
        "publication": pk["publication"],
        "rectification_task": pk["task"],
        "return": pk["return"],
        "return-act": {**pk["return"], "act": "give-back"},
        "reveal": {
            "app": "institutions",
            "model": "institution",
            "pk": rows["institution"].pk,
            "field": "contact_phone",
        },
        "rule-reminders": {"pk": rows["clock"].rule_id},
        "rule": {"code": "finding.recheck"},
        "site-new": institution,
        "site": pk["site"],
        "stats-report": pk["report"],
        "task_": pk["task"],
    }


def address(name: str, given: dict[str, dict[str, Any]]) -> str:
    """The address of a name, with arguments where it asks for them."""
    try:
        return reverse(name)
    except NoReverseMatch:
        beginnings = [start for start in given if name.startswith(start)]
        return reverse(name, kwargs=given[max(beginnings, key=len)])


def answers(client: Client, url: str) -> str:
    """What GET and an empty POST come to, as `200/422`; nothing of it is kept."""
    found, cookies = [], copy.deepcopy(client.cookies)
    for method in METHODS:
        with transaction.atomic():
            found.append(str(getattr(client, method)(url).status_code))
            transaction.set_rollback(True)
        client.cookies = copy.deepcopy(cookies)  # signing out must not end the round
    return "/".join(found)


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("address"): row for row in csv.DictReader(file)}


def test_every_address_stands_in_the_table():
    assert set(names()) == set(table())


@pytest.mark.parametrize("who", CAST)
def test_each_address_answers_as_the_table_says(world, rows, sign_in, who):
    client, given, expected = sign_in(world.members[who]), arguments(rows), table()
    found = {name: answers(client, address(name, given)) for name in names()}
    differences = {
        name: f"{found[name]} instead of {expected[name][who]}"
        for name in found
        if name in expected and found[name] != expected[name][who]
    }
    assert differences == {}
