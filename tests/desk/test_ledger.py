"""The ledger page: what it shows, to whom, at what cost."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import daylight, saved_views
from governance.models import Division
from institutions import services
from institutions.models import Category, Institution, OperatingStatus
from tests.institutions.builders import SHUANGLIU, XICHENG, make_institution, valid_credit_code

LIST = "/institutions/"


def shown(response):
    """Names on the page, in order."""
    return [row["name"] for row in response.context["rows"]]


@pytest.fixture
def three(world):
    return [
        make_institution(world, "晨光艺术培训学校", credit_code=valid_credit_code(1)),
        make_institution(
            world, "博学文化", licences=("business_licence",), categories=[Category.SUBJECT]
        ),
        make_institution(world, "安心托管", licences=(), township=SHUANGLIU, categories=[]),
    ]


def test_the_ledger_lists_the_register_by_name(world, three, sign_in):
    response = sign_in(world.lin).get(LIST)
    assert shown(response) == ["安心托管", "博学文化", "晨光艺术培训学校"]
    assert response.context["page"].paginator.count == 3


def test_a_township_sees_its_own_places_only(world, three, sign_in):
    assert shown(sign_in(world.he).get(LIST)) == ["安心托管"]


def test_another_county_and_the_machine_administrator_see_nothing(world, three, sign_in):
    for member in (world.ying, world.xi):
        assert shown(sign_in(member).get(LIST)) == []


def test_market_supervision_sees_the_register_without_keeping_it(world, three, sign_in):
    assert len(shown(sign_in(world.ma).get(LIST))) == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=cgys", ["晨光艺术培训学校"]),
        ("q=CGYS", ["晨光艺术培训学校"]),
        ("q=chen+guang", ["晨光艺术培训学校"]),
        ("q=晨光", ["晨光艺术培训学校"]),
        ("q=000002", ["博学文化"]),
        ("q=520121-000003", ["安心托管"]),
        (f"q={valid_credit_code(1)}", ["晨光艺术培训学校"]),
        (f"q={valid_credit_code(1)[:8]}", ["晨光艺术培训学校"]),
        ("cert=FULL", ["晨光艺术培训学校"]),
        ("cert=NONE&cert=REG_ONLY", ["安心托管", "博学文化"]),
        (f"township={SHUANGLIU}", ["安心托管"]),
        ("category=SUBJECT", ["博学文化"]),
        ("category=UNCLEAR", ["安心托管"]),
        ("licensor=none", ["安心托管", "博学文化"]),
        ("disposal=none&duplicate=no", ["安心托管", "博学文化", "晨光艺术培训学校"]),
        ("duplicate=yes", []),
        ("multi_site=yes", []),
        ("problems=yes", []),
        ("listed=yes", []),
        ("expires=30", []),
        ("expires=800", ["博学文化", "晨光艺术培训学校"]),
        ("on=2020-01-01", []),
        ("on=2025年6月1日&cert=FULL", ["晨光艺术培训学校"]),
        ("cert=NEVER", []),
        ("q=没有这家", []),
    ],
)
def test_conditions_of_the_address_choose_the_rows(world, three, sign_in, query, names):
    assert shown(sign_in(world.lin).get(f"{LIST}?{query}")) == names


def test_chips_name_the_conditions_and_take_them_away(world, three, sign_in):
    edu = world.department("edu").pk
    response = sign_in(world.lin).get(
        f"{LIST}?cert=FULL&township={SHUANGLIU}&licensor={edu}&sort=-name"
    )
    texts = [chip.text for chip in response.context["chips"]]
    assert texts == ["双流镇", "有证有照", "开阳县教育局"]
    assert response.context["chips"][1].url == f"?township={SHUANGLIU}&licensor={edu}&sort=-name"


def test_a_condition_that_is_none_is_said_not_guessed(world, three, sign_in):
    response = sign_in(world.lin).get(f"{LIST}?on=2026-02-30&expires=soon")
    assert response.status_code == 422
    assert {"on", "expires"} == set(response.context["screen"].conditions.wrong)
    assert "2026-02-30" in response.content.decode()


def test_the_sums_add_up_to_the_rows(world, three, sign_in):
    sums = sign_in(world.lin).get(LIST).context["sums"]
    assert sums["institutions"] == 3
    assert dict(sums["by_status"]) == {"FULL": 1, "REG_ONLY": 1, "LICENSE_ONLY": 0, "NONE": 1}


@pytest.mark.parametrize("key", ["name", "number", "township", "category", "cert", "status",
                                 "licensor", "expires", "recorded", "learners", "inspected",
                                 "problems"])  # fmt: skip
def test_every_order_and_its_reverse_show_every_row_once(world, three, sign_in, key):
    client = sign_in(world.lin)
    up, down = (shown(client.get(f"{LIST}?sort={sign}{key}")) for sign in ("", "-"))
    assert sorted(up) == sorted(down) == ["博学文化", "安心托管", "晨光艺术培训学校"]


def test_pages_read_from_the_end_agree_with_pages_read_from_the_start(world, sign_in):
    for serial in range(7):
        make_institution(
            world, f"机构{serial}", licences=("school_licence",) if serial % 2 else (),
            valid_to=date(2027, 1, 1 + serial) if serial > 2 else None,
        )  # fmt: skip
    client = sign_in(world.lin)
    for key in ("name", "-name", "expires", "-expires", "cert"):
        screen = client.get(f"{LIST}?sort={key}").context["screen"]
        whole = [row["institution_id"] for row in screen.window(0, 7)]
        paged = [row["institution_id"] for at in range(7) for row in screen.window(at, at + 1)]
        assert paged == whole, key


def test_a_day_in_the_past_shows_what_was_then(world, sign_in):
    institution = make_institution(world, "旧名", since=date(2024, 1, 1))
    services.record_period(institution, by=world.lin, start=date(2025, 9, 1), name="新名")
    client = sign_in(world.lin)
    assert shown(client.get(LIST)) == ["新名"]
    assert shown(client.get(f"{LIST}?on=2025-08-31")) == ["旧名"]


def test_voided_and_merged_rows_leave_the_ledger(world, three, sign_in):
    first, second, third = three
    services.merge(second, first, by=world.lin, reason="同一机构")
    services.void(third, by=world.lin, reason="误录")
    assert shown(sign_in(world.lin).get(LIST)) == ["晨光艺术培训学校"]


def test_flags_are_filters_of_their_own(world, three, sign_in):
    first, second, _third = three
    services.mark_duplicate(second, first, by=world.lin)
    services.add_site(first, by=world.lin, address="二校区")
    client = sign_in(world.lin)
    assert shown(client.get(f"{LIST}?duplicate=yes")) == ["博学文化"]
    assert shown(client.get(f"{LIST}?multi_site=yes")) == ["晨光艺术培训学校"]


def test_the_list_costs_the_same_for_one_row_and_fifty(world, sign_in, monkeypatch):
    monkeypatch.setattr(daylight, "_KEPT_FOR", 3_600)  # the day is asked for by time, not by page
    make_institution(world, "机构")
    client = sign_in(world.lin)

    def cost(query=""):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{LIST}{query}").status_code == 200
        return len(queries)

    client.get(LIST)
    query = f"?cert=FULL&sort=-expires&township={XICHENG}&licensor={world.department('edu').pk}"
    one, filtered = cost(), cost(query)
    for serial in range(25):
        make_institution(world, f"机构{serial}")
    assert cost() == one <= 8
    assert cost(query) == filtered <= 8


def test_the_filter_panel_is_built_only_when_it_is_opened(world, three, sign_in):
    client = sign_in(world.lin)
    assert client.get(LIST).context["panel"] is None
    opened = client.get(f"{LIST}?panel=open&cert=FULL").context["panel"]
    assert opened["cert"].value() == ["FULL"]
    fragment = client.get("/institutions/filters/?cert=FULL", headers={"HX-Request": "true"})
    assert "<form" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_page_size_and_columns_are_remembered(world, three, sign_in):
    client = sign_in(world.lin)
    client.get(f"{LIST}?size=100")
    client.post("/institutions/columns/", {"col": ["code", "phone"], "query": "cert=FULL"})
    response = client.get(LIST)
    assert response.context["screen"].size == 100
    assert [column.key for column in response.context["screen"].columns] == ["code", "phone"]
    client.post("/institutions/columns/", {"reset": "yes", "col": ["code"]})
    assert len(client.get(LIST).context["screen"].columns) > 5


def workbook(response):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_is_exactly_the_screen(world, three, sign_in):
    client = sign_in(world.lin)
    rows = workbook(client.get("/institutions/export/?cert=FULL&cols=code.phone.cert"))
    text = "\n".join(str(cell) for row in rows for cell in row)
    assert "有证有照" in text
    assert "林" in text
    assert "2026-03-04" in text
    data = [row for row in rows if row and row[0] == three[0].number]
    assert data == [[three[0].number, "晨光艺术培训学校", valid_credit_code(1), "有证有照"]]
    assert not any("博学文化" in row for row in rows)


def test_rows_picked_by_hand_make_a_workbook_within_scope(world, three, sign_in):
    mine, other = three[2], three[0]
    response = sign_in(world.he).get(f"/institutions/export/?pick={mine.pk}&pick={other.pk}")
    numbers = {row[0] for row in workbook(response) if row}
    assert mine.number in numbers
    assert other.number not in numbers


def exported_numbers(client, three, **sent):
    rows = workbook(client.post("/institutions/export/?tab=all", sent))
    return {row[0] for row in rows if row} & {one.number for one in three}


def test_picks_of_other_pages_and_rows_left_out_are_posted(world, three, sign_in):
    client, (one, two, three_) = sign_in(world.lin), three
    both = f"{one.pk},{two.pk}"
    assert exported_numbers(client, three, picked=both) == {one.number, two.number}
    assert exported_numbers(client, three, pick=one.pk, picked=both) == {one.number, two.number}
    left = exported_numbers(client, three, pick=one.pk, all_but=f",{two.pk}")
    assert left == {one.number, three_.number}
    assert len(exported_numbers(client, three, pick=one.pk, all_but=",")) == 3


def test_the_print_has_all_rows_who_and_when(world, three, sign_in):
    page = sign_in(world.lin).get("/institutions/print/?cert=NONE").content.decode()
    assert "安心托管" in page
    assert "博学文化" not in page
    assert "无证无照" in page
    assert "林" in page


def test_a_saved_view_is_an_address_with_a_name(world, three, sign_in):
    lin, luo = sign_in(world.lin), sign_in(world.luo)
    saved = lin.post(
        "/institutions/views/",
        {"name": "无证", "query": "cert=NONE&sort=-name", "visibility": "shared"},
    )
    assert shown(luo.get(saved.url)) == ["安心托管"]
    assert luo.get(saved.url).context["view"]["changed"] is False
    assert luo.get(f"{saved.url}&township=x").context["view"]["changed"] is True
    assert sign_in(world.ma).get(saved.url).context["view"] is None


def test_a_default_view_opens_first(world, three, sign_in):
    lin = sign_in(world.lin)
    view = saved_views.save("institutions", "无证", "cert=NONE", by=world.lin)
    lin.post(f"/institutions/views/{view.pk}/", {"act": "default"})
    assert shown(lin.get(LIST, follow=True)) == ["安心托管"]
    assert len(shown(lin.get(f"{LIST}?tab=all"))) == 3


def test_only_a_leader_publishes_a_view_for_everybody(world, sign_in):
    form = {"name": "公共", "query": "cert=NONE", "visibility": "public"}
    assert sign_in(world.lin).post("/institutions/views/", form).status_code == 403
    assert sign_in(world.luo).post("/institutions/views/", form).status_code == 302


def test_an_empty_register_offers_the_first_entry(world, sign_in):
    response = sign_in(world.lin).get(LIST)
    assert "institution-new" in response.content.decode() or response.context["rows"] == []


def test_strangers_sign_in_first_and_institutions_stay_out(world, client, sign_in):
    assert client.get(LIST).status_code == 302
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 401


def test_a_closed_place_is_found_among_the_not_operating(world, sign_in):
    institution = make_institution(world, "停业中心")
    services.record_period(
        institution, by=world.lin, start=date(2026, 1, 1),
        operating_status=OperatingStatus.SUSPENDED,
    )  # fmt: skip
    tabs = sign_in(world.lin).get(LIST).context["tabs"]
    assert shown(sign_in(world.lin).get(f"{LIST}{tabs[3].url}")) == ["停业中心"]
    assert Institution.objects.count() == 1


def plan_of(rows):
    """The plan of the planner, told that reading a whole table is dear."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return rows.explain()


def test_a_county_and_a_township_read_their_rows_in_order_by_an_index(world, three, sign_in):
    for member in (world.lin, world.he):
        screen = sign_in(member).get(LIST).context["screen"]
        plan = plan_of(screen.ordered()[:50])
        assert "using period_current_" in plan, plan
        assert "Sort" not in plan, plan


def test_an_institution_lies_where_its_present_period_says(world, three):
    services.record_period(
        three[0], by=world.lin, start=date(2026, 1, 1),
        township=Division.objects.get(pk=SHUANGLIU),
    )  # fmt: skip
    for institution in Institution.objects.all():
        assert institution.period().township_id == institution.division_id
