"""The dossier: one page per institution, facts with their source, a timeline, neighbours."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import attachments, daylight
from governance.models import Division
from institutions import services
from institutions.models import Disposal, Licence, OperatingStatus
from tests.institutions.builders import SHUANGLIU, make_institution, valid_credit_code


@pytest.fixture
def school(world):
    """An institution with a life: renamed, moved, licensed, dealt with."""
    institution = make_institution(
        world, "旧名培训", since=date(2024, 1, 1), credit_code=valid_credit_code(1),
        principal="王芳", contact_phone="13812345678", valid_to=date(2026, 4, 1),
    )  # fmt: skip
    services.record_period(
        institution, by=world.lin, start=date(2025, 9, 1), name="新名培训", reason="更名核准"
    )
    services.record_period(
        institution, by=world.lin, start=date(2026, 1, 10),
        operating_status=OperatingStatus.SUSPENDED,
    )  # fmt: skip
    services.dispose(
        institution, by=world.lin, outcome=Disposal.Outcome.RECTIFY, decided_on=date(2026, 2, 1),
        campaign="寒假专项",
    )  # fmt: skip
    institution.refresh_from_db()
    return institution


def page(client, institution, query=""):
    return client.get(f"/institutions/{institution.pk}/{query}")


def facts(response):
    return {str(fact.label): fact for fact in response.context["facts"]}


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("ma", 200), ("shi", 200), ("shen", 200), ("he", 404), ("ying", 404),
     ("xi", 404)],
)  # fmt: skip
def test_who_sees_a_dossier(world, school, sign_in, who, status):
    assert page(sign_in(getattr(world, who)), school).status_code == status


def test_every_fact_says_where_it_comes_from_and_since_when(world, school, sign_in):
    found = facts(page(sign_in(world.lin), school))
    assert found["名称"].value == "新名培训"
    assert "2025-09-01" in found["名称"].source
    assert "2024-01-01" in found["类别"].source
    assert "2026-01-10" in found["经营状态"].source


def test_what_nobody_collected_is_said(world, school, sign_in):
    content = page(sign_in(world.lin), school).content.decode()
    assert "未采集" in content
    assert facts(page(sign_in(world.lin), school))["举办者"].value == ""


def test_the_phone_is_masked_and_shown_for_a_reason(world, school, sign_in):
    client = sign_in(world.lin)
    response = page(client, school)
    assert "13812345678" not in response.content.decode()
    assert facts(response)["电话"].value == "138****5678"
    url = facts(response)["电话"].url
    assert "13812345678" in client.post(url, {"reason": "核实投诉"}).content.decode()


def test_the_timeline_runs_through_all_parts_newest_first(world, school, sign_in):
    entries = page(sign_in(world.lin), school).context["timeline"]
    assert [entry.on for entry in entries] == sorted((e.on for e in entries), reverse=True)
    assert {entry.section for entry in entries} == {"facts", "licences", "sites", "disposals"}
    renamed = next(entry for entry in entries if "旧名培训 → 新名培训" in entry.text)
    assert renamed.on == date(2025, 9, 1)


def test_the_timeline_is_filtered_by_part(world, school, sign_in):
    client = sign_in(world.lin)
    shown = page(client, school, "?show=licences").context["timeline"]
    assert {entry.section for entry in shown} == {"licences"}
    assert page(client, school, "?show=nothing").status_code == 404


def test_a_licence_near_its_end_and_one_past_it_are_told_apart(world, school, sign_in):
    shown = page(sign_in(world.lin), school, "?tab=licences").context["part"]["licences"]
    states = {line["row"].kind: line["status"] for line in shown}
    assert states["school_licence"] == "expiring"
    daylight.set_day(date(2026, 4, 2))
    response = page(sign_in(world.lin), school, "?tab=licences")
    assert {line["status"] for line in response.context["part"]["licences"]} == {"expired"}
    assert response.context["dossier"].cert_status == "NONE"


def test_the_dossier_agrees_with_the_ledger_on_the_certificates(world, sign_in):
    client = sign_in(world.lin)
    for at, kinds in enumerate([(), ("fire",), ("business_licence",), ("school_licence",),
                                ("school_licence", "nonprofit_cert")]):  # fmt: skip
        institution = make_institution(world, f"机构{at}", licences=kinds)
        licence = Licence.objects.filter(institution=institution).first()
        if licence and at % 2:
            services.change_licence_status(
                licence, "cancelled", by=world.lin, on=date(2026, 3, 4), reason="申请注销"
            )
        status = page(client, institution).context["dossier"].cert_status
        assert client.get(f"/institutions/?q={institution.number}&cert={status}").context["rows"]


def test_buttons_are_shown_to_those_who_may(world, school, sign_in):
    assert "institution-facts" not in page(sign_in(world.shi), school).content.decode()
    assert f"/institutions/{school.pk}/facts/" in page(sign_in(world.lin), school).content.decode()
    assert (
        f"/institutions/{school.pk}/facts/" not in page(sign_in(world.shi), school).content.decode()
    )


def test_previous_and_next_follow_the_list_one_came_from(world, sign_in):
    made = {name: make_institution(world, name) for name in ("安安", "博博", "晨晨")}
    client = sign_in(world.lin)
    rows = client.get("/institutions/?cert=FULL&sort=-name").context["rows"]
    middle = next(row for row in rows if row["name"] == "博博")
    around = client.get(middle["url"]).context["around"]
    assert f"/{made['晨晨'].pk}/" in around["previous"]
    assert f"/{made['安安'].pk}/" in around["next"]
    assert around["list"] == "/institutions/?cert=FULL&sort=-name"
    services.void(made["晨晨"], by=world.lin, reason="误录")
    assert client.get(middle["url"]).context["around"] == {}


def test_what_hangs_on_a_merged_record_shows_in_the_other(world, school, sign_in):
    other = make_institution(world, "另录", address="解放路9号", licences=("fire",))
    services.merge(other, school, by=world.lin, reason="同一机构")
    client = sign_in(world.lin)
    response = page(client, school, "?tab=licences")
    assert "fire" in {line["row"].kind for line in response.context["part"]["licences"]}
    assert len(response.context["dossier"].sites) == 2
    assert page(client, other).url == f"/institutions/{school.pk}/"


def test_files_stand_with_their_hash(world, school, sign_in, picture):
    attachments.attach(school, picture("a.jpg"), by=world.lin, kind="photo")
    client = sign_in(world.lin)
    client.post(f"/institutions/{school.pk}/files/", {"file": picture("b.jpg", "red")})
    found = page(client, school).context["dossier"].attachments
    assert len(found) == 2
    assert found[0].sha256[:12] in page(client, school, "?tab=files").content.decode()


def test_the_record_of_acts_names_who_did_what(world, school, sign_in):
    content = sign_in(world.shen).get(f"/institutions/{school.pk}/history/").content.decode()
    assert "更名核准" in content
    assert "停业" in content  # values in the words of the table, not codes
    assert "SUSPENDED" not in content
    assert "王芳" not in content


def test_the_dossier_costs_at_most_fifteen_questions(world, school, sign_in, monkeypatch):
    monkeypatch.setattr(daylight, "_KEPT_FOR", 3_600)
    client = sign_in(world.lin)
    at = "?at=0&list=sort%3Dname"
    page(client, school, at)
    with CaptureQueriesContext(connection) as few:
        page(client, school, at)
    for serial in range(4):
        services.add_site(school, by=world.lin, address=f"校区{serial}")
        services.record_period(
            school, by=world.lin, start=date(2026, 2, 10 + serial), learners=serial,
            township=Division.objects.get(pk=SHUANGLIU),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page(client, school, at)
    assert len(many) == len(few) <= 15
