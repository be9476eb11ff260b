"""The pages of settings, notices and personal data: duties, errors, records."""

import pytest
from django.test import Client

from governance import audit, notices, settings_store
from governance.audit import Verb
from governance.models import AuditEvent, Division, Notice
from tests.conftest import COUNTY
from tests.institutions.builders import make_institution

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
NOTICE = {"kind": "announcement", "title_zh": "关于白名单的通告", "body_zh": "内容"}


@pytest.fixture
def notice(world) -> Notice:
    division = Division.objects.get(pk=COUNTY)
    return notices.draft(division=division, by=world.lin, **NOTICE)


# --- settings --------------------------------------------------------------------------------


def settings_form(**changed) -> dict:
    values = settings_store.values(list(settings_store.DEFINITIONS))
    return {key.replace(".", "-"): value for key, value in values.items()} | changed


def test_the_administrator_sets_what_is_the_countys_own(world, sign_in):
    client = sign_in(world.xi)
    assert client.get("/manage/").content.decode().count("/manage/settings/") == 1
    answer = client.post("/manage/settings/", settings_form(**{"site-owner": "开阳县教育局"}))
    assert answer.status_code == 302
    assert settings_store.get("site.owner", COUNTY) == "开阳县教育局"
    assert AuditEvent.objects.filter(verb=Verb.SETTING_SET).count() == 1


def test_a_wrong_number_comes_back_with_what_was_typed(world, sign_in):
    form = settings_form(**{"notices-days": 0, "site-owner": "开阳县教育局"})
    answer = sign_in(world.xi).post("/manage/settings/", form)
    assert answer.status_code == 422
    assert "开阳县教育局" in answer.content.decode()
    assert settings_store.get("site.owner", COUNTY) == ""


@pytest.mark.parametrize("who", ["lin", "luo", "shen", "an"])
def test_others_do_not_open_the_settings(world, sign_in, who):
    assert sign_in(getattr(world, who)).get("/manage/settings/").status_code == 403


def test_the_public_pages_carry_the_countys_name(world):
    settings_store.put("site.owner", "开阳县教育局", division=None, by=world.system)
    assert "开阳县教育局" in Client().get("/public/notices/").content.decode()


# --- notices ---------------------------------------------------------------------------------


def test_a_notice_goes_from_draft_to_public_to_ended(world, sign_in):
    clerk, leader = sign_in(world.lin), sign_in(world.luo)
    url = clerk.post("/notices/new/", NOTICE).url
    assert "关于白名单" not in Client().get("/public/notices/").content.decode()
    assert leader.post(f"{url}publish/", {"version": 1, "until": "2026-03-31"}).status_code == 302
    assert "内容" in Client().get("/public/notices/").content.decode()
    assert leader.post(f"{url}end/", {"version": 2, "reason": "有误"}).status_code == 302
    assert "内容" not in Client().get("/public/notices/").content.decode()


def test_the_page_offers_each_their_lawful_act(world, sign_in, notice):
    url = f"/notices/{notice.pk}/"
    clerk = sign_in(world.lin).get(url).content.decode()
    leader = sign_in(world.luo).get(url).content.decode()
    assert f"{url}publish/" not in clerk
    assert f"{url}publish/" in leader
    assert "2026-04-03" in leader  # thirty days from the day of the cast


def test_a_draft_is_saved_and_a_stale_one_is_refused(world, sign_in, notice):
    client, url = sign_in(world.lin), f"/notices/{notice.pk}/"
    assert client.post(url, NOTICE | {"body_zh": "新", "version": 1}).status_code == 302
    assert client.post(url, NOTICE | {"body_zh": "旧", "version": 1}).status_code == 409
    assert Notice.objects.get().body_zh == "新"


@pytest.mark.parametrize("path", ["", "publish/", "end/"])
def test_wrong_forms_come_back(world, sign_in, notice, path):
    answer = sign_in(world.luo).post(f"/notices/{notice.pk}/{path}", {"until": "never"})
    assert answer.status_code == 422


def test_an_empty_form_is_no_notice(world, sign_in):
    assert sign_in(world.lin).post("/notices/new/", {}).status_code == 422


def test_a_clerk_does_not_publish(world, sign_in, notice):
    answer = sign_in(world.lin).post(f"/notices/{notice.pk}/publish/", {"version": 1})
    assert answer.status_code == 403


def test_other_departments_do_not_find_the_notice(world, sign_in, notice):
    for who in (world.ma, world.ying, world.shi):
        assert sign_in(who).get(f"/notices/{notice.pk}/").status_code == 404


def test_the_list_says_what_it_is_when_it_is_empty(world, sign_in):
    page = sign_in(world.ma).get("/notices/", **ENGLISH).content.decode()
    assert "written no notices yet" in page


def test_markup_in_a_notice_is_text(world, notice):
    Notice.objects.update(body_zh="<script>alert(1)</script>")
    notice.refresh_from_db()
    notices.publish(notice, by=world.luo, version=1, until=None)
    page = Client().get("/public/notices/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# --- personal data ---------------------------------------------------------------------------


@pytest.fixture
def phone_of(world):
    school = make_institution(world, contact_phone="13812345678")
    return school, f"/reveal/institutions/institution/{school.pk}/contact_phone/"


def test_a_reason_opens_the_value_once(world, sign_in, phone_of):
    school, url = phone_of
    client = sign_in(world.lin)
    asked = client.get(url)
    assert "13812345678" not in asked.content.decode()
    answer = client.post(url, {"reason": "通知检查时间"})
    assert "13812345678" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    event = audit.history(school).filter(verb=Verb.PRIVATE_REVEALED).get()
    assert event.facts == {"field": "contact_phone", "reason": "通知检查时间"}


def test_no_reason_no_value(world, sign_in, phone_of):
    _school, url = phone_of
    answer = sign_in(world.lin).post(url, {"reason": " "})
    assert answer.status_code == 422
    assert "13812345678" not in answer.content.decode()


def test_htmx_gets_the_fragment_alone(world, sign_in, phone_of):
    _school, url = phone_of
    answer = sign_in(world.lin).post(url, {"reason": "回访"}, HTTP_HX_REQUEST="true")
    assert "<html" not in answer.content.decode()


def test_who_may_not_see_the_row_does_not_find_its_value(world, sign_in, phone_of):
    _school, url = phone_of
    assert sign_in(world.ying).post(url, {"reason": "好奇"}).status_code == 404
    assert sign_in(world.xi).post(url, {"reason": "好奇"}).status_code == 404
    assert sign_in(world.shen).post(url, {"reason": "好奇"}).status_code == 403
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    "path", ["institutions/institution/{}/number", "governance/user/{}/password", "no/such/{}/row"]
)
def test_only_private_fields_of_governed_rows_have_this_page(world, sign_in, phone_of, path):
    school, _url = phone_of
    assert sign_in(world.lin).get(f"/reveal/{path.format(school.pk)}/").status_code == 404
