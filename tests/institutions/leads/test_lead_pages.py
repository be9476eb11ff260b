"""The pages of leads, rules, prices and the school year."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.models import SchoolHours, SchoolTerm
from governance.workflow import Refused
from inspections.models import Finding
from institutions.leads import acts, checking, table
from institutions.models import ComplianceRule, GuidedPriceRow, Lead
from tests.conftest import TODAY, make_institution_member
from tests.institutions.builders import SHUANGLIU, make_institution
from tests.institutions.leads.rows import make_price, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(world, school) -> Lead:
    checking.check([school.pk])
    world.members["chen"] = make_institution_member(school.pk)
    return Lead.objects.select_related("institution", "rule", "lead").get(code="R47")


def text_of(response) -> str:
    return response.content.decode()


def test_the_list_shows_what_waits_for_the_department(world, lead, sign_in):
    page = sign_in(world.lin).get(reverse("leads"))
    assert "R47 全国平台标识" in text_of(page)
    assert "平台标识为无" in text_of(page)
    assert "没有待处理的线索" in text_of(sign_in(world.ma).get(reverse("leads")))


def test_a_township_sees_the_leads_of_its_own_place(world, lead, sign_in):
    checking.check([make_institution(world, "双流学校", township=SHUANGLIU).pk])
    found = text_of(sign_in(world.he).get(reverse("leads")))
    assert "双流学校" in found
    assert "晨光" not in found


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"rule": "R47"}, 1), ({"rule": "R02"}, 0), ({"severity": "major"}, 1),
        ({"severity": "critical"}, 0), ({"town": "520121001"}, 1), ({"town": SHUANGLIU}, 0),
        ({"since": "2026-03-04"}, 1), ({"since": "2026-03-05"}, 0), ({"state": "dismissed"}, 0),
        ({"state": "all"}, 1), ({"q": "晨光"}, 1), ({"q": "星河"}, 0), ({"sort": "-since"}, 1),
    ],
)  # fmt: skip
def test_conditions_stand_in_the_address(world, lead, sign_in, query, count):
    page = sign_in(world.lin).get(reverse("leads"), query)
    assert page.context["page"].paginator.count == count


def test_the_list_costs_the_same_for_one_lead_and_for_six(world, lead, sign_in):
    client = sign_in(world.lin)

    def cost() -> int:
        client.get(reverse("leads"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("leads"))
        return len(queries)

    one = cost()
    checking.check([make_institution(world, f"甲{n}学校").pk for n in range(5)])
    assert cost() == one <= 10


def test_picked_leads_are_dismissed_with_a_result_each(world, lead, sign_in):
    client = sign_in(world.lin)
    sent = {"pick": [lead.pk], "reason": "平台维护"}
    page = client.post(reverse("leads-dismiss"), sent)
    assert [why for _lead, why in page.context["results"]] == [""]
    again = client.post(reverse("leads-dismiss"), sent)
    assert all(why for _lead, why in again.context["results"])
    assert client.post(reverse("leads-dismiss"), {"reason": "x"}).status_code == 422


def test_the_list_goes_into_a_workbook(world, lead, sign_in):
    page = sign_in(world.lin).get(reverse("leads-export"))
    assert page.status_code == 200
    assert b"".join(page).startswith(b"PK")


def test_one_lead_says_how_it_is_worked_out_and_from_which_rows(world, lead, sign_in):
    found = text_of(sign_in(world.lin).get(lead.get_absolute_url()))
    for words in (
        "怎么算的",
        "应具备",
        "通用版本",
        "办学许可证",
        "询问机构",
        "排除线索",
        "转为问题",
    ):
        assert words in found


def test_an_english_reader_gets_the_english_sentence(world, lead, sign_in):
    client = sign_in(world.lin)
    client.cookies["django_language"] = "en"
    assert "The platform id is none; a platform id is required." in text_of(
        client.get(lead.get_absolute_url(), headers={"accept-language": "en"})
    )


def test_a_question_is_asked_and_answered_on_the_pages(world, lead, sign_in):
    clerk, school = sign_in(world.lin), sign_in(world.chen)
    asked = clerk.post(
        reverse("lead-ask", args=[lead.pk]), {"question": "请说明", "version": lead.version}
    )
    assert asked.status_code == 302
    assert "请说明" in text_of(school.get("/my/"))
    page = school.get(lead.get_party_url())
    lead.refresh_from_db()
    answered = school.post(lead.get_party_url(), {"answer": "在办", "version": lead.version})
    assert (page.status_code, answered.status_code) == (200, 302)
    assert "在办" in text_of(clerk.get(lead.get_absolute_url()))


def test_a_finding_is_made_on_its_page(world, lead, sign_in):
    client, url = sign_in(world.lin), reverse("lead_finding", args=[lead.pk])
    assert "平台标识为无" in text_of(client.get(url))
    made = client.post(url, {"note": "未纳入平台", "version": lead.version})
    finding = Finding.objects.get()
    assert made["Location"] == finding.get_absolute_url()
    assert client.get(url)["Location"] == finding.get_absolute_url()


def test_a_stale_form_is_answered_with_409(world, lead, sign_in):
    acts.ask(lead, by=world.lin, question="请说明")
    sent = {"reason": "无", "version": 1}
    assert sign_in(world.lin).post(reverse("lead-dismiss", args=[lead.pk]), sent).status_code == 409


def test_every_rule_of_an_institution_is_kept_broken_or_not_to_be_told(world, lead, sign_in):
    page = sign_in(world.lin).get(reverse("institution-leads", args=[lead.institution_id]))
    groups = dict(page.context["groups"])
    assert [line["rule"].code for line in groups["broken"]] == ["R47"]
    assert {"R23", "R42"} <= {line["rule"].code for line in groups["unknown"]}
    assert "R36" in {line["rule"].code for line in groups["kept"]}


def test_the_dossier_and_the_desk_show_leads(world, lead, sign_in):
    client = sign_in(world.lin)
    assert "R47" in text_of(client.get(f"{lead.institution.get_absolute_url()}?tab=leads"))
    Lead.objects.update(severity="critical")
    assert "平台标识为无" in text_of(client.get("/desk/"))


# --- rules, prices, school year ------------------------------------------------------------------


def test_a_rule_is_previewed_before_it_is_set(world, lead, sign_in):
    client, url = sign_in(world.lin), reverse("compliance-rule", args=["R19"])
    sent = {
        "part_0": "200", "valid_from": "2026-03-04", "enabled": "on", "reason": "县文件",
        "variants": "",
    }  # fmt: skip
    page = client.post(url, sent | {"preview": "1"})
    assert page.context["impact"]["then"]["unknown"] == 1
    assert not ComplianceRule.objects.filter(county="520121").exists()
    assert client.post(url, sent).status_code == 302
    [row] = [one for one in table.versions_of("520121", TODAY) if one.code == "R19"]
    assert (row.thresholds, row.recorded_by) == (["200"], world.lin)


@pytest.mark.parametrize("text", ["", "abc", "-5"])
def test_a_threshold_that_is_none_is_refused(world, sign_in, text):
    sent = {"part_0": text, "valid_from": "2026-03-04", "reason": "县文件"}
    page = sign_in(world.lin).post(reverse("compliance-rule", args=["R19"]), sent)
    assert page.status_code == 422


def test_a_price_is_set_and_ends(world, sign_in):
    client = sign_in(world.lin)
    sent = {
        "stage": "PRIMARY", "mode": "OFFLINE", "size_from": 0, "size_to": 9, "base": "40",
        "float_percent": "10", "lesson_minutes": 45, "valid_from": "2026-03-04",
    }  # fmt: skip
    assert client.post(reverse("guided-prices"), sent).status_code == 302
    row = GuidedPriceRow.objects.get()
    assert client.post(reverse("guided-price-end", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == TODAY


def test_a_new_price_of_a_band_ends_the_one_before(world):
    old = make_price(world, valid_from=dt.date(2026, 1, 1))
    make_price(world, base=35)
    old.refresh_from_db()
    assert old.valid_to == TODAY - dt.timedelta(days=1)


TERMS = (
    "学年,时段,开始日期,结束日期,学段\n"
    "2026-2027,秋季学期,2026-09-01,2027-01-22,小学;初中\n"
    "2026-2027,寒假,2027-01-23,2027-02-28,\n"
)
HOURS = "学段,上课时间,下课时间\n小学,8:00,11:40\n小学,14:00,16:30\n"


def upload(client, name, field, text):
    file = SimpleUploadedFile("a.csv", text.encode("utf-8-sig"))
    return client.post(reverse(name), {field: file})


def test_a_school_year_and_school_hours_come_from_files(world, sign_in):
    client = sign_in(world.lin)
    assert upload(client, "school-terms-import", "terms", TERMS).status_code == 302
    assert upload(client, "school-hours-import", "hours", HOURS).status_code == 302
    assert SchoolTerm.objects.count() == SchoolHours.objects.count() == 2
    assert upload(client, "school-terms-import", "terms", TERMS).status_code == 302
    assert SchoolTerm.objects.count() == 2
    assert "秋季学期" in text_of(client.get(reverse("school-year")))


@pytest.mark.parametrize(
    "text",
    [
        "学年,时段\n",
        TERMS.replace("2026-09-01", "1.9."),
        TERMS.replace("2027-01-23", "2027-01-22"),
        TERMS.replace("2026-2027", "2026"),
    ],
)
def test_a_school_year_that_cannot_be_is_refused(world, sign_in, text):
    page = upload(sign_in(world.lin), "school-terms-import", "terms", text)
    assert page.status_code == 422
    assert not SchoolTerm.objects.exists()


def test_terms_of_a_stage_do_not_overlap(world):
    make_term(world)
    with pytest.raises(Refused, match="重叠"):
        make_term(world, part="SUMMER_HOLIDAY", starts_on=dt.date(2026, 7, 10),
                  ends_on=dt.date(2026, 8, 31))  # fmt: skip
