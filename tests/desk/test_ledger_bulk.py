"""Inspections planned for the rows picked: each done or refused, with its reason."""

from datetime import timedelta

import pytest

from governance import daylight
from inspections import services as inspecting
from inspections.models import Inspection
from inspections.services import planning
from tests.institutions.builders import SHUANGLIU, make_institution

PLAN = "/institutions/inspections/?tab=all"


@pytest.fixture
def places(world):
    return [make_institution(world, f"第{n}号学校") for n in range(4)]


def day(days=3):
    return (daylight.today() + timedelta(days=days)).isoformat()


def send(client, **more):
    return client.post(PLAN, {"go": "yes", "kind": "PATROL", "planned_for": day()} | more)


def keys(*places):
    return ",".join(str(place.pk) for place in places)


def told(response):
    return {name: outcome.reason for outcome, name in response.context["outcomes"]}


def test_each_row_picked_gets_its_inspection(world, places, sign_in):
    response = send(sign_in(world.lin), picked=keys(*places[:2]), purpose="秋季巡查")
    assert told(response) == {"第0号学校": "", "第1号学校": ""}
    rows = Inspection.objects.all()
    assert {row.institution_id for row in rows} == {places[0].pk, places[1].pk}
    assert {row.purpose for row in rows} == {"秋季巡查"}
    assert {row.lead for row in rows} == {world.department("edu")}


def test_everything_but_the_exceptions(world, places, sign_in):
    response = send(sign_in(world.lin), all_but=f",{places[3].pk}")
    assert sorted(told(response)) == ["第0号学校", "第1号学校", "第2号学校"]
    assert not Inspection.objects.filter(institution=places[3]).exists()


def test_one_refusal_does_not_hold_the_others_back(world, places, sign_in):
    waiting = inspecting.plan(
        places[1], by=world.lin, kind="PATROL", planned_for=daylight.today() + timedelta(days=9)
    )
    response = send(sign_in(world.lin), picked=keys(*places[:3]))
    assert waiting.number in told(response)["第1号学校"]
    assert (response.context["done"], response.context["refused"]) == (2, 1)
    text = response.content.decode()
    assert (text.count(">已安排<"), text.count(">未安排<")) == (2, 1)
    assert Inspection.objects.count() == 3


def test_sending_twice_plans_nothing_twice(world, places, sign_in):
    client = sign_in(world.lin)
    send(client, picked=keys(*places))
    again = send(client, picked=keys(*places))
    assert all(told(again).values())
    assert Inspection.objects.count() == 4


def test_a_row_that_fails_leaves_nothing_half_done(world, places, sign_in, monkeypatch):
    share = planning.sharing.share

    def refusing(row, *args, **more):
        if row.institution_id == places[0].pk:
            raise planning.Refused("不共享")
        return share(row, *args, **more)

    monkeypatch.setattr(planning.sharing, "share", refusing)
    response = send(sign_in(world.lin), picked=keys(*places[:2]))
    assert told(response) == {"第0号学校": "不共享", "第1号学校": ""}
    assert not Inspection.objects.filter(institution=places[0]).exists()


def test_rows_out_of_scope_are_no_rows(world, places, sign_in):
    mine = make_institution(world, "双流书院", township=SHUANGLIU)
    response = send(sign_in(world.he), picked=keys(mine, places[0]))
    assert list(told(response)) == ["双流书院"]


def test_the_form_comes_first_and_keeps_the_picks(world, places, sign_in):
    client = sign_in(world.lin)
    page = client.post(PLAN, {"pick": [places[0].pk], "picked": keys(*places[:2])})
    assert page.context["count"] == 2
    assert page.context["picks"] == {"picked": keys(*places[:2])}
    wrong = send(client, picked=keys(*places[:2]), planned_for=day(-1))
    assert wrong.status_code == 422
    every = client.post(PLAN, {"all_but": ","})
    assert every.context["picks"] == {"all_but": ","}
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("query", ["?tab=all", "?on=2026-01-15"])
def test_nothing_picked_or_a_past_day_is_refused(world, places, sign_in, query):
    sent = {"picked": keys(*places)} if "on" in query else {}
    response = sign_in(world.lin).post(f"/institutions/inspections/{query}", sent)
    assert response.status_code == 400


def test_who_may_not_plan_is_refused_and_sees_no_button(world, places, sign_in):
    client = sign_in(world.shen)
    assert send(client, picked=keys(*places)).status_code == 403
    assert "/institutions/inspections/" not in client.get("/institutions/").content.decode()
    assert "/institutions/inspections/" in sign_in(world.lin).get("/institutions/").content.decode()
