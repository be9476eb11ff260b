"""The look at an institution beside the list: what it says, to whom, at what cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections import services as inspecting
from institutions import services
from tests.inspections.builders import MAJOR, make_signed, no
from tests.institutions.builders import make_institution, valid_credit_code

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def school(world):
    return make_institution(
        world, "晨光艺术培训学校", credit_code=valid_credit_code(1), principal="王芳",
        contact_phone="13812345678", valid_to=date(2026, 4, 1),
    )  # fmt: skip


def peek(client, institution, query="", **more):
    return client.get(f"/institutions/{institution.pk}/peek/{query}", **more)


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("ma", 200), ("shen", 200), ("he", 404), ("ying", 404), ("xi", 404)],
)
def test_who_may_look(world, school, sign_in, who, status):
    for headers in ({}, FRAGMENT):
        client = sign_in(getattr(world, who))
        assert peek(client, school, headers=headers).status_code == status


def test_the_fragment_is_no_page_and_the_page_is(world, school, sign_in):
    client = sign_in(world.lin)
    fragment = peek(client, school, headers=FRAGMENT).content.decode()
    assert "<html" not in fragment
    assert "晨光艺术培训学校" in fragment
    assert "<html" in peek(client, school).content.decode()


def test_certificates_stand_with_their_lights_and_the_phone_is_masked(world, school, sign_in):
    text = peek(sign_in(world.lin), school).content.decode()
    assert "办学许可证" in text
    assert 'class="dl ' in text
    assert "138****5678" in text
    assert "13812345678" not in text


def test_open_problems_stand_with_their_lights(world, school, sign_in):
    signed = make_signed(school, world.du, no(MAJOR))
    tasks = inspecting.issue(list(signed.findings.all()), by=world.lin)
    inspecting.serve(tasks, by=world.lin, on=signed.inspected_on, way="direct", note="签收")
    [(row, clock)] = peek(sign_in(world.lin), school).context["findings"]
    assert row.pk == signed.findings.get().pk
    assert clock.object_id == tasks[0].pk


def test_acts_are_those_of_the_reader(world, school, sign_in):
    def labels(member):
        return [act["label"] for act in peek(sign_in(member), school).context["acts"]]

    assert len(labels(world.lin)) >= 2
    assert labels(world.shen) == []


def test_the_dossier_opens_at_the_place_in_the_list(world, school, sign_in):
    context = peek(sign_in(world.lin), school, "?at=3&list=cert%3DFULL").context
    assert context["dossier_url"].endswith(f"/{school.pk}/?list=cert%3DFULL&at=3")
    assert context["list_url"] == "/institutions/?cert=FULL"


def test_a_look_from_a_past_ledger_says_that_it_is_of_today(world, school, sign_in):
    client = sign_in(world.lin)
    assert "2025-08-31" in peek(client, school, "?list=on%3D2025-08-31").content.decode()
    assert peek(client, school, "?list=cert%3DFULL").context["past"] is None


def test_a_merged_record_leads_to_the_one_kept(world, school, sign_in):
    twin = make_institution(world, "晨光艺术")
    services.merge(twin, school, by=world.lin, reason="同一机构")
    assert peek(sign_in(world.lin), twin).url == f"/institutions/{school.pk}/peek/"


def test_a_look_costs_the_same_for_much_and_little(world, school, sign_in):
    client = sign_in(world.lin)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert peek(client, school, headers=FRAGMENT).status_code == 200
        return len(queries)

    make_signed(school, world.du, no(MAJOR))
    cost()
    little = cost()
    for _n in range(3):
        signed = make_signed(school, world.du, no(MAJOR))
        services.add_site(school, by=world.lin, address="二校区")
    assert signed
    assert cost() == little <= 16
